/**
 * Variable projection for L = E + A N^-alpha + B D^-beta: for given exponents the law is linear, so the best non-negative
 * (E, A, B) are solved exactly and only two exponents are searched (Golub & Pereyra 1973; the "VPNLS" of
 * Open-Athena/scaling-law-analysis). It minimises Σ w (L - L_hat)² and, needing no start, is the start of every other fit.
 */
import { minimizeNelderMead } from '../stats/nelder-mead.ts';
import { bestSubset } from '../stats/nnls.ts';
import { descendSurface } from './chinchilla-robust.ts';
import {
  fromSurface,
  SURFACE_PARAMETERS,
  type Surface,
  type SurfaceData,
  type SurfaceMap,
  type SurfaceParameter,
  surfaceMap,
  toSurface,
} from './chinchilla-surface.ts';

interface VpnlsResult {
  readonly surface: Surface;
  /** Σ w (L - L_hat)². */
  readonly rss: number;
  readonly converged: boolean;
}

const VPNLS_GRID = 16;
const VPNLS_RANGE = [0.05, 0.95] as const;
/** Points looked at by the grid; larger data are thinned evenly for the search and used whole for the solution. */
const SEARCH_POINTS = 2000;

/** Agreement of the simplex in exponents and, relative to the grid's best, in value; Gauss–Newton takes it from there. */
const SIMPLEX_TOLERANCE = 1e-6;

const COEFFICIENTS = ['E', 'A', 'B'] as const;

/** A coefficient's term below this share of the typical loss at the centre of the data may be on its way to zero. */
const TINY_TERM = 1e-4;

interface Cell {
  readonly alpha: number;
  readonly beta: number;
  readonly rss: number;
}

/**
 * Fits the surface: a grid of exponents (16 × 16, alpha and beta in [0.05, 0.95]), from its best cell Newton's method in
 * log coordinates. Where a coefficient would be negative, and has no logarithm, a Nelder–Mead search over the exponents
 * (without bounds, first simplex +5 %, until the vertices agree to 1e-6) finds which ones stay zero before Newton's method
 * settles the digits. Held and tied parameters come with the map. Null when no cell of the grid is solvable.
 */
export function fitVpnls(data: SurfaceData, map: SurfaceMap, stop: () => boolean = () => false): VpnlsResult | null {
  const search = thin(data, SEARCH_POINTS);
  const held = map.fixed;
  const tied = map.coordinate.alpha >= 0 && map.coordinate.alpha === map.coordinate.beta;
  const axis = (fixed: number | undefined): Float64Array =>
    fixed === undefined ? linspace(VPNLS_RANGE[0], VPNLS_RANGE[1], VPNLS_GRID) : Float64Array.of(fixed);
  const tiedExponent = tiedValue(map, 'alpha', 'beta');
  const alphas = axis(held.alpha ?? tiedExponent);
  const betas = axis(held.beta ?? tiedExponent);
  // The grid only says where to begin: some hundred points show the valley as well as all of them.
  const cell = gridSearch(thin(search, GRID_POINTS), map, alphas, betas, tied);
  if (cell === null) return null;
  const quick = fromCell(search, map, cell, stop);
  if (quick !== null) return search === data ? quick : polish(data, map, quick.surface, stop);
  return bySimplex(data, search, map, cell, stop);
}

/** Newton's method from a cell of the grid; null where a coefficient is zero there, or seems to be going there. */
function fromCell(data: SurfaceData, map: SurfaceMap, cell: Cell, stop: () => boolean): VpnlsResult | null {
  const profile = surfaceProfile(data, map);
  const above = profile.rss(cell.alpha, cell.beta);
  const begin = profile.coefficients();
  if (!Number.isFinite(above) || COEFFICIENTS.some((name) => map.coordinate[name] >= 0 && begin[name] === 0))
    return null;
  const end = polish(data, map, { ...begin, alpha: cell.alpha, beta: cell.beta }, stop);
  const { surface } = end;
  const shift = centring(map, surface.alpha, surface.beta);
  const least = TINY_TERM * typical(data);
  const lost = COEFFICIENTS.some((name) => map.coordinate[name] >= 0 && !(surface[name] * shift[name] > least));
  return end.converged && end.rss <= above * (1 + 1e-12) && !lost ? end : null;
}

function polish(data: SurfaceData, map: SurfaceMap, surface: Surface, stop: () => boolean): VpnlsResult {
  const start = fromSurface(map, surface, typical(data));
  const end = descendSurface(data, map, { scale: 'y', kind: 'squared', delta: 0 }, start, stop);
  return { surface: toSurface(map, end.z), rss: end.value, converged: end.converged };
}

function bySimplex(
  data: SurfaceData,
  search: SurfaceData,
  map: SurfaceMap,
  cell: Cell,
  stop: () => boolean,
): VpnlsResult | null {
  const freeAlpha = map.coordinate.alpha >= 0;
  const freeBeta = map.coordinate.beta >= 0;
  const tied = freeAlpha && map.coordinate.alpha === map.coordinate.beta;
  const exponents = (x: Float64Array): [number, number] =>
    tied ? [x[0]!, x[0]!] : [freeAlpha ? x[0]! : cell.alpha, freeBeta ? x[x.length - 1]! : cell.beta];
  const start = tied ? [cell.alpha] : [...(freeAlpha ? [cell.alpha] : []), ...(freeBeta ? [cell.beta] : [])];
  const profile = surfaceProfile(search, map);
  const found = minimizeNelderMead((x) => profile.rss(...exponents(x)), Float64Array.from(start), {
    pointTolerance: SIMPLEX_TOLERANCE,
    valueTolerance: SIMPLEX_TOLERANCE * cell.rss,
    stop,
  });
  const [alpha, beta] = exponents(found.x);
  const whole = search === data ? profile : surfaceProfile(data, map);
  const rss = whole.rss(alpha, beta);
  if (!Number.isFinite(rss)) return null;
  const surface: Surface = { ...whole.coefficients(), alpha, beta };
  const atZero = COEFFICIENTS.filter((name) => map.coordinate[name] >= 0 && surface[name] === 0);
  const reduced = surfaceMap(
    { fixed: { ...map.fixed, ...Object.fromEntries(atZero.map((name) => [name, 0])) }, ties: map.ties },
    data.meanLnN,
    data.meanLnD,
  );
  if (typeof reduced !== 'string' && reduced.k > 0) {
    const polished = polish(data, reduced, surface, stop);
    if (polished.rss <= rss) return polished;
  }
  return { surface, rss, converged: found.converged };
}

/** What the exponents leave over: the best non-negative coefficients and their residual sum, in reused arrays. */
interface SurfaceProfile {
  /** Σ w (L - L_hat)² at the best coefficients, from explicit residuals; Infinity when singular. */
  rss(alpha: number, beta: number): number;
  /** Natural coefficients of the last call. */
  coefficients(): { E: number; A: number; B: number };
}

/** Prepares the inner problem of a data set under the map's held and tied coefficients. */
export function surfaceProfile(data: SurfaceData, map: SurfaceMap): SurfaceProfile {
  const { n, weight, u, v } = data;
  const { groups, heldValue } = linearGroups(map);
  const k = groups.length;
  const columns = groups.map(() => new Float64Array(n));
  const base = { E: new Float64Array(n).fill(1), A: new Float64Array(n), B: new Float64Array(n) };
  const target = new Float64Array(n);
  const gram = new Float64Array(k * k);
  const right = new Float64Array(k);
  const solved = new Float64Array(k);
  let shift = centring(map, 0, 0);
  return {
    rss(alpha, beta) {
      shift = centring(map, alpha, beta);
      for (let i = 0; i < n; i++) {
        base.A[i] = Math.exp(-alpha * u[i]!);
        base.B[i] = Math.exp(-beta * v[i]!);
        target[i] = data.y[i]!;
      }
      for (const name of COEFFICIENTS) {
        const scaled = (heldValue[name] ?? 0) * shift[name];
        if (scaled === 0) continue;
        const column = base[name];
        for (let i = 0; i < n; i++) target[i]! -= scaled * column[i]!;
      }
      for (let g = 0; g < k; g++) {
        const group = groups[g]!;
        const column = columns[g]!;
        if (group.length === 1) {
          column.set(base[group[0]!]);
          continue;
        }
        column.fill(0);
        for (const name of group) for (let i = 0; i < n; i++) column[i]! += shift[name] * base[name][i]!;
      }
      for (let p = 0; p < k; p++) {
        const cp = columns[p]!;
        let sum = 0;
        for (let i = 0; i < n; i++) sum += weight[i]! * cp[i]! * target[i]!;
        right[p] = sum;
        for (let q = 0; q <= p; q++) {
          const cq = columns[q]!;
          sum = 0;
          for (let i = 0; i < n; i++) sum += weight[i]! * cp[i]! * cq[i]!;
          gram[p * k + q] = sum;
          gram[q * k + p] = sum;
        }
      }
      if (k > 0 && bestSubset(gram, right, k, solved) < 0) return Number.POSITIVE_INFINITY;
      // An error in b enters the residual sum only squared, so the normal equations are exact enough here.
      let rss = 0;
      for (let p = 0; p < k; p++) {
        const cp = columns[p]!;
        const b = solved[p]!;
        for (let i = 0; i < n; i++) target[i]! -= b * cp[i]!;
      }
      for (let i = 0; i < n; i++) rss += weight[i]! * target[i]! * target[i]!;
      return Number.isFinite(rss) ? rss : Number.POSITIVE_INFINITY;
    },
    coefficients() {
      const out = { E: heldValue.E ?? 0, A: heldValue.A ?? 0, B: heldValue.B ?? 0 };
      groups.forEach((group, g) => {
        for (const name of group) out[name] = solved[g]! / (group.length === 1 ? shift[name] : 1);
      });
      return out;
    },
  };
}

/** Every k-th point, at most `limit` of them; the same object when it is small enough. */
export function thin(data: SurfaceData, limit: number): SurfaceData {
  if (data.n <= limit) return data;
  const n = limit;
  const pick = (from: Float64Array): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => from[Math.floor((i * data.n) / n)]!);
  return {
    ...data,
    n,
    u: pick(data.u),
    v: pick(data.v),
    y: pick(data.y),
    lnY: pick(data.lnY),
    weight: pick(data.weight),
  };
}

/** Median loss of (at most 2,000 of) the points. */
export function typical(data: SurfaceData): number {
  const some = thin(data, SEARCH_POINTS);
  const sorted = some.y.slice(0, some.n).sort();
  return sorted[some.n >> 1] ?? 1;
}

/** exp(-exponent · mean ln): what turns a natural coefficient into the one of the centred column. */
function centring(map: SurfaceMap, alpha: number, beta: number): Record<(typeof COEFFICIENTS)[number], number> {
  return { E: 1, A: Math.exp(-alpha * map.meanLnN), B: Math.exp(-beta * map.meanLnD) };
}

function linearGroups(map: SurfaceMap): {
  groups: (typeof COEFFICIENTS)[number][][];
  heldValue: Record<(typeof COEFFICIENTS)[number], number | null>;
} {
  const heldValue = { E: heldNatural(map, 'E'), A: heldNatural(map, 'A'), B: heldNatural(map, 'B') };
  const byCoordinate = new Map<number, (typeof COEFFICIENTS)[number][]>();
  for (const name of COEFFICIENTS) {
    const j = map.coordinate[name];
    if (j < 0) continue;
    byCoordinate.set(j, [...(byCoordinate.get(j) ?? []), name]);
  }
  return { groups: [...byCoordinate.values()], heldValue };
}

/** The value a coefficient is held at, directly or through a tie; null when it is free. */
function heldNatural(map: SurfaceMap, name: SurfaceParameter): number | null {
  if (map.coordinate[name] >= 0) return null;
  if (map.fixed[name] !== undefined) return map.fixed[name];
  for (const other of SURFACE_PARAMETERS) {
    if (map.fixed[other] !== undefined && map.ties.some((t) => t.includes(name) && t.includes(other))) {
      return map.fixed[other];
    }
  }
  return null;
}

function tiedValue(map: SurfaceMap, p: SurfaceParameter, q: SurfaceParameter): number | undefined {
  return map.coordinate[p] < 0 && map.coordinate[q] < 0 ? (map.fixed[p] ?? map.fixed[q]) : undefined;
}

/** Points of the grid search. */
const GRID_POINTS = 120;

/** All cells by normal equations: sums over single columns once per exponent, one cross sum per cell. */
function gridSearch(
  data: SurfaceData,
  map: SurfaceMap,
  alphas: Float64Array,
  betas: Float64Array,
  tied: boolean,
): Cell | null {
  const { n, weight, y } = data;
  const { groups, heldValue } = linearGroups(map);
  const table = (grid: Float64Array, x: Float64Array): Float64Array[] =>
    Array.from(grid, (exponent) => {
      const column = new Float64Array(n);
      for (let i = 0; i < n; i++) column[i] = Math.exp(-exponent * x[i]!);
      return column;
    });
  const columnsA = table(alphas, data.u);
  const columnsB = table(betas, data.v);
  const sums = (column: Float64Array): [number, number, number] => {
    let one = 0;
    let square = 0;
    let cross = 0;
    for (let i = 0; i < n; i++) {
      const wc = weight[i]! * column[i]!;
      one += wc;
      square += wc * column[i]!;
      cross += wc * y[i]!;
    }
    return [one, square, cross];
  };
  const sumsA = columnsA.map(sums);
  const sumsB = columnsB.map(sums);
  let total = 0;
  let totalY = 0;
  let totalYY = 0;
  for (let i = 0; i < n; i++) {
    total += weight[i]!;
    totalY += weight[i]! * y[i]!;
    totalYY += weight[i]! * y[i]! * y[i]!;
  }
  const k = groups.length;
  // Moments of [E, A, B, y] and the rows that combine them into free columns and the remaining target.
  const moments = new Float64Array(16);
  const rows = new Float64Array((k + 1) * 4);
  const gram = new Float64Array(k * k);
  const right = new Float64Array(k);
  const b = new Float64Array(k);
  const weightedB = new Float64Array(n);
  const plain = k === 3;
  let best: Cell | null = null;
  const set = (p: number, q: number, value: number): void => {
    moments[p * 4 + q] = value;
    moments[q * 4 + p] = value;
  };
  set(0, 0, total);
  set(0, 3, totalY);
  set(3, 3, totalYY);
  for (let j = 0; j < betas.length; j++) {
    const cB = columnsB[j]!;
    for (let i = 0; i < n; i++) weightedB[i] = weight[i]! * cB[i]!;
    set(0, 2, sumsB[j]![0]);
    set(2, 2, sumsB[j]![1]);
    set(2, 3, sumsB[j]![2]);
    for (let i = tied ? j : 0; i < (tied ? j + 1 : alphas.length); i++) {
      const cA = columnsA[i]!;
      let cross = 0;
      for (let r = 0; r < n; r++) cross += cA[r]! * weightedB[r]!;
      set(0, 1, sumsA[i]![0]);
      set(1, 1, sumsA[i]![1]);
      set(1, 3, sumsA[i]![2]);
      set(1, 2, cross);
      if (plain) {
        for (let p = 0; p < 3; p++) {
          right[p] = moments[p * 4 + 3]!;
          for (let q = 0; q < 3; q++) gram[p * 3 + q] = moments[p * 4 + q]!;
        }
        const gain = bestSubset(gram, right, 3, b);
        if (gain >= 0 && (best === null || totalYY - gain < best.rss)) {
          best = { alpha: alphas[i]!, beta: betas[j]!, rss: totalYY - gain };
        }
        continue;
      }
      const shift = centring(map, alphas[i]!, betas[j]!);
      rows.fill(0);
      groups.forEach((group, g) => {
        for (const name of group) rows[g * 4 + COEFFICIENTS.indexOf(name)] = group.length === 1 ? 1 : shift[name];
      });
      rows[k * 4 + 3] = 1;
      COEFFICIENTS.forEach((name, c) => {
        rows[k * 4 + c] = -(heldValue[name] ?? 0) * shift[name];
      });
      const yy = quadratic(moments, rows, k, k);
      for (let p = 0; p < k; p++) {
        right[p] = quadratic(moments, rows, p, k);
        for (let q = 0; q <= p; q++) {
          const value = quadratic(moments, rows, p, q);
          gram[p * k + q] = value;
          gram[q * k + p] = value;
        }
      }
      const gain = k > 0 ? bestSubset(gram, right, k, b) : 0;
      if (gain < 0) continue;
      const rss = yy - gain;
      if (best === null || rss < best.rss) best = { alpha: alphas[i]!, beta: betas[j]!, rss };
    }
  }
  return best;
}

function quadratic(moments: Float64Array, rows: Float64Array, p: number, q: number): number {
  let sum = 0;
  for (let s = 0; s < 4; s++) {
    const left = rows[p * 4 + s]!;
    if (left === 0) continue;
    for (let t = 0; t < 4; t++) sum += left * moments[s * 4 + t]! * rows[q * 4 + t]!;
  }
  return sum;
}

function linspace(from: number, to: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}
