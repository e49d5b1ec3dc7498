/**
 * A sampler's journal opens like the counts it holds: one row per model and prompt, which the study estimates as a pass
 * rate. A journal says itself which run it belongs to, with the sizes of its models, so nothing else need be beside it.
 */
import { countsTable } from '../core/passuntil/counts-table.ts';
import { isJournal } from '../core/passuntil/journal.ts';
import { readJournalCounts } from '../core/passuntil/journal-counts.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { InputFile } from '../core/study/study.ts';

/** Bytes that show what a file is. */
const HEAD = 1000;

/** The file, a journal as a table of its counts. The error says what is wrong with the journal. */
export function withoutJournal(file: InputFile): Result<InputFile, string> {
  const { name, bytes } = file;
  if (bytes === undefined || !isJournal(new TextDecoder().decode(bytes.subarray(0, HEAD)))) return ok(file);
  const counts = readJournalCounts([bytes], 0);
  if (!counts.ok) return err(`this journal of a sampler is damaged: ${counts.error}`);
  if (counts.value === null || counts.value.rows.length === 0)
    return err('this journal of a sampler holds no answers yet: go on with Run PassUntil… on its run file');
  return ok({ name, text: countsTable(counts.value.rows) });
}
