/**
 * A forecaster of accuracy from models below a threshold that stays inside the metric's range: accuracy itself, the overall
 * TC Brier and every question group each get a curve with an uncertain turn (turn-curve.ts), one vote each. TC Brier is
 * turned into accuracy by the line from the present level to the perfect score, (1, 0), in place of the slope fitted on
 * flat accuracies that makes the published method leave [0, 1].
 */
import { err, ok, type Result } from '../result.ts';
import { quantileSorted } from '../stats/quantile.ts';
import { createRandom } from '../stats/random.ts';
import { type CurveState, curveAt, fitTurnCurve, stateAt, type TurnCurve } from './turn-curve.ts';

/** Models below the threshold; arrays are parallel. TC Brier with its sign flipped: 0 perfect, -1 worst. */
export interface ForecasterInput {
  /** log10 of the scale. */
  readonly x: Float64Array;
  /** Fractions. */
  readonly accuracy: Float64Array;
  readonly tc: Float64Array;
  /** Question groups, easiest first. */
  readonly groups: readonly Float64Array[];
}

export interface ForecasterOptions {
  readonly seed?: number;
  /** Prior median of the rate: share of the gap to the top that a decade closes. Chosen by leave-one-task-out. */
  readonly rate?: number;
  readonly draws?: number;
}

/** Settings fixed by design, not tuned. */
export const FORECASTER_DESIGN = {
  /** Prior sd of ln(rate): a factor of about two either way. */
  rateSpread: 0.6,
  /** Decades beyond the largest fitted model where a turn may still lie. */
  reach: 1,
  /** Scatter between models beyond a turn, as a share of what the scale has gained there. */
  scatterShare: 0.5,
  /** Decades at the end of the fitted range that give the present level. */
  present: 1,
} as const;

/** Chosen over all five public tasks (docs/slices.md has the leave-one-task-out choice of each). */
export const DEFAULT_RATE = 0.4;

const FEWEST_MODELS = 6;

/** Where the rise begins, as far as the models below can tell. log10 of the scale. */
export interface ThresholdForecast {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Probability that it lies beyond the largest fitted model. */
  readonly beyond: number;
  /** Probability that the score has been rising from the first third of the range on: no threshold to forecast. */
  readonly alreadyRising: number;
}

export interface SliceForecaster {
  /** Posterior mean accuracy, inside [0, 1]. */
  accuracyAt(x: number): number;
  /** Central interval for the score of a single model at x, inside [0, 1]. */
  intervalAt(x: number, level: number): { readonly low: number; readonly high: number };
  /** Draws of the score of a single model at x. */
  drawsAt(x: number): Float64Array;
  threshold(level: number): ThresholdForecast;
  readonly curves: readonly { readonly name: string; readonly curve: TurnCurve }[];
  readonly level: { readonly accuracy: number; readonly tc: number };
}

export interface ForecasterRefusal {
  readonly code: 'too-few-models' | 'not-finite' | 'lengths-differ' | 'out-of-range';
  readonly message: string;
}

function clampFraction(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Fits the forecaster. Deterministic for a seed. */
export function fitSliceForecaster(
  input: ForecasterInput,
  options: ForecasterOptions = {},
): Result<SliceForecaster, ForecasterRefusal> {
  const { x, accuracy, tc, groups } = input;
  const n = x.length;
  if (n < FEWEST_MODELS || new Set(x).size < 4) {
    return err({
      code: 'too-few-models',
      message: `${n} models at ${new Set(x).size} scales: at least ${FEWEST_MODELS} at four scales are needed.`,
    });
  }
  for (const values of [accuracy, tc, ...groups]) {
    if (values.length !== n)
      return err({ code: 'lengths-differ', message: 'Scores and groups have different lengths.' });
  }
  for (const values of [x, accuracy, tc, ...groups]) {
    if (values.some((value) => !Number.isFinite(value))) {
      return err({ code: 'not-finite', message: 'A scale, score or group value is missing.' });
    }
  }
  if (accuracy.some((value) => value < 0 || value > 1) || [tc, ...groups].some((g) => g.some((value) => value > 0))) {
    return err({
      code: 'out-of-range',
      message: 'Accuracy must lie in [0, 1] and TC Brier (sign flipped) must not be above 0.',
    });
  }
  const rate = options.rate ?? DEFAULT_RATE;
  const { rateSpread, reach, scatterShare, present } = FORECASTER_DESIGN;
  const fit = (y: Float64Array, top: number, sloped: boolean): TurnCurve =>
    fitTurnCurve(x, y, { top, rate, rateSpread, reach, sloped });
  const direct = fit(accuracy, 1, false);
  const overall = fit(tc, 0, true);
  const slices = groups.map((group) => fit(group, 0, true));

  const last = x.reduce((a, b) => Math.max(a, b));
  const first = x.reduce((a, b) => Math.min(a, b));
  const near = Array.from(x, (value, i) => (value > last - present ? i : -1)).filter((i) => i >= 0);
  const average = (values: Float64Array): number =>
    near.reduce((sum, i) => sum + (values[i] as number), 0) / near.length;
  const level = { accuracy: average(accuracy), tc: average(tc) };
  const perTc = level.tc < 0 ? (1 - level.accuracy) / -level.tc : 0;
  const toAccuracy = (value: number): number => level.accuracy + (value - level.tc) * perTc;

  const voices = 2 + slices.length;
  const accuracyAt = (at: number): number => {
    let sliced = 0;
    for (const curve of slices) sliced += curveAt(curve, at);
    const routes = curveAt(direct, at) + toAccuracy(curveAt(overall, at));
    const viaSlices = slices.length > 0 ? slices.length * toAccuracy(sliced / slices.length) : 0;
    return clampFraction((routes + viaSlices) / voices);
  };

  const count = options.draws ?? 400;
  const random = createRandom(options.seed ?? 1, 'slice-forecaster');
  // A draw follows one route; the route over the groups needs a state of every group.
  const plans = Array.from({ length: count }, () => {
    const voice = random.integer(voices);
    const picks = voice === 0 ? [pick(direct, random.uniform())] : voice === 1 ? [pick(overall, random.uniform())] : [];
    if (voice > 1) for (const curve of slices) picks.push(pick(curve, random.uniform()));
    return { voice, picks, noise: random.normal() };
  });
  const drawsAt = (at: number): Float64Array =>
    Float64Array.from(plans, ({ voice, picks, noise }) => {
      let value: number;
      if (voice === 0) value = stateAt(direct, direct.states[picks[0] as number] as CurveState, at);
      else if (voice === 1) value = toAccuracy(stateAt(overall, overall.states[picks[0] as number] as CurveState, at));
      else {
        let sum = 0;
        for (const [g, curve] of slices.entries())
          sum += stateAt(curve, curve.states[picks[g] as number] as CurveState, at);
        value = toAccuracy(sum / slices.length);
      }
      const sd = Math.hypot(direct.scatter, scatterShare * Math.max(0, value - level.accuracy));
      return clampFraction(value + sd * noise);
    });

  return ok({
    accuracyAt,
    drawsAt,
    intervalAt: (at, nominal) => {
      const sorted = drawsAt(at).sort();
      const mean = accuracyAt(at);
      const tail = (1 - nominal) / 2;
      return {
        low: Math.min(mean, quantileSorted(sorted, tail)),
        high: Math.max(mean, quantileSorted(sorted, 1 - tail)),
      };
    },
    threshold: (nominal) => {
      // Accuracy, overall TC Brier and the easy group, whose turn the paper argues marks the threshold.
      const sources = [direct, overall, ...slices.slice(0, 1)];
      // All curves share one grid of turns; a turn stands for the box around it.
      const masses = new Map<number, number>();
      for (const curve of sources) {
        for (const { turn, weight } of curve.states)
          masses.set(turn, (masses.get(turn) ?? 0) + weight / sources.length);
      }
      const boxes = [...masses].sort((a, b) => a[0] - b[0]);
      const quantile = (p: number): number => {
        let sum = 0;
        for (const [turn, weight] of boxes) {
          if (sum + weight >= p) return turn + direct.step * ((p - sum) / weight - 0.5);
          sum += weight;
        }
        return boxes[boxes.length - 1]?.[0] ?? last;
      };
      const share = (test: (turn: number) => boolean): number =>
        direct.states.reduce((sum, state) => sum + (test(state.turn) ? state.weight : 0), 0);
      const tail = (1 - nominal) / 2;
      return {
        median: quantile(0.5),
        low: quantile(tail),
        high: quantile(1 - tail),
        beyond: share((turn) => turn > last),
        alreadyRising: share((turn) => turn < first + (last - first) / 3),
      };
    },
    curves: [
      { name: 'accuracy', curve: direct },
      { name: 'tc', curve: overall },
      ...slices.map((curve, g) => ({ name: `g${g + 1}`, curve })),
    ],
    level,
  });
}

/** Index of the state at cumulative weight u. */
function pick(curve: TurnCurve, u: number): number {
  let sum = 0;
  for (const [i, state] of curve.states.entries()) {
    sum += state.weight;
    if (sum >= u) return i;
  }
  return curve.states.length - 1;
}
