/**
 * Minimum of a function of one variable by looking everywhere first: a grid finds every valley, Brent's method goes down the
 * deepest ones. The outer search of laws that are linear but for one exponent.
 */

interface ScanResult {
  readonly x: number;
  readonly value: number;
  /** Local minima of the grid, ends included. */
  readonly valleys: number;
  /** Of the valleys descended, how many end within 1e-6 (relative) of the best value. */
  readonly atOptimum: number;
  /** The best grid point was the first or the last. */
  readonly atEdge: boolean;
}

interface ScanOptions {
  /** Grid points. Default 160. */
  readonly count?: number;
  /** Geometric grid (both ends positive). Default true. */
  readonly geometric?: boolean;
  /** Valleys descended, deepest first. Default 4. */
  readonly descend?: number;
}

/**
 * Scans [from, to]; non-finite values count as +Infinity. Null when no grid point has a finite value.
 */
export function minimizeScan(
  f: (x: number) => number,
  from: number,
  to: number,
  options: ScanOptions = {},
): ScanResult | null {
  const count = Math.max(3, options.count ?? 160);
  const geometric = options.geometric ?? true;
  const at = (x: number): number => {
    const value = f(x);
    return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  };
  const grid = Float64Array.from({ length: count }, (_, i) => {
    const share = i / (count - 1);
    return geometric ? from * (to / from) ** share : from + (to - from) * share;
  });
  const values = grid.map(at);
  const valleys: number[] = [];
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (value === Number.POSITIVE_INFINITY) continue;
    if ((i === 0 || value <= values[i - 1]!) && (i === count - 1 || value < values[i + 1]!)) valleys.push(i);
  }
  if (valleys.length === 0) return null;
  valleys.sort((p, q) => values[p]! - values[q]!);
  let best = { x: grid[valleys[0]!]!, value: values[valleys[0]!]!, index: valleys[0]! };
  const ends: number[] = [];
  for (const i of valleys.slice(0, options.descend ?? 4)) {
    const end = brent(at, grid[Math.max(0, i - 1)]!, grid[i]!, grid[Math.min(count - 1, i + 1)]!, values[i]!);
    ends.push(end.value);
    if (end.value < best.value) best = { ...end, index: i };
  }
  return {
    x: best.x,
    value: best.value,
    valleys: valleys.length,
    atOptimum: ends.filter((value) => value <= best.value + 1e-6 * Math.abs(best.value) + 1e-300).length,
    atEdge: best.index === 0 || best.index === count - 1,
  };
}

const GOLDEN = 0.3819660112501051;

/** Brent's parabolic and golden-section search in [low, high] (Brent 1973, ch. 5), starting from x inside. */
export function brent(
  f: (x: number) => number,
  low: number,
  start: number,
  high: number,
  startValue = f(start),
): { readonly x: number; readonly value: number } {
  let a = low;
  let b = high;
  let x = start;
  let w = start;
  let v = start;
  let fx = startValue;
  let fw = startValue;
  let fv = startValue;
  let d = 0;
  let e = 0;
  for (let round = 0; round < 100; round++) {
    const middle = (a + b) / 2;
    const tolerance = 1e-10 * Math.abs(x) + 1e-14;
    if (Math.abs(x - middle) <= 2 * tolerance - (b - a) / 2) break;
    let golden = true;
    if (Math.abs(e) > tolerance) {
      let r = (x - w) * (fx - fv);
      let q = (x - v) * (fx - fw);
      let p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      q = Math.abs(q);
      r = e;
      e = d;
      if (Math.abs(p) < Math.abs(0.5 * q * r) && p > q * (a - x) && p < q * (b - x)) {
        d = p / q;
        const u = x + d;
        if (u - a < 2 * tolerance || b - u < 2 * tolerance) d = x < middle ? tolerance : -tolerance;
        golden = false;
      }
    }
    if (golden) {
      e = x < middle ? b - x : a - x;
      d = GOLDEN * e;
    }
    const u = x + (Math.abs(d) >= tolerance ? d : d > 0 ? tolerance : -tolerance);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      v = w;
      fv = fw;
      w = x;
      fw = fx;
      x = u;
      fx = fu;
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) {
        v = w;
        fv = fw;
        w = u;
        fw = fu;
      } else if (fu <= fv || v === x || v === w) {
        v = u;
        fv = fu;
      }
    }
  }
  return { x, value: fx };
}
