/** Digamma and trigamma functions: recurrence up to x ≥ 10, then the asymptotic series (Abramowitz & Stegun 6.3.18, 6.4.12). */

/** ψ(x), x > 0; relative error near 1e-14. */
export function digamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 10) {
    shift -= 1 / z;
    z += 1;
  }
  const v = 1 / (z * z);
  const series = v * (1 / 12 - v * (1 / 120 - v * (1 / 252 - v * (1 / 240 - v * (1 / 132 - v * (691 / 32760))))));
  return shift + Math.log(z) - 0.5 / z - series;
}

/** ψ′(x), x > 0. */
export function trigamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 10) {
    shift += 1 / (z * z);
    z += 1;
  }
  const v = 1 / (z * z);
  const series = v * (1 / 6 - v * (1 / 30 - v * (1 / 42 - v * (1 / 30 - v * (5 / 66)))));
  return shift + 1 / z + v / 2 + series / z;
}
