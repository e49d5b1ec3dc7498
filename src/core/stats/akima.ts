/**
 * Akima's piecewise cubic (J. ACM 17, 1970): a curve through points that one wild neighbour does not set swinging. Used by
 * the quality control and the interpolation variant of IsoFLOP profiles.
 */

interface AkimaSpline {
  /** Value at x; the first and last cubic are continued beyond the ends. */
  at(x: number): number;
}

/**
 * Builds the spline through (x, y), x strictly increasing, at least two points (two points give the line). End slopes are
 * extended linearly (m₋₁ = 2m₀ - m₁), and where the weights vanish the mean of the two middle slopes is taken, as in
 * Akima's paper and scipy's `Akima1DInterpolator`. Returns null for fewer than two points or x not strictly increasing.
 */
export function akimaSpline(x: ArrayLike<number>, y: ArrayLike<number>): AkimaSpline | null {
  const n = x.length;
  if (n < 2 || y.length !== n) return null;
  for (let i = 1; i < n; i++) if (!(x[i]! > x[i - 1]!)) return null;
  for (let i = 0; i < n; i++) if (!Number.isFinite(x[i]!) || !Number.isFinite(y[i]!)) return null;
  const slope = (i: number): number => (y[i + 1]! - y[i]!) / (x[i + 1]! - x[i]!);
  if (n === 2) {
    const only = slope(0);
    return { at: (t) => y[0]! + only * (t - x[0]!) };
  }
  // m[i + 2] is the slope of segment i; two invented segments stand at either end.
  const m = new Float64Array(n + 3);
  for (let i = 0; i < n - 1; i++) m[i + 2] = slope(i);
  m[1] = 2 * m[2]! - m[3]!;
  m[0] = 2 * m[1]! - m[2]!;
  m[n + 1] = 2 * m[n]! - m[n - 1]!;
  m[n + 2] = 2 * m[n + 1]! - m[n]!;
  const weight = new Float64Array(n + 2);
  let largest = 0;
  for (let i = 0; i < n + 2; i++) weight[i] = Math.abs(m[i + 1]! - m[i]!);
  for (let i = 0; i < n; i++) largest = Math.max(largest, weight[i + 2]! + weight[i]!);
  const tangent = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const sum = weight[i + 2]! + weight[i]!;
    tangent[i] =
      sum > 1e-9 * largest ? (weight[i + 2]! * m[i + 1]! + weight[i]! * m[i + 2]!) / sum : 0.5 * (m[i + 3]! + m[i]!);
  }
  return {
    at(t) {
      let low = 0;
      let high = n - 1;
      while (high - low > 1) {
        const mid = (low + high) >> 1;
        if (x[mid]! <= t) low = mid;
        else high = mid;
      }
      const h = x[low + 1]! - x[low]!;
      const d = t - x[low]!;
      const s = m[low + 2]!;
      const c = (3 * s - 2 * tangent[low]! - tangent[low + 1]!) / h;
      const e = (tangent[low]! + tangent[low + 1]! - 2 * s) / (h * h);
      return y[low]! + d * (tangent[low]! + d * (c + d * e));
    },
  };
}
