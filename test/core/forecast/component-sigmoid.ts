// The published predictor of a task from principal components (Ruan, Maddison, Hashimoto 2024; laws.md §11): its errors are known,
// so it shows that the components are right. Forecasts use the first component in the common fit of all tasks instead.
import { createSolver, type LeastSquaresProblem } from '../../../src/core/stats/levenberg-marquardt.ts';
import { logistic } from '../../../src/core/stats/logistic.ts';
import { SQUARED } from '../../../src/core/stats/robust.ts';

interface ComponentSigmoid {
  /** w0, w1 … wm. */
  readonly weights: Float64Array;
  /** Free floor b in [0, 0.2] of the normalised score. */
  readonly floor: number;
  readonly trainMse: number;
  predict(components: ArrayLike<number>): number;
}

/**
 * y = b + (1 - b) s(w0 + w·PC), by least squares from w = 0.03 and further starts.
 * @param inputs the components (or log10 compute) of each model
 * @param y normalised scores
 */
export function fitComponentSigmoid(inputs: readonly ArrayLike<number>[], y: Float64Array): ComponentSigmoid | null {
  const n = y.length;
  const m = inputs[0]?.length ?? 0;
  const p = m + 2;
  if (n < p || m === 0) return null;
  const far = 200;
  const problem: LeastSquaresProblem = {
    n,
    p,
    target: y,
    weights: null,
    lower: Float64Array.from({ length: p }, (_, j) => (j === m + 1 ? 0 : -far)),
    upper: Float64Array.from({ length: p }, (_, j) => (j === m + 1 ? 0.2 : far)),
    loss: SQUARED,
    priors: [],
    evaluate: (theta, values, jacobian) => {
      const floor = theta[m + 1] as number;
      for (let i = 0; i < n; i++) {
        const row = inputs[i] as ArrayLike<number>;
        let t = theta[0] as number;
        for (let j = 0; j < m; j++) t += (theta[j + 1] as number) * (row[j] as number);
        const s = logistic(t);
        values[i] = floor + (1 - floor) * s;
        if (jacobian === null) continue;
        const slope = (1 - floor) * s * (1 - s);
        jacobian[i] = slope;
        for (let j = 0; j < m; j++) jacobian[(j + 1) * n + i] = slope * (row[j] as number);
        jacobian[(m + 1) * n + i] = 1 - s;
      }
      return true;
    },
  };
  const solver = createSolver(n, p, 0);
  let best: { cost: number; theta: Float64Array } | null = null;
  for (const [w0, w1, floor] of [
    [0.03, 0.03, 0.03],
    [-3, 3, 0.01],
    [-6, 8, 0.001],
    [-1, 1, 0.05],
  ] as const) {
    const start = Float64Array.from({ length: p }, (_, j) =>
      j === 0 ? w0 : j === 1 ? w1 : j === m + 1 ? floor : 0.03,
    );
    const run = solver.solve(problem, start);
    if (best === null || run.cost < best.cost) best = { cost: run.cost, theta: run.theta.slice() };
  }
  if (best === null) return null;
  const theta = best.theta;
  const predict = (components: ArrayLike<number>): number => {
    let t = theta[0] as number;
    for (let j = 0; j < m; j++) t += (theta[j + 1] as number) * (components[j] as number);
    const floor = theta[m + 1] as number;
    return floor + (1 - floor) * logistic(t);
  };
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (predict(inputs[i] as ArrayLike<number>) - (y[i] as number)) ** 2;
  return { weights: theta.slice(0, m + 1), floor: theta[m + 1] as number, trainMse: sum / n, predict };
}
