/**
 * Pass counts out of a table: one row per instance and model (`passes`, `trials`, maybe `r`, `k_max`, `capped`), or one
 * row per trial with a pass/fail cell. Sizes come from a params column or from the model's name. What is wrong with a
 * row is said at its cell; the other rows are still used.
 */
import type { Finding } from '../report-model.ts';
import { readHeader } from '../table/headers.ts';
import { claimRoles } from '../table/name-roles.ts';
import { parseQuantity } from '../table/numbers.ts';
import type { RawTable } from '../table/raw-table.ts';
import { readModelName } from '../table/sizes.ts';
import { lineStarts, NO_RANGE, rangeOf } from '../table/span.ts';
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
}

const NAMES = {
  instance:
    /^(instance|question|item|problem|example|prompt)(_id|_index|_number)?$|^(doc_id|task_id|sample_id|id|index)$/,
  wanted: /^(r|wanted|passes_wanted|target_passes|r_passes)$/,
  cap: /^(k_max|kmax|max_trials|max_samples|cap|trial_cap)$/,
  trials: /^(trials|k|n_trials|num_trials|attempts|n_samples|num_samples|total|n)$/,
  passes: /^(passes|s|successes|n_correct|num_correct|n_pass|n_passed|num_passed|correct_count|c)$/,
  capped: /^(capped|censored|hit_cap)$/,
  outcome: /^(passed|pass|success|correct|is_correct|outcome|result)$/,
  task: /^(task|task_name|dataset|benchmark)$/,
  model: /^(model|model_name|name)$/,
  loss: /^(ref_token_loss|reference_loss|answer_loss|ref_loss|loss|nll)$/,
} as const;

type Name = keyof typeof NAMES;

const MEANINGS: Readonly<Record<Name, string>> = {
  instance: 'names the question that was sampled',
  wanted: 'passes wanted, r',
  cap: 'cap on trials',
  trials: 'trials made, K',
  passes: 'passes seen, s',
  capped: 'whether the cap ended the sampling',
  outcome: 'whether this trial passed',
  task: 'the task',
  model: 'the model',
  loss: 'loss of the reference answer',
};

/** True when the table holds pass counts or single pass/fail trials per instance and model. */
export function holdsCounts(table: RawTable): boolean {
  const at = locate(table);
  if (at.instance === undefined) return false;
  return (at.passes !== undefined && at.trials !== undefined) || at.outcome !== undefined;
}

/** Reads the counts of several tables (a folder of per-model files is one study). */
export function readCounts(tables: readonly RawTable[]): Counts {
  const rows: InstanceCount[] = [];
  const findings: Finding[] = [];
  const notes: string[] = [];
  for (const [index, table] of tables.entries()) {
    if (!holdsCounts(table)) {
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
    const at = locate(table);
    if (at.passes !== undefined && at.trials !== undefined) readTotals(table, index, at, rows, findings, notes);
    else readTrials(table, index, at, rows, findings, notes);
  }
  return { rows: withoutDuplicates(rows, tables, findings), findings, notes: [...new Set(notes)] };
}

/** What a column of a table of counts says, by its place; only of columns that are read. */
export function countColumns(table: RawTable): ReadonlyMap<number, string> {
  const at = locate(table);
  const said = new Map<number, string>();
  for (const name of Object.keys(NAMES) as Name[]) {
    const column = at[name];
    if (column !== undefined) said.set(column, MEANINGS[name]);
  }
  return said;
}

type Located = Partial<Record<Name, number>> & { params: ((row: number) => number) | null };

function locate(table: RawTable): Located {
  const found: Partial<Record<Name, number>> = {};
  for (let c = 0; c < table.columnCount; c++) {
    const { key } = readHeader(table.header(c));
    for (const name of Object.keys(NAMES) as Name[]) {
      if (found[name] === undefined && NAMES[name].test(key)) {
        found[name] = c;
        break;
      }
    }
  }
  return { ...found, params: paramsReader(table, found.model) };
}

function paramsReader(table: RawTable, model: number | undefined): Located['params'] {
  const column = claimRoles(table, null).find((c) => c.role === 'params' || c.role === 'params-non-embedding');
  if (column !== undefined) {
    const numbers = table.numbers(column.index);
    return (row) => {
      const value = (numbers[row] as number) * column.factor;
      return Number.isFinite(value) ? value : parseQuantity(table.cell(row, column.index));
    };
  }
  if (model === undefined) return null;
  return (row) => readModelName(table.cell(row, model)).params?.value ?? Number.NaN;
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
    const key = `${cellOf(table, row, at.instance)}\u0000${cellOf(table, row, at.task)}\u0000${cellOf(table, row, at.model)}\u0000${at.params?.(row)}`;
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
    instance: cellOf(table, row, at.instance),
    task: cellOf(table, row, at.task) || fileStem(table.file),
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
