/**
 * Numbers as people read them: 3×10²² FLOP, 1.4B parameters, 12.3 %, 0.345 ± 0.012. One voice for hovers, chart, table,
 * CLI and reports. Nothing here ever prints NaN or Infinity: what does not exist is an en dash.
 */
import type { ScaleKind } from '../report-model.ts';

/** Stands where a value does not exist. */
export const ABSENT = '–';
/** U+2212, as wide as a plus sign: numbers under each other align. */
export const MINUS = '−';
/** Between a number and its unit: never broken over two lines. */
const NBSP = '\u00a0';

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** An integer in superscript digits: -12 → ⁻¹². */
export function superscript(exponent: number): string {
  const digits = Math.abs(Math.trunc(exponent)).toString();
  let text = exponent < 0 ? '⁻' : '';
  for (const digit of digits) text += SUPERSCRIPTS[Number(digit)];
  return text;
}

function finite(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Exponent of the leading digit after rounding to `digits` significant digits: 9.996 with 3 digits → 1. */
function exponentOf(value: number, digits: number): number {
  return Number(
    Math.abs(value)
      .toExponential(digits - 1)
      .split('e')[1],
  );
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Commas between thousands from five integer digits on (2048 stays 2048). */
function group(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Fixed decimals with a real minus sign; "−0.00" becomes "0.00". */
function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(Math.min(20, Math.max(0, decimals)));
  const sign = value < 0 && /[1-9]/.test(text) ? MINUS : '';
  return sign + group(text);
}

/**
 * A number to `digits` significant digits, trailing zeros dropped; m×10ⁿ outside [0.001, 1 000 000). Digits before the
 * decimal point are never rounded away: 12345.6 → 12,346.
 */
export function formatNumber(value: number | null | undefined, digits = 3): string {
  if (!finite(value)) return ABSENT;
  if (value === 0) return '0';
  const exponent = exponentOf(value, digits);
  if (exponent < -3 || Math.abs(value) >= 999_999.5) return formatScientific(value, digits);
  const text = Math.abs(value).toFixed(Math.min(20, Math.max(0, digits - 1 - exponent)));
  return (value < 0 ? MINUS : '') + group(trimZeros(text));
}

/** m×10ⁿ to `digits` significant digits; a mantissa of one is dropped: 10²². */
export function formatScientific(value: number | null | undefined, digits = 3): string {
  if (!finite(value)) return ABSENT;
  if (value === 0) return '0';
  const [mantissa = '', exponent = '0'] = Math.abs(value)
    .toExponential(digits - 1)
    .split('e');
  const sign = value < 0 ? MINUS : '';
  const short = trimZeros(mantissa);
  const power = `10${superscript(Number(exponent))}`;
  return short === '1' ? sign + power : `${sign}${short}×${power}`;
}

const SUFFIXES = ['', 'k', 'M', 'B', 'T'];

/** Counts as the field writes them: 410M, 1.4B, 15T; m×10ⁿ from 10¹⁵ on. */
export function formatCount(value: number | null | undefined, digits = 3): string {
  if (!finite(value)) return ABSENT;
  if (Math.abs(value) < 1) return formatNumber(value, digits);
  const step = Math.floor(exponentOf(value, digits) / 3);
  if (step >= SUFFIXES.length) return formatScientific(value, digits);
  return formatNumber(value / 10 ** (3 * Math.max(0, step)), digits) + SUFFIXES[Math.max(0, step)];
}

/** The unit word of a scale: FLOP, parameters, tokens, steps; empty for a pinned column. */
export function scaleUnit(scale: ScaleKind): string {
  switch (scale) {
    case 'compute':
      return 'FLOP';
    case 'params':
      return 'parameters';
    case 'tokens':
      return 'tokens';
    case 'steps':
      return 'steps';
    default:
      return '';
  }
}

/** What the axis of a scale is called, with its unit: "Training compute (FLOP)". */
export function scaleTitle(scale: ScaleKind): string {
  switch (scale) {
    case 'compute':
      return 'Training compute (FLOP)';
    case 'params':
      return 'Model size (parameters)';
    case 'tokens':
      return 'Training data (tokens)';
    case 'steps':
      return 'Training steps';
    default:
      return scale;
  }
}

/** A place on the scale axis with its unit: 3×10²² FLOP, 1.4B parameters. x in plain units. */
export function formatScale(value: number | null | undefined, scale: ScaleKind, digits = 3): string {
  if (!finite(value)) return ABSENT;
  const unit = scaleUnit(scale);
  const number =
    scale === 'compute'
      ? Math.abs(value) >= 1000
        ? formatScientific(value, digits)
        : formatNumber(value, digits)
      : unit === ''
        ? formatNumber(value, digits)
        : formatCount(value, digits);
  return unit === '' ? number : `${number}${NBSP}${unit}`;
}

/** A unit after a value: "%" and words are set off by a no-break space, no unit adds nothing. */
function withUnit(text: string, unit: string): string {
  return unit === '' || text === ABSENT ? text : `${text}${NBSP}${unit}`;
}

/** A metric's value in the file's own unit ('%' or ''): 12.3 %. */
export function formatMetric(value: number | null | undefined, unit = '', digits = 3): string {
  return withUnit(formatNumber(value, digits), unit);
}

/** A share of one as percent: 0.123 → 12.3 %. */
export function formatPercent(fraction: number | null | undefined, digits = 3): string {
  return finite(fraction) ? withUnit(formatNumber(fraction * 100, digits), '%') : ABSENT;
}

/**
 * Decimals that an error leaves meaningful, by the rule of the Particle Data Group (Review of Particle Physics,
 * introduction §5.3): leading three digits 100–354 keep two digits, 355–949 one, 950–999 round up to 1000 and keep two.
 */
function errorDecimals(error: number): number {
  const lead = Number(error.toExponential(2).split('e')[0]) * 100;
  const exponent = exponentOf(error, 3);
  // From 950 on, the one decimal kept rounds up to the two digits "10".
  return Math.round(lead) <= 354 ? 1 - exponent : -exponent;
}

/** Decimals by the error; left of the point an error larger than the value leaves it two digits. */
function decimalsFor(value: number, error: number): number {
  const decimals = errorDecimals(error);
  if (decimals >= 0 || value === 0 || error <= Math.abs(value)) return decimals;
  return Math.min(0, Math.max(decimals, 1 - exponentOf(value, 3)));
}

/** Value ± error, both with the decimals that the error leaves meaningful: 0.345 ± 0.012, (3.21 ± 0.04)×10²². */
export function formatPlusMinus(value: number | null | undefined, error: number | null | undefined, unit = ''): string {
  if (!finite(value)) return ABSENT;
  if (!finite(error) || error < 0) return formatMetric(value, unit);
  if (error === 0) return withUnit(`${formatNumber(value)} ± 0`, unit);
  const largest = Math.max(Math.abs(value), error);
  const exponent = exponentOf(largest, 3);
  if (exponent < -3 || exponent >= 6) {
    const scaled = 10 ** exponent;
    const decimals = decimalsFor(value / scaled, error / scaled);
    const body = `(${fixed(value / scaled, decimals)} ± ${fixed(error / scaled, decimals)})×10${superscript(exponent)}`;
    return withUnit(body, unit);
  }
  const decimals = decimalsFor(value, error);
  const body = `${fixed(roundTo(value, decimals), decimals)} ± ${fixed(roundTo(error, decimals), decimals)}`;
  return withUnit(unit === '' ? body : `(${body})`, unit);
}

/** Rounds also left of the decimal point (decimals < 0), where toFixed cannot. */
function roundTo(value: number, decimals: number): number {
  if (decimals >= 0) return value;
  const unit = 10 ** -decimals;
  return Math.round(value / unit) * unit;
}

/** An interval with the digits that its width leaves meaningful: 0.33 to 0.36; open ends are said in words. */
export function formatInterval(low: number | null | undefined, high: number | null | undefined, unit = ''): string {
  if (!finite(low) && !finite(high)) return ABSENT;
  if (!finite(low)) return `at most ${formatMetric(high, unit)}`;
  if (!finite(high)) return `at least ${formatMetric(low, unit)}`;
  const width = Math.abs(high - low);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (width === 0 || largest >= 1e6 || largest < 1e-3) {
    return withUnit(`${formatNumber(low)} to ${formatNumber(high)}`, unit);
  }
  const decimals = Math.max(0, 1 - exponentOf(width, 2));
  return withUnit(`${fixed(low, decimals)} to ${fixed(high, decimals)}`, unit);
}

/** An interval on the scale axis: 2×10²¹ to 8×10²¹ FLOP. */
export function formatScaleInterval(low: number | null, high: number | null, scale: ScaleKind, digits = 2): string {
  if (!finite(low) && !finite(high)) return ABSENT;
  if (!finite(low)) return `at most ${formatScale(high, scale, digits)}`;
  if (!finite(high)) return `at least ${formatScale(low, scale, digits)}`;
  const unit = scaleUnit(scale);
  const bare = formatScale(low, scale, digits).slice(0, unit === '' ? undefined : -(unit.length + 1));
  return `${bare} to ${formatScale(high, scale, digits)}`;
}

/** A p-value: p = 0.03, p < 0.001. */
export function formatP(p: number | null | undefined): string {
  if (!finite(p)) return `p ${ABSENT}`;
  return p < 0.001 ? 'p < 0.001' : `p = ${formatNumber(p, 2)}`;
}

/** A signed number: +0.02, −0.13; zero has no sign. */
export function formatSigned(value: number | null | undefined, digits = 2): string {
  if (!finite(value)) return ABSENT;
  const text = formatNumber(value, digits);
  return value > 0 && text !== '0' ? `+${text}` : text;
}

/**
 * A format for the numbers of one column: the same decimals for all, as many as give the largest `digits` significant
 * ones, so that points stand under points. Columns that span more than numbers can be read at fall back to `formatNumber`.
 */
export function columnFormat(
  values: Iterable<number | null>,
  digits = 4,
): (value: number | null | undefined) => string {
  let largest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const value of values) {
    if (!finite(value) || value === 0) continue;
    largest = Math.max(largest, Math.abs(value));
    smallest = Math.min(smallest, Math.abs(value));
  }
  if (largest === 0) return (value) => formatNumber(value, digits);
  const decimals = Math.max(0, digits - 1 - exponentOf(largest, digits));
  // Half of the last decimal is the least that does not print as zero.
  const readable = largest < 999_999.5 && decimals <= 8 && smallest >= 0.5 * 10 ** -decimals;
  return readable
    ? (value) => (finite(value) ? fixed(value, decimals) : ABSENT)
    : (value) => formatNumber(value, digits);
}
