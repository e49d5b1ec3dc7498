/** Sampling journals among the input files: read in pieces, and a table of counts to every command that reads tables. */
import { countsTable } from '../core/passuntil/counts-table.ts';
import { isJournal } from '../core/passuntil/journal.ts';
import { readJournalCounts } from '../core/passuntil/journal-counts.ts';
import type { InputFile } from '../core/study/study.ts';
import { piecesOf } from '../node/journal-file.ts';
import type { Inputs } from './inputs.ts';

const HEAD = 1000;

/** The pieces of a journal; null for a file of something else. */
export function journalPieces({ name, bytes, stream }: InputFile): Iterable<Uint8Array> | null {
  const pieces = (): Iterable<Uint8Array> =>
    bytes !== undefined ? [bytes] : stream !== undefined ? piecesOf(name) : [];
  for (const piece of pieces()) {
    return isJournal(new TextDecoder().decode(piece.subarray(0, HEAD))) ? pieces() : null;
  }
  return null;
}

/** Journals as tables of their counts; those that cannot be used join the unreadable files, with the reason. */
export function withJournalTables<T extends Pick<Inputs, 'files' | 'unreadable'>>(inputs: T): T {
  const files: InputFile[] = [];
  const unreadable = [...inputs.unreadable];
  for (const file of inputs.files) {
    const pieces = journalPieces(file);
    if (pieces === null) {
      files.push(file);
      continue;
    }
    const counts = readJournalCounts(pieces, 0);
    if (!counts.ok) unreadable.push({ name: file.name, why: counts.error });
    else if (counts.value === null || counts.value.rows.length === 0)
      unreadable.push({ name: file.name, why: 'the journal has no answers yet' });
    else files.push({ name: file.name, text: countsTable(counts.value.rows) });
  }
  return { ...inputs, files, unreadable };
}
