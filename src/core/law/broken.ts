/**
 * `bnsl1`, `bnsl2`: broken neural scaling laws, power laws whose exponent changes smoothly at one or two places, and
 * which may turn. Starts are random shapes of which the linear part (limit and scale) is solved exactly.
 */
import { ok } from '../result.ts';
import type { Law, ParameterInfo } from './law.ts';
import { type CurveData, type CurveForm, type CurveSetup, oneVariableLaw } from './one-variable.ts';

/** Bounds of the published protocol: |c_i| <= 20, f in [0.01, 5], d within one data span of the data. */
const MAX_BREAK = 20;
const MIN_WIDTH = 0.01;
const MAX_WIDTH = 5;
/** First exponent: wide enough for any curve, narrow enough for b to stay a double at x = 1e30. */
const MAX_FIRST = 10;
/** Random shapes tried per break. */
const SHAPES = 4000;

/**
 * y = a + b x^-c0 prod_i (1 + (x/d_i)^(1/f_i))^(-c_i f_i); theta = (a, ln b, c0, then c_i, ln d_i, ln f_i per break).
 * With t = (ln x - ln d)/f the i-th factor is exp(-c f softplus(t)).
 */
function brokenValue(theta: Float64Array, u: number, gradient: Float64Array | null): number {
  const size = theta.length;
  let exponent = (theta[1] as number) - (theta[2] as number) * u;
  for (let j = 3; j < size; j += 3) {
    const c = theta[j] as number;
    const f = Math.exp(theta[j + 2] as number);
    const t = (u - (theta[j + 1] as number)) / f;
    const decay = Math.exp(t > 0 ? -t : t);
    const softplus = (t > 0 ? t : 0) + Math.log1p(decay);
    exponent -= c * f * softplus;
    if (gradient !== null) {
      const s = t > 0 ? 1 / (1 + decay) : decay / (1 + decay);
      gradient[j] = -f * softplus;
      gradient[j + 1] = c * s;
      gradient[j + 2] = -c * f * (softplus - t * s);
    }
  }
  const power = Math.exp(exponent);
  if (gradient !== null) {
    gradient[0] = 1;
    gradient[1] = power;
    gradient[2] = -u * power;
    for (let j = 3; j < size; j++) gradient[j] = (gradient[j] as number) * power;
  }
  return (theta[0] as number) + power;
}

/** Limit a >= 0 and scale b > 0 that fit a shape best, with weights 1/y² where residuals are in ln y. */
interface LinearPart {
  a: number;
  b: number;
  rss: number;
}

function createShapeSearch(data: CurveData, floor: number): (logShift: Float64Array) => LinearPart {
  const n = data.y.length;
  const weight = data.y.map((y, i) => (data.scale === 'ln y' ? 1 / (y * y) : 1) * (data.weights?.[i] ?? 1));
  const out: LinearPart = { a: 0, b: 0, rss: 0 };
  let sw = 0;
  let swy = 0;
  let swyy = 0;
  for (let i = 0; i < n; i++) {
    const w = weight[i] as number;
    const y = data.y[i] as number;
    sw += w;
    swy += w * y;
    swyy += w * y * y;
  }
  return (logShift) => {
    // logShift holds the exponent of the shape at each point; it is centred so that exp stays in range.
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < n; i++) highest = Math.max(highest, logShift[i] as number);
    let swg = 0;
    let swgg = 0;
    let swgy = 0;
    for (let i = 0; i < n; i++) {
      const w = weight[i] as number;
      const g = Math.exp((logShift[i] as number) - highest);
      swg += w * g;
      swgg += w * g * g;
      swgy += w * g * (data.y[i] as number);
    }
    const determinant = sw * swgg - swg * swg;
    let a = determinant > 1e-14 * sw * swgg ? (swy * swgg - swg * swgy) / determinant : 0;
    a = Math.min(Math.max(a, 0), floor);
    const b = (swgy - a * swg) / swgg;
    out.a = a;
    out.b = b > 0 ? Math.log(b) - highest : Number.NaN;
    out.rss =
      b > 0
        ? swyy + a * a * sw + b * b * swgg - 2 * a * swy - 2 * b * swgy + 2 * a * b * swg
        : Number.POSITIVE_INFINITY;
    return out;
  };
}

/** Random shapes (c0, then c, ln d, ln f per break), the best `keep` with their linear parts as starts. */
function randomStarts(data: CurveData, breaks: number, keep: number): Float64Array[] {
  const { u, random, minU, maxU } = data;
  const n = u.length;
  const search = createShapeSearch(data, Math.max(0, data.minY));
  const size = 3 + 3 * breaks;
  const span = Math.max(maxU - minU, 1e-6);
  const logShift = new Float64Array(n);
  const shape = new Float64Array(size);
  const kept: { rss: number; theta: Float64Array }[] = [];
  let worst = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < SHAPES; trial++) {
    // Exponents of both signs, small ones most often.
    const c0 = signedSpread(random.uniform(), 0.001, 3, 0.25, random.uniform());
    shape[2] = c0;
    for (let j = 3; j < size; j += 3) {
      shape[j] = signedSpread(random.uniform(), 0.01, MAX_BREAK, 0.4, random.uniform());
      shape[j + 1] = minU - 0.15 * span + 1.3 * span * random.uniform();
      shape[j + 2] = Math.log(0.02) + (Math.log(3) - Math.log(0.02)) * random.uniform();
    }
    for (let i = 0; i < n; i++) {
      const at = u[i] as number;
      let exponent = -c0 * at;
      for (let j = 3; j < size; j += 3) {
        const f = Math.exp(shape[j + 2] as number);
        const t = (at - (shape[j + 1] as number)) / f;
        const softplus = t > 30 ? t : t < -30 ? 0 : Math.log1p(Math.exp(t));
        exponent -= (shape[j] as number) * f * softplus;
      }
      logShift[i] = exponent;
    }
    const linear = search(logShift);
    if (!(linear.rss < worst)) continue;
    shape[0] = linear.a;
    shape[1] = linear.b;
    kept.push({ rss: linear.rss, theta: shape.slice() });
    if (kept.length >= 2 * keep) {
      kept.sort((a, b) => a.rss - b.rss);
      kept.length = keep;
      worst = (kept[keep - 1] as (typeof kept)[number]).rss;
    }
  }
  kept.sort((a, b) => a.rss - b.rss);
  return kept.slice(0, keep).map((entry) => entry.theta);
}

/** Log-uniform size with a random sign (negative with the probability given). */
function signedSpread(share: number, low: number, high: number, negative: number, coin: number): number {
  const size = Math.exp(Math.log(low) + (Math.log(high) - Math.log(low)) * share);
  return coin < negative ? -size : size;
}

function brokenLaw(breaks: number): Law {
  const info: ParameterInfo[] = [
    { name: 'a', unit: 'units of y', meaning: 'limit, between 0 and the smallest y' },
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
        { name: 'a', transform: 'identity', lower: 0, upper: Math.max(0, data.minY) },
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
    value: brokenValue,
    starts: (data) => randomStarts(data, breaks, 12),
    effort: { explore: 12, exploreIterations: 25, finish: 4 },
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
