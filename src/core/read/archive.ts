/**
 * Zip archives: the `.eval` logs of Inspect are read by their header (results and counts stand there) and the summaries of
 * their samples, which hold the scores; the samples themselves are never unpacked. Every other archive is named and left
 * alone.
 */
import { err, type Result } from '../result.ts';
import type { RawTable } from '../table/raw-table.ts';
import { decodeText } from './decode.ts';
import { inspectFormat } from './inspect.ts';
import { parseJson } from './json.ts';
import { OutputLimitError, READ_LIMITS, type ReadPorts } from './ports.ts';
import { type Refusal, unrecognised } from './source.ts';
import { itemsOf, type Node } from './tree.ts';
import { unzip, type ZipEntry, zipEntries } from './zip.ts';

const NOWHERE = { start: 0, end: 0 };

/** Reads an archive; the text of its tables is that of the header inside. */
export async function readArchive(
  file: string,
  bytes: Uint8Array,
  notes: readonly string[],
  ports: ReadPorts,
): Promise<Result<readonly RawTable[], Refusal>> {
  try {
    const entries = zipEntries(bytes);
    const names = new Set(entries.map(({ name }) => name));
    const header = entries.find(({ name }) => name === 'header.json');
    if (header === undefined) {
      if (names.has('_journal/start.json')) {
        return err(unrecognised('an Inspect log of a run that did not finish: it has no results yet', NOWHERE));
      }
      if (names.has('[Content_Types].xml'))
        return err(unrecognised('this is an Excel or Office file: save the sheet as CSV', NOWHERE));
      if ([...names].some((name) => name.endsWith('.npy')))
        return err(unrecognised('this is a NumPy archive (.npz): save the table as CSV', NOWHERE));
      if ([...names].some((name) => name.endsWith('data.pkl')))
        return err(unrecognised('this is a PyTorch checkpoint, not a table', NOWHERE));
      return err(unrecognised('this is a zip archive and no Inspect log: unpack it first', NOWHERE));
    }
    const decoded = decodeText(await unzip(bytes, header, READ_LIMITS.unpackedBytes / 4, ports));
    if (!decoded.ok)
      return err({ code: 'file.malformed', message: `header.json inside the log: ${decoded.error}`, span: NOWHERE });
    const { text } = decoded.value;
    const { root, problems } = parseJson(text);
    if (root === null || !inspectFormat.matches(root)) {
      return err(unrecognised('header.json inside the archive is no Inspect log', NOWHERE));
    }
    const source = { file, text, root, problems, notes: [...notes, 'places refer to header.json inside the archive'] };
    return inspectFormat.read(source, await summariesOf(bytes, entries, ports));
  } catch (error) {
    if (error instanceof OutputLimitError) {
      return err({
        code: 'file.too-large',
        message: `the header of the log unpacks to more than ${Math.round(error.limit / 1e6)} MB: refused`,
        span: NOWHERE,
      });
    }
    const why = error instanceof Error ? error.message : String(error);
    return err({ code: 'file.malformed', message: `the archive cannot be read: ${why}`, span: NOWHERE });
  }
}

/** The summaries of the samples; [] where there are none, or none that can be read: the results stand without them. */
async function summariesOf(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
  ports: ReadPorts,
): Promise<readonly Node[]> {
  const entry = entries.find(({ name }) => name === 'summaries.json');
  if (entry === undefined) return [];
  try {
    const decoded = decodeText(await unzip(bytes, entry, READ_LIMITS.unpackedBytes / 4, ports));
    return decoded.ok ? itemsOf(parseJson(decoded.value.text).root ?? undefined) : [];
  } catch (error) {
    if (error instanceof OutputLimitError) return [];
    throw error;
  }
}
