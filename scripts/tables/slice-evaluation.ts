/**
 * Compares forecasts of accuracy from the models below a cut-off on the public tasks: the published method, its sigmoid
 * baseline, a straight line, the last value, and the slice ensemble whose one tuned number is chosen on the other tasks.
 */
import { breakCandidates, flatThenRise } from '../../src/core/shape/hinge.ts';
import { regressionShape } from '../../src/core/shape/regression.ts';
import { fitSliceForecaster } from '../../src/core/slice/forecaster.ts';
import { fitPolynomial, polynomialAt } from '../../src/core/slice/polynomial.ts';
import { fitSandwich, fitSigmoidBaseline } from '../../src/core/slice/sandwich.ts';

/** One model of a task; x is log10 of 1e21 FLOP. */
export interface TaskModel {
  readonly x: number;
  readonly accuracy: number;
  readonly tc: number;
  readonly groups: readonly number[];
}

export interface TaskData {
  readonly task: string;
  /** The authors' cut-off, log10 of 1e21 FLOP. */
  readonly cutoff: number;
  readonly chance: number;
  /** In order of x, ties in file order. */
  readonly models: readonly TaskModel[];
}

/** Prior rates tried by the leave-one-task-out choice. */
export const RATES = [0.2, 0.28, 0.4, 0.55, 0.75] as const;

export const BASELINES = ['slice-and-sandwich', 'sigmoid', 'linear', 'last'] as const;
export type Baseline = (typeof BASELINES)[number];

export interface EnsembleScore {
  readonly mse: number;
  /** Test models inside the 80 % interval. */
  readonly inside: number;
  /** 80 % interval of the threshold, log10 of 1e21 FLOP. */
  readonly low: number;
  readonly high: number;
  readonly beyond: number;
  readonly alreadyRising: number;
}

export interface TaskScores {
  readonly task: string;
  readonly trained: number;
  readonly tested: number;
  /** null where the method cannot be fitted on so few models. */
  readonly baselines: Readonly<Record<Baseline, number | null>>;
  readonly ensemble: ReadonlyMap<number, EnsembleScore>;
}

function meanSquare(held: readonly TaskModel[], predict: (x: number) => number): number {
  return held.reduce((sum, model) => sum + (predict(model.x) - model.accuracy) ** 2, 0) / held.length;
}

/** Scores of all methods on one task from the models below a cut-off. */
export function scoreTask(data: TaskData, cutoff: number, rates: readonly number[] = RATES): TaskScores {
  const train = data.models.filter((model) => model.x < cutoff);
  const held = data.models.filter((model) => model.x >= cutoff);
  const take = (value: (model: TaskModel) => number): Float64Array => Float64Array.from(train, value);
  const x = take((model) => model.x);
  const accuracy = take((model) => model.accuracy);
  const tc = take((model) => model.tc);
  const groups = (train[0]?.groups ?? []).map((_, g) => take((model) => model.groups[g] as number));
  const sandwich = fitSandwich({
    x,
    accuracy,
    tc,
    easy: groups[0] as Float64Array,
    hard: groups[groups.length - 1] as Float64Array,
  });
  const line = fitPolynomial(x, accuracy, 1);
  const sigmoid = fitSigmoidBaseline(x, accuracy, data.chance);
  const last = accuracy[accuracy.length - 1] as number;
  const ensemble = new Map<number, EnsembleScore>();
  for (const rate of rates) {
    const outcome = fitSliceForecaster({ x, accuracy, tc, groups }, { rate });
    if (!outcome.ok) throw new Error(`${data.task}: ${outcome.error.message}`);
    const forecaster = outcome.value;
    const threshold = forecaster.threshold(0.8);
    const inside = held.filter((model) => {
      const { low, high } = forecaster.intervalAt(model.x, 0.8);
      return model.accuracy >= low && model.accuracy <= high;
    }).length;
    const { low, high, beyond, alreadyRising } = threshold;
    ensemble.set(rate, { mse: meanSquare(held, forecaster.accuracyAt), inside, low, high, beyond, alreadyRising });
  }
  return {
    task: data.task,
    trained: train.length,
    tested: held.length,
    baselines: {
      'slice-and-sandwich': sandwich.ok ? meanSquare(held, sandwich.value.accuracyAt) : null,
      sigmoid: meanSquare(held, sigmoid.accuracyAt),
      linear: line === null ? null : meanSquare(held, (at) => polynomialAt(line, at)),
      last: meanSquare(held, () => last),
    },
    ensemble,
  };
}

/** The best baseline of a task. */
export function bestBaseline(scores: TaskScores): { readonly name: Baseline; readonly mse: number } {
  let best: { name: Baseline; mse: number } | null = null;
  for (const name of BASELINES) {
    const mse = scores.baselines[name];
    if (mse !== null && (best === null || mse < best.mse)) best = { name, mse };
  }
  if (best === null) throw new Error(`${scores.task}: no baseline could be fitted`);
  return best;
}

/** The rate whose worst ratio to the best baseline is smallest over the given tasks. */
export function chooseRate(tasks: readonly TaskScores[]): number {
  let chosen: number = RATES[0];
  let least = Number.POSITIVE_INFINITY;
  for (const rate of RATES) {
    const worst = Math.max(
      ...tasks.map((task) => (task.ensemble.get(rate) as EnsembleScore).mse / bestBaseline(task).mse),
    );
    if (worst < least) {
      least = worst;
      chosen = rate;
    }
  }
  return chosen;
}

/** Hinge break of all models of a task, log10 of 1e21 FLOP, and whether it is a late rise at all. */
export function fullHinge(data: TaskData): { readonly tau: number; readonly lateRise: boolean } {
  const x = Float64Array.from(data.models, (model) => model.x);
  const y = Float64Array.from(data.models, (model) => model.accuracy);
  const rise = flatThenRise(x, y, breakCandidates(x));
  if (rise === null) throw new Error(`${data.task}: no break can be placed`);
  return { tau: rise.tau, lateRise: regressionShape(x, y, { chance: data.chance, best: 1 }).lateRise };
}
