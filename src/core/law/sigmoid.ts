/**
 * `sigmoid`: a bounded score between a fixed floor (chance) and a fixed ceiling, with a prior on the slope without which
 * fits of single tasks turn into steps. The scores are fitted as shares of the way from chance to the ceiling.
 */
import { err, ok, type Result } from '../result.ts';
import { logistic } from '../stats/logistic.ts';
import type { StudySeries } from '../study/study.ts';
import type { FitRefusal } from './law.ts';
import { type CurveData, type CurveForm, oneVariableLaw } from './one-variable.ts';
import { measuredPrior } from './slope-prior.ts';

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
    const span = top - floor;
    const bounds = { flattest: FLATTEST, steepest: STEEPEST, lowest: low, highest: high };
    const prior =
      data.scale === 'y' && span !== 0
        ? measuredPrior(
            data.u.map((u) => u / Math.LN10),
            data.y.map((y) => (y - floor) / span),
            bounds,
          )
        : null;
    const outside = Array.from(data.y).filter((y) => (y - floor) * Math.sign(span) < 0).length;
    return ok({
      parameters: [
        { name: 'floor', transform: 'identity', lower: floor, upper: floor, fixed: floor },
        { name: 'top', transform: 'identity', lower: top, upper: top, fixed: top },
        { name: 'k', transform: 'log', lower: FLATTEST, upper: STEEPEST },
        { name: 'x0', transform: 'identity', lower: low, upper: high },
      ],
      priors:
        prior === null ? [] : [{ index: 2, centre: prior.centre, weight: ((prior.residual * span) / prior.sd) ** 2 }],
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
  remarks: (theta, data, setup) => {
    const [floor, top] = theta as unknown as [number, number];
    const { notes, extras } = identifiability(floor, top, data);
    const slopePrior = setup.priors?.[0];
    return { notes, extras: slopePrior === undefined ? extras : { ...extras, slopePrior } };
  },
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

export const sigmoid = oneVariableLaw(form);
