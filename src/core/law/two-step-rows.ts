/**
 * The rows of a ladder as the two-step law needs them: which are usable, which are checkpoints of one run, which row is a
 * run's last, and how the score is a share of the best one.
 */
import type { Exclusion } from '../report-model.ts';
import type { Point, StudySeries } from '../study/study.ts';
import { paramsOf, tokensOf } from './chinchilla-points.ts';
import type { FitInput, FitOptions } from './law.ts';
import { pointMatches } from './point-where.ts';

/** How a score is a share of the best score: percentages are divided, error rates turned around. */
export interface Share {
  toShare(y: number): number;
  fromShare(share: number): number;
  readonly unit: number;
}

export interface Ladder {
  /** Rows of step two. */
  readonly points: readonly Point[];
  /** Number of the run of each row. */
  readonly run: Int32Array;
  readonly runs: number;
  readonly loss: Float64Array;
  readonly accuracy: Float64Array;
  /** Last row of each run: what feeds step one, with the number of its run. */
  readonly last: readonly { readonly point: Point; readonly run: number }[];
  readonly excluded: readonly Exclusion[];
  readonly notes: readonly string[];
}

/** The share scale of a series: its upper end, or 1 or 100 by its values. */
export function shareScale(series: StudySeries): Share {
  const unit = series.upper ?? (series.points.some((p) => p.y > 1) ? 100 : 1);
  return series.better === 'lower'
    ? { toShare: (y) => 1 - y / unit, fromShare: (s) => unit * (1 - s), unit }
    : { toShare: (y) => y / unit, fromShare: (s) => unit * s, unit };
}

/** Usable rows, their runs, and the last row of each run. */
export function readLadder(input: FitInput, options: FitOptions, share: Share): Ladder {
  const scale = input.series.scale;
  const excluded: Exclusion[] = [];
  const kept: Point[] = [];
  for (const point of input.points) {
    const params = paramsOf(point, scale);
    const tokens = tokensOf(point, scale);
    const why =
      point.loss === null || !(point.loss > 0) || !Number.isFinite(point.loss)
        ? 'no task loss in this row'
        : !Number.isFinite(point.y)
          ? 'accuracy is not a number'
          : Number.isFinite(params) && Number.isFinite(tokens)
            ? null
            : 'parameters or tokens unknown';
    if (why !== null) excluded.push({ row: point.row, why });
    else kept.push({ ...point, params, tokens });
  }
  kept.sort((p, q) => p.table - q.table || p.row - q.row);
  const { run, runs, note } = splitRuns(kept);
  const last: number[] = [];
  for (let i = 0; i < kept.length; i++) last[run[i]!] = i;
  const notes = note === null ? [] : [note];
  const feeds = (stage: 'first' | 'second', point: Point): boolean =>
    pointMatches(point, options.stages?.[stage] ?? [], input.study);
  const rows = kept.map((point, i) => ({ point, i })).filter(({ point }) => feeds('second', point));
  const points = rows.map(({ point }) => point);
  return {
    points,
    run: Int32Array.from(rows, ({ i }) => run[i]!),
    runs,
    loss: Float64Array.from(points, (p) => p.loss!),
    accuracy: Float64Array.from(points, (p) => share.toShare(p.y)),
    last: last.flatMap((i) => (feeds('first', kept[i]!) ? [{ point: kept[i]!, run: run[i]! }] : [])),
    excluded,
    notes,
  };
}

/** Fewest rows of a stretch that is taken for a run's checkpoints although the rows name no run. */
const FEWEST_CHECKPOINTS = 5;

/**
 * Which rows are checkpoints of one run. Rows of one name with one size and growing tokens are; where the tokens fall back,
 * another run with the same name begins. Where no two rows share a name, stretches of rows with one size and growing tokens
 * are taken for runs, if there are at least six of five rows or more: a table with one row per run stays as it is.
 */
function splitRuns(rows: readonly Point[]): {
  readonly run: Int32Array;
  readonly runs: number;
  readonly note: string | null;
} {
  const number = (name: (point: Point) => string): { run: Int32Array; runs: number } => {
    const current = new Map<string, number>();
    const latest = new Map<string, Point>();
    const run = new Int32Array(rows.length);
    let runs = 0;
    rows.forEach((point, i) => {
      const key = name(point);
      const before = latest.get(key);
      if (before === undefined || before.params !== point.params || point.tokens! < before.tokens!)
        current.set(key, runs++);
      latest.set(key, point);
      run[i] = current.get(key)!;
    });
    return { run, runs };
  };
  const names = new Set(rows.map((point) => point.run)).size;
  if (names === rows.length) {
    const stretches = number(() => '');
    if (stretches.runs >= 6 && rows.length >= FEWEST_CHECKPOINTS * stretches.runs) {
      return {
        ...stretches,
        note: `The rows name no runs: stretches of one size with growing tokens were taken as the checkpoints of ${stretches.runs} runs.`,
      };
    }
  }
  const named = number((point) => point.run);
  return {
    ...named,
    note:
      named.runs > names
        ? `Rows of one run name were split into ${named.runs} runs where the token count falls back or the size changes.`
        : null,
  };
}
