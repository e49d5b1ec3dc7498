/**
 * Double-double arithmetic: a number as an unevaluated sum of two doubles, about 32 decimal digits (Dekker 1971; Hida, Li &
 * Bailey 2001). For the few places where the residuals of a fit are as small as the rounding of doubles; far too slow for
 * an inner loop. Functions give NaN where the double function does.
 */

/** high + low with |low| at most half a unit in the last place of high. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

const SPLITTER = 134217729;

function quickSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  return { high, low: b - (high - a) };
}

function exactSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  const part = high - a;
  return { high, low: a - (high - part) + (b - part) };
}

function exactProduct(a: number, b: number): DoubleDouble {
  const high = a * b;
  const ca = SPLITTER * a;
  const aHigh = ca - (ca - a);
  const aLow = a - aHigh;
  const cb = SPLITTER * b;
  const bHigh = cb - (cb - b);
  const bLow = b - bHigh;
  return { high, low: aHigh * bHigh - high + aHigh * bLow + aLow * bHigh + aLow * bLow };
}

/** A double as it is. */
export function ddOf(value: number): DoubleDouble {
  return { high: value, low: 0 };
}

export function ddAdd(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const s = exactSum(a.high, b.high);
  const t = exactSum(a.low, b.low);
  const first = quickSum(s.high, s.low + t.high);
  return quickSum(first.high, first.low + t.low);
}

export function ddNegate(a: DoubleDouble): DoubleDouble {
  return { high: -a.high, low: -a.low };
}

export function ddSubtract(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  return ddAdd(a, ddNegate(b));
}

export function ddMultiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const p = exactProduct(a.high, b.high);
  return quickSum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

export function ddDivide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.high / b.high;
  if (!Number.isFinite(first)) return ddOf(first);
  let rest = ddSubtract(a, ddMultiply(b, ddOf(first)));
  const second = rest.high / b.high;
  rest = ddSubtract(rest, ddMultiply(b, ddOf(second)));
  return ddAdd(quickSum(first, second), ddOf(rest.high / b.high));
}

/** a times a power of two. */
function scaled(a: DoubleDouble, power: number): DoubleDouble {
  return { high: a.high * power, low: a.low * power };
}

const LN2: DoubleDouble = { high: 0.6931471805599453, low: 2.3190468138462996e-17 };
const LN10: DoubleDouble = { high: 2.302585092994046, low: -2.1707562233822494e-16 };
const HALF_PI: DoubleDouble = { high: 1.5707963267948966, low: 6.123233995736766e-17 };
const ONE = ddOf(1);

/** Σ x^k/k! up to the last digit, from the first power and term given. */
function exponentialSeries(x: DoubleDouble): DoubleDouble {
  let term = x;
  let sum = ddAdd(ONE, x);
  for (let k = 2; k < 40; k++) {
    term = ddDivide(ddMultiply(term, x), ddOf(k));
    sum = ddAdd(sum, term);
    if (Math.abs(term.high) < 1e-34 * Math.abs(sum.high)) break;
  }
  return sum;
}

export function ddExp(a: DoubleDouble): DoubleDouble {
  if (!(Math.abs(a.high) < 700)) return ddOf(Math.exp(a.high));
  // exp(a) = 2^k exp(r)^256 with |r| < ln 2 / 512.
  const k = Math.round(a.high / LN2.high);
  let result = exponentialSeries(scaled(ddSubtract(a, ddMultiply(LN2, ddOf(k))), 1 / 256));
  for (let i = 0; i < 8; i++) result = ddMultiply(result, result);
  return scaled(result, 2 ** k);
}

export function ddLog(a: DoubleDouble): DoubleDouble {
  const start = Math.log(a.high);
  if (!Number.isFinite(start)) return ddOf(start);
  // Newton's method on exp doubles the digits: twice, because exp(-x) carries its own rounding.
  let x = ddOf(start);
  for (let i = 0; i < 2; i++) x = ddAdd(x, ddSubtract(ddMultiply(a, ddExp(ddNegate(x))), ONE));
  return x;
}

export function ddLog10(a: DoubleDouble): DoubleDouble {
  return ddDivide(ddLog(a), LN10);
}

export function ddSqrt(a: DoubleDouble): DoubleDouble {
  const root = Math.sqrt(a.high);
  if (!(root > 0) || !Number.isFinite(root)) return ddOf(root);
  const rest = ddSubtract(a, exactProduct(root, root));
  return ddAdd(ddOf(root), ddOf(rest.high / (2 * root)));
}

/** Sine and cosine; arguments beyond 1e6 are left to doubles. */
function sineAndCosine(a: DoubleDouble): readonly [DoubleDouble, DoubleDouble] {
  if (!(Math.abs(a.high) < 1e6)) return [ddOf(Math.sin(a.high)), ddOf(Math.cos(a.high))];
  const quarter = Math.round(a.high / HALF_PI.high);
  const x = ddSubtract(a, ddMultiply(HALF_PI, ddOf(quarter)));
  const square = ddNegate(ddMultiply(x, x));
  const series = (first: DoubleDouble, from: number): DoubleDouble => {
    let term = first;
    let sum = first;
    for (let k = from; k < 60; k += 2) {
      term = ddDivide(ddMultiply(term, square), ddOf(k * (k + 1)));
      sum = ddAdd(sum, term);
      if (Math.abs(term.high) < 1e-34 * Math.abs(sum.high)) break;
    }
    return sum;
  };
  const sine = series(x, 2);
  const cosine = series(ONE, 1);
  switch (((quarter % 4) + 4) % 4) {
    case 0:
      return [sine, cosine];
    case 1:
      return [cosine, ddNegate(sine)];
    case 2:
      return [ddNegate(sine), ddNegate(cosine)];
    default:
      return [ddNegate(cosine), sine];
  }
}

export function ddSin(a: DoubleDouble): DoubleDouble {
  return sineAndCosine(a)[0];
}

export function ddCos(a: DoubleDouble): DoubleDouble {
  return sineAndCosine(a)[1];
}

export function ddAtan(a: DoubleDouble): DoubleDouble {
  const start = Math.atan(a.high);
  if (!Number.isFinite(start) || !Number.isFinite(a.high)) return ddOf(start);
  // atan a - x0 = atan((a cos x0 - sin x0)/(cos x0 + a sin x0)), a rounding error, which is its own arc tangent.
  const [sine, cosine] = sineAndCosine(ddOf(start));
  const t = ddDivide(ddSubtract(ddMultiply(a, cosine), sine), ddAdd(cosine, ddMultiply(a, sine)));
  return ddAdd(ddOf(start), t);
}

export function ddTanh(a: DoubleDouble): DoubleDouble {
  if (!(Math.abs(a.high) < 300)) return ddOf(Math.tanh(a.high));
  const e = ddExp(scaled(a, 2));
  return ddDivide(ddSubtract(e, ONE), ddAdd(e, ONE));
}

export function ddPower(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const whole = b.low === 0 && Number.isInteger(b.high) && Math.abs(b.high) <= 64;
  if (whole) {
    let result = ONE;
    for (let i = 0; i < Math.abs(b.high); i++) result = ddMultiply(result, a);
    return b.high < 0 ? ddDivide(ONE, result) : result;
  }
  return a.high > 0 ? ddExp(ddMultiply(b, ddLog(a))) : ddOf(a.high ** b.high);
}

export function ddAbs(a: DoubleDouble): DoubleDouble {
  return a.high < 0 ? ddNegate(a) : a;
}

/**
 * The decimal number that a double stands for: the shortest one that reads back as it, which is what a file of at most 15
 * digits said. A double alone is off by up to half a unit in its last place.
 */
export function ddOfDecimal(value: number): DoubleDouble {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (match === null) return ddOf(value);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = `${whole}${fraction}`;
  const power = Number(exponent) - fraction.length;
  if (digits.length > 17 || Math.abs(power) > 22) return ddOf(value);
  // At most 17 digits: two halves that are exact as doubles.
  const head = Number(digits.slice(0, -8) || '0');
  let result = ddAdd(exactProduct(head, 1e8), ddOf(Number(digits.slice(-8))));
  const factor = ddOf(10 ** Math.abs(power));
  result = power < 0 ? ddDivide(result, factor) : ddMultiply(result, factor);
  return sign === '-' ? ddNegate(result) : result;
}
