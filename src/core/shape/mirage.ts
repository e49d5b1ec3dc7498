/**
 * The mirage check (Schaeffer et al. 2023, arXiv 2304.15004): a jump under an all-or-nothing metric is held against a
 * continuous metric of the same models. A jump may be gradual underneath, or earlier and softer, or sharp in both; zeros
 * that the number of questions cannot resolve are counted, since they are no evidence of absence.
 */
import { tCdf } from '../stats/distribution.ts';
import { fitLine } from '../stats/linear.ts';
import { correlation } from '../stats/moments.ts';
import type { Point, StudySeries } from '../study/study.ts';
import { type Oriented, orient, shapeInputOf } from './orient.ts';
import { type RegressionResult, regressionShape } from './regression.ts';

export type MirageVerdict = 'gradual underneath' | 'earlier and softer' | 'sharp in both' | 'cannot tell';

/** Outcome of the check; breaks in log10 of the scale, differences of AICc in favour of the hinge. */
export interface MirageOutcome {
  readonly verdict: MirageVerdict;
  /** One sentence with the numbers behind the verdict. */
  readonly why: string;
  /** Models that both metrics have. */
  readonly models: number;
  readonly discontinuousTau: number | null;
  readonly continuousTau: number | null;
  readonly discontinuousDeltaAicc: number | null;
  readonly continuousDeltaAicc: number | null;
  /** The continuous metric on models left of the discontinuous break. */
  readonly before: {
    readonly models: number;
    readonly spearman: number | null;
    readonly p: number | null;
    readonly slope: number;
  };
  /** Zeros under the discontinuous metric, and those with n < 3 / p expected from the continuous one (null: n unknown). */
  readonly zeros: number;
  readonly unresolvedZeros: number | null;
  /** Smallest step of the discontinuous metric, 1/n in its fraction units; null when n is unknown. */
  readonly smallestStep: number | null;
}

/** Fewest models left of the break to judge a trend there. */
const FEWEST_BEFORE = 5;

/** Average ranks (1-based) of values. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = new Float64Array(n);
  for (let i = 0; i < n; ) {
    let j = i;
    while (j + 1 < n && values[order[j + 1] as number] === values[order[i] as number]) j++;
    for (let k = i; k <= j; k++) ranks[order[k] as number] = (i + j) / 2 + 1;
    i = j + 1;
  }
  return ranks;
}

/** Spearman's correlation with its two-sided t approximation; null where one side is constant or n < 3. */
export function spearman(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): { readonly rho: number; readonly p: number } | null {
  const n = a.length;
  if (n < 3) return null;
  const ra = averageRanks(a);
  const rb = averageRanks(b);
  const r = correlation(ra, rb);
  if (r === null) return null;
  const rho = Math.max(-1, Math.min(1, r));
  if (Math.abs(rho) === 1) return { rho, p: 0 };
  return { rho, p: 2 * tCdf(-Math.abs(rho) * Math.sqrt((n - 2) / (1 - rho * rho)), n - 2) };
}

function sharedPoints(one: StudySeries, other: StudySeries): { readonly a: Point[]; readonly b: Point[] } {
  const key = (point: Point): string => `${point.model}\u0000${point.x}`;
  const there = new Map(other.points.map((point) => [key(point), point]));
  const a: Point[] = [];
  const b: Point[] = [];
  for (const point of one.points) {
    const partner = there.get(key(point));
    if (partner === undefined) continue;
    there.delete(key(point));
    a.push(point);
    b.push(partner);
  }
  return { a, b };
}

/**
 * Zeros that the item counts cannot resolve. The rate expected of a zero model comes from the continuous metric: ln of the
 * discontinuous score is regressed on the continuous score (on its logarithm where all are positive) over the models that
 * score above zero. With fewer than four such models nothing is expected and nothing is flagged.
 */
function zeroCounts(
  a: readonly Point[],
  b: readonly Point[],
  unit: number,
): { readonly zeros: number; readonly unresolved: number | null } {
  const zero = a.map((point) => point.y === 0);
  const zeros = zero.filter(Boolean).length;
  const positive = b.every((point) => point.y > 0);
  const score = b.map((point) => (positive ? Math.log(point.y) : point.y));
  const seen = a.flatMap((point, i) => (point.y > 0 ? [{ c: score[i] as number, l: Math.log(point.y / unit) }] : []));
  if (zeros > 0 && a.some((point, i) => zero[i] && point.n === null)) return { zeros, unresolved: null };
  if (seen.length < 4) return { zeros, unresolved: zeros === 0 ? 0 : null };
  const { slope, intercept } = fitLine(
    seen.map((s) => s.c),
    seen.map((s) => s.l),
  );
  let unresolved = 0;
  for (const [i, point] of a.entries()) {
    if (!zero[i]) continue;
    const expected = Math.exp(Math.min(0, intercept + slope * (score[i] as number)));
    if ((point.n as number) < 3 / expected) unresolved++;
  }
  return { zeros, unresolved };
}

/**
 * Compares a discontinuous metric with a continuous one on the models they share (emergence.md §4). At least eight shared
 * models are needed; verdict `cannot tell` carries the reason.
 *
 * - gradual underneath: the continuous metric already rises left of the jump and has no earlier break of its own;
 * - earlier and softer: it rises left of the jump and keeps a break, which comes earlier;
 * - sharp in both: it shows no trend left of the jump and breaks too.
 */
export function mirageCheck(discontinuous: StudySeries, continuous: StudySeries): MirageOutcome {
  const { a, b } = sharedPoints(discontinuous, continuous);
  const left = orient(shapeInputOf({ ...discontinuous, points: a }));
  const right = orient(shapeInputOf({ ...continuous, points: b }));
  const steps = a.flatMap((point) => (point.n === null || point.n <= 0 ? [] : [1 / point.n]));
  const { zeros, unresolved } = zeroCounts(a, b, left.unit);
  const base = {
    models: a.length,
    zeros,
    unresolvedZeros: unresolved,
    smallestStep: steps.length === 0 ? null : Math.min(...steps),
  };
  const nothing = {
    discontinuousTau: null,
    continuousTau: null,
    discontinuousDeltaAicc: null,
    continuousDeltaAicc: null,
    before: { models: 0, spearman: null, p: null, slope: 0 },
  };
  if (Math.min(left.x.length, right.x.length) < 8 || left.distinct < 3 || right.distinct < 3) {
    return {
      ...base,
      ...nothing,
      verdict: 'cannot tell',
      why: `The two metrics share ${a.length} models; at least eight at three scales are needed.`,
    };
  }
  const jump = regressionShape(left.x, left.y, { chance: left.chance, best: left.best });
  const smooth = regressionShape(right.x, right.y, { chance: right.chance, best: right.best });
  return { ...base, ...judge(jump, smooth, right, zeros, unresolved) };
}

function judge(
  jump: RegressionResult,
  smooth: RegressionResult,
  right: Oriented,
  zeros: number,
  unresolved: number | null,
): Omit<MirageOutcome, 'models' | 'zeros' | 'unresolvedZeros' | 'smallestStep'> {
  const tau = jump.hinge?.tau ?? null;
  const numbers = {
    discontinuousTau: tau,
    continuousTau: smooth.hinge?.tau ?? null,
    discontinuousDeltaAicc: jump.hinge?.overLinear ?? null,
    continuousDeltaAicc: smooth.hinge?.overLinear ?? null,
  };
  if (!jump.lateRise || tau === null) {
    return {
      ...numbers,
      before: { models: 0, spearman: null, p: null, slope: 0 },
      verdict: 'cannot tell',
      why: 'The discontinuous metric has no late rise to explain.',
    };
  }
  let count = 0;
  while (count < right.x.length && (right.x[count] as number) < tau) count++;
  const x = right.x.subarray(0, count);
  const y = right.y.subarray(0, count);
  const rank = spearman(x, y);
  const { slope } = fitLine(x, y);
  const before = { models: count, spearman: rank?.rho ?? null, p: rank?.p ?? null, slope };
  const place = `the jump at 10^${tau.toFixed(2)}`;
  const doubt =
    zeros > 0
      ? ` ${zeros} models score zero${unresolved === null ? '' : `, ${unresolved} of them with too few questions to tell zero from a small rate`}.`
      : '';
  if (count < FEWEST_BEFORE) {
    return { ...numbers, before, verdict: 'cannot tell', why: `Only ${count} models lie left of ${place}.${doubt}` };
  }
  const rising = rank !== null && rank.rho > 0 && rank.p < 0.05 && slope > 0;
  const trend =
    rank === null
      ? 'is constant there'
      : `has Spearman ${rank.rho.toFixed(2)} there (p = ${rank.p.toPrecision(2)}, ${count} models)`;
  const own = smooth.hinge?.tau ?? null;
  if (rising && smooth.lateRise && own !== null && own < tau) {
    return {
      ...numbers,
      before,
      verdict: 'earlier and softer',
      why: `Left of ${place} the continuous metric ${trend} and keeps a break of its own, earlier, at 10^${own.toFixed(2)}.${doubt}`,
    };
  }
  if (rising) {
    return {
      ...numbers,
      before,
      verdict: 'gradual underneath',
      why: `Left of ${place} the continuous metric ${trend}.${doubt}`,
    };
  }
  if (smooth.lateRise) {
    return {
      ...numbers,
      before,
      verdict: 'sharp in both',
      why: `Left of ${place} the continuous metric shows no rise (it ${trend}) and it breaks too.${doubt}`,
    };
  }
  return {
    ...numbers,
    before,
    verdict: 'cannot tell',
    why: `Left of ${place} the continuous metric shows no rise (it ${trend}), and it has no break either.${doubt}`,
  };
}
