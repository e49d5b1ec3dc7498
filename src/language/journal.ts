/**
 * A sampler's journal opens like the counts it holds: one row per model and prompt, which the study estimates as a pass
 * rate. A journal says itself which run it belongs to, with the sizes of its models, so nothing else need be beside it.
 */
import { isJournal } from '../core/passuntil/journal.ts';
import { readJournalTable } from '../core/passuntil/journal-table.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { InputFile } from '../core/study/study.ts';

/** Bytes of a journal that are held at once. */
const MOST = 512 * 1024 * 1024;

/** The file, a journal as a table of its counts. The error says what is wrong with the journal. */
export async function withoutJournal(file: InputFile): Promise<Result<InputFile, string>> {
  if (!isJournal(await headOf(file))) return ok(file);
  const pieces = await piecesOf(file);
  if (pieces === null) return err(`this journal of a sampler has more than ${Math.round(MOST / 1e6)} MB`);
  const table = readJournalTable(file.name, pieces);
  if (!table.ok) return err(`this journal of a sampler is damaged: ${table.error}`);
  if (table.value === null)
    return err('this journal of a sampler holds no answers yet: go on with Run PassUntil… on its run file');
  return ok(table.value);
}

async function headOf({ bytes, stream }: InputFile): Promise<Uint8Array> {
  if (bytes !== undefined) return bytes;
  for await (const piece of stream?.chunks() ?? []) return piece;
  return new Uint8Array();
}

/** All of a file; null where that is too much. */
async function piecesOf({ bytes, stream }: InputFile): Promise<Uint8Array[] | null> {
  if (bytes !== undefined) return [bytes];
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of stream?.chunks() ?? []) {
    size += piece.length;
    if (size > MOST) return null;
    pieces.push(piece);
  }
  return pieces;
}
