/**
 * Distribution functions and quantiles: normal, t and beta. Where jstat is too coarse for tails they are written
 * out here: normal quantiles by Wichura's AS 241 and tails by Laplace's continued fraction, Student's t by the incomplete
 * beta function, with Newton steps on jstat's quantile. jstat gives the incomplete gamma function (the middle of the normal)
 * and beta quantiles.
 */
import jstat from 'jstat';

function horner(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (const coefficient of coefficients) value = value * x + coefficient;
  return value;
}

// Wichura (1988), Applied Statistics 37, 477: PPND16, highest power first.
const CENTRE = [
  [
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
    1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
  ],
  [
    5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
    687.1870074920579083, 42.313330701600911252, 1,
  ],
] as const;
const MIDDLE = [
  [
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  ],
  [
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
  ],
] as const;
const TAIL = [
  [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  ],
  [
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
  ],
] as const;

/** Quantile of the standard normal, relative error about 1e-15. ±Infinity at 0 and 1, NaN outside. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * horner(CENTRE[0], r)) / horner(CENTRE[1], r);
  }
  const tail = q < 0 ? p : 1 - p;
  if (tail === 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-Math.log(tail));
  const value =
    r <= 5 ? horner(MIDDLE[0], r - 1.6) / horner(MIDDLE[1], r - 1.6) : horner(TAIL[0], r - 5) / horner(TAIL[1], r - 5);
  return q < 0 ? -value : value;
}

/** Standard normal density. */
function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / 2.5066282746310002;
}

/** P(Z <= z) of the standard normal, accurate in both tails. */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  const size = Math.abs(z);
  if (size > 38.6) return z < 0 ? 0 : 1;
  let upper: number;
  if (size < 3) {
    upper = 0.5 * (1 - jstat.lowRegGamma(0.5, (size * size) / 2));
  } else {
    // Laplace's continued fraction for the Mills ratio: 1/(z + 1/(z + 2/(z + 3/(z + …)))).
    let fraction = size;
    for (let i = 120; i >= 1; i--) fraction = size + i / fraction;
    upper = normalDensity(size) / fraction;
  }
  return z < 0 ? upper : 1 - upper;
}

/** ln Gamma(x), x > 0: Lanczos' series (g = 7, nine terms), relative error about 1e-14. */
export function logGamma(x: number): number {
  const z = x - 1;
  let sum = 0.99999999999980993;
  for (const [i, coefficient] of LANCZOS.entries()) sum += coefficient / (z + i + 1);
  const t = z + 7.5;
  return 0.9189385332046727 + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/**
 * Regularised incomplete beta function I_x(a, b) by Lentz's continued fraction. jstat's stops at 3e-7, too coarse for
 * quantiles.
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let value = d;
  for (let m = 1; m <= 2000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + even / c;
    if (Math.abs(c) < tiny) c = tiny;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + odd / c;
    if (Math.abs(c) < tiny) c = tiny;
    const change = d * c;
    value *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return value;
}

/** Quantile of Student's t with `df` degrees of freedom (df > 0, may be fractional; Infinity is the normal). */
export function tQuantile(p: number, df: number): number {
  let byDf = known.get(p);
  if (byDf === undefined) {
    if (known.size > 64) known.clear();
    known.set(p, (byDf = new Map()));
  }
  let value = byDf.get(df);
  if (value === undefined) byDf.set(df, (value = computeTQuantile(p, df)));
  return value;
}

/** Intervals ask for the same few quantiles thousands of times. */
const known = new Map<number, Map<number, number>>();

function computeTQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1 && df > 0)) return Number.NaN;
  if (p === 0.5) return 0;
  if (df > 1e6) return normalQuantile(p);
  // The lower tail keeps its digits; the sign is put back at the end.
  const tail = Math.min(p, 1 - p);
  let t = -Math.abs(jstat.studentt.inv(tail, df));
  const norm = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  for (let i = 0; i < 4; i++) {
    const density = Math.exp(norm - ((df + 1) / 2) * Math.log1p((t * t) / df));
    const step = (tCdf(t, df) - tail) / density;
    if (!Number.isFinite(step) || Math.abs(step) > 0.1 * Math.abs(t)) break;
    t -= step;
  }
  return p < 0.5 ? t : -t;
}

/** P(T <= t) of Student's t. */
export function tCdf(t: number, df: number): number {
  if (!(df > 0) || Number.isNaN(t)) return Number.NaN;
  if (t === Number.POSITIVE_INFINITY) return 1;
  if (t === Number.NEGATIVE_INFINITY) return 0;
  if (df > 1e6) return normalCdf(t);
  const tail = 0.5 * incompleteBeta(df / (df + t * t), df / 2, 0.5);
  return t < 0 ? tail : 1 - tail;
}

/** Quantile of the beta distribution with shapes a, b > 0. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1 && a > 0 && b > 0)) return Number.NaN;
  if (p === 0 || p === 1) return p;
  return jstat.beta.inv(p, a, b);
}
