/** What is in a folder on disk, in the manner that the search for a study's files asks for. */
import { readdir } from 'node:fs/promises';

/** Names, those of folders with a `/` at the end; null where there is no such folder or it cannot be read. */
export async function folderNames(path: string): Promise<readonly string[] | null> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => null);
  return entries?.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)) ?? null;
}
