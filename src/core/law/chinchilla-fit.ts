/**
 * The point fit of the N, D surface under any of its objectives: variable projection gives the start, a few further starts on
 * the same profile show whether the optimum is the only one, the best is solved on all points. Also the table that sets the
 * objectives side by side, because on one file they can differ tenfold in tokens per parameter.
 */
import { allocate } from './allocation.ts';
import {
  type Descent,
  descendHuber,
  descendLad,
  descendSurface,
  huberStages,
  invertSpd,
  LAD_COARSEST,
  type Precision,
} from './chinchilla-robust.ts';
import {
  fromSurface,
  type Surface,
  type SurfaceData,
  type SurfaceMap,
  type SurfaceParameter,
  surfaceCurvature,
  surfaceMap,
  toSurface,
} from './chinchilla-surface.ts';
import { fitVpnls, surfaceProfile, thin, typical } from './chinchilla-vpnls.ts';
import type { ObjectiveName } from './law.ts';

export type SurfaceObjective = ObjectiveName;

export interface SurfaceFit {
  readonly surface: Surface;
  /** Free coordinates of `map`; warm start of refits. */
  readonly z: Float64Array;
  /** The map fitted under: the asked one, or with a term held at zero where the data push it there. */
  readonly map: SurfaceMap;
  /** Free parameters asked for (terms driven to zero included). */
  readonly freeParameters: number;
  /** Σ w rho(r) under the objective, as reported. */
  readonly value: number;
  readonly converged: boolean;
  readonly starts: { readonly tried: number; readonly atOptimum: number };
  readonly atBound: readonly SurfaceParameter[];
  readonly conditionNumber: number | null;
  readonly vpnls: { readonly parameters: Surface; readonly rss: number } | null;
  readonly notes: readonly string[];
}

/** Exponent pairs of the further starts; their coefficients are solved exactly. */
const FURTHER_STARTS: readonly (readonly [number, number])[] = [
  [0.25, 0.25],
  [0.6, 0.3],
  [0.3, 0.6],
];
/** Points used while starts compete; the winner is solved on all. */
const COMPETITION_POINTS = 2000;
/** Two ends of a descent are the same optimum when their values agree to this. */
const SAME_OPTIMUM = 1e-6;

/** One descent under the named objective; `coarse` false starts at the target switch point (warm starts). */
export function descend(
  data: SurfaceData,
  map: SurfaceMap,
  objective: SurfaceObjective,
  delta: number,
  start: Float64Array,
  stop: () => boolean,
  coarse = true,
  precision: Precision = 'full',
): Descent {
  switch (objective) {
    case 'squared':
      return descendSurface(data, map, { scale: 'y', kind: 'squared', delta: 0 }, start, stop);
    case 'log-squared':
      return descendSurface(data, map, { scale: 'ln y', kind: 'squared', delta: 0 }, start, stop);
    case 'huber':
      return descendHuber(data, map, 'y', coarse ? huberStages(delta) : [delta], start, stop, precision);
    case 'log-huber':
      return descendHuber(data, map, 'ln y', coarse ? huberStages(delta) : [delta], start, stop, precision);
    case 'lad':
      return descendLad(data, map, start, stop, coarse ? LAD_COARSEST : 1e-4, precision);
  }
}

/** The first, widest stage of a robust descent; null for objectives of a single stage. */
function widestStage(
  data: SurfaceData,
  map: SurfaceMap,
  objective: SurfaceObjective,
  delta: number,
  start: Float64Array,
  stop: () => boolean,
): Descent | null {
  if (objective === 'squared' || objective === 'log-squared') return null;
  const first = objective === 'lad' ? LAD_COARSEST : (huberStages(delta)[0] ?? delta);
  const end = descendHuber(data, map, objective === 'huber' ? 'y' : 'ln y', [first], start, stop, 'refit');
  return Number.isFinite(end.value) ? end : null;
}

/** Whether two converged descents under one objective stopped at one place. */
function sameEnd(a: Descent, b: Descent): boolean {
  return (
    a.converged &&
    b.converged &&
    Math.abs(a.value - b.value) <= 1e-8 * b.value &&
    a.z.every((value, i) => Math.abs(value - (b.z[i] ?? Number.NaN)) <= 1e-4 * (1 + Math.abs(value)))
  );
}

/**
 * A bootstrap refit, warm from the point fit. Where the iterations end first (a term creeping to nothing, a corner of the
 * absolute loss) it goes on, and counts as converged once a further round gains less than a ten-thousandth.
 */
export function refitSurface(
  data: SurfaceData,
  best: SurfaceFit,
  objective: SurfaceObjective,
  delta: number,
  coarse: boolean,
  stop: () => boolean,
): Descent {
  let end = descend(data, best.map, objective, delta, best.z, stop, coarse, 'refit');
  for (let round = 0; round < 3 && !end.converged && Number.isFinite(end.value) && !stop(); round++) {
    const further = descend(data, best.map, objective, delta, end.z, stop, false, 'refit');
    const settled = further.converged || further.value >= end.value * (1 - 1e-4);
    if (further.value <= end.value) end = further;
    if (settled) end = { ...end, converged: true };
  }
  return end;
}

/**
 * The best fit over all starts; null when not even variable projection has an answer.
 * @param known the surface of some of the same points: the only start then, without variable projection
 */
export function bestSurfaceFit(
  data: SurfaceData,
  map: SurfaceMap,
  objective: SurfaceObjective,
  delta: number,
  stop: () => boolean,
  known: Surface | null = null,
): SurfaceFit | null {
  const vpnls = known === null ? fitVpnls(data, map, stop) : null;
  if (vpnls === null && known === null) return null;
  const notes: string[] = [];
  const middle = typical(data);
  const race = thin(data, COMPETITION_POINTS);
  const begins: Float64Array[] = [];
  if (known !== null) begins.push(fromSurface(map, known, middle));
  if (vpnls !== null) {
    begins.push(fromSurface(map, vpnls.surface, middle));
    const profile = surfaceProfile(race, map);
    for (const [alpha, beta] of FURTHER_STARTS) {
      if (!Number.isFinite(profile.rss(alpha, beta))) continue;
      begins.push(fromSurface(map, { ...profile.coefficients(), alpha, beta }, middle));
    }
  }
  let best: Descent | null = null;
  const values: number[] = [];
  // The end of the first start's widest stage: a start that meets it there goes the same way from there on.
  let crossing: Descent | null = null;
  let along = Number.NaN;
  for (const begin of begins) {
    if (best !== null && stop()) break;
    const wide = begins.length > 1 ? widestStage(race, map, objective, delta, begin, stop) : null;
    if (wide !== null && crossing !== null && sameEnd(wide, crossing)) {
      values.push(along);
      continue;
    }
    const end = descend(race, map, objective, delta, wide?.z ?? begin, stop, true, 'refit');
    if (!Number.isFinite(end.value)) continue;
    if (crossing === null) {
      crossing = wide;
      along = end.value;
    }
    values.push(end.value);
    if (best === null || end.value < best.value) best = end;
  }
  if (best === null) return null;
  const lowest = best.value;
  const floor = 1e-20 * race.n;
  const atOptimum = values.filter((value) => value <= lowest * (1 + SAME_OPTIMUM) + floor).length;
  const near = values.filter((value) => value > lowest * (1 + 1e-5) + floor && value <= lowest * 1.01).length;
  if (near > 0) {
    notes.push(
      `Poorly determined: ${near} further start${near === 1 ? '' : 's'} ended at another optimum within 1 % of the objective.`,
    );
  }
  const last = descend(data, map, objective, delta, best.z, stop, false);
  // At the rounding of the objective the polish may find nothing more.
  best = race !== data || last.value <= best.value ? last : { ...best, converged: best.converged || last.converged };
  let used = map;
  let z = best.z;
  let value = best.value;
  let surface = toSurface(map, z);
  const atBound: SurfaceParameter[] = [];

  // A term that the objective drives to nothing has no logarithm to end at: hold it at zero if that costs nothing.
  for (const name of ['E', 'A', 'B'] as const) {
    if (map.coordinate[name] < 0) continue;
    if (map.ties.some((tie) => tie.includes(name)) || !vanishes(data, surface, name)) continue;
    const without = surfaceMap({ fixed: { ...used.fixed, [name]: 0 }, ties: used.ties }, data.meanLnN, data.meanLnD);
    if (typeof without === 'string' || without.k === 0) continue;
    const end = descend(data, without, objective, delta, fromSurface(without, surface, middle), stop, false);
    if (!(end.value <= value * (1 + 1e-9) + floor)) continue;
    used = without;
    z = end.z;
    value = end.value;
    surface = toSurface(without, z);
    atBound.push(name);
  }
  if (atBound.length > 0) {
    notes.push(
      `${atBound.join(' and ')} ended at 0: the data show no sign of ${atBound.length === 1 ? 'that term' : 'those terms'}.`,
    );
  }
  for (const name of ['alpha', 'beta'] as const) {
    const coefficient = name === 'alpha' ? 'A' : 'B';
    if (atBound.includes(coefficient)) continue;
    if (!(surface[name] > 0)) {
      notes.push(
        `${name} is ${surface[name].toPrecision(3)}: the loss does not fall with ${name === 'alpha' ? 'model size' : 'tokens'} here, so there is no optimal split.`,
      );
    }
  }
  const condition = conditionNumber(data, used, z);
  return {
    surface,
    z,
    map: used,
    freeParameters: map.k,
    value,
    converged: best.converged,
    starts: { tried: values.length, atOptimum },
    atBound,
    conditionNumber: condition,
    vpnls: vpnls === null ? null : { parameters: vpnls.surface, rss: vpnls.rss },
    notes,
  };
}

/** Whether a term is below a millionth of the smallest loss everywhere. */
function vanishes(data: SurfaceData, s: Surface, name: 'E' | 'A' | 'B'): boolean {
  let lowest = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < data.n; i++) {
    lowest = Math.min(lowest, data.y[i]!);
    const at =
      name === 'E'
        ? s.E
        : name === 'A'
          ? Math.exp(Math.log(s.A) - s.alpha * (data.u[i]! + data.meanLnN))
          : Math.exp(Math.log(s.B) - s.beta * (data.v[i]! + data.meanLnD));
    largest = Math.max(largest, at);
  }
  return largest < 1e-6 * lowest;
}

/** Condition number (1-norm) of JᵀJ in centred logarithms at the optimum; null when singular. */
function conditionNumber(data: SurfaceData, map: SurfaceMap, z: Float64Array): number | null {
  const k = map.k;
  const h = surfaceCurvature(data, map, { scale: 'ln y', kind: 'squared', delta: 0 }, z);
  const inverse = invertSpd(h, k);
  if (inverse === null) return null;
  const norm = (m: Float64Array): number => {
    let most = 0;
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += Math.abs(m[i * k + j]!);
      most = Math.max(most, sum);
    }
    return most;
  };
  const value = norm(h) * norm(inverse);
  return Number.isFinite(value) ? value : null;
}

export interface ObjectiveRow {
  readonly objective: SurfaceObjective;
  readonly delta: number | null;
  /** Σ w rho(r) under that objective. */
  readonly value: number;
  readonly parameters: Surface;
  /** What the objective would do with ten times the largest compute of the fitted points. */
  readonly allocation: {
    readonly compute: number;
    readonly paramsOpt: number;
    readonly tokensOpt: number;
    readonly tokensPerParam: number;
    readonly loss: number;
  } | null;
}

/** The same points under log-huber, lad, log-squared, squared (and the chosen one): point fits only. */
export function objectivesTable(
  data: SurfaceData,
  best: SurfaceFit,
  chosen: SurfaceObjective,
  delta: number,
  limit: number,
  stop: () => boolean,
): ObjectiveRow[] {
  const some = thin(data, limit);
  let lnC = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.n; i++) lnC = Math.max(lnC, data.u[i]! + data.v[i]! + data.meanLnN + data.meanLnD);
  const compute = 60 * Math.exp(lnC);
  const names: SurfaceObjective[] = ['log-huber', 'lad', 'log-squared', 'squared'];
  if (!names.includes(chosen)) names.push(chosen);
  const rows: ObjectiveRow[] = [];
  for (const objective of names) {
    if (stop()) break;
    const own = objective === chosen;
    const end = own ? best : descend(some, best.map, objective, delta, best.z, stop, false, 'refit');
    if (!Number.isFinite(end.value)) continue;
    const parameters = toSurface(best.map, end.z);
    rows.push({
      objective,
      delta: objective === 'log-huber' || objective === 'huber' ? delta : null,
      value: end.value,
      parameters,
      allocation: allocate(parameters, compute),
    });
  }
  return rows;
}
