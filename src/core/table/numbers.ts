/**
 * Numbers as people write them in result files: `6.9e9`, `299,892,736,000`, `739_328`, `210M`, `11%`, `4.5E-05`. The
 * same grammar runs over strings and, without slicing, over the code units of a text. What is not a number is NaN.
 */
import { plainForm } from './written-numbers.ts';

/** Spellings of "no value" seen in result files (lower case, trimmed). */
const MISSING = new Set([
  '',
  '-',
  '--',
  '---',
  '–',
  '—',
  '.',
  '?',
  'n/a',
  'na',
  '#n/a',
  'nan',
  '-nan',
  'null',
  'none',
  'nil',
  'missing',
  'unknown',
  '#ref!',
  '#div/0!',
  '#value!',
  '#name?',
  '#num!',
  'undefined',
  '<na>',
  'n.a.',
  'tbd',
]);

/** True for the known spellings of a missing value, padding ignored. */
export function isMissing(text: string): boolean {
  if (text.length > 12) return text.trim().length === 0;
  return MISSING.has(text.trim().toLowerCase());
}

const POWERS = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
];

/** The text of a stretch of code units, for the few cells that are no plain decimal. */
export type Slice = (start: number, end: number) => string;

/** Significant digits that are exact in a double whatever they are, and that fit beside it in a second one. */
const EXACT_DIGITS = 15;
const MOST_DIGITS = 19;
const SPLIT = 134217729; // 2^27 + 1

/**
 * (high · 10^places + low) · 10^power, correctly rounded, for high < 10^15, places ≤ 4 and |power| ≤ 22; NaN in the one
 * case in some 10^12 where two doubles do not decide the rounding. Dekker's exact product (Numer. Math. 18, 1971) and
 * Ziv's rounding test (ACM TOMS 17, 1991).
 */
function longDecimal(high: number, low: number, places: number, power: number): number {
  const scale = POWERS[places] as number;
  // high · scale + low as the sum of two doubles.
  let p = high * scale;
  let c = SPLIT * high;
  let ah = c - (c - high);
  let al = high - ah;
  c = SPLIT * scale;
  let bh = c - (c - scale);
  let bl = scale - bh;
  let rest = ah * bh - p + ah * bl + al * bh + al * bl + low;
  const m = p + rest;
  rest -= m - p;
  const factor = POWERS[power < 0 ? -power : power] as number;
  c = SPLIT * factor;
  bh = c - (c - factor);
  bl = factor - bh;
  let first: number;
  let second: number;
  if (power < 0) {
    first = m / factor;
    p = first * factor;
    c = SPLIT * first;
    ah = c - (c - first);
    al = first - ah;
    const error = ah * bh - p + ah * bl + al * bh + al * bl;
    second = (m - p - error + rest) / factor;
  } else {
    first = m * factor;
    c = SPLIT * m;
    ah = c - (c - m);
    al = m - ah;
    second = ah * bh - first + ah * bl + al * bh + al * bl + rest * factor;
  }
  const above = first + second * (1 + 2 ** -44);
  return above === first + second * (1 - 2 ** -44) ? above : Number.NaN;
}

/** Digits that fit a 32-bit integer whatever they are. */
const INTEGER_DIGITS = 9;

/**
 * The number in units[start, end), NaN if there is none. The common forms are read here in one pass of integer steps:
 * up to nine digits with or without a point and an exponent, and whole numbers of up to 15 digits. Both factors of the
 * result are exact doubles, so it is rounded once. Everything else goes through `decimalAt`.
 * @param units code units of a text (any value above 127 stands for what is not ASCII), one more than `end`
 */
export function parseNumberAt(units: Uint8Array, start: number, end: number, slice: Slice): number {
  let i = start;
  let c = units[i] as number;
  const negative = c === 45;
  if (negative) i++;
  const from = i;
  let stop = i + INTEGER_DIGITS < end ? i + INTEGER_DIGITS : end;
  let digits = 0;
  while (i < stop && (c = (units[i] as number) - 48) >>> 0 < 10) {
    digits = (digits * 10 + c) | 0;
    i++;
  }
  if (i === from) return decimalAt(units, start, end, slice);
  if (i === end) return negative ? -digits : digits;
  if (i === stop) {
    // Whole numbers of ten to fifteen digits: sizes and tokens as tools write them.
    if (end - from > EXACT_DIGITS) return decimalAt(units, start, end, slice);
    let tail = 0;
    while (i < end && (c = (units[i] as number) - 48) >>> 0 < 10) {
      tail = (tail * 10 + c) | 0;
      i++;
    }
    if (i !== end) return decimalAt(units, start, end, slice);
    const whole = digits * (POWERS[end - stop] as number) + tail;
    return negative ? -whole : whole;
  }
  let power = 0;
  if (c === -2) {
    const point = ++i;
    stop = from + INTEGER_DIGITS + 1 < end ? from + INTEGER_DIGITS + 1 : end;
    while (i < stop && (c = (units[i] as number) - 48) >>> 0 < 10) {
      digits = (digits * 10 + c) | 0;
      i++;
    }
    power = point - i;
  }
  if (i < end) {
    // One or two digits of exponent; more are rare.
    if (c !== 53 && c !== 21) return decimalAt(units, start, end, slice);
    const sign = units[++i] as number;
    if (sign === 45 || sign === 43) i++;
    const places = end - i;
    if (places < 1 || places > 2) return decimalAt(units, start, end, slice);
    let exponent = (units[i] as number) - 48;
    if (exponent >>> 0 > 9) return decimalAt(units, start, end, slice);
    if (places === 2) {
      c = (units[i + 1] as number) - 48;
      if (c >>> 0 > 9) return decimalAt(units, start, end, slice);
      exponent = exponent * 10 + c;
    }
    power += sign === 45 ? -exponent : exponent;
    if (power < -22 || power > 22) return decimalAt(units, start, end, slice);
  }
  const value = power < 0 ? digits / (POWERS[-power] as number) : digits * (POWERS[power] as number);
  return negative ? -value : value;
}

/**
 * Any decimal in units[start, end). One with at most 15 digits and a small exponent is computed exactly from its digits
 * (both factors are exact doubles, one rounding), one of up to 19 digits in two doubles; everything else goes through
 * `parseNumber`.
 */
function decimalAt(units: Uint8Array, start: number, end: number, slice: Slice): number {
  let i = start;
  let c = 0;
  while (i < end && ((c = units[i] as number) === 32 || c === 9)) i++;
  if (i >= end) return Number.NaN;
  while ((c = units[end - 1] as number) === 32 || c === 9) end--;
  const first = i;
  let negative = false;
  c = units[i] as number;
  if (c === 45 || c === 43) {
    negative = c === 45;
    i++;
  }
  // Three small integers for the first nine digits, the next six and the rest: integer steps are the fastest.
  let high = 0;
  let middle = 0;
  let low = 0;
  // Leading zeros are no significant digits.
  let digits = 0;
  let point = -1;
  const from = i;
  for (; i < end; i++) {
    c = (units[i] as number) - 48;
    if (c >= 0 && c <= 9) {
      if (digits < 9) {
        high = (high * 10 + c) | 0;
        if (high !== 0) digits++;
      } else {
        if (digits < EXACT_DIGITS) middle = (middle * 10 + c) | 0;
        else if (digits < MOST_DIGITS) low = (low * 10 + c) | 0;
        digits++;
      }
    } else if (c === -2 && point < 0) point = i;
    else break;
  }
  if (i - from - (point < 0 ? 0 : 1) === 0) return parseNumber(slice(first, end));
  let power = point < 0 ? 0 : point + 1 - i;
  if (i < end) {
    if (c !== 53 && c !== 21) return parseNumber(slice(first, end));
    let exponent = 0;
    let down = false;
    i++;
    c = units[i] as number;
    if (i < end && (c === 45 || c === 43)) {
      down = c === 45;
      i++;
    }
    const mark = i;
    while (i < end && (c = (units[i] as number) - 48) >= 0 && c <= 9 && i - mark < 5) {
      exponent = exponent * 10 + c;
      i++;
    }
    if (i === mark) return Number.NaN;
    if (i !== end) return parseNumber(slice(first, end));
    power += down ? -exponent : exponent;
  }
  let value: number;
  if (power < -22 || power > 22 || digits > MOST_DIGITS) return Number(slice(first, end));
  const mantissa = digits <= 9 ? high : high * (POWERS[Math.min(digits, EXACT_DIGITS) - 9] as number) + middle;
  if (digits > EXACT_DIGITS) {
    value = longDecimal(mantissa, low, digits - EXACT_DIGITS, power);
    if (Number.isNaN(value)) return Number(slice(first, end));
  } else if (power === 0) value = mantissa;
  else if (power > 0) value = mantissa * (POWERS[power] as number);
  else value = mantissa / (POWERS[-power] as number);
  return negative ? -value : value;
}

const SUFFIX: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9, g: 1e9, t: 1e12 };
const GRAMMAR = /^([+-]?)(\d[\d,_]*(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?\s?([kKmMbBgGtT]|%)?$/;
const GROUPED = /^\d{1,3}(?:,\d{3})+(?:\.\d*)?$|^\d{1,3}(?:_\d{3})+(?:\.\d*)?$|^\d+(?:\.\d*)?$|^\.\d+$/;

/**
 * The number that a cell states: grouping by `,` or `_` in threes, exponents, a suffix K M B T (10³…10¹²), a percent sign
 * (`11%` is 11: percent stays percent). No suffix after an exponent: `2e12T` means 2·10¹² tokens in OLMo's configs, never
 * 2·10²⁴, so it is no number here. `inf` is infinite; what people write around a number in prose (`~10B`, `3.1×10²³`, a
 * remark in brackets) is taken off as in written-numbers.ts; missing spellings and everything else are NaN.
 */
export function parseNumber(text: string): number {
  const t = text.trim().replace(/^[−–](?=\d|\.)/, '-');
  const m = GRAMMAR.exec(t);
  if (m === null) {
    if (/^[+-]?inf(inity)?$/i.test(t)) return t.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    const plain = plainForm(t);
    return plain === null ? Number.NaN : parseNumber(plain);
  }
  const digits = m[2] as string;
  const suffix = m[4];
  if (!GROUPED.test(digits)) return Number.NaN;
  if (m[3] !== undefined && suffix !== undefined && suffix !== '%') return Number.NaN;
  const value = Number(`${m[1] === '-' ? '-' : ''}${digits.replace(/[,_]/g, '')}${m[3] ?? ''}`);
  return suffix === undefined || suffix === '%' ? value : value * (SUFFIX[suffix.toLowerCase()] as number);
}

/** As parseNumber, with a decimal comma (`0,25`; `1.234,5`): for tables whose delimiter is the semicolon. */
export function parseDecimalComma(text: string): number {
  return parseNumber(text.replace(/\.(?=\d{3}(?:\D|$))/g, '').replace(',', '.'));
}

const PREFIX: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  b: 1e9,
  t: 1e12,
  p: 1e15,
  e: 1e18,
  z: 1e21,
  y: 1e24,
};

/**
 * A quantity as written in a manifest: everything of parseNumber, and `5.2 ZFLOP`, `3e22 FLOP`, `180 GFLOPs`, `4 trillion`.
 * Plain units (count, tokens, FLOP); NaN if there is none.
 */
export function parseQuantity(text: string): number {
  const plain = parseNumber(text);
  if (!Number.isNaN(plain)) return plain;
  const m =
    /^([0-9][0-9_,]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)\s*(?:([kmgtpezy])?flops?|(k|m|b|g|t|p|e|z)|(thousand|million|billion|trillion)(?:\s+(?:tokens|parameters|params))?|(?:tokens|parameters|params))$/i.exec(
      text.trim(),
    );
  if (m === null) return Number.NaN;
  const base = parseNumber(m[1] as string);
  if (m[3] !== undefined && /e/i.test(m[1] as string)) return Number.NaN;
  const prefix = (m[2] ?? m[3] ?? (m[4] === undefined ? '' : m[4].slice(0, 1))).toLowerCase();
  return base * (PREFIX[m[4]?.toLowerCase() === 'thousand' ? 'k' : prefix] as number);
}

/** A number for people: 1.4e9 → "1.4e9", 0.25 → "0.25", 299892736000 → "2.999e11". */
export function showNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(4)));
  return value
    .toExponential(3)
    .replace(/\.?0+e/, 'e')
    .replace('e+', 'e');
}
