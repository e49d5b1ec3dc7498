/**
 * Axes: where a value falls between two pixels and which ticks are worth drawing, on linear and logarithmic scales. The
 * SVG renderer and the Chart.js options both ask here, so a chart on screen and its export agree.
 */
import { formatCount, formatNumber, formatScientific, superscript } from './number.ts';

export type AxisType = 'linear' | 'log';

/** A range of values shown on an axis; min < max, and both > 0 when the type is 'log'. */
export interface Axis {
  readonly type: AxisType;
  readonly min: number;
  readonly max: number;
}

export interface Tick {
  readonly value: number;
  /** Empty for minor ticks. */
  readonly label: string;
  readonly major: boolean;
}

function forward(type: AxisType, value: number): number {
  return type === 'log' ? Math.log10(value) : value;
}

function backward(type: AxisType, value: number): number {
  return type === 'log' ? 10 ** value : value;
}

/** True where the axis can show the value at all: finite, and positive on a log axis. */
export function showable(type: AxisType, value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && (type === 'linear' || value > 0);
}

/** Pixel of a value when the axis runs from pixel `from` (at min) to pixel `to` (at max). */
export function toPixel(axis: Axis, value: number, from: number, to: number): number {
  const low = forward(axis.type, axis.min);
  const high = forward(axis.type, axis.max);
  return from + ((forward(axis.type, value) - low) / (high - low)) * (to - from);
}

/**
 * The axis that shows all values with a margin (a share of the span on each side). Values that the axis cannot show are
 * passed over; without any, a unit range. A single value gets room on both sides.
 *
 * @param bounds limits that the margin must not cross, such as 0 and 1 for an accuracy (values may).
 */
export function axisFor(
  values: Iterable<number | null>,
  type: AxisType,
  margin = 0.05,
  bounds: { readonly lower?: number | null; readonly upper?: number | null } = {},
): Axis {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!showable(type, value)) continue;
    const v = forward(type, value);
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (low > high) return type === 'log' ? { type, min: 1, max: 10 } : { type, min: 0, max: 1 };
  const room = high > low ? (high - low) * margin : type === 'log' ? 0.5 : Math.abs(low) * 0.1 || 0.5;
  let min = low - room;
  let max = high + room;
  const { lower = null, upper = null } = bounds;
  if (showable(type, lower)) min = Math.max(min, Math.min(low, forward(type, lower) - 0.25 * room));
  if (showable(type, upper)) max = Math.min(max, Math.max(high, forward(type, upper) + 0.25 * room));
  if (min === max) max = min + room;
  return { type, min: backward(type, min), max: backward(type, max) };
}

/** 1, 2 or 5 times a power of ten, the step that cuts a span into about `count` parts. */
function niceStep(span: number, count: number): number {
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  return power * (lead < Math.SQRT2 ? 1 : lead < Math.sqrt(10) ? 2 : lead < Math.sqrt(50) ? 5 : 10);
}

/**
 * The ticks of an axis, about `count` of them labelled, in increasing order.
 *
 * @param kind scale of the axis: parameters and tokens are counted (100M, 1B) where other scales have powers of ten
 */
export function ticks(axis: Axis, count = 7, kind = ''): Tick[] {
  const found = plainTicks(axis, count);
  if (kind !== 'params' && kind !== 'tokens') return found;
  return found.map((tick) => (tick.label === '' ? tick : { ...tick, label: formatCount(tick.value, 3) }));
}

function plainTicks(axis: Axis, count: number): Tick[] {
  if (axis.type === 'linear') return linearTicks(axis, count);
  const decades = Math.log10(axis.max) - Math.log10(axis.min);
  // Under a third of a decade the mantissas 1, 2, 5 are too coarse: evenly spaced plain numbers read better.
  if (decades < 0.7) return linearTicks(axis, count);
  return decades < 2.5 ? mantissaTicks(axis, count) : decadeTicks(axis, count);
}

function linearTicks(axis: Axis, count: number): Tick[] {
  const step = niceStep(axis.max - axis.min, count);
  const slack = step * 1e-9;
  const first = Math.ceil((axis.min - slack) / step);
  const last = Math.floor((axis.max + slack) / step);
  const found: Tick[] = [];
  // Multiples of the step, not sums of it: no 0.30000000000000004.
  for (let k = first; k <= last; k++) {
    const value = Number((k * step).toPrecision(12));
    if (value >= axis.min - slack && value <= axis.max + slack && (axis.type === 'linear' || value > 0)) {
      found.push({ value, label: tickNumber(value, step), major: true });
    }
  }
  return found;
}

/** Decimals follow the step, so that labels of one axis look alike: 0.5, 1.0, 1.5. */
function tickNumber(value: number, step: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || step < 1e-4) {
    const digits = Math.max(1, Math.ceil(Math.log10(size / step) - 1e-9) + 1);
    return formatScientific(value, Math.min(6, digits));
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const text = formatNumber(Math.round(size * 10 ** decimals) / 10 ** decimals, 15);
  const [whole = '', fraction = ''] = text.split('.');
  const padded = decimals === 0 ? whole : `${whole}.${fraction.padEnd(decimals, '0')}`;
  return (value < 0 ? '−' : '') + padded;
}

const MANTISSAS: readonly (readonly number[])[] = [
  [1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 3, 5, 7],
  [1, 2, 5],
  [1, 3],
  [1],
];

/** One or two decades: 1, 2, 5 within each, the densest choice that keeps to the count. */
function mantissaTicks(axis: Axis, count: number): Tick[] {
  const all = subTicks(axis);
  const chosen =
    MANTISSAS.find((set) => all.filter(({ mantissa }) => set.includes(mantissa)).length <= count) ?? MANTISSAS[4]!;
  return all.map(({ value, mantissa, exponent }) => {
    const major = chosen.includes(mantissa);
    return { value, major, label: major ? logLabel(mantissa, exponent, axis) : '' };
  });
}

function subTicks(axis: Axis): { value: number; mantissa: number; exponent: number }[] {
  const found: { value: number; mantissa: number; exponent: number }[] = [];
  const first = Math.floor(Math.log10(axis.min) + 1e-9);
  const last = Math.ceil(Math.log10(axis.max) - 1e-9);
  for (let exponent = first; exponent <= last; exponent++) {
    for (let mantissa = 1; mantissa <= 9; mantissa++) {
      const value = Number(`${mantissa}e${exponent}`);
      if (value >= axis.min * (1 - 1e-9) && value <= axis.max * (1 + 1e-9)) found.push({ value, mantissa, exponent });
    }
  }
  return found;
}

/** Powers of ten; every second, third… of them when there are many, with the passed-over ones as minor ticks. */
function decadeTicks(axis: Axis, count: number): Tick[] {
  const first = Math.ceil(Math.log10(axis.min) - 1e-9);
  const last = Math.floor(Math.log10(axis.max) + 1e-9);
  const stride = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  const fine = stride === 1 && last - first <= 8;
  if (fine) {
    return subTicks(axis).map(({ value, mantissa, exponent }) => {
      const major = mantissa === 1;
      return { value, major, label: major ? logLabel(1, exponent, axis) : '' };
    });
  }
  const found: Tick[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    const major = (exponent - first) % stride === 0;
    found.push({ value: Number(`1e${exponent}`), major, label: major ? `10${superscript(exponent)}` : '' });
  }
  return found;
}

/** 10ⁿ or m×10ⁿ; plain numbers where the whole axis lies within 0.01 … 10 000, as losses and accuracies do. */
function logLabel(mantissa: number, exponent: number, axis: Axis): string {
  if (axis.min >= 0.0099 && axis.max <= 10001) return formatNumber(Number(`${mantissa}e${exponent}`));
  return mantissa === 1 ? `10${superscript(exponent)}` : `${mantissa}×10${superscript(exponent)}`;
}
