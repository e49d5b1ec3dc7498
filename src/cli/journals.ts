/** Sampling journals among the input files: read in pieces, and a table of counts to every command that reads tables. */
import { isJournal } from '../core/passuntil/journal.ts';
import { readJournalTable } from '../core/passuntil/journal-table.ts';
import type { InputFile } from '../core/study/study.ts';
import { piecesOf } from '../node/journal-file.ts';
import { type Inputs, someOf } from './inputs.ts';

/** The pieces of a journal; null for a file of something else. */
export function journalPieces({ name, bytes, stream }: InputFile): Iterable<Uint8Array> | null {
  const pieces = (): Iterable<Uint8Array> =>
    bytes !== undefined ? [bytes] : stream !== undefined ? piecesOf(name) : [];
  for (const piece of pieces()) {
    return isJournal(piece) ? pieces() : null;
  }
  return null;
}

/**
 * Journals as tables of their counts; those that cannot be used join the unreadable files, with the reason.
 * @throws UsageError when no file is left
 */
export function withJournalTables<T extends Pick<Inputs, 'files' | 'unreadable'>>(inputs: T): T {
  const files: InputFile[] = [];
  const unreadable = [...inputs.unreadable];
  for (const file of inputs.files) {
    const pieces = journalPieces(file);
    if (pieces === null) {
      files.push(file);
      continue;
    }
    const table = readJournalTable(file.name, pieces);
    if (!table.ok) unreadable.push({ name: file.name, why: table.error });
    else if (table.value === null) unreadable.push({ name: file.name, why: 'the journal has no answers yet' });
    else files.push(table.value);
  }
  return someOf({ ...inputs, files, unreadable }, 'no files');
}
