/**
 * From tables to measurements: every score cell becomes one draft, whatever the layout, and joins the group of its task,
 * metric and facets.
 */
import type { Column } from '../table/column.ts';
import { RUN_NAMES } from '../table/dictionary.ts';
import { snake } from '../table/headers.ts';
import { parseNumber } from '../table/numbers.ts';
import { findMetric } from '../table/registry/metrics.ts';
import { columnFor, isAggregate } from '../table/understand.ts';
import type { Draft, Group } from './draft.ts';
import { groupKey } from './draft.ts';
import type { Facet } from './facets.ts';
import { findFacets } from './facets.ts';
import type { Interned } from './intern.ts';
import { intern } from './intern.ts';
import type { Rows } from './rows.ts';
import { columnByHeader } from './where.ts';

export interface TidyOptions {
  /** Pinned scale column by header, if x is not one of the four quantities. */
  readonly xColumn: string | null;
  readonly yColumn: string | null;
  readonly group: readonly string[] | null;
  /** 1 = the row counts; null = all do. */
  readonly kept: Uint8Array | null;
  /** Metric that the manifest gives a task whose metric is only assumed. */
  readonly taskMetric: (task: string) => string | null;
  /** Name that keeps unnamed losses of several full tables apart; null where files are pieces of one table. */
  readonly fileFacet: string | null;
  /** Reason per row that was left out by a rule (not by a filter). */
  readonly excluded: ReadonlyMap<number, string>;
}

/** Where a score column's value and its companions stand. */
interface Source {
  readonly column: Column;
  readonly task: string | null;
  readonly metric: string | null;
  readonly facets: Readonly<Record<string, string>>;
  readonly run: string | null;
  readonly stderr: Float64Array | null;
  readonly stderrIsSd: boolean;
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
  readonly n: Float64Array | null;
  readonly loss: Float64Array | null;
  readonly assumed: boolean;
}

const LOSSES = new Set(['loss', 'bits_per_byte', 'perplexity']);

function lossLike(column: Column): boolean {
  return column.role === 'loss' || LOSSES.has(findMetric(column.measure?.metric ?? '')?.id ?? '');
}

/** One smoothing per column: `_ma5`, `_last`. */
function smoothing(column: Column): string {
  return /_(ma\d+|last|final)$/.exec(column.header.key)?.[1] ?? '';
}

function unsmoothedTask(column: Column): string {
  return column.measure?.task ?? '';
}

/** The losses of a table, indexed so that thousands of score columns find theirs at once. */
interface LossIndex {
  readonly all: readonly Column[];
  readonly byTask: ReadonlyMap<string, readonly Column[]>;
  readonly primary: Column | null;
}

/** Evaluation losses before others, training losses last. */
function generalRank(c: Column): number {
  return (
    (/val|eval|test/i.test(c.header.raw) ? -2 : 0) +
    (/train/i.test(c.header.raw) ? 6 : 0) +
    (findMetric(c.measure?.metric ?? '')?.id === 'bits_per_byte' ? 3 : 0)
  );
}

function best(columns: readonly Column[], rank: (c: Column) => number): Column | null {
  let found: Column | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const c of columns) {
    const r = rank(c);
    if (r < least) {
      least = r;
      found = c;
    }
  }
  return found;
}

function indexLosses(columns: readonly Column[]): LossIndex {
  const all = columns.filter(
    (c) =>
      c.measure?.part === 'score' &&
      lossLike(c) &&
      (c.role === 'loss' || c.role === 'score') &&
      findMetric(c.measure.metric ?? '')?.id !== 'perplexity',
  );
  const byTask = new Map<string, Column[]>();
  for (const c of all) {
    const list = byTask.get(unsmoothedTask(c)) ?? [];
    list.push(c);
    byTask.set(unsmoothedTask(c), list);
  }
  return { all, byTask, primary: best(all, generalRank) };
}

/**
 * The loss of the same row that belongs to a score: the same task's in the same format, smoothed the same way, bits per
 * byte first; else the evaluation loss of the row.
 */
function companionLoss(losses: LossIndex, score: Column): Column | null {
  const own = losses.byTask.get(unsmoothedTask(score));
  if (own === undefined) return losses.primary;
  const wanted = JSON.stringify(score.measure?.facets ?? {});
  return best(own, (c) => {
    let r = generalRank(c);
    if (JSON.stringify(c.measure?.facets ?? {}) === wanted) r -= 8;
    if (smoothing(c) === smoothing(score)) r -= 4;
    if (findMetric(c.measure?.metric ?? '')?.id === 'bits_per_byte') r -= 4;
    return r;
  });
}

function sources(rows: Rows, options: TidyOptions): Source[] {
  const { reading } = rows;
  const { table, columns } = reading;
  let scores = columns.filter(
    (c) => (c.role === 'score' || c.role === 'loss') && c.used && (c.measure === null || c.measure.part === 'score'),
  );
  let pinned = -1;
  if (options.yColumn !== null) {
    pinned = columnByHeader(table, options.yColumn);
    if (pinned < 0) return [];
    scores = [columns[pinned] as Column];
  }
  const rowStderr =
    columns.find(
      (c) =>
        c.role === 'stderr' && c.used && (c.measure === null || (c.measure.part === 'sd' && c.measure.stem === '')),
    ) ?? null;
  const rowN = columns.find((c) => c.role === 'n' && c.used && c.measure === null) ?? null;
  const low = columns.find((c) => c.role === 'interval-low' && c.used && c.measure === null) ?? null;
  const high = columns.find((c) => c.role === 'interval-high' && c.used && c.measure === null) ?? null;
  // Siblings by stem and part, so that wide tables stay linear.
  const siblings = new Map<string, Column>();
  for (const c of columns) {
    if (c.measure === null || c.measure.part === 'score' || /__(?:MIN|MAX)$/.test(c.header.raw)) continue;
    const key = `${c.measure.part}|${c.measure.stem.trim()}`;
    if (!siblings.has(key)) siblings.set(key, c);
  }
  const losses = indexLosses(columns);
  return scores.map((column): Source => {
    const stem = column.header.raw.trim();
    const sibling = (part: string): Column | null => siblings.get(`${part}|${stem}`) ?? null;
    const se =
      sibling('stderr') ?? sibling('sd') ?? (scores.length === 1 || column.measure === null ? rowStderr : null);
    const lo = sibling('low') ?? (scores.length === 1 ? low : null);
    const hi = sibling('high') ?? (scores.length === 1 ? high : null);
    const n = sibling('n') ?? rowN;
    const loss = companionLoss(losses, column);
    const generic = column.measure === null && column.role === 'score';
    const values = (c: Column | null): Float64Array | null => (c === null ? null : table.numbers(c.index));
    return {
      column,
      task: column.measure?.task ?? null,
      metric: column.measure?.metric ?? (generic ? null : column.role === 'loss' ? 'loss' : snake(column.header.raw)),
      facets: column.measure?.facets ?? {},
      run: column.measure?.run ?? null,
      stderr: values(se),
      stderrIsSd: se?.measure?.part === 'sd',
      low: values(lo),
      high: values(hi),
      n: values(n),
      loss: values(loss),
      assumed: column.measure?.assumed ?? false,
    };
  });
}

/** A task for score columns that no column and no header names. */
function fallbackTask(metric: string, facets: Readonly<Record<string, string>>): string {
  return facets['questions'] !== undefined || facets['group'] !== undefined ? 'questions' : metric;
}

export class GroupBook {
  readonly groups = new Map<string, Group>();

  /** The group of a measurement, opened on first sight. */
  open(
    task: string,
    metric: string,
    facets: Readonly<Record<string, string>>,
    first: Omit<
      Group,
      | 'task'
      | 'metric'
      | 'facets'
      | 'drafts'
      | 'chanceSum'
      | 'chanceCount'
      | 'higher'
      | 'lower'
      | 'better'
      | 'betterHow'
      | 'aggregate'
      | 'excluded'
      | 'notes'
    >,
  ): Group {
    const key = groupKey(task, metric, facets);
    let group = this.groups.get(key);
    if (group === undefined) {
      group = {
        ...first,
        task,
        metric,
        facets,
        drafts: [],
        chanceSum: 0,
        chanceCount: 0,
        higher: 0,
        lower: 0,
        better: null,
        betterHow: '',
        aggregate: isAggregate(task, metric),
        excluded: [],
        notes: [],
      };
      this.groups.set(key, group);
    }
    return group;
  }
}

/** Reads `higher_is_better`-like columns: +1, −1 or 0 per row. */
function directions(rows: Rows): Int8Array | null {
  const column = rows.reading.columns.find((c) =>
    /^(?:higher_is_better|lower_is_better|better|direction)$/.test(c.header.key),
  );
  if (column === undefined) return null;
  const lower = column.header.key === 'lower_is_better';
  const out = new Int8Array(rows.count);
  const values = intern(rows.reading.table, column.index);
  const meaning = values.values.map((v) => {
    const t = v.toLowerCase();
    const yes = /^(?:1|1\.0|true|yes|higher|up|↑|max|maximize)$/.test(t);
    const no = /^(?:0|0\.0|false|no|lower|down|↓|min|minimize)$/.test(t);
    return yes ? (lower ? -1 : 1) : no ? (lower ? 1 : -1) : 0;
  });
  for (let row = 0; row < rows.count; row++) {
    const code = values.codes[row] as number;
    out[row] = code < 0 ? 0 : (meaning[code] as number);
  }
  return out;
}

/** Adds the measurements of a table of rows (wide, long, loss-table). Returns notes about what kept rows apart. */
export function tidyRows(rows: Rows, book: GroupBook, options: TidyOptions): readonly string[] {
  const { reading } = rows;
  const { table } = reading;
  const list = sources(rows, options);
  if (list.length === 0) return [];
  const grouped = options.group;
  const verdict = grouped === null ? findFacets(rows, options.kept) : { facets: [] as Facet[], notes: [] as string[] };
  const groupFacets: Facet[] = (grouped ?? []).flatMap((name) => {
    const column = columnByHeader(table, name);
    return column < 0 ? [] : [{ name: table.header(column).trim(), column, values: intern(table, column) }];
  });
  const facets = grouped === null ? verdict.facets : groupFacets;
  const taskColumn = columnFor(reading, 'task');
  const metricColumn = columnFor(reading, 'metric');
  const chanceColumn = columnFor(reading, 'chance');
  const tasks = taskColumn === null ? null : intern(table, taskColumn.index);
  const metrics = metricColumn === null ? null : intern(table, metricColumn.index);
  const chances = chanceColumn === null ? null : table.numbers(chanceColumn.index);
  const seeds = reading.columns
    .filter((c) => (c.role === 'seed' && c.used) || (RUN_NAMES.has(c.header.key) && c.role !== 'model'))
    .map((c) => intern(table, c.index));
  const direction = directions(rows);
  const xColumn = options.xColumn === null ? -1 : columnByHeader(table, options.xColumn);
  const xs = xColumn < 0 ? null : table.numbers(xColumn);
  const xFactor = xColumn < 0 ? 1 : (reading.columns[xColumn] as Column).factor;

  const runNames = new Map<string, string>();
  const runOf = (row: number, source: Source): string => {
    if (source.run !== null) return source.run;
    let key = String(rows.models.codes[row] as number);
    for (const s of seeds) key += `|${s.codes[row] as number}`;
    let name = runNames.get(key);
    if (name === undefined) {
      const parts = seeds
        .map((s) => ((s.codes[row] as number) < 0 ? '' : (s.values[s.codes[row] as number] as string)))
        .filter((p) => p !== '');
      name = [rows.modelOf(row), ...parts].join(' · ');
      runNames.set(key, name);
    }
    return name;
  };

  for (const source of list) {
    const y = table.numbers(source.column.index);
    const local = new Map<string, Group>();
    const fixedTask = source.task ?? (tasks === null ? rows.fileTask : null);
    const useTasks = tasks !== null && fixedTask === null && (grouped === null || groupFacets.length === 0);
    // A loss of its own task stands in the rows of every task: once per run and value is enough.
    const once = tasks !== null && fixedTask !== null && grouped === null ? new Set<string>() : null;
    for (let row = 0; row < rows.count; row++) {
      if (options.kept !== null && options.kept[row] === 0) continue;
      const value = y[row] as number;
      const taskCode = useTasks ? ((tasks as Interned).codes[row] as number) : -2;
      const metricCode = metrics !== null && source.metric === null ? (metrics.codes[row] as number) : -2;
      if (Number.isNaN(value) && (taskCode === -1 || metricCode === -1)) continue;
      let key = `${taskCode}|${metricCode}`;
      for (const f of facets) key += `|${f.values.codes[row] as number}`;
      let group = local.get(key);
      if (group === undefined) {
        const own: Record<string, string> = {};
        for (const f of facets) {
          const code = f.values.codes[row] as number;
          if (code >= 0) own[f.name] = f.values.values[code] as string;
        }
        Object.assign(own, source.facets);
        if (options.fileFacet !== null) own['file'] = options.fileFacet;
        const metric =
          (source.assumed && source.task !== null ? options.taskMetric(source.task) : null) ??
          source.metric ??
          (metricCode >= 0 ? ((metrics as Interned).values[metricCode] as string) : (rows.fileMetric ?? 'score'));
        let task: string;
        if (grouped !== null && groupFacets.length > 0) {
          // With --group the series is named by its group; a task column among them names the task.
          const named = groupFacets.find((f) => taskColumn !== null && f.column === taskColumn.index);
          task = named === undefined ? (fixedTask ?? fallbackTask(metric, own)) : (own[named.name] ?? metric);
        } else
          task =
            fixedTask ?? (taskCode >= 0 ? ((tasks as Interned).values[taskCode] as string) : fallbackTask(metric, own));
        group = book.open(task, metric, own, {
          rows,
          firstRow: row,
          scoreColumn: source.column.index,
          taskColumn: taskCode >= 0 ? (taskColumn as Column).index : -1,
          chanceColumn: chanceColumn?.index ?? -1,
          assumed: source.assumed,
          counted: false,
        });
        if (source.column.measure?.better != null) {
          group.better = source.column.measure.better;
          group.betterHow = source.column.how;
        }
        local.set(key, group);
      }
      const why = options.excluded.get(row);
      if (why !== undefined) {
        if (!Number.isNaN(value)) group.excluded.push({ table: rows.index, row, why });
        continue;
      }
      if (!Number.isFinite(value)) {
        if (!Number.isNaN(value)) group.excluded.push({ table: rows.index, row, why: 'the score is infinite' });
        continue;
      }
      if (chances !== null && Number.isFinite(chances[row])) {
        group.chanceSum += chances[row] as number;
        group.chanceCount++;
      }
      if (direction !== null) {
        if (direction[row] === 1) group.higher++;
        else if (direction[row] === -1) group.lower++;
      }
      if (once !== null) {
        const repeat = `${runOf(row, source)}|${value}|${rows.tokens[row] as number}|${rows.step[row] as number}|${rows.params[row] as number}`;
        if (once.has(repeat)) continue;
        once.add(repeat);
      }
      const n = source.n === null ? Number.NaN : (source.n[row] as number);
      let stderr = source.stderr === null ? Number.NaN : (source.stderr[row] as number);
      if (source.stderrIsSd) stderr = n > 1 ? stderr / Math.sqrt(n) : stderr;
      if (Number.isNaN(stderr) && source.low !== null && source.high !== null) {
        // A 95 % interval: its width is 2 · 1.96 standard errors.
        stderr = ((source.high[row] as number) - (source.low[row] as number)) / 3.919928;
      }
      if (stderr === 0 && n <= 1) stderr = Number.NaN;
      const p = rows.params[row] as number;
      const t = rows.tokens[row] as number;
      const c = rows.compute[row] as number;
      const s = rows.step[row] as number;
      const loss = source.loss === null ? Number.NaN : (source.loss[row] as number);
      const draft: Draft = {
        x: Number.NaN,
        y: value,
        stderr: stderr >= 0 && Number.isFinite(stderr) ? stderr : null,
        n: n > 0 && Number.isFinite(n) ? n : null,
        model: source.run !== null && rows.modelColumn === null ? source.run : rows.modelOf(row),
        family: rows.familyOf(row),
        run: runOf(row, source),
        params: Number.isNaN(p) ? null : p,
        tokens: Number.isNaN(t) ? null : t,
        compute: Number.isNaN(c) ? null : c,
        step: Number.isNaN(s) ? null : s,
        loss: Number.isFinite(loss) ? loss : null,
        table: rows.index,
        row,
        range: null,
        column: source.column.index,
      };
      if (xs !== null) draft.pinnedX = (xs[row] as number) * xFactor;
      group.drafts.push(draft);
    }
  }
  return verdict.notes;
}

/** Adds a transposed table: rows are tasks, columns are models. */
export function tidyTransposed(rows: Rows, book: GroupBook, options: TidyOptions): void {
  const { reading } = rows;
  const { table } = reading;
  const taskColumn = columnFor(reading, 'task');
  const metricColumn = columnFor(reading, 'metric');
  const apart = reading.columns.filter(
    (c) => c.facet !== null || c.role === 'split' || c.role === 'shots' || c.role === 'filter',
  );
  for (let row = 0; row < rows.count; row++) {
    if (options.kept !== null && options.kept[row] === 0) continue;
    const task = taskColumn === null ? '' : table.cell(row, taskColumn.index).trim();
    const metric = metricColumn === null ? 'score' : table.cell(row, metricColumn.index).trim();
    if (task === '' || /^-{3,}/.test(task) || metric === '-') continue;
    const facets: Record<string, string> = {};
    for (const c of apart) {
      const value = table.cell(row, c.index).trim();
      if (value !== '' && value !== '-') facets[c.facet ?? (c.role as string)] = value;
    }
    for (const index of reading.modelColumns) {
      const y = parseNumber(table.cell(row, index));
      if (!Number.isFinite(y)) continue;
      const model = table.header(index).trim();
      const group = book.open(task, metric, facets, {
        rows,
        firstRow: row,
        scoreColumn: index,
        taskColumn: taskColumn?.index ?? -1,
        chanceColumn: -1,
        assumed: false,
        counted: false,
      });
      const q = rows.quantitiesOf(model);
      const orNull = (v: number): number | null => (Number.isNaN(v) ? null : v);
      group.drafts.push({
        x: Number.NaN,
        y,
        stderr: null,
        n: null,
        model,
        family: rows.familyOfModel(model),
        run: model,
        params: orNull(q.params),
        tokens: orNull(q.tokens),
        compute: orNull(q.compute),
        step: orNull(q.step),
        loss: null,
        table: rows.index,
        row,
        range: null,
        column: index,
      });
    }
  }
}
