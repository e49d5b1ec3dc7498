/**
 * Tables as tools print them: Markdown with bars, and columns aligned over dashes. Blank task cells repeat the cell above,
 * sub-tasks are indented with a dash, unnamed columns hold arrows and plus-minus signs, comments may surround it all, and
 * the model stands in a line before or after. Of several renderings of one table the first is read.
 */
import { err, ok, type Result } from '../result.ts';
import { copiedTable } from '../table/copied.ts';
import { readHeader } from '../table/headers.ts';
import { namesQuantity } from '../table/name-roles.ts';
import { parseDecimalComma, parseNumber } from '../table/numbers.ts';
import type { ColumnHint, FormatFact, RawTable } from '../table/raw-table.ts';
import type { Span } from '../table/span.ts';
import { writesDecimalComma } from '../table/written-numbers.ts';
import { type Cell, TableBuilder } from './cell-table.ts';
import { argumentIn } from './lm-eval.ts';
import { isOpenCompassHeader, openCompassTable } from './opencompass.ts';
import { type Refusal, unrecognised } from './source.ts';

interface Line {
  readonly text: string;
  readonly start: number;
}

interface Grid {
  readonly header: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
  readonly firstLine: number;
  readonly lastLine: number;
}

const RULE = /^\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)+\|?\s*$/;
const ALIGNED = /^\s*-{3,}(?:\s{2,}-{3,})+\s*$/;
const AGGREGATE = /^(?:avg\.?|average|mean|overall|all|total)$/i;

/** Reads the tables that are printed in a text. */
export function readPrintedTables(
  file: string,
  text: string,
  notes: readonly string[],
): Result<readonly RawTable[], Refusal> {
  const lines = linesOf(text);
  const grids = findGrids(lines);
  const tables: RawTable[] = [];
  // Header → the first cells of rows already read under it: another rendering repeats them all.
  const seen = new Map<string, Set<string>>();
  let repeated = 0;
  for (const grid of grids) {
    const header = grid.header.map(({ text: cell }) => cell).join('|');
    const labels = grid.rows.map((row) => row[0]?.text ?? '');
    const known = seen.get(header);
    if (known !== undefined && labels.length > 0 && labels.every((label) => known.has(label))) {
      repeated++;
      continue;
    }
    seen.set(header, new Set([...(known ?? []), ...labels]));
    const table = tableOf(file, text, grid, lines, notes);
    if (table !== null) tables.push(table);
  }
  if (tables.length === 0)
    return err(unrecognised('a printed table without a single number', { start: 0, end: Math.min(1, text.length) }));
  if (repeated === 0) return ok(tables);
  const note = `${repeated} further rendering${repeated === 1 ? '' : 's'} of the same table ${repeated === 1 ? 'is' : 'are'} not read again`;
  return ok(tables.map((table) => copiedTable(table, { notes: [...table.notes, note] })));
}

/** Lines without their comment sign; offsets point at what is left. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (const match of text.matchAll(/[^\r\n]*(?:\r\n|\n|\r|$)/g)) {
    if (match[0] === '') continue;
    const bare = match[0].replace(/[\r\n]+$/, '');
    const sign = /^[ \t]*#{1,6} ?/.exec(bare)?.[0].length ?? 0;
    const comment = sign > 0 && /[|-]/.test(bare) ? sign : 0;
    lines.push({ text: bare.slice(comment), start: match.index + comment });
  }
  return lines;
}

/** Only lines of dashes, bars and colons are worth a pattern. */
function isRule(text: string): boolean {
  return text.includes('-') && /^[-|:\s]*$/.test(text);
}

function findGrids(lines: readonly Line[]): Grid[] {
  const grids: Grid[] = [];
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as Line;
    const above = lines[i - 1] as Line;
    if (!isRule(line.text)) continue;
    if (RULE.test(line.text.trim()) && above.text.includes('|')) {
      const rows: Cell[][] = [];
      let last = i;
      while (last + 1 < lines.length && (lines[last + 1] as Line).text.includes('|')) {
        last++;
        const row = lines[last] as Line;
        if (!(isRule(row.text) && RULE.test(row.text.trim()))) rows.push(barCells(row));
      }
      grids.push({ header: barCells(above), rows, firstLine: i - 1, lastLine: last });
      i = last;
    } else if (ALIGNED.test(line.text.trim()) && above.text.trim() !== '') {
      const columns = [...line.text.matchAll(/-+/g)].map((match) => ({
        start: match.index,
        end: match.index + match[0].length,
      }));
      const rows: Cell[][] = [];
      let last = i;
      while (
        last + 1 < lines.length &&
        (lines[last + 1] as Line).text.trim() !== '' &&
        !/^\s*[$^]{4,}/.test((lines[last + 1] as Line).text)
      ) {
        last++;
        rows.push(alignedCells(lines[last] as Line, columns));
      }
      grids.push({ header: alignedCells(above, columns), rows, firstLine: i - 1, lastLine: last });
      i = last;
    }
  }
  return grids;
}

/** The cells of `| a | b |`; a bar after a backslash belongs to the cell. */
function barCells(line: Line): Cell[] {
  const cells: Cell[] = [];
  let from = line.text.indexOf('|') === line.text.search(/\S/) ? line.text.indexOf('|') + 1 : 0;
  for (let i = from; i <= line.text.length; i++) {
    if (i < line.text.length && !(line.text[i] === '|' && line.text[i - 1] !== '\\')) continue;
    if (i === line.text.length && line.text.slice(from).trim() === '') break;
    cells.push(trimmed(line, from, i));
    from = i + 1;
  }
  return cells;
}

/** Cells under aligned columns: a value may be wider than its dashes, so a column reaches to the start of the next. */
function alignedCells(line: Line, columns: readonly { start: number; end: number }[]): Cell[] {
  const pieces = [...line.text.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  if (pieces.length === columns.length) return pieces.map(({ start, end }) => trimmed(line, start, end));
  return columns.map(({ start }, index) => {
    const next = columns[index + 1];
    return trimmed(
      line,
      Math.min(start, line.text.length),
      Math.min(next === undefined ? line.text.length : next.start, line.text.length),
    );
  });
}

function trimmed(line: Line, from: number, to: number): Cell {
  const raw = line.text.slice(from, to);
  const lead = raw.length - raw.trimStart().length;
  const text = raw.trim();
  const start = line.start + from + (text === '' ? 0 : lead);
  return { text: text.replaceAll('\\|', '|'), span: { start, end: start + text.length } };
}

function tableOf(
  file: string,
  text: string,
  grid: Grid,
  lines: readonly Line[],
  notes: readonly string[],
): RawTable | null {
  const headers = grid.header.map(({ text: header }) => header);
  const numeric = grid.rows.some((row) => row.some(({ text: cell }) => /^[-+]?[\d.]+%?$/.test(cell)));
  if ((!numeric && !statesSizes(grid)) || grid.rows.length === 0 || headers.every((header) => header === ''))
    return null;
  if (isOpenCompassHeader(headers)) return openCompassTable(plainTable(file, text, grid, 'opencompass'), notes);
  if (
    headers.includes('Metric') &&
    headers.includes('Value') &&
    (headers.includes('Tasks') || headers.includes('Task'))
  ) {
    return lmEvalTable(file, text, grid, lines, notes);
  }
  const table = plainTable(file, text, grid, 'markdown-table');
  const facts = averages(table);
  return copiedTable(table, {
    facts,
    notes: [...notes, ...(facts.length > 0 ? ['average rows are marked: they repeat their members'] : [])],
  });
}

/** Numbers only in the way of prose (`70B`, `~3.1×10²³`) make a table where a header says what they are. */
function statesSizes(grid: Grid): boolean {
  return grid.header.some(
    ({ text: header }, column) =>
      namesQuantity(readHeader(unmarked(header))) &&
      grid.rows.some((row) => !Number.isNaN(parseNumber(unmarked(row[column]?.text ?? '')))),
  );
}

function plainTable(file: string, text: string, grid: Grid, format: string): RawTable {
  const builder = new TableBuilder();
  grid.header.forEach(({ text: header, span }, column) => {
    builder.column(String(column), unmarked(header), undefined, span);
  });
  const comma = writesDecimalComma(grid.rows.flat().map((cell) => unmarked(cell.text)));
  for (const cells of grid.rows) {
    const row = builder.row();
    cells.slice(0, grid.header.length).forEach((cell, column) => {
      const plain = unmarked(cell.text);
      const value = comma ? parseDecimalComma(plain) : Number.NaN;
      builder.set(row, column, { text: plain, span: cell.span, ...(Number.isNaN(value) ? {} : { value }) });
    });
  }
  return builder.build({ file, format, text, layout: null });
}

/** Text without what Markdown does to its looks: bold, code, links, line breaks. */
function unmarked(text: string): string {
  return text
    .replace(/!\[[^\]]*\]\([^()]*\)/g, '')
    .replace(/\[([^\]]+)\]\([^()]*\)/g, '$1')
    .replace(/\*\*(.+?)\*\*/g, '$1')
    .replace(/^[*_](.*)[*_]$/, '$1')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/<br\s*\/?>/gi, ' ')
    .trim();
}

function averages(table: RawTable): FormatFact[] {
  const facts: FormatFact[] = [];
  for (let row = 0; row < table.rowCount; row++) {
    if (AGGREGATE.test(table.cell(row, 0)))
      facts.push({ task: table.cell(row, 0), metric: null, aggregate: true, span: table.cellSpan(row, 0) });
  }
  return facts;
}

const LM_EVAL_ROLES: Readonly<Record<string, ColumnHint['role']>> = {
  Tasks: 'task',
  Task: 'task',
  Groups: 'task',
  Version: 'ignore',
  Filter: 'filter',
  'n-shot': 'shots',
  Metric: 'metric',
  Value: 'score',
  Stderr: 'stderr',
};

function lmEvalTable(
  file: string,
  text: string,
  grid: Grid,
  lines: readonly Line[],
  notes: readonly string[],
): RawTable {
  const how = 'the layout of the table that lm-evaluation-harness prints';
  const builder = new TableBuilder();
  const names = grid.header.map(({ text: header }) => header);
  names.forEach((header, column) => {
    const role = LM_EVAL_ROLES[header] ?? (header === '' ? 'ignore' : undefined);
    builder.column(
      String(column),
      header,
      // What the score column measures stands in the metric column of its row: its header is enough.
      role === undefined || role === 'score' ? undefined : { role, how },
      grid.header[column]?.span ?? null,
    );
  });
  const printed = modelLine(grid, lines);
  const modelColumn =
    printed === null
      ? -1
      : builder.column('model', 'model', { role: 'model', how: `the printed line “${printed.line}”` });
  const taskColumn = names.findIndex((header) => LM_EVAL_ROLES[header] === 'task');
  const metricColumn = names.indexOf('Metric');
  const facts: FormatFact[] = [];
  const ditto = new Map<number, Cell>();
  for (const cells of grid.rows) {
    const row = builder.row();
    names.forEach((header, column) => {
      let cell = cells[column] ?? { text: '', span: null };
      if (column === taskColumn) cell = { text: cell.text.replace(/^(?:- ?)+/, ''), span: cell.span };
      // Ditto: what is printed once holds until it is printed again; the place is that of the printed cell.
      if (column === taskColumn || /^(?:Version|Filter|n-shot)$/.test(header)) {
        if (cell.text === '' && taskBlank(cells, taskColumn)) cell = ditto.get(column) ?? cell;
        else ditto.set(column, cell);
      }
      builder.set(row, column, cell.text === 'N/A' ? { text: '', span: cell.span } : cell);
    });
    if (printed !== null) builder.set(row, modelColumn, printed.cell);
    const arrow = cells.find((cell) => cell.text === '↑' || cell.text === '↓');
    const task = cells[taskColumn]?.text === '' ? ditto.get(taskColumn) : cells[taskColumn];
    const metric = cells[metricColumn]?.text ?? '';
    if (arrow !== undefined && metric !== '') {
      facts.push({
        task: (task?.text ?? '').replace(/^(?:- ?)+/, ''),
        metric,
        better: arrow.text === '↑' ? 'higher' : 'lower',
        span: arrow.span,
      });
    }
  }
  // A task directly above rows that begin with " - " is the group of those rows.
  grid.rows.forEach((cells, index) => {
    const name = cells[taskColumn]?.text ?? '';
    const next =
      grid.rows.slice(index + 1).find((row) => (row[taskColumn]?.text ?? '') !== '')?.[taskColumn]?.text ?? '';
    if (name !== '' && depthOf(next) > depthOf(name))
      facts.push({
        task: name.replace(/^(?:- ?)+/, ''),
        metric: null,
        aggregate: true,
        span: cells[taskColumn]?.span ?? null,
      });
  });
  return builder.build({
    file,
    format: 'lm-eval-table',
    text,
    layout: 'long',
    facts,
    notes: [...notes, 'blank task cells repeat the cell above'],
  });
}

function taskBlank(cells: readonly Cell[], taskColumn: number): boolean {
  return (cells[taskColumn]?.text ?? '') === '';
}

function depthOf(name: string): number {
  return /^(?:- ?)+/.exec(name)?.[0].replace(/ /g, '').length ?? 0;
}

/** `hf (pretrained=facebook/opt-2.7b,…), gen_kwargs: …` near the table: before it, or else after it. */
function modelLine(grid: Grid, lines: readonly Line[]): { cell: Cell; line: string } | null {
  const near = [
    ...lines.slice(Math.max(0, grid.firstLine - 6), grid.firstLine).reverse(),
    ...lines.slice(grid.lastLine + 1, grid.lastLine + 7),
  ];
  for (const line of near) {
    const found = argumentIn(line.text, 'pretrained') ?? argumentIn(line.text, 'model');
    if (found === null) continue;
    const span: Span = { start: line.start + found.start, end: line.start + found.start + found.text.length };
    return { cell: { text: found.text, span }, line: line.text.trim().slice(0, 80) };
  }
  return null;
}
