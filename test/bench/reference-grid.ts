/**
 * The plain reference that the benchmark compares against: the published replication's protocol for the Chinchilla surface
 * (Besiroglu et al. 2024, data_analysis.ipynb) written down in TypeScript without any trick. 4,500 starts; from each,
 * limited-memory BFGS with two-point finite differences and scipy's default tolerances; the smallest objective wins.
 */

export interface GridPoints {
  readonly params: readonly number[];
  readonly tokens: readonly number[];
  readonly loss: readonly number[];
}

export interface GridFit {
  /** (a, b, e, alpha, beta). */
  readonly theta: readonly number[];
  readonly value: number;
  readonly starts: number;
  readonly evaluations: number;
}

const DELTA = 1e-3;

/** Σ Huber(ln L - LSE(a - alpha ln N, b - beta ln D, e)). */
export function huberObjective(points: GridPoints, theta: readonly number[]): number {
  const [a = 0, b = 0, e = 0, alpha = 0, beta = 0] = theta;
  let sum = 0;
  for (let i = 0; i < points.loss.length; i++) {
    const terms = [a - alpha * Math.log(points.params[i]!), b - beta * Math.log(points.tokens[i]!), e];
    const most = Math.max(...terms);
    const lse = most + Math.log(terms.reduce((s, t) => s + Math.exp(t - most), 0));
    const r = Math.abs(Math.log(points.loss[i]!) - lse);
    sum += r <= DELTA ? (r * r) / 2 : DELTA * (r - DELTA / 2);
  }
  return sum;
}

/** The grid of the notebook: alpha, beta in {0, .5, 1, 1.5, 2}; e in {-1, …, 1}; a, b in {0, 5, …, 25}. */
export function gridStarts(): number[][] {
  const starts: number[][] = [];
  for (const alpha of [0, 0.5, 1, 1.5, 2]) {
    for (const beta of [0, 0.5, 1, 1.5, 2]) {
      for (const e of [-1, -0.5, 0, 0.5, 1]) {
        for (const a of [0, 5, 10, 15, 20, 25])
          for (const b of [0, 5, 10, 15, 20, 25]) starts.push([a, b, e, alpha, beta]);
      }
    }
  }
  return starts;
}

/** Every `stride`-th start of the grid, from the first on. */
export function fitByGrid(points: GridPoints, stride = 1): GridFit {
  let best: { theta: number[]; value: number } = { theta: [], value: Number.POSITIVE_INFINITY };
  let evaluations = 0;
  let tried = 0;
  const starts = gridStarts();
  for (let i = 0; i < starts.length; i += stride) {
    const end = lbfgs((theta) => {
      evaluations++;
      return huberObjective(points, theta);
    }, starts[i]!);
    tried++;
    if (end.value < best.value) best = end;
  }
  return { ...best, starts: tried, evaluations };
}

const MEMORY = 10;
const F_TOLERANCE = 2.220446049250313e-9;
const G_TOLERANCE = 1e-5;
const STEP = 1.4901161193847656e-8;
const MAX_EVALUATIONS = 15_000;

/** L-BFGS with backtracking line search and forward differences. */
function lbfgs(f: (x: readonly number[]) => number, start: readonly number[]): { theta: number[]; value: number } {
  let x = [...start];
  let fx = f(x);
  let g = forwardDifferences(f, x, fx);
  let count = 1 + x.length;
  const steps: number[][] = [];
  const changes: number[][] = [];
  while (count < MAX_EVALUATIONS) {
    if (Math.max(...g.map(Math.abs)) <= G_TOLERANCE) break;
    const direction = twoLoop(g, steps, changes);
    let slope = dot(direction, g);
    if (!(slope < 0)) {
      direction.forEach((_, i) => {
        direction[i] = -g[i]!;
      });
      slope = dot(direction, g);
    }
    let t = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(g, g))) : 1;
    let next = x;
    let fNext = Number.POSITIVE_INFINITY;
    for (let k = 0; k < 20; k++) {
      next = x.map((value, i) => value + t * direction[i]!);
      fNext = f(next);
      count++;
      if (fNext <= fx + 1e-4 * t * slope) break;
      t /= 2;
    }
    if (!(fNext < fx)) break;
    const gNext = forwardDifferences(f, next, fNext);
    count += x.length;
    const s = next.map((value, i) => value - x[i]!);
    const y = gNext.map((value, i) => value - g[i]!);
    if (dot(s, y) > 1e-16) {
      steps.push(s);
      changes.push(y);
      if (steps.length > MEMORY) {
        steps.shift();
        changes.shift();
      }
    }
    const decrease = fx - fNext;
    const scale = Math.max(Math.abs(fx), Math.abs(fNext), 1);
    x = next;
    fx = fNext;
    g = gNext;
    if (decrease <= F_TOLERANCE * scale) break;
  }
  return { theta: x, value: fx };
}

function forwardDifferences(f: (x: readonly number[]) => number, x: readonly number[], fx: number): number[] {
  return x.map((value, i) => {
    const h = STEP * Math.max(1, Math.abs(value));
    const moved = [...x];
    moved[i] = value + h;
    return (f(moved) - fx) / h;
  });
}

function twoLoop(g: readonly number[], steps: readonly number[][], changes: readonly number[][]): number[] {
  const q = g.map((value) => -value);
  const alphas: number[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    const alpha = dot(steps[k]!, q) / dot(steps[k]!, changes[k]!);
    alphas[k] = alpha;
    changes[k]!.forEach((value, i) => {
      q[i]! -= alpha * value;
    });
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const gamma = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!);
    for (let i = 0; i < q.length; i++) q[i]! *= gamma;
  }
  for (let k = 0; k < steps.length; k++) {
    const beta = dot(changes[k]!, q) / dot(steps[k]!, changes[k]!);
    steps[k]!.forEach((value, i) => {
      q[i]! += (alphas[k]! - beta) * value;
    });
  }
  return q;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
