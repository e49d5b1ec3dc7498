/** Files that the command line writes where the user says. */
import { writeFileSync } from 'node:fs';
import { messageOf } from '../core/result.ts';
import { UsageError } from './usage-error.ts';

/**
 * @param flag 'w' writes the file anew, 'a' adds to it
 * @throws UsageError when that is not possible
 */
export function writeOut(path: string, text: string, flag: 'w' | 'a' = 'w'): void {
  try {
    writeFileSync(path, text, { flag });
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${messageOf(error)}`);
  }
}
