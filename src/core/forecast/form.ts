/**
 * Bare forms for backtests of many bounded scores: fitted on log10 x and scores normalised to (score - chance)/(1 -
 * chance), without the records of a full fit, because a backtest of a study asks for ten thousand of them. The forms are
 * those of Owen 2024 (Table 1), the sigmoid with a slope prior, and the baselines.
 */
import { fitBareSigmoid } from '../law/bare-sigmoid.ts';
import { measuredPrior } from '../law/slope-prior.ts';
import { createSolver, type LeastSquaresProblem } from '../stats/levenberg-marquardt.ts';
import { fitLine } from '../stats/linear.ts';
import { logistic } from '../stats/logistic.ts';
import { SQUARED } from '../stats/robust.ts';

/** Prediction of the normalised score at log10 x. */
export type Predictor = (x: number) => number;

export interface BareForm {
  readonly id: string;
  /** @param x log10 of the scale, ascending @param y normalised scores @returns null where it cannot be fitted */
  fit(x: Float64Array, y: Float64Array): Predictor | null;
}

const PLACE = [10, 100] as const;

/** Mean of the last values in order of x. */
function constant(id: string, last: number): BareForm {
  return {
    id,
    fit: (_x, y) => {
      const from = Math.max(0, y.length - last);
      let sum = 0;
      for (let i = from; i < y.length; i++) sum += y[i] as number;
      const value = sum / (y.length - from);
      return y.length === 0 ? null : () => value;
    },
  };
}

/** The value at the largest x; of several models there, the first in file order. */
const last: BareForm = {
  id: 'last',
  fit: (x, y) => {
    if (x.length === 0) return null;
    let at = x.length - 1;
    while (at > 0 && x[at - 1] === x[at]) at--;
    const value = y[at] as number;
    return () => value;
  },
};

/** Least squares line; all x equal gives the mean. */
const linear: BareForm = {
  id: 'log-linear',
  fit: (x, y) => {
    if (x.length < 2) return null;
    const { intercept, slope } = fitLine(x, y);
    return (at) => intercept + slope * at;
  },
};

function sigmoidForm(id: string, prior: boolean): BareForm {
  return {
    id,
    fit: (x, y) => {
      const fitted = fitBareSigmoid(x, y, prior ? measuredPrior(x, y) : null);
      return fitted === null ? null : (at) => logistic(fitted.k * (at - fitted.x0));
    },
  };
}

/** y0 + s(k (x - x0)): Owen's sigmoid with a free offset. */
const sigmoidOffset: BareForm = {
  id: 'sigmoid-offset',
  fit: (x, y) => {
    const n = x.length;
    if (n < 3) return null;
    const problem: LeastSquaresProblem = {
      n,
      p: 3,
      target: y,
      weights: null,
      lower: Float64Array.of(Math.log(0.01), PLACE[0], -1),
      upper: Float64Array.of(Math.log(92), PLACE[1], 1),
      loss: SQUARED,
      priors: [],
      evaluate: (theta, values, jacobian) => {
        const k = Math.exp(theta[0] as number);
        for (let i = 0; i < n; i++) {
          const distance = (x[i] as number) - (theta[1] as number);
          const s = logistic(k * distance);
          values[i] = (theta[2] as number) + s;
          if (jacobian !== null) {
            const slope = s * (1 - s) * k;
            jacobian[i] = slope * distance;
            jacobian[n + i] = -slope;
            jacobian[2 * n + i] = 1;
          }
        }
        return true;
      },
    };
    const high = x[n - 1] as number;
    const solver = createSolver(n, 3, 0);
    let best: ReturnType<typeof solver.solve> | null = null;
    for (const k of [0.5, 1.5, 4, 12]) {
      for (const place of [x[n >> 1] as number, high + 3]) {
        const run = solver.solve(problem, Float64Array.of(Math.log(k), place, 0));
        if (best === null || run.cost < best.cost) best = { ...run, theta: run.theta.slice() };
      }
    }
    if (best === null) return null;
    const [lnK, x0, y0] = best.theta as unknown as [number, number, number];
    const k = Math.exp(lnK);
    return (at) => y0 + logistic(k * (at - x0));
  },
};

/** clip(k (x - x0), 0, 1) by least squares: the kink is not smooth, so slopes and places are scanned, then refined. */
const clippedLinear: BareForm = {
  id: 'clipped-linear',
  fit: (x, y) => {
    const n = x.length;
    if (n < 2) return null;
    const low = x[0] as number;
    const high = x[n - 1] as number;
    const cost = (k: number, x0: number): number => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const line = k * ((x[i] as number) - x0);
        const miss = (line < 0 ? 0 : line > 1 ? 1 : line) - (y[i] as number);
        sum += miss * miss;
      }
      return sum;
    };
    let bestCost = Number.POSITIVE_INFINITY;
    let bestK = 0.1;
    let bestX = low;
    // Where the kink lies between two points the middle part is a plain line: try every left end of that part.
    const tryOut = (k: number, x0: number): void => {
      if (!(k > 0 && k <= 10 && Number.isFinite(x0))) return;
      const c = cost(k, x0);
      if (c < bestCost) {
        bestCost = c;
        bestK = k;
        bestX = x0;
      }
    };
    for (let from = 0; from < n - 1; from++) {
      const { slope, intercept } = fitLine(x.subarray(from), y.subarray(from));
      if (slope > 0) tryOut(slope, -intercept / slope);
    }
    let stepK = 0.3;
    let stepX = (high - low) / 16 + 0.05;
    for (let round = 0; round < 40; round++) {
      const before = bestCost;
      const k = bestK;
      const x0 = bestX;
      for (const a of [-1, 0, 1]) for (const b of [-1, 0, 1]) tryOut(k * Math.exp(a * stepK), x0 + b * stepX);
      if (bestCost >= before) {
        stepK /= 2;
        stepX /= 2;
      }
    }
    const k = bestK;
    const x0 = bestX;
    return (at) => Math.min(1, Math.max(0, k * (at - x0)));
  },
};

export const sigmoidBare = sigmoidForm('sigmoid', true);
export const sigmoidPlain = sigmoidForm('sigmoid-plain', false);
export const lastBare = last;
export const lastThreeBare = constant('mean-3', 3);
export const meanBare = constant('mean', Number.POSITIVE_INFINITY);
export const linearBare = linear;

/** The forms every benchmark backtest reports. */
export const BARE_FORMS: readonly BareForm[] = [
  sigmoidBare,
  sigmoidPlain,
  lastBare,
  lastThreeBare,
  meanBare,
  linearBare,
];
/** Owen's other two forms, which extrapolate worse. */
export const FURTHER_FORMS: readonly BareForm[] = [sigmoidOffset, clippedLinear];
