/**
 * `sigmoid`: a bounded score between a fixed floor (chance) and a fixed ceiling, with a prior on the slope without which
 * fits of single tasks turn into steps. The scores are fitted as shares of the way from chance to the ceiling.
 */
import { err, ok, type Result } from '../result.ts';
import { costAt, createSolver, type LeastSquaresProblem } from '../stats/levenberg-marquardt.ts';
import { logistic } from '../stats/logistic.ts';
import { SQUARED } from '../stats/robust.ts';
import type { StudySeries } from '../study/study.ts';
import type { FitRefusal } from './law.ts';
import { type CurveData, type CurveForm, oneVariableLaw } from './one-variable.ts';

/** Centre and width of the slope prior, in ln k per decade, and the residual scale on normalised scores. */
export const SLOPE_PRIOR = { centre: Math.log(1.2), sd: 0.5, residual: 0.1 } as const;

/** Steepest slope per decade: chance to ceiling (1 % to 99 %) within a tenth of a decade. */
const STEEPEST = 92;
const FLATTEST = 0.01;

interface Ends {
  readonly floor: number;
  readonly top: number;
  readonly notes: readonly string[];
}

/**
 * Where the curve starts and where it ends, in units of y. The floor is what a model without skill scores: chance, else
 * the worst value of the metric; the top is the best value. For an error rate the floor therefore lies above the top.
 */
function sigmoidEnds(series: StudySeries, minY: number, maxY: number): Result<Ends, FitRefusal> {
  const notes: string[] = [];
  const lower = series.better === 'lower';
  let { lower: low, upper: high } = series;
  if (low === null || high === null) {
    if (minY < 0 || maxY > 100 || (series.isLoss && maxY > 1))
      return err({
        code: 'fit.unsupported',
        message: 'A sigmoid needs a bounded score; the range of this metric is not known.',
      });
    low ??= 0;
    high ??= maxY <= 1 ? 1 : 100;
    notes.push(`The range of the metric is not stated: ${low} to ${high} is assumed.`);
  }
  const floor = series.chance?.value ?? (lower ? high : low);
  if (series.chance === null) notes.push(`Chance is not known: the floor is taken as ${floor}.`);
  const top = series.ceiling?.value ?? (lower ? low : high);
  if (!(Math.abs(top - floor) > 0))
    return err({ code: 'data.degenerate-metric', message: 'Chance and ceiling of the metric are the same.' });
  return ok({ floor, top, notes });
}

const form: CurveForm = {
  id: 'sigmoid',
  title: 'Sigmoid',
  formula: 'floor + (top - floor) s(k (log10 x - x0)), s(t) = 1/(1 + e^-t)',
  source: 'Owen 2024, arXiv 2401.04757, with a slope prior ln k ~ N(ln 1.2, 0.5)',
  parameters: [
    { name: 'floor', unit: 'units of y', meaning: 'score without skill (chance); held' },
    { name: 'top', unit: 'units of y', meaning: 'best score; held' },
    { name: 'k', unit: '1/decade', meaning: 'steepness' },
    { name: 'x0', unit: 'log10 x', meaning: 'place of the half-way point' },
  ],
  monotone: true,
  profiled: ['x0'],
  free: 2,
  setup: (data, options) => {
    const ends = sigmoidEnds(data.series, data.minY, data.maxY);
    if (!ends.ok) return ends;
    const floor = options.fix?.['floor'] ?? ends.value.floor;
    const top = options.fix?.['top'] ?? ends.value.top;
    const [low, high] = placeBounds(data.minU / Math.LN10, data.maxU / Math.LN10, data.series.scale === 'compute');
    const unit = SLOPE_PRIOR.residual * (top - floor);
    const outside = Array.from(data.y).filter((y) => (y - floor) * Math.sign(top - floor) < 0).length;
    return ok({
      parameters: [
        { name: 'floor', transform: 'identity', lower: floor, upper: floor, fixed: floor },
        { name: 'top', transform: 'identity', lower: top, upper: top, fixed: top },
        { name: 'k', transform: 'log', lower: FLATTEST, upper: STEEPEST },
        { name: 'x0', transform: 'identity', lower: low, upper: high },
      ],
      priors:
        data.scale === 'y'
          ? [{ index: 2, centre: SLOPE_PRIOR.centre, weight: (unit * unit) / (SLOPE_PRIOR.sd * SLOPE_PRIOR.sd) }]
          : [],
      notes: [
        ...ends.value.notes,
        ...(outside > 0 ? [`${outside} of ${data.y.length} points lie on the wrong side of the floor ${floor}.`] : []),
      ],
    });
  },
  evaluate: (theta, u, values, jacobian) => {
    const n = u.length;
    const floor = theta[0] as number;
    const span = (theta[1] as number) - floor;
    const k = Math.exp(theta[2] as number);
    const x0 = theta[3] as number;
    for (let i = 0; i < n; i++) {
      const distance = (u[i] as number) / Math.LN10 - x0;
      const s = logistic(k * distance);
      values[i] = floor + span * s;
      if (jacobian === null) continue;
      const slope = span * s * (1 - s) * k;
      jacobian[i] = 1 - s;
      jacobian[n + i] = s;
      jacobian[2 * n + i] = slope * distance;
      jacobian[3 * n + i] = -slope;
    }
  },
  starts: (data, setup) => {
    const floor = setup.parameters[0]?.fixed ?? 0;
    const top = setup.parameters[1]?.fixed ?? 1;
    return gridStarts(data.minU / Math.LN10, data.maxU / Math.LN10).map(([lnK, x0]) =>
      Float64Array.of(floor, top, lnK, x0),
    );
  },
  effort: { explore: 4, exploreIterations: 12, finish: 2 },
  remarks: (theta, data) => identifiability(theta[0] as number, theta[1] as number, data),
};

/** Bounds of x0 = log10 x: 1e10 to 1e100 FLOP (Owen), 10 decades below to 75 above the data on other scales. */
function placeBounds(minZ: number, maxZ: number, isCompute: boolean): [number, number] {
  return isCompute ? [Math.min(10, minZ - 2), Math.max(100, maxZ + 2)] : [minZ - 10, maxZ + 75];
}

/** k in {0.5, 1.5, 4, 12}, x0 across the data and up to four decades past them. */
function gridStarts(minZ: number, maxZ: number): (readonly [number, number])[] {
  const starts: (readonly [number, number])[] = [];
  for (const k of [1.5, 0.5, 4, 12]) {
    for (let i = 0; i < 5; i++) starts.push([Math.log(k), minZ + ((maxZ - minZ) * i) / 4]);
    for (const past of [0.7, 1.5, 4]) starts.push([Math.log(k), maxZ + past]);
    starts.push([Math.log(k), minZ - 1]);
  }
  return starts;
}

/**
 * The gate: a sigmoid fitted to points at chance says nothing about where it rises. Identifiable needs three points above
 * chance by two standard errors (where errors are unknown: by a twentieth of the way to the ceiling).
 */
function identifiability(
  floor: number,
  top: number,
  data: CurveData,
): { notes: string[]; extras: Record<string, unknown> } {
  const span = top - floor;
  const errors = data.series.points;
  const typical = medianError(errors.map((point) => point.stderr));
  const bar = typical === null ? 0.05 : Math.max((2 * typical) / Math.abs(span), 1e-6);
  let above = 0;
  let high = 0;
  for (const y of data.y) {
    const share = (y - floor) / span;
    if (share > bar) above++;
    if (share > 0.9) high++;
  }
  const notes: string[] = [];
  const identifiable = above >= 3;
  let why = `${above} of ${data.y.length} fitted points are clearly better than chance.`;
  if (!identifiable) {
    why = `Not predictable from these points: ${above === 0 ? 'none' : `only ${above}`} of ${data.y.length} ${above === 1 ? 'is' : 'are'} clearly better than chance.`;
    notes.push(why);
  }
  const ceilingKnown = high < data.y.length;
  if (!ceilingKnown)
    notes.push('All fitted points are above 0.9 of the way to the ceiling: the ceiling itself is unknown.');
  return { notes, extras: { identifiable, why, aboveChance: above, ceilingKnown } };
}

function medianError(errors: readonly (number | null)[]): number | null {
  const known = errors.filter((error): error is number => error !== null && error > 0).sort((a, b) => a - b);
  return known.length < errors.length / 2 || known.length === 0 ? null : (known[known.length >> 1] as number);
}

export interface NormalisedSigmoid {
  /** Slope per decade. */
  readonly k: number;
  /** log10 x of the half-way point. */
  readonly x0: number;
  /** Sum of squared residuals of the normalised score. */
  readonly rss: number;
  readonly converged: boolean;
  predict(x: number): number;
}

/**
 * The bare two-parameter sigmoid s(k (x - x0)) on scores already normalised to (score - chance)/(ceiling - chance).
 *
 * @param x log10 of the scale (scaled compute…)
 * @param y normalised scores
 * @param options `prior`: the slope prior of {@link SLOPE_PRIOR}; `bounds` of x0, by default 10 … 100 as in Owen 2024
 * @returns null for fewer than two points
 */
export function fitSigmoidNormalised(
  x: Float64Array,
  y: Float64Array,
  options: { readonly prior: boolean; readonly bounds?: readonly [number, number]; readonly steepest?: number },
): NormalisedSigmoid | null {
  const n = x.length;
  if (n < 2 || y.length !== n) return null;
  const [low, high] = options.bounds ?? [10, 100];
  const minX = x.reduce((a, b) => Math.min(a, b));
  const maxX = x.reduce((a, b) => Math.max(a, b));
  const problem: LeastSquaresProblem = {
    n,
    p: 2,
    target: y,
    weights: null,
    lower: Float64Array.of(Math.log(FLATTEST), low),
    upper: Float64Array.of(Math.log(options.steepest ?? STEEPEST), high),
    loss: SQUARED,
    priors: options.prior
      ? [{ index: 0, centre: SLOPE_PRIOR.centre, weight: (SLOPE_PRIOR.residual / SLOPE_PRIOR.sd) ** 2 }]
      : [],
    evaluate: (theta, values, jacobian) => {
      const k = Math.exp(theta[0] as number);
      const place = theta[1] as number;
      for (let i = 0; i < n; i++) {
        const distance = (x[i] as number) - place;
        const s = logistic(k * distance);
        values[i] = s;
        if (jacobian !== null) {
          const slope = s * (1 - s) * k;
          jacobian[i] = slope * distance;
          jacobian[n + i] = -slope;
        }
      }
      return true;
    },
  };
  const solver = createSolver(n, 2, problem.priors.length);
  const scratch = new Float64Array(n);
  const ranked = gridStarts(minX, maxX)
    .map(([lnK, x0]) => {
      const start = Float64Array.of(lnK, Math.min(Math.max(x0, low), high));
      return { start, cost: costAt(problem, start, scratch) };
    })
    .sort((a, b) => a.cost - b.cost);
  let best = solver.solve(problem, (ranked[0] as (typeof ranked)[number]).start);
  for (const { start } of ranked.slice(1, 4)) {
    const run = solver.solve(problem, start);
    if (run.cost < best.cost) best = run;
  }
  const k = Math.exp(best.theta[0] as number);
  const x0 = best.theta[1] as number;
  const predict = (at: number): number => logistic(k * (at - x0));
  let rss = 0;
  for (let i = 0; i < n; i++) rss += (predict(x[i] as number) - (y[i] as number)) ** 2;
  return { k, x0, rss, converged: best.converged, predict };
}

export const sigmoid = oneVariableLaw(form);
