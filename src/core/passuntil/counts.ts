/**
 * Pass counts out of a table: one row per instance and model (`passes`, `trials`, maybe `r`, `k_max`, `capped`), or one
 * row per trial with a pass/fail cell. Sizes come from a params column or from the model's name. What is wrong with a
 * row is said at its cell; the other rows are still used.
 */
import type { Finding } from '../report-model.ts';
import type { RawTable } from '../table/raw-table.ts';
import { lineStarts, NO_RANGE, rangeOf } from '../table/span.ts';
import { type Guess, kindOf, type Located, locate } from './count-columns.ts';
import type { CountPins } from './count-pins.ts';
import { checkDraw, type Draw } from './estimators.ts';

export interface InstanceCount extends Draw {
  readonly instance: string;
  readonly task: string;
  readonly model: string;
  /** N, parameters. */
  readonly params: number;
  /** Loss per token of the reference answer, where the table has it. */
  readonly loss: number | null;
  readonly table: number;
  readonly row: number;
}

export interface Counts {
  readonly rows: readonly InstanceCount[];
  readonly findings: readonly Finding[];
  /** How the counts were understood, one sentence each. */
  readonly notes: readonly string[];
  /** What was guessed over the pins; absent where none were given. */
  readonly guesses?: readonly Guess[];
}

/** True when the table holds pass counts or single pass/fail trials per instance and model. */
export function holdsCounts(table: RawTable): boolean {
  return kindOf(locate(table)) !== null;
}

/**
 * Reads the counts of several tables (a folder of per-model files is one study).
 * @param pins what the user says about the columns; what they leave open is then guessed, and told in `guesses`
 */
export function readCounts(tables: readonly RawTable[], pins?: CountPins): Counts {
  const rows: InstanceCount[] = [];
  const findings: Finding[] = [];
  const notes: string[] = [];
  const guesses: Guess[] = [];
  for (const [index, table] of tables.entries()) {
    const at = locate(table, pins);
    const kind = kindOf(at);
    if (kind === null) {
      findings.push(
        fault(
          table,
          null,
          null,
          'file.unrecognised',
          'No pass counts here: an instance column with passes and trials, or with a pass/fail cell per trial, is needed.',
        ),
      );
      continue;
    }
    guesses.push(...at.guesses);
    if (at.group.length > 0) notes.push(pooledNote(table, at));
    if (kind === 'totals') readTotals(table, index, at, rows, findings, notes);
    else readTrials(table, index, at, rows, findings, notes);
  }
  return { rows: withoutDuplicates(rows, tables, findings), findings, notes: [...new Set(notes)], guesses };
}

function readTotals(
  table: RawTable,
  index: number,
  at: Located,
  rows: InstanceCount[],
  findings: Finding[],
  notes: string[],
): void {
  const trials = table.numbers(at.trials as number);
  const passes = table.numbers(at.passes as number);
  const wanted = at.wanted === undefined ? null : table.numbers(at.wanted);
  const cap = at.cap === undefined ? null : table.numbers(at.cap);
  const plan = wanted === null ? inferPlan(passes, trials) : null;
  if (plan !== null) notes.push(plan.note);
  for (let row = 0; row < table.rowCount; row++) {
    const s = passes[row] as number;
    const k = trials[row] as number;
    if (Number.isNaN(s) && Number.isNaN(k)) continue;
    const r = wanted === null ? (plan?.wanted ?? s + 1) : (wanted[row] as number);
    const most = cap === null ? Number.NaN : (cap[row] as number);
    if (k > most) {
      findings.push(
        fault(
          table,
          row,
          at.trials as number,
          'data.unit',
          `${k} trials are more than k_max ${most} allows; the row is left out.`,
        ),
      );
      continue;
    }
    const capCell = at.capped === undefined ? null : table.cell(row, at.capped).trim().toLowerCase();
    const capped =
      capCell !== null && capCell !== ''
        ? ['1', 'true', 'yes'].includes(capCell)
        : s < r && (Number.isNaN(most) || k >= most);
    add(table, index, at, row, { wanted: r, passes: s, trials: k, capped }, rows, findings, at.trials as number);
  }
}

/** Without an r column: the same number of passes everywhere but in the longest draws means that sampling stopped there. */
function inferPlan(passes: Float64Array, trials: Float64Array): { wanted: number | null; note: string } {
  const longest = trials.reduce((m, k) => (k > m ? k : m), 0);
  const ended = new Set<number>();
  for (let i = 0; i < passes.length; i++) if ((trials[i] as number) < longest) ended.add(passes[i] as number);
  const [only] = ended;
  if (ended.size === 1 && only !== undefined && only >= 1) {
    return {
      wanted: only,
      note: `No r column: every draw but the longest ended with ${only} ${only === 1 ? 'pass' : 'passes'}, so sampling is taken to stop there.`,
    };
  }
  return {
    wanted: null,
    note: 'No r column and no common number of passes: trials are taken as fixed in advance, with passes/trials unbiased.',
  };
}

function readTrials(
  table: RawTable,
  index: number,
  at: Located,
  rows: InstanceCount[],
  findings: Finding[],
  notes: string[],
): void {
  const groups = new Map<string, { row: number; passes: number; trials: number }>();
  const column = at.outcome as number;
  for (let row = 0; row < table.rowCount; row++) {
    const cell = table.cell(row, column).trim().toLowerCase();
    if (cell === '') continue;
    const passed = ['1', 'true', 'yes', 'pass', 'passed', 'correct', '1.0'].includes(cell);
    if (!passed && !['0', 'false', 'no', 'fail', 'failed', 'incorrect', 'wrong', '0.0'].includes(cell)) {
      findings.push(
        fault(
          table,
          row,
          column,
          'data.missing',
          `“${table.cell(row, column)}” is neither a pass nor a fail; the row is left out.`,
        ),
      );
      continue;
    }
    // Ten million rows come through here: one string, no parsing.
    const key = `${cellOf(table, row, at.instance)}\u0000${cellOf(table, row, at.task)}\u0000${groupOf(table, row, at)}\u0000${cellOf(table, row, at.model)}\u0000${at.params?.(row)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { row, passes: passed ? 1 : 0, trials: 1 });
    else {
      group.passes += passed ? 1 : 0;
      group.trials++;
    }
  }
  notes.push('One row per trial: the number of trials is taken as fixed in advance.');
  for (const { row, passes, trials } of groups.values()) {
    add(table, index, at, row, { wanted: passes + 1, passes, trials, capped: true }, rows, findings, column);
  }
}

function add(
  table: RawTable,
  index: number,
  at: Located,
  row: number,
  draw: Draw,
  rows: InstanceCount[],
  findings: Finding[],
  column: number,
): void {
  const checked = checkDraw(draw);
  if (!checked.ok) {
    findings.push(fault(table, row, column, 'data.unit', `${checked.error}; the row is left out.`));
    return;
  }
  const params = at.params?.(row) ?? Number.NaN;
  if (!(params > 0)) {
    findings.push(
      fault(
        table,
        row,
        at.model ?? column,
        'data.missing',
        'No model size: neither a params column nor a size in the model name; the row is left out.',
      ),
    );
    return;
  }
  const loss = at.loss === undefined ? Number.NaN : (table.numbers(at.loss)[row] as number);
  rows.push({
    ...draw,
    instance: instanceOf(table, row, at),
    task: groupOf(table, row, at) || cellOf(table, row, at.task) || fileStem(table.file),
    model: cellOf(table, row, at.model) || `${params}`,
    params,
    loss: Number.isFinite(loss) && loss > 0 ? loss : null,
    table: index,
    row,
  });
}

function cellOf(table: RawTable, row: number, column: number | undefined): string {
  return column === undefined ? '' : table.cell(row, column).trim();
}

/** The values that set the series of a row apart; '' where the task does. */
function groupOf(table: RawTable, row: number, { group }: Located): string {
  return group.length === 0 ? '' : group.map((column) => cellOf(table, row, column)).join('/');
}

/** Questions of several tasks in one group stay different questions. */
function instanceOf(table: RawTable, row: number, { instance, task, group }: Located): string {
  const name = cellOf(table, row, instance);
  const pooled = group.length > 0 && task !== undefined && !group.includes(task);
  return pooled ? `${cellOf(table, row, task)}/${name}` : name;
}

function pooledNote(table: RawTable, { task, group }: Located): string {
  const names = group.map((column) => `“${table.header(column).trim()}”`).join(' and ');
  const pooled = task === undefined || group.includes(task) ? '' : '; tasks are pooled';
  return `One series per value of ${names}, as asked for${pooled}.`;
}

function fileStem(file: string): string {
  const name = file.replaceAll('\\', '/').split('/').at(-1) ?? file;
  return name.replace(/\.[^.]+$/, '') || name;
}

/** Two counts for one instance at one size cannot both be used: which plan would they follow? The first stays. */
function withoutDuplicates(
  rows: readonly InstanceCount[],
  tables: readonly RawTable[],
  findings: Finding[],
): InstanceCount[] {
  const seen = new Set<string>();
  const kept: InstanceCount[] = [];
  for (const row of rows) {
    const key = JSON.stringify([row.task, row.instance, row.params, row.model]);
    if (seen.has(key)) {
      const table = tables[row.table] as RawTable;
      findings.push(
        fault(
          table,
          row.row,
          null,
          'data.duplicate',
          `A second count for instance ${row.instance} at ${row.model}; the first is used.`,
        ),
      );
    } else {
      seen.add(key);
      kept.push(row);
    }
  }
  return kept;
}

const startsOf = new WeakMap<RawTable, Uint32Array>();

function fault(
  table: RawTable,
  row: number | null,
  column: number | null,
  code: 'file.unrecognised' | 'data.missing' | 'data.unit' | 'data.duplicate',
  message: string,
): Finding {
  const span = row === null ? null : table.cellSpan(row, column ?? 0);
  let starts = startsOf.get(table);
  if (starts === undefined) {
    starts = lineStarts(table.text);
    startsOf.set(table, starts);
  }
  return {
    code,
    severity: code === 'file.unrecognised' ? 'error' : 'warning',
    message,
    file: table.file,
    range: span === null ? NO_RANGE : rangeOf(starts, span),
    series: null,
    data: {},
  };
}
