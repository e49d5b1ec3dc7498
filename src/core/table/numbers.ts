/**
 * Numbers as people write them in result files: `6.9e9`, `299,892,736,000`, `739_328`, `210M`, `11%`, `4.5E-05`. What is
 * not a number is NaN. Plain decimals in the columns of a delimited text do not come here: csv-numbers.ts reads them.
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
