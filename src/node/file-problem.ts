/** What is wrong with a file that cannot be read, in the words of a terminal. */
import { messageOf } from '../core/result.ts';

export function fileProblem(error: unknown): string {
  const code = (error as { code?: string }).code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EISDIR') return 'is a folder';
  return messageOf(error);
}
