/** Why a file is not even read: switched off, gone, empty, too large to be read without being asked for. */
import type { Settings } from '../protocol/settings.ts';
import type { Slot } from './entry.ts';

/** What the status says; null when the file is to be read. */
export interface Refusal {
  readonly text: string;
  readonly detail: string;
}

/** @param size bytes on disk of a file that no editor holds; null where there is none */
export function refusalOf(
  { document, forced }: Pick<Slot, 'document' | 'forced'>,
  settings: Settings,
  size: number | null,
): Refusal | null {
  if (!settings.enable) return { text: 'off', detail: 'Scaling Lens is switched off (`scalingLens.enable`).' };
  if (document === null) {
    return size === null ? { text: 'no such file', detail: 'The file does not exist or cannot be read.' } : null;
  }
  const { length } = document.getText();
  if (length === 0) return { text: 'empty file', detail: 'The file is empty.' };
  if (forced || length <= settings.maxFileSizeMB * 1e6) return null;
  const megabytes = (length / 1e6).toFixed(0);
  return {
    text: `${megabytes} MB, not read`,
    detail: `The file has ${megabytes} MB, more than \`scalingLens.maxFileSizeMB\` = ${settings.maxFileSizeMB}. *Fit Scaling Law* reads it all the same.`,
  };
}
