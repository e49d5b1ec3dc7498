/**
 * The score columns of a table with what belongs to each: standard error, interval, item count, and the loss of the same
 * row.
 */
import type { Column } from '../table/column.ts';
import { snake } from '../table/headers.ts';
import { findMetric } from '../table/registry/metrics.ts';
import type { Rows } from './rows.ts';
import { columnByHeader } from './where.ts';

/** Where a score column's value and its companions stand. */
export interface ScoreSource {
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

/** The score columns of a table of rows, each with its companions; one alone where the user pinned it. */
export function scoreSources(rows: Rows, yColumn: string | null): ScoreSource[] {
  const { reading } = rows;
  const { table, columns } = reading;
  let scores = columns.filter(
    (c) => (c.role === 'score' || c.role === 'loss') && c.used && (c.measure === null || c.measure.part === 'score'),
  );
  let pinned = -1;
  if (yColumn !== null) {
    pinned = columnByHeader(table, yColumn);
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
  return scores.map((column): ScoreSource => {
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
