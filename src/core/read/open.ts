/**
 * A file in, tables out: decode, unpack, judge by content, hand to the reader of the format. Whatever the bytes are, the
 * answer is a list of tables or one reason why there is none; nothing is thrown and nothing is guessed from the name.
 */
import { err, type Result } from '../result.ts';
import type { InputFile } from '../study/study.ts';
import type { RawTable, TextProblem } from '../table/raw-table.ts';
import { SourceText } from '../table/source-text.ts';
import type { Span } from '../table/span.ts';
import { decodeSource, startsWith } from './decode.ts';
import { readDelimited } from './delimited.ts';
import { TREE_FORMATS } from './formats.ts';
import { parseJsonValues } from './json.ts';
import { OutputLimitError, READ_LIMITS, type ReadPorts } from './ports.ts';
import { readPrintedTables } from './printed-table.ts';
import { proseInstead, SNIFFED, sniffText } from './sniff.ts';
import type { Refusal } from './source.ts';
import { readTrainingLog } from './training-log.ts';
import type { Node, ParsedTree } from './tree.ts';
import { parseYaml } from './yaml-tree.ts';

/** Readers that take any records, whoever wrote them. */
const GENERIC: ReadonlySet<string> = new Set(['json', 'json-maps', 'config']);

/** Why a file gave no table. */
export interface ReadFailure {
  readonly file: string;
  readonly code: TextProblem['code'];
  readonly message: string;
  /** Format id, where the file was recognised and still gives no table. */
  readonly format?: string;
  /** The text that `span` refers to; '' where there is none. */
  readonly text: string;
  readonly span: Span;
}

export interface ReadOptions {
  /** Format pinned in scaling.yaml; detected when absent or 'auto'. */
  readonly format?: string;
}

/** Reads one file. One file may hold several tables. */
export async function readInput(
  file: InputFile,
  ports: ReadPorts,
  options: ReadOptions = {},
): Promise<Result<readonly RawTable[], ReadFailure>> {
  const fail = (
    code: TextProblem['code'],
    message: string,
    text = '',
    span: Span = { start: 0, end: 0 },
  ): Result<never, ReadFailure> => err({ file: file.name, code, message: sentence(message), text, span });
  if (file.text !== undefined) return readText(file.name, file.text, [], options);
  let bytes = file.bytes;
  if (bytes === undefined) return fail('file.unrecognised', 'the file has no content');
  const notes: string[] = [];
  for (let layer = 0; layer < 3; layer++) {
    const packed = packingOf(bytes);
    if (packed === null) break;
    const limit = Math.min(READ_LIMITS.unpackedBytes, 1_000_000 + bytes.length * READ_LIMITS.unpackedRatio);
    try {
      bytes = await unpack(packed, bytes, limit, ports);
    } catch (error) {
      if (error instanceof OutputLimitError) {
        return fail('file.too-large', `the ${packed} data unpack to more than ${Math.round(limit / 1e6)} MB: refused`);
      }
      return fail('file.malformed', `the ${packed} data are damaged or end early (${reason(error)})`);
    }
    notes.push(`unpacked from ${packed}`);
  }
  if (packingOf(bytes) !== null) return fail('file.unrecognised', 'packed more than three times: refused');
  if (startsWith(bytes, [0x50, 0x41, 0x52, 0x31])) {
    const { readParquet } = await import('./parquet.ts');
    const result = await readParquet(file.name, bytes, notes, ports);
    return result.ok ? result : fail(result.error.code, result.error.message);
  }
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0x50, 0x4b, 0x05, 0x06])) {
    const { readArchive } = await import('./archive.ts');
    const result = await readArchive(file.name, bytes, notes, ports);
    return result.ok ? result : fail(result.error.code, result.error.message);
  }
  if (bytes.length > READ_LIMITS.textBytes) {
    return fail(
      'file.too-large',
      `${Math.round(bytes.length / 1e6)} MB of text is more than the ${Math.round(READ_LIMITS.textBytes / 1e6)} MB that are read at once`,
    );
  }
  const decoded = decodeSource(bytes);
  if (!decoded.ok) return fail('file.unrecognised', decoded.error);
  return readSource(file.name, decoded.value.source, [...notes, ...decoded.value.notes], options);
}

/** Reads a text as the format that it is. */
export function readText(
  file: string,
  text: string,
  notes: readonly string[],
  options: ReadOptions = {},
): Result<readonly RawTable[], ReadFailure> {
  return readSource(file, SourceText.ofText(text), notes, options);
}

/** The same of a text that need not be a string yet: of delimited files only the beginning becomes one. */
function readSource(
  file: string,
  marked: SourceText,
  notes: readonly string[],
  options: ReadOptions,
): Result<readonly RawTable[], ReadFailure> {
  const source = marked.withoutMark();
  const located = (result: Result<readonly RawTable[], Refusal>): Result<readonly RawTable[], ReadFailure> =>
    result.ok ? result : err({ file, text: source.text, ...result.error, message: sentence(result.error.message) });
  const pinned = options.format === undefined || options.format === 'auto' ? null : options.format;
  const head = source.head(SNIFFED + 1);
  // Lone carriage returns end the lines of some files; YAML and Markdown know line feeds. Offsets stay as they are.
  if (head.includes('\r') && !head.includes('\n') && !source.text.includes('\n'))
    return readSource(file, SourceText.ofText(source.text.replaceAll('\r', '\n')), notes, options);
  // Front matter is told from YAML by what stands behind it, however far that is.
  const kind =
    pinned === 'csv' || pinned === 'tsv' ? 'delimited' : sniffText(/^\s*---/.test(head) ? source.text : head);
  if (typeof kind === 'object') {
    return located(
      err({
        code: 'file.unrecognised',
        message: `this is ${kind.refused}`,
        span: { start: 0, end: Math.min(head.length, 1) },
      }),
    );
  }
  if (kind === 'delimited') return located(readDelimited(file, source, notes, pinned ?? undefined));
  const { text } = source;
  switch (kind) {
    case 'json':
    case 'json-lines': {
      const parsed = parseJsonValues(text);
      const values = parsed.values.filter((value) => value.kind !== 'scalar');
      const first = values[0];
      const root: Node | null =
        first === undefined
          ? null
          : values.length === 1
            ? first
            : { kind: 'list', items: values, span: { start: first.span.start, end: (values.at(-1) as Node).span.end } };
      return located(readTree(file, text, { ...parsed, root }, notes, 'JSON', pinned));
    }
    case 'yaml':
      return located(readTree(file, text, parseYaml(text), notes, 'YAML', pinned));
    case 'model-card':
      return located(readTree(file, text, parseYaml(text), notes, 'YAML', pinned));
    case 'training-log':
      return located(readTrainingLog(file, text, notes));
    case 'printed-table':
      return located(readPrintedTables(file, text, notes));
  }
}

function readTree(
  file: string,
  text: string,
  parsed: ParsedTree,
  notes: readonly string[],
  language: 'JSON' | 'YAML',
  pinned: string | null,
): Result<readonly RawTable[], Refusal> {
  const { root, problems } = parsed;
  if (root === null) {
    const worst = problems.find((problem) => problem.severity === 'error') ?? problems[0];
    return err(
      worst === undefined
        ? {
            code: 'file.unrecognised',
            message: `the ${language} holds no map and no list`,
            span: { start: 0, end: Math.min(1, text.length) },
          }
        : { code: worst.code, message: worst.message, span: worst.span },
    );
  }
  const source = { file, text, root, notes, problems };
  const faulty = language === 'YAML' && problems.some(({ severity }) => severity !== 'information');
  const formats =
    pinned === null ? TREE_FORMATS : TREE_FORMATS.toSorted((a, b) => Number(b.id === pinned) - Number(a.id === pinned));
  for (const format of formats) {
    // Prose with colons in it is YAML with many faults: the generic readers trust only what parsed cleanly.
    if (faulty && GENERIC.has(format.id)) continue;
    if (!format.matches(root)) continue;
    const result = format.read(source);
    return result.ok ? result : err({ format: format.id, ...result.error });
  }
  const fault = problems[0];
  const prose = language === 'YAML' ? proseInstead(text) : null;
  if (prose !== null)
    return err({
      code: 'file.unrecognised',
      message: `this is ${prose}`,
      span: { start: 0, end: Math.min(1, text.length) },
    });
  if (fault !== undefined)
    return err({
      // Prose passes for YAML with faults; JSON announces itself by its first bracket.
      code: language === 'YAML' && fault.code === 'file.malformed' ? 'file.unrecognised' : fault.code,
      message: `${fault.message}; what could be read holds no results`,
      span: fault.span,
    });
  return err({
    code: 'file.unrecognised',
    message: `${language} without results, runs or model sizes that are known here (${outline(root)})`,
    span: { start: root.span.start, end: Math.min(root.span.end, root.span.start + 1) },
  });
}

/** What stands at the top of a tree, for the message. */
function outline(root: Node): string {
  if (root.kind === 'list') return `a list of ${root.items.length}`;
  if (root.kind === 'scalar') return 'one value';
  const keys = root.entries.slice(0, 6).map(({ key }) => (key.length > 30 ? `${key.slice(0, 30)}…` : key));
  return `its keys: ${keys.join(', ')}${root.entries.length > 6 ? ', …' : ''}`;
}

type Packing = 'gzip' | 'zstd';

function packingOf(bytes: Uint8Array): Packing | null {
  if (startsWith(bytes, [0x1f, 0x8b])) return 'gzip';
  if (startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])) return 'zstd';
  return null;
}

async function unpack(packing: Packing, bytes: Uint8Array, limit: number, ports: ReadPorts): Promise<Uint8Array> {
  if (packing === 'gzip') return ports.gunzip(bytes, limit);
  const { unpackZstd } = await import('./zstd.ts');
  return unpackZstd(bytes, limit, ports);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function sentence(message: string): string {
  return message.length === 0
    ? message
    : `${(message[0] as string).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
}
