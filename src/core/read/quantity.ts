/**
 * Quantities as run files and manifests state them, with the unit that was written out: `7B`, `739_328`, `5 ZFLOP`,
 * `160BT`, `2e12T` (OLMo: T = tokens), `3.1T tokens`, `12 PF-days`. The numbers themselves follow the grammar of cells.
 */
import { parseQuantity } from '../table/numbers.ts';

export interface Quantity {
  /** In plain units: parameters, tokens, FLOP. */
  readonly value: number;
  /** The unit that was written out, if any. */
  readonly unit: 'FLOP' | 'tokens' | 'params' | null;
}

/** FLOP in a petaflop/s-day. */
const PF_DAY = 1e15 * 86_400;

/** Reads a quantity; null if the text is none. */
export function readQuantity(text: string): Quantity | null {
  const trimmed = text.trim();
  if (trimmed.length === 0 || trimmed.length > 64) return null;
  const direct = parseQuantity(trimmed);
  if (Number.isFinite(direct)) {
    const unit = /flops?$/i.test(trimmed)
      ? 'FLOP'
      : /tok(?:en)?s?$/i.test(trimmed)
        ? 'tokens'
        : /param(?:eter)?s?$/i.test(trimmed)
          ? 'params'
          : null;
    return { value: direct, unit };
  }
  const days = /^([\d.,_]+(?:e[-+]?\d+)?)\s*(?:pf(?:lops?)?(?:\/?s)?|petaflops?(?:\/?s)?)-?\s?days?$/i.exec(trimmed);
  if (days !== null) {
    const count = parseQuantity(days[1] as string);
    return Number.isFinite(count) ? { value: count * PF_DAY, unit: 'FLOP' } : null;
  }
  const tokens = /^(.*\d)\s*([kmbt]?)\s*(t|tok|toks|tokens?)$/i.exec(trimmed);
  if (tokens !== null) {
    // `160BT` is 160 billion tokens, `2e12T` is 2e12 tokens: the last T is the unit when a multiple or an exponent precedes.
    const [, digits = '', multiple = '', word = ''] = tokens;
    if (word.length > 1 || multiple !== '' || /e[-+]?\d+$/i.test(digits)) {
      const value = parseQuantity(digits + multiple);
      return Number.isFinite(value) ? { value, unit: 'tokens' } : null;
    }
  }
  return null;
}

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A quantity for people: 3×10²², 1.4×10⁹, 0.25. */
export function quantityText(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e4)) return String(Number(value.toPrecision(6)));
  const [mantissa, exponent] = value.toExponential(9).split('e') as [string, string];
  const power = Number(exponent);
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPT[Number(digit)]).join('');
  return `${Number(mantissa) === 1 ? '' : `${Number(mantissa)}×`}10${power < 0 ? '⁻' : ''}${digits}`;
}
