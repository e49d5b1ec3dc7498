/**
 * From the points of a series to the arrays that the N, D surface is fitted to: which rows have a size, a token count and a
 * positive loss, which do not and why, and how a place to predict at states its N and D.
 */
import type { Exclusion, ScaleKind } from '../report-model.ts';
import { isLogObjective } from '../stats/robust.ts';
import type { Point } from '../study/study.ts';
import { FLOP_PER_PARAMETER_TOKEN } from './allocation.ts';
import { type SurfaceData, surfaceData } from './chinchilla-surface.ts';
import type { At, FitInput, ObjectiveName } from './law.ts';

export interface SurfacePoints {
  readonly data: SurfaceData;
  /** The points behind the arrays; their params and tokens are filled in. */
  readonly points: readonly Point[];
  readonly excluded: readonly Exclusion[];
  /** 1/stderr² on the residual scale, or null for equal weights. */
  readonly weights: Float64Array | null;
  readonly notes: readonly string[];
}

/** N of a place, from its params or from x where that is the scale; NaN when unknown. */
export function paramsOf(at: At, scale: ScaleKind): number {
  const params = at.params ?? (scale === 'params' ? at.x : null);
  return params !== null && params > 0 ? params : Number.NaN;
}

/** D of a place: tokens, x where that is the scale, or C/(6N); NaN when unknown. */
export function tokensOf(at: At, scale: ScaleKind): number {
  const tokens = at.tokens ?? (scale === 'tokens' ? at.x : null);
  if (tokens !== null && tokens > 0) return tokens;
  const compute = at.compute ?? (scale === 'compute' ? at.x : null);
  const derived = compute === null ? Number.NaN : compute / (FLOP_PER_PARAMETER_TOKEN * paramsOf(at, scale));
  return derived > 0 ? derived : Number.NaN;
}

/** C of a place: compute, x where that is the scale, or 6ND; NaN when unknown. */
export function computeOf(at: At, scale: ScaleKind): number {
  const compute = at.compute ?? (scale === 'compute' ? at.x : null);
  if (compute !== null && compute > 0) return compute;
  return FLOP_PER_PARAMETER_TOKEN * paramsOf(at, scale) * tokensOf(at, scale);
}

/** Fields in which a copy of a row agrees with it, besides its result. */
const IDENTITY = ['model', 'run', 'step', 'params', 'tokens', 'compute', 'x', 'stderr'] as const;

/**
 * Keeps the rows that the law can use. Weights are 1/stderr² (on the ln scale y²/stderr²) when asked for; a row without
 * standard error, or with an infinite one, then has no weight and is excluded.
 */
export function surfacePoints(input: FitInput, byStderr: boolean, objective: ObjectiveName): SurfacePoints {
  const scale = input.series.scale;
  const log = isLogObjective(objective, true);
  const points: Point[] = [];
  const excluded: Exclusion[] = [];
  const weights: number[] = [];
  let derived = 0;
  const seen = new Map<number, Point[]>();
  for (const point of input.points) {
    const params = paramsOf(point, scale);
    const tokens = tokensOf(point, scale);
    const why = !Number.isFinite(params)
      ? 'parameters unknown'
      : !Number.isFinite(tokens)
        ? 'training tokens unknown (neither tokens nor compute)'
        : !(point.y > 0) || !Number.isFinite(point.y)
          ? `loss ${point.y} is not positive`
          : byStderr && !(point.stderr !== null && point.stderr > 0 && Number.isFinite(1 / point.stderr ** 2))
            ? 'no standard error to weigh it by'
            : null;
    if (why !== null) {
      excluded.push({ row: point.row, why });
      continue;
    }
    if (point.model !== '') {
      // The same model with the very same result is a copy of a row, not a second measurement.
      const alike = seen.get(point.y);
      const first = alike?.find((other) => IDENTITY.every((field) => other[field] === point[field]));
      if (first !== undefined) {
        excluded.push({ row: point.row, why: `exact duplicate of row ${first.row}` });
        continue;
      }
      if (alike === undefined) seen.set(point.y, [point]);
      else alike.push(point);
    }
    if (point.tokens === null && scale !== 'tokens') derived++;
    points.push(point.params === params && point.tokens === tokens ? point : { ...point, params, tokens });
    const se = point.stderr ?? 1;
    weights.push(byStderr ? (log ? (point.y / se) ** 2 : 1 / se ** 2) : 1);
  }
  const notes: string[] = [];
  if (derived > 0)
    notes.push(`Tokens of ${derived} row${derived === 1 ? '' : 's'} were derived as compute/(6·params).`);
  if (excluded.length > 0) notes.push(`${excluded.length} of ${input.points.length} rows could not be used.`);
  const data = surfaceData(
    points.map((p) => p.params ?? Number.NaN),
    points.map((p) => p.tokens ?? Number.NaN),
    points.map((p) => p.y),
    byStderr ? weights : null,
  );
  return { data, points, excluded, weights: byStderr ? Float64Array.from(weights) : null, notes };
}
