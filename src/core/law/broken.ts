/**
 * `bnsl1`, `bnsl2`: broken neural scaling laws, power laws whose exponent changes smoothly at one or two places, and
 * which may turn. Starts are random places and widths of the breaks, for which the rest is solved exactly.
 */
import { ok } from '../result.ts';
import { SOFTPLUS_LAST, SOFTPLUS_STEPS, SOFTPLUS_TABLE, SOFTPLUS_TERMS, softplus } from '../stats/softplus.ts';
import {
  createProjection,
  type Projection,
  type ReducedColumn,
  reduceColumn,
  solveProjection,
} from '../stats/varpro.ts';
import type { Law, ParameterInfo } from './law.ts';
import { type CurveData, type CurveForm, type CurveSetup, oneVariableLaw } from './one-variable.ts';

/** Bounds of the published protocol: |c_i| <= 20, f in [0.01, 5], d within one data span of the data. */
const MAX_BREAK = 20;
const MIN_WIDTH = 0.01;
const MAX_WIDTH = 5;
/** First exponent: wide enough for any curve, narrow enough for b to stay a double at x = 1e30. */
const MAX_FIRST = 10;
/** Random sets of places and widths tried per break. */
const BREAK_SETS = 400;
/** Cells of place and of width of a break; only the best set of each cell becomes a start, so that starts differ. */
const CELLS = 10;
const WIDTH_CELLS = 3;
/** Up to this many points every gap between them is tried as the place of a sharp break. */
const FEW_POINTS = 40;

/**
 * y = a + b x^-c0 prod_i (1 + (x/d_i)^(1/f_i))^(-c_i f_i); theta = (a, ln b, c0, then c_i, ln d_i, ln f_i per break).
 * With t = (ln x - ln d)/f the i-th factor is exp(-c f softplus(t)).
 */
function brokenValues(theta: Float64Array, u: Float64Array, values: Float64Array, jacobian: Float64Array | null): void {
  const n = u.length;
  const size = theta.length;
  const a = theta[0] as number;
  const lnB = theta[1] as number;
  const c0 = theta[2] as number;
  for (let i = 0; i < n; i++) values[i] = lnB - c0 * (u[i] as number);
  for (let j = 3; j < size; j += 3) {
    const c = theta[j] as number;
    const place = theta[j + 1] as number;
    const f = Math.exp(theta[j + 2] as number);
    const steepness = 1 / f;
    const column = j * n;
    for (let i = 0; i < n; i++) {
      const t = ((u[i] as number) - place) * steepness;
      const size = t > 0 ? t : -t;
      let rest: number;
      let least: number;
      if (size < SOFTPLUS_LAST) {
        // ln(1 + e^-|t|) and the smaller of s(t), 1 - s(t), by the table of softplus.ts.
        const k = (size * SOFTPLUS_STEPS + 0.5) | 0;
        const r = size - k / SOFTPLUS_STEPS;
        const at = k * SOFTPLUS_TERMS;
        const k1 = SOFTPLUS_TABLE[at + 1] as number;
        const k2 = SOFTPLUS_TABLE[at + 2] as number;
        const k3 = SOFTPLUS_TABLE[at + 3] as number;
        const k4 = SOFTPLUS_TABLE[at + 4] as number;
        const k5 = SOFTPLUS_TABLE[at + 5] as number;
        const k6 = SOFTPLUS_TABLE[at + 6] as number;
        rest = (SOFTPLUS_TABLE[at] as number) + r * (k1 + r * (k2 + r * (k3 + r * (k4 + r * (k5 + r * k6)))));
        least = -(k1 + r * (2 * k2 + r * (3 * k3 + r * (4 * k4 + r * (5 * k5 + r * 6 * k6)))));
      } else {
        // So far from the break both are e^-|t| to the last digit, and then nothing.
        rest = Math.exp(-size);
        least = rest;
      }
      const soft = t > 0 ? t + rest : rest;
      values[i] = (values[i] as number) - c * f * soft;
      if (jacobian === null) continue;
      const s = t > 0 ? 1 - least : least;
      jacobian[column + i] = -f * soft;
      jacobian[column + n + i] = c * s;
      jacobian[column + 2 * n + i] = -c * f * (soft - t * s);
    }
  }
  for (let i = 0; i < n; i++) {
    const power = Math.exp(values[i] as number);
    values[i] = a + power;
    if (jacobian === null) continue;
    jacobian[i] = 1;
    jacobian[n + i] = power;
    jacobian[2 * n + i] = -(u[i] as number) * power;
    for (let at = 3 * n + i; at < size * n; at += n) jacobian[at] = (jacobian[at] as number) * power;
  }
}

/**
 * Where the limit a may begin: 0, or for a metric with negative values (a log probability, TC Brier) its own floor; far
 * below the points where it has none.
 */
function lowestLimit({ minY, maxY, series }: CurveData): number {
  if (minY >= 0) return 0;
  const floor = series.lower ?? Number.NEGATIVE_INFINITY;
  return floor <= minY && Number.isFinite(floor) ? floor : minY - BELOW * (maxY - minY);
}

/** Spans of y below the smallest where the limit of an unbounded metric may lie. */
const BELOW = 10;
/** Offsets a tried with every set of breaks, as shares of the way from the lowest limit to the smallest y. */
const OFFSETS = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.96, 0.985, 0.997];

/** A possible break, with what its column shares with the straight line at every offset. */
interface Candidate {
  readonly place: number;
  readonly width: number;
  readonly sharpness: number;
  readonly cell: number;
  readonly parts: readonly ReducedColumn[];
}

/** ln(y - a) on [1, middle - u], weighted back to the scale of the residuals. */
function projectionAt(data: CurveData, a: number, middle: number): Projection {
  const { u, y } = data;
  const weights = y.map((value, i) => {
    const left = Math.max(value - a, 0);
    const root = data.scale === 'ln y' ? left / value : left;
    return root * root * (data.weights?.[i] ?? 1) + 1e-12;
  });
  const target = y.map((value) => Math.log(Math.max(value - a, 1e-9 * Math.abs(data.maxY))));
  return createProjection([u.map(() => 1), u.map((value) => middle - value)], target, weights);
}

/**
 * Starts: for given breaks (d_i, f_i) and limit a the law is linear in (ln b, c0, c_i) on the scale of ln(y - a), so each
 * random set of breaks is solved exactly for every offset; weights undo the change of scale of the residuals. Sets are
 * pairs out of one table of single breaks, whose sums are taken once: a set costs one cross sum and a small solution per
 * offset. The best set of each cell of places and widths is kept.
 */
function projectedStarts(data: CurveData, breaks: number, keep: number): Float64Array[] {
  const { u, random, minU, maxU } = data;
  const n = u.length;
  const span = Math.max(maxU - minU, 1e-6);
  const lowest = lowestLimit(data);
  const room = data.minY - lowest;
  const middle = (minU + maxU) / 2;
  // Two breaks have more to settle than the limit: every other offset is enough to start from.
  const shares = OFFSETS.filter((_, i) => breaks === 1 || i % 2 === 0);
  const offsets = room > 0 ? shares.map((share) => lowest + share * room) : [lowest];
  const projections = offsets.map((a) => projectionAt(data, a, middle));
  // Sharp breaks sit in narrow valleys, one per gap between neighbouring points: for few points every gap is tried.
  const gaps = n <= FEW_POINTS ? gapsOf(u) : [];
  const table: Candidate[] = [];
  for (let k = 0; k < BREAK_SETS + gaps.length; k++) {
    const gap = gaps[k - BREAK_SETS];
    const along = random.uniform();
    // Log-uniform widths: from sharp to as wide as the data.
    const broad = gap === undefined ? random.uniform() : 0.1;
    const width = Math.exp(Math.log(0.012) + (Math.log(4) - Math.log(0.012)) * broad);
    const place = gap ?? minU - 0.2 * span + 1.4 * span * along;
    const column = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const t = ((u[i] as number) - place) / width;
      column[i] = -width * softplus(t);
    }
    table.push({
      place,
      width,
      sharpness: Math.floor(broad * WIDTH_CELLS),
      cell:
        Math.floor(along * CELLS) * WIDTH_CELLS +
        Math.floor(broad * WIDTH_CELLS) +
        (gap === undefined ? 0 : (k + 1) * 1e6),
      parts: projections.map((projection) => reduceColumn(projection, column)),
    });
  }
  const size = 2 + breaks;
  const matrix = new Float64Array(size * size);
  const rhs = new Float64Array(size);
  const best = new Map<number, { cost: number; theta: Float64Array; sharpness: number }>();
  const chosen: Candidate[] = [];
  const parts: ReducedColumn[] = [];
  for (let trial = 0; trial < BREAK_SETS * breaks + gaps.length; trial++) {
    const own = trial < BREAK_SETS * breaks ? trial % BREAK_SETS : trial - BREAK_SETS * (breaks - 1);
    chosen[0] = table[own] as Candidate;
    for (let k = 1; k < breaks; k++) chosen[k] = table[random.integer(BREAK_SETS)] as Candidate;
    // The first break is the one at the smaller x: without an order the two could trade their names.
    if (breaks > 1) chosen.sort((p, q) => p.place - q.place);
    let cell = 0;
    let sharpness = WIDTH_CELLS;
    for (const candidate of chosen) {
      cell = cell * CELLS * WIDTH_CELLS + candidate.cell;
      sharpness = Math.min(sharpness, candidate.sharpness);
    }
    let lowest = best.get(cell)?.cost ?? Number.POSITIVE_INFINITY;
    for (let o = 0; o < offsets.length; o++) {
      for (let k = 0; k < breaks; k++) parts[k] = (chosen[k] as Candidate).parts[o] as ReducedColumn;
      const cost = solveProjection(projections[o] as Projection, parts, matrix, rhs, lowest);
      if (!(cost < lowest)) continue;
      lowest = cost;
      const theta = new Float64Array(3 + 3 * breaks);
      theta[0] = offsets[o] as number;
      const c0 = rhs[1] as number;
      theta[1] = (rhs[0] as number) + c0 * middle;
      theta[2] = c0;
      chosen.forEach(({ place, width }, k) => {
        theta[3 + 3 * k] = Math.min(Math.max(rhs[2 + k] as number, -MAX_BREAK), MAX_BREAK);
        theta[4 + 3 * k] = place;
        theta[5 + 3 * k] = Math.log(width);
      });
      best.set(cell, { cost, theta, sharpness });
    }
  }
  const ranked = [...best.values()].sort((p, q) => p.cost - q.cost);
  // Sharp breaks rarely look good before they are refined: every class of width sends its best.
  const classes = Array.from({ length: WIDTH_CELLS }, (_, k) => ranked.filter((entry) => entry.sharpness === k));
  const starts: Float64Array[] = [];
  for (let rank = 0; starts.length < keep && rank < ranked.length; rank++)
    for (const members of classes) {
      const entry = members[rank];
      if (entry !== undefined && starts.length < keep) starts.push(entry.theta);
    }
  return starts;
}

/** Middles of the gaps between distinct values, ascending. */
function gapsOf(u: Float64Array): number[] {
  const sorted = [...new Set(u)].sort((a, b) => a - b);
  return sorted.slice(1).map((value, i) => (value + (sorted[i] as number)) / 2);
}

function brokenLaw(breaks: number): Law {
  const info: ParameterInfo[] = [
    {
      name: 'a',
      unit: 'units of y',
      meaning: 'limit, between 0 (or the floor of a negative metric) and the smallest y',
    },
    { name: 'b', unit: 'units of y at x = 1', meaning: 'scale' },
    { name: 'c0', unit: '', meaning: 'exponent before the first break' },
  ];
  for (let i = 1; i <= breaks; i++)
    info.push(
      { name: `c${i}`, unit: '', meaning: `change of the exponent at break ${i}` },
      { name: `d${i}`, unit: 'units of x', meaning: `place of break ${i}` },
      { name: `f${i}`, unit: '', meaning: `width of break ${i} in ln x; small is sharp` },
    );
  const setup = (data: CurveData): CurveSetup => {
    const span = Math.max(data.maxU - data.minU, 1e-6);
    return {
      parameters: [
        { name: 'a', transform: 'identity', lower: lowestLimit(data), upper: data.minY },
        { name: 'b', transform: 'log', lower: 0, upper: Number.POSITIVE_INFINITY },
        { name: 'c0', transform: 'identity', lower: -MAX_FIRST, upper: MAX_FIRST },
        ...Array.from({ length: breaks }, (_, i) => [
          { name: `c${i + 1}`, transform: 'identity' as const, lower: -MAX_BREAK, upper: MAX_BREAK },
          {
            name: `d${i + 1}`,
            transform: 'log' as const,
            lower: Math.exp(data.minU - span),
            upper: Math.exp(data.maxU + span),
          },
          { name: `f${i + 1}`, transform: 'log' as const, lower: MIN_WIDTH, upper: MAX_WIDTH },
        ]).flat(),
      ],
    };
  };
  const form: CurveForm = {
    id: `bnsl${breaks}`,
    title: `Broken power law, ${breaks === 1 ? 'one break' : `${breaks} breaks`}`,
    formula:
      breaks === 1
        ? 'a + b x^-c0 (1 + (x/d1)^(1/f1))^(-c1 f1)'
        : 'a + b x^-c0 (1 + (x/d1)^(1/f1))^(-c1 f1) (1 + (x/d2)^(1/f2))^(-c2 f2)',
    source: 'Caballero, Gupta, Rish & Krueger 2023, arXiv 2210.14891, eq. 1',
    parameters: info,
    monotone: false,
    free: 3 + 3 * breaks,
    setup: (data) => ok(setup(data)),
    evaluate: brokenValues,
    starts: (data) => projectedStarts(data, breaks, breaks === 1 ? 24 : 12),
    effort:
      breaks === 1
        ? { explore: 24, exploreIterations: 25, finish: 4 }
        : { explore: 12, exploreIterations: 20, finish: 2 },
    remarks: (theta, data) => {
      const notes: string[] = [];
      for (let j = 3; j < theta.length; j += 3) {
        const place = theta[j + 1] as number;
        const beyond = data.u.reduce((count, u) => count + (u > place ? 1 : 0), 0);
        if (beyond < 3)
          notes.push(
            `Only ${beyond} fitted ${beyond === 1 ? 'point lies' : 'points lie'} beyond break ${j / 3}: the slope after it is hardly determined.`,
          );
      }
      return { notes };
    },
  };
  return oneVariableLaw(form);
}

export const bnsl1 = brokenLaw(1);
export const bnsl2 = brokenLaw(2);
