/**
 * Per-question files that are too large to hold: every block is read as the table that it is and folded into means, so
 * that they come out as of the file read whole. The table that is given back shows the first questions only and says so.
 */
import { optionColumns } from '../slice/option-rows.ts';
import type { SourceRules } from '../study/manifest-rules.ts';
import { SampleFold } from '../study/sample-fold.ts';
import { sampleScores } from '../study/samples.ts';
import type { WhereClause } from '../study/study.ts';
import { rowsWhere } from '../study/where.ts';
import { copiedTable } from '../table/copied.ts';
import { hasDecimalComma, MAX_LINE, parseCsv } from '../table/csv.ts';
import { type CsvTokens, tokenizeCsv } from '../table/csv-tokens.ts';
import { maskMissing } from '../table/masked.ts';
import type { RawTable, TextProblem } from '../table/raw-table.ts';
import { lineStarts } from '../table/span.ts';
import { understandTable } from '../table/understand.ts';
import { readText } from './open.ts';
import type { BlockTaker } from './stream-chunks.ts';
import { MAX_RECORD, tooLong, wholeLines } from './stream-lines.ts';

/** Questions that the table still shows. */
const SHOWN = 2_000;

export interface QuestionSettings {
  readonly file: string;
  readonly format: string | undefined;
  readonly rules: SourceRules | null;
  readonly where: readonly WhereClause[];
  readonly decode: (bytes: Uint8Array) => string;
}

/** One table of questions: of a delimited file the only one, of a sample log one per filter. */
interface Folding {
  readonly shown: RawTable;
  readonly headers: readonly string[];
  readonly fold: SampleFold;
  /** Whether the first questions have options that can be read. */
  readonly options: boolean;
  /** Questions whose options could not be read, though the first ones could. */
  without: number;
}

abstract class Questions implements BlockTaker {
  protected readonly settings: QuestionSettings;
  readonly #tables = new Map<string, Folding>();
  failure: { readonly code: TextProblem['code']; readonly message: string } | null = null;

  constructor(settings: QuestionSettings) {
    this.settings = settings;
  }

  abstract take(units: Uint8Array, length: number, last: boolean): number;

  get stopped(): boolean {
    return this.failure !== null;
  }

  protected fold(key: string, given: RawTable, show: () => RawTable): void {
    const { rules, where } = this.settings;
    const table = maskMissing(given, rules?.missing ?? []);
    let folding = this.#tables.get(key);
    if (folding === undefined) {
      const shown = show();
      const reading = understandTable(maskMissing(shown, rules?.missing ?? []), rules);
      const options = optionColumns(shown) !== null;
      folding = { shown, headers: sampleScores(reading), fold: new SampleFold(), options, without: 0 };
      this.#tables.set(key, folding);
    }
    const options = optionColumns(table);
    if (options === null && folding.options) folding.without += table.rowCount;
    folding.fold.add(table, folding.headers, options, rowsWhere(table, where));
  }

  /** The tables, with the means of all rows. */
  tables(bytes: number, notes: readonly string[]): RawTable[] {
    const n = (value: number): string => value.toLocaleString('en-US');
    return [...this.#tables.values()].map(({ shown, fold, without }, index) => {
      const rowsRead = fold.rows + fold.filtered;
      const size = `${n(Math.round(bytes / 1e6))} MB`;
      const said = `The file was read as a stream (${size}): means are over all ${n(rowsRead)} questions, the first ${n(shown.rowCount)} are shown.`;
      const problem: TextProblem = {
        code: 'file.too-large',
        severity: 'information',
        message: said,
        span: shown.headerSpan(0) ?? { start: 0, end: 0 },
      };
      return copiedTable(shown, {
        notes: [
          ...notes,
          ...shown.notes,
          said,
          ...(without > 0 ? [`${n(without)} questions are without the likelihoods of their options.`] : []),
        ],
        problems: index === 0 ? [problem, ...shown.problems] : shown.problems,
        excerpt: { lines: (shown.excerpt as { lines: Uint32Array }).lines, rowsRead, bytes: index === 0 ? bytes : 0 },
        folded: fold,
      });
    });
  }
}

/** Delimited questions: every block is read under the header of the file. */
export class DelimitedQuestions extends Questions {
  readonly #preamble: string;
  readonly #delimiter: string;
  readonly #decimalComma: boolean;
  readonly #head: Pick<RawTable, 'format' | 'layout' | 'hints' | 'facts' | 'notes'>;
  readonly #columns: number;
  readonly #shown: () => RawTable;
  #oneLine = false;
  #tokens: CsvTokens | undefined;

  /**
   * @param head the table of the first megabyte
   * @param preamble what stands before its first row
   */
  constructor(settings: QuestionSettings, head: RawTable, preamble: string, delimiter: string) {
    super(settings);
    this.#preamble = preamble;
    this.#delimiter = delimiter;
    this.#columns = head.columnCount;
    this.#decimalComma =
      delimiter === ';' && hasDecimalComma(head.rowCount, head.columnCount, (row, column) => head.cell(row, column));
    const { format, layout, hints, facts, notes } = head;
    // Not the head itself: its text is a megabyte.
    this.#head = { format, layout, hints, facts, notes };
    const next = head.rowCount > SHOWN ? (head.cellSpan(SHOWN, 0)?.start ?? head.text.length) : head.text.length;
    const end = next === head.text.length ? next : head.text.lastIndexOf('\n', next - 1) + 1;
    const text = head.text.slice(0, end);
    const lines = Uint32Array.from({ length: lineStarts(text).length }, (_, line) => line);
    this.#shown = () => copiedTable(this.#read(text), { excerpt: { lines, rowsRead: 0, bytes: 0 } });
  }

  /** Rows under the header, read as the first ones are: what the first megabyte showed holds for all of them. */
  #read(text: string): RawTable {
    const { format, layout, hints, facts, notes } = this.#head;
    const table = parseCsv(text, {
      file: this.settings.file,
      delimiter: this.#delimiter,
      decimalComma: this.#decimalComma,
    });
    if (table.columnCount === 0) throw new Error(`${table.file}: rows below the header are no table`);
    return copiedTable(table, { format, layout, hints, facts, notes });
  }

  take(units: Uint8Array, length: number, last: boolean): number {
    const tokens = tokenizeCsv({
      units,
      from: 0,
      length,
      delimiter: this.#delimiter,
      maxLine: MAX_LINE,
      last,
      oneLine: this.#oneLine,
      ...(this.#tokens === undefined ? {} : { reuse: this.#tokens }),
    });
    this.#tokens = tokens;
    this.#oneLine = tokens.oneLine;
    if (tokens.longLine >= 0) {
      this.failure = {
        code: 'file.too-large',
        message: `A line is longer than ${MAX_LINE / 1e6} million characters: this is no table of questions.`,
      };
      return length;
    }
    if (tokens.rows === 0) return tokens.rest;
    const table = this.#read(`${this.#preamble}${this.settings.decode(units.subarray(0, tokens.rest))}`);
    if (table.columnCount === this.#columns) this.fold('', table, this.#shown);
    else
      this.failure = {
        code: 'file.malformed',
        message: `Some rows have ${table.columnCount} cells, the first ones ${this.#columns}: the file is no one table.`,
      };
    return tokens.rest;
  }
}

/** A sample log of lm-evaluation-harness: one record a line, one table per filter. */
export class LoggedQuestions extends Questions {
  #line = 0;

  take(units: Uint8Array, length: number, last: boolean): number {
    const rest = wholeLines(units, length, last);
    if (rest === 0) {
      if (length <= MAX_RECORD) return 0;
      this.failure = tooLong(this.#line, 'no record of a question');
      return length;
    }
    const { file, format, decode } = this.settings;
    const text = decode(units.subarray(0, rest));
    const read = readText(file, text, [], format === undefined ? {} : { format });
    if (!read.ok) {
      this.failure = {
        code: read.error.code,
        message: `In the lines from ${this.#line + 1} on: ${read.error.message}`,
      };
      return rest;
    }
    const starts = lineStarts(text);
    const first = this.#line;
    for (const table of read.value) {
      const filter = Array.from({ length: table.columnCount }, (_, c) => table.header(c)).indexOf('filter');
      const key = filter < 0 || table.rowCount === 0 ? '' : table.cell(0, filter);
      this.fold(key, table, () => shownOf(table, text, starts, first));
    }
    // The last line begins behind the last line end: it is the first of the next block.
    this.#line += starts.length - 1;
    return rest;
  }
}

/** The first questions of a table, as a table of their own lines. */
function shownOf(table: RawTable, text: string, starts: Uint32Array, firstLine: number): RawTable {
  const lines: number[] = [];
  for (let row = 0; row < Math.min(table.rowCount, SHOWN); row++) {
    let at: number | undefined;
    for (let c = 0; at === undefined && c < table.columnCount; c++) at = table.cellSpan(row, c)?.start;
    if (at === undefined) continue;
    let low = lines.at(-1) ?? 0;
    while (low + 1 < starts.length && (starts[low + 1] as number) <= at) low++;
    if (low !== lines.at(-1)) lines.push(low);
  }
  const kept = lines.map((line) => text.slice(starts[line], starts[line + 1] ?? text.length).trimEnd());
  const read = readText(table.file, `${kept.join('\n')}\n`, [], { format: table.format });
  const shown = read.ok ? read.value[0] : undefined;
  if (shown === undefined) throw new Error(`${table.file}: the first questions are no table`);
  return copiedTable(shown, {
    excerpt: { lines: Uint32Array.from([...lines, 0], (line) => firstLine + line), rowsRead: 0, bytes: 0 },
  });
}
