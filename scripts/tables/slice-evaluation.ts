/**
 * Compares forecasts of accuracy from the models below a cut-off on the public tasks: the published method, its sigmoid
 * baseline, a straight line, the last value, and the slice ensemble, all of whose constants are chosen on the other tasks.
 */
import { breakCandidates, flatThenRise } from '../../src/core/shape/hinge.ts';
import { regressionShape } from '../../src/core/shape/regression.ts';
import {
  assembleForecaster,
  combineVoices,
  type ForecasterConstants,
  type ForecasterInput,
  fitSliceCurves,
  presentLevel,
  type ThresholdForecast,
} from '../../src/core/slice/forecaster.ts';
import { fitPolynomial, polynomialAt } from '../../src/core/slice/polynomial.ts';
import { fitSandwich, fitSigmoidBaseline } from '../../src/core/slice/sandwich.ts';
import { curveAt } from '../../src/core/slice/turn-curve.ts';

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

/** Constants of the forecast itself; the spread of single models is chosen after them. */
export type MeanConstants = Omit<ForecasterConstants, 'gainSpread'>;

/** What is tried: every combination of the first six, then the seventh. */
export const GRID = {
  rate: [0.2, 0.28, 0.4, 0.55, 0.75],
  rateSpread: [0.4, 0.6, 0.9],
  reach: [0.5, 1, 1.5],
  slopeSpread: [0.25, 0.5, 1],
  present: [0.5, 1, 1.5],
  direct: [0.2, 1 / 3, 0.5],
} as const;
export const GAIN_SPREADS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;
/** Decades below the authors' cut-off where models are also cut, to have more to choose by. */
export const STEPS = [0, 0.2, 0.4] as const;
/** Level of the intervals that are judged. */
export const LEVEL = 0.8;

export const BASELINES = ['slice-and-sandwich', 'sigmoid', 'linear', 'last'] as const;
export type Baseline = (typeof BASELINES)[number];

/** A task cut: models below are fitted, the others predicted. */
export interface Cut {
  readonly task: string;
  readonly input: ForecasterInput;
  readonly held: readonly TaskModel[];
  /** Test error (mean square of accuracy); null where the method cannot be fitted on so few models. */
  readonly baselines: Readonly<Record<Baseline, number | null>>;
  readonly best: { readonly name: Baseline; readonly mse: number };
}

function meanSquare(held: readonly TaskModel[], predict: (x: number) => number): number {
  return held.reduce((sum, model) => sum + (predict(model.x) - model.accuracy) ** 2, 0) / held.length;
}

/**
 * Cuts a task `step` decades below the authors' cut-off and scores the baselines.
 * @param until models from here on are not predicted either, log10 of 1e21 FLOP
 */
export function cutTask(data: TaskData, step: number, until = Number.POSITIVE_INFINITY): Cut {
  const cutoff = data.cutoff - step;
  const train = data.models.filter((model) => model.x < cutoff);
  const held = data.models.filter((model) => model.x >= cutoff && model.x < until);
  const take = (value: (model: TaskModel) => number): Float64Array => Float64Array.from(train, value);
  const x = take((model) => model.x);
  const accuracy = take((model) => model.accuracy);
  const tc = take((model) => model.tc);
  const groups = (train[0]?.groups ?? []).map((_, g) => take((model) => model.groups[g] as number));
  const easy = groups[0] as Float64Array;
  const hard = groups[groups.length - 1] as Float64Array;
  const sandwich = fitSandwich({ x, accuracy, tc, easy, hard });
  const line = fitPolynomial(x, accuracy, 1);
  const sigmoid = fitSigmoidBaseline(x, accuracy, data.chance);
  const last = accuracy[accuracy.length - 1] as number;
  const baselines = {
    'slice-and-sandwich': sandwich.ok ? meanSquare(held, sandwich.value.accuracyAt) : null,
    sigmoid: meanSquare(held, sigmoid.accuracyAt),
    linear: line === null ? null : meanSquare(held, (at) => polynomialAt(line, at)),
    last: meanSquare(held, () => last),
  };
  let best: Cut['best'] | null = null;
  for (const name of BASELINES) {
    const mse = baselines[name];
    if (mse !== null && (best === null || mse < best.mse)) best = { name, mse };
  }
  if (best === null) throw new Error(`${data.task}: no baseline could be fitted`);
  return { task: data.task, input: { x, accuracy, tc, groups }, held, baselines, best };
}

/** Every combination of the grid, in its order. */
export function gridPoints(): MeanConstants[] {
  let points: Partial<MeanConstants>[] = [{}];
  for (const [name, values] of Object.entries(GRID)) {
    points = points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })));
  }
  return points as MeanConstants[];
}

/** Test error at every point of {@link gridPoints}, as a multiple of the best baseline's. Some seconds. */
export function gridRatios(cut: Cut): Float64Array {
  const ratios: number[] = [];
  const places = [...new Set(cut.held.map((model) => model.x))];
  const levels = GRID.present.map((present) => presentLevel(cut.input, present));
  for (const rate of GRID.rate) {
    for (const rateSpread of GRID.rateSpread) {
      for (const reach of GRID.reach) {
        for (const slopeSpread of GRID.slopeSpread) {
          const { direct, sliced } = fitSliceCurves(cut.input, { rate, rateSpread, reach, slopeSpread });
          const own = new Map(places.map((x) => [x, curveAt(direct, x)]));
          const through = new Map(
            places.map((x) => [x, sliced.reduce((sum, curve) => sum + curveAt(curve, x), 0) / sliced.length]),
          );
          for (const level of levels) {
            for (const share of GRID.direct) {
              const predict = (x: number): number =>
                combineVoices(level, own.get(x) as number, through.get(x) as number, share);
              ratios.push(meanSquare(cut.held, predict) / cut.best.mse);
            }
          }
        }
      }
    }
  }
  return Float64Array.from(ratios);
}

/** How the errors of several cuts become one number to minimise. */
export type Criterion = 'worst ratio' | 'mean log ratio';

/** Index of the grid point that is best over the given cuts. First on ties. */
export function chooseMean(ratios: readonly Float64Array[], criterion: Criterion = 'worst ratio'): number {
  let chosen = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < (ratios[0]?.length ?? 0); at++) {
    const values = ratios.map((one) => one[at] as number);
    const value =
      criterion === 'worst ratio' ? Math.max(...values) : values.reduce((sum, one) => sum + Math.log(one), 0);
    if (value < least) {
      least = value;
      chosen = at;
    }
  }
  return chosen;
}

/** The forecast of a cut with the constants given. */
export interface Judged {
  readonly mse: number;
  readonly inside: number;
  /** Mean width of the intervals. */
  readonly width: number;
  readonly threshold: ThresholdForecast;
}

export function judge(cut: Cut, constants: ForecasterConstants): Judged {
  const forecaster = assembleForecaster(cut.input, fitSliceCurves(cut.input, constants), constants);
  let inside = 0;
  let width = 0;
  for (const model of cut.held) {
    const { low, high } = forecaster.intervalAt(model.x, LEVEL);
    if (model.accuracy >= low && model.accuracy <= high) inside++;
    width += (high - low) / cut.held.length;
  }
  return { mse: meanSquare(cut.held, forecaster.accuracyAt), inside, width, threshold: forecaster.threshold(LEVEL) };
}

/** Decades below the authors' cut-off that are predicted from the models before them, where nothing rises yet. */
const FLAT_STRETCH = 0.6;

/** The stretch of a task where nothing rises yet; null for a task without a late rise. */
export function flatCut(data: TaskData): Cut | null {
  return fullHinge(data).lateRise ? cutTask(data, FLAT_STRETCH, data.cutoff) : null;
}

/**
 * The smallest spread at which the intervals hold at least the nominal share of the models, for every set of cuts by itself.
 * @param tasks sets of cuts: those of each task, and its flat stretch
 * @returns the largest spread tried where none does
 */
export function chooseSpread(tasks: readonly (readonly Cut[])[], mean: MeanConstants): number {
  const fitted = tasks.map((cuts) => cuts.map((cut) => ({ cut, curves: fitSliceCurves(cut.input, mean) })));
  const enough = (gainSpread: number): boolean =>
    fitted.every((cuts) => {
      let inside = 0;
      let all = 0;
      for (const { cut, curves } of cuts) {
        const forecaster = assembleForecaster(cut.input, curves, { ...mean, gainSpread });
        for (const model of cut.held) {
          const { low, high } = forecaster.intervalAt(model.x, LEVEL);
          if (model.accuracy >= low && model.accuracy <= high) inside++;
          all++;
        }
      }
      return inside >= LEVEL * all;
    });
  return GAIN_SPREADS.find(enough) ?? (GAIN_SPREADS[GAIN_SPREADS.length - 1] as number);
}

/** Hinge break of all models of a task, log10 of 1e21 FLOP, and whether it is a late rise at all. */
export function fullHinge(data: TaskData): { readonly tau: number; readonly lateRise: boolean } {
  const x = Float64Array.from(data.models, (model) => model.x);
  const y = Float64Array.from(data.models, (model) => model.accuracy);
  const rise = flatThenRise(x, y, breakCandidates(x));
  if (rise === null) throw new Error(`${data.task}: no break can be placed`);
  return { tau: rise.tau, lateRise: regressionShape(x, y, { chance: data.chance, best: 1 }).lateRise };
}
