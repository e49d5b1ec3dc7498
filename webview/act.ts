/** What the export menu's entries do: a picture or text goes to a file by way of the extension, or to the clipboard. */
import { messageOf } from '../src/protocol/channel.ts';
import { copyPicture, type ExportInput, exportData, type Look } from './export.ts';
import type { Host } from './host.ts';
import type { Action } from './menu.ts';
import { t } from './strings.ts';

const KINDS = {
  savePng: 'png',
  saveSvg: 'svg',
  saveCsv: 'csv',
  copyJson: 'json',
  copyLatex: 'latex',
  copyPython: 'python',
} as const;

/**
 * @param input what is shown; may throw where nothing is
 * @returns the word to say of how it went
 */
export async function act(
  action: Action,
  look: Look,
  input: () => ExportInput,
  channel: Host['channel'],
): Promise<string> {
  try {
    if (action === 'copyPng') {
      await copyPicture(look, input());
      return t('copied');
    }
    const kind = KINDS[action];
    const { name, data } = await exportData(kind, look, input());
    if (action.startsWith('copy')) {
      await channel.request('copy', { text: data });
      return t('copied');
    }
    const { saved } = await channel.request('save', { kind, name, data });
    return saved === null ? '' : t('saved', saved);
  } catch (error) {
    return t('exportFailed', messageOf(error));
  }
}
