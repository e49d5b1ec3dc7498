/**
 * ln(1 + e^t) and its slope, the inner function of smoothly broken laws, at a third of the price of an exponential and a
 * logarithm: Taylor's series about the nearest of tabled places, to a few units in the last place. The table is open, so
 * that inner loops can read value and slope at once without a call.
 */

/** Tabled places per unit of |t|. */
export const SOFTPLUS_STEPS = 64;
/** |t| up to which the table reaches; beyond it e^-|t| itself is the answer. */
export const SOFTPLUS_LAST = 37;
/** Coefficients of a place. */
export const SOFTPLUS_TERMS = 7;

/**
 * Taylor coefficients of L(t) = ln(1 + e^-t), t >= 0, about k / {@link SOFTPLUS_STEPS}, {@link SOFTPLUS_TERMS} for each k.
 * softplus(t) = max(t, 0) + L(|t|); -L' is the smaller of the logistic function and its complement.
 */
export const SOFTPLUS_TABLE: Float64Array = tabled();

function tabled(): Float64Array {
  const places = SOFTPLUS_LAST * SOFTPLUS_STEPS + 2;
  const table = new Float64Array(places * SOFTPLUS_TERMS);
  for (let k = 0; k < places; k++) {
    const decay = Math.exp(-k / SOFTPLUS_STEPS);
    // With r = -L', v = r (1 - r) and m = 1 - 2 r: r' = -v, v' = -v m, m' = 2 v.
    const r = decay / (1 + decay);
    const v = r * (1 - r);
    const m = 1 - 2 * r;
    const third = -v * m;
    const fourth = v * m * m - 2 * v * v;
    const fifth = -v * m ** 3 + 8 * v * v * m;
    const sixth = v * m ** 4 - 22 * v * v * m * m + 16 * v ** 3;
    table.set([Math.log1p(decay), -r, v / 2, third / 6, fourth / 24, fifth / 120, sixth / 720], k * SOFTPLUS_TERMS);
  }
  return table;
}

/** ln(1 + e^t) for one value. */
export function softplus(t: number): number {
  const size = t > 0 ? t : -t;
  const above = t > 0 ? t : 0;
  if (!(size < SOFTPLUS_LAST)) return above + Math.exp(-size);
  const k = (size * SOFTPLUS_STEPS + 0.5) | 0;
  const r = size - k / SOFTPLUS_STEPS;
  const at = k * SOFTPLUS_TERMS;
  let sum = SOFTPLUS_TABLE[at + SOFTPLUS_TERMS - 1] as number;
  for (let j = SOFTPLUS_TERMS - 2; j >= 0; j--) sum = sum * r + (SOFTPLUS_TABLE[at + j] as number);
  return above + sum;
}
