/** A sampler's journal as a file that everything reads which reads tables: one row per model and prompt. */
import { ok, type Result } from '../result.ts';
import type { InputFile } from '../study/study.ts';
import { countsTable } from './counts-table.ts';
import { readJournalCounts } from './journal-counts.ts';

/**
 * @param name of the journal, and of the table
 * @param pieces the bytes of the journal, whole or in pieces cut anywhere
 * @returns ok(null) when the journal has no answers yet; the error names the damaged line
 */
export function readJournalTable(name: string, pieces: Iterable<Uint8Array>): Result<InputFile | null, string> {
  const counts = readJournalCounts(pieces, 0);
  if (!counts.ok) return counts;
  if (counts.value === null || counts.value.rows.length === 0) return ok(null);
  return ok({ name, text: countsTable(counts.value.rows) });
}
