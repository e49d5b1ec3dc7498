/**
 * A forecaster of accuracy from models below a threshold that stays inside the metric's range: accuracy itself, the overall
 * TC Brier and every question group each get a curve with an uncertain turn (turn-curve.ts), one vote each. TC Brier is
 * turned into accuracy by the line from the present level to the perfect score, (1, 0), in place of the slope fitted on
 * flat accuracies that makes the published method leave [0, 1].
 */
import { err, ok, type Result } from '../result.ts';
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

/** Everything that was chosen and not derived; docs/slices.md says how. */
export interface ForecasterConstants {
  /** Prior median of the rate: share of the gap to the top that a decade closes. */
  readonly rate: number;
  /** Prior sd of ln(rate). */
  readonly rateSpread: number;
  /** Prior sd of a TC Brier curve's slope before its turn, in units of its scatter per decade. */
  readonly slopeSpread: number;
  /** Decades beyond the largest fitted model where a turn may still lie. */
  readonly reach: number;
  /** Decades at the end of the fitted range that give the present level. */
  readonly present: number;
  /** Vote of the accuracy's own curve; overall TC Brier and the groups share the rest equally. */
  readonly direct: number;
  /** Sd of ln(gain) among single models: what a model gains beyond a turn differs by a factor. Intervals only. */
  readonly gainSpread: number;
}

/** Chosen over all five public tasks; the tables of docs/slices.md use those chosen without the task judged. */
export const FORECASTER_CONSTANTS: ForecasterConstants = {
  rate: 0.2,
  rateSpread: 0.4,
  slopeSpread: 0.25,
  reach: 0.5,
  present: 1.5,
  direct: 1 / 3,
  gainSpread: 2,
};

export interface ForecasterOptions {
  readonly seed?: number;
  readonly draws?: number;
  readonly constants?: ForecasterConstants;
}

const FEWEST_MODELS = 6;

/** Where the rise begins, as far as the models below can tell. log10 of the scale. */
export interface ThresholdForecast {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Probability that it lies beyond the largest fitted model. */
  readonly beyond: number;
  /** Probability that the score has been rising from the first third of the range on. */
  readonly alreadyRising: number;
  /** Why this must not be sold as a threshold; null when it may. */
  readonly refused: string | null;
}

export interface SliceForecaster {
  /** Posterior mean accuracy, inside [0, 1]. */
  accuracyAt(x: number): number;
  /** The shortest interval that holds a share of the draws for a single model at x, inside [0, 1]. */
  intervalAt(x: number, level: number): { readonly low: number; readonly high: number };
  /** Draws of the score of a single model at x. */
  drawsAt(x: number): Float64Array;
  threshold(level: number): ThresholdForecast;
  readonly curves: readonly { readonly name: string; readonly curve: TurnCurve }[];
  readonly level: Level;
}

/** Mean scores of the largest fitted models. */
export interface Level {
  readonly accuracy: number;
  readonly tc: number;
}

/** The curves behind a forecast. */
export interface SliceCurves {
  readonly direct: TurnCurve;
  /** Overall TC Brier, then the groups. */
  readonly sliced: readonly TurnCurve[];
}

export interface ForecasterRefusal {
  readonly code: 'too-few-models' | 'not-finite' | 'lengths-differ' | 'out-of-range';
  readonly message: string;
}

function clampFraction(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Mean accuracy and TC Brier of the models within `decades` of the largest. */
export function presentLevel({ x, accuracy, tc }: ForecasterInput, decades: number): Level {
  const last = x.reduce((a, b) => Math.max(a, b));
  let n = 0;
  let sumAccuracy = 0;
  let sumTc = 0;
  for (let i = 0; i < x.length; i++) {
    if (!((x[i] as number) > last - decades)) continue;
    n++;
    sumAccuracy += accuracy[i] as number;
    sumTc += tc[i] as number;
  }
  return { accuracy: sumAccuracy / n, tc: sumTc / n };
}

/** TC Brier to accuracy along the line from the present level to the perfect score, (1, 0). */
function throughTc(level: Level, tc: number): number {
  return level.tc < 0 ? level.accuracy + (tc - level.tc) * ((1 - level.accuracy) / -level.tc) : level.accuracy;
}

/**
 * The forecast out of its voices.
 * @param direct the accuracy's own curve
 * @param tc mean of the curves of overall TC Brier and of the groups
 * @param share vote of `direct`
 */
export function combineVoices(level: Level, direct: number, tc: number, share: number): number {
  return clampFraction(share * direct + (1 - share) * throughTc(level, tc));
}

/** Fits the curve of accuracy, and those of overall TC Brier and every group. */
export function fitSliceCurves(
  { x, accuracy, tc, groups }: ForecasterInput,
  { rate, rateSpread, slopeSpread, reach }: Omit<ForecasterConstants, 'present' | 'direct' | 'gainSpread'>,
): SliceCurves {
  const common = { rate, rateSpread, slopeSpread, reach };
  return {
    direct: fitTurnCurve(x, accuracy, { ...common, top: 1, sloped: false }),
    sliced: [tc, ...groups].map((y) => fitTurnCurve(x, y, { ...common, top: 0, sloped: true })),
  };
}

function refusalOf(input: ForecasterInput): ForecasterRefusal | null {
  const { x, accuracy, tc, groups } = input;
  const n = x.length;
  if (n < FEWEST_MODELS || new Set(x).size < 4) {
    return {
      code: 'too-few-models',
      message: `${n} models at ${new Set(x).size} scales: at least ${FEWEST_MODELS} at four scales are needed.`,
    };
  }
  if ([accuracy, tc, ...groups].some((values) => values.length !== n)) {
    return { code: 'lengths-differ', message: 'Scores and groups have different lengths.' };
  }
  if ([x, accuracy, tc, ...groups].some((values) => values.some((value) => !Number.isFinite(value)))) {
    return { code: 'not-finite', message: 'A scale, score or group value is missing.' };
  }
  if (accuracy.some((value) => value < 0 || value > 1) || [tc, ...groups].some((g) => g.some((value) => value > 0))) {
    return {
      code: 'out-of-range',
      message: 'Accuracy must lie in [0, 1] and TC Brier (sign flipped) must not be above 0.',
    };
  }
  return null;
}

/** Fits the forecaster. Deterministic for a seed. */
export function fitSliceForecaster(
  input: ForecasterInput,
  options: ForecasterOptions = {},
): Result<SliceForecaster, ForecasterRefusal> {
  const refusal = refusalOf(input);
  if (refusal !== null) return err(refusal);
  const constants = options.constants ?? FORECASTER_CONSTANTS;
  return ok(assembleForecaster(input, fitSliceCurves(input, constants), constants, options));
}

/** The forecaster over curves that are fitted already. */
export function assembleForecaster(
  input: ForecasterInput,
  { direct, sliced }: SliceCurves,
  constants: ForecasterConstants,
  options: Pick<ForecasterOptions, 'seed' | 'draws'> = {},
): SliceForecaster {
  const level = presentLevel(input, constants.present);
  const accuracyAt = (at: number): number => {
    let sum = 0;
    for (const curve of sliced) sum += curveAt(curve, at);
    return combineVoices(level, curveAt(direct, at), sum / sliced.length, constants.direct);
  };

  const random = createRandom(options.seed ?? 1, 'slice-forecaster');
  const [overall, ...groups] = sliced as [TurnCurve, ...TurnCurve[]];
  // A draw follows one route; the route over the groups needs a state of every group.
  const plans = Array.from({ length: options.draws ?? 400 }, () => {
    const voice = random.uniform() < constants.direct ? 0 : 1 + random.integer(sliced.length);
    const route = voice === 0 ? [direct] : voice === 1 ? [overall] : groups;
    const picks = route.map((curve) => ({ curve, state: curve.states[pick(curve, random.uniform())] as CurveState }));
    return {
      own: voice === 0,
      picks,
      factor: Math.exp(constants.gainSpread * random.normal()),
      noise: random.normal(),
    };
  });
  const drawsAt = (at: number): Float64Array =>
    Float64Array.from(plans, ({ own, picks, factor, noise }) => {
      let sum = 0;
      for (const { curve, state } of picks) sum += stateAt(curve, state, at);
      const value = own ? sum : throughTc(level, sum / picks.length);
      const gain = Math.max(0, value - level.accuracy);
      return clampFraction(value + gain * (factor - 1) + direct.scatter * noise);
    });

  return {
    accuracyAt,
    drawsAt,
    intervalAt: (at, nominal) => {
      const mean = accuracyAt(at);
      const { low, high } = shortest(drawsAt(at).sort(), nominal);
      return { low: Math.min(mean, low), high: Math.max(mean, high) };
    },
    threshold: (nominal) => thresholdOf(input.x, direct, sliced, nominal),
    curves: [
      { name: 'accuracy', curve: direct },
      { name: 'tc', curve: overall },
      ...groups.map((curve, g) => ({ name: `g${g + 1}`, curve })),
    ],
    level,
  };
}

/**
 * The shortest interval that holds a share of sorted draws; the lowest of equal ones. What a rise may bring is skewed: a
 * central interval would leave out the models that have not begun to rise, and hold scores that hardly any reaches.
 */
function shortest(sorted: Float64Array, share: number): { readonly low: number; readonly high: number } {
  const held = Math.min(sorted.length, Math.ceil(share * sorted.length));
  let first = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i + held <= sorted.length; i++) {
    const length = (sorted[i + held - 1] as number) - (sorted[i] as number);
    if (length < least) [least, first] = [length, i];
  }
  return { low: sorted[first] as number, high: sorted[first + held - 1] as number };
}

/** Where the rise begins: turns of accuracy, overall TC Brier and the easy group, whose turn the paper argues marks it. */
function thresholdOf(
  x: Float64Array,
  direct: TurnCurve,
  sliced: readonly TurnCurve[],
  nominal: number,
): ThresholdForecast {
  const last = x.reduce((a, b) => Math.max(a, b));
  const first = x.reduce((a, b) => Math.min(a, b));
  const sources = [direct, ...sliced.slice(0, 2)];
  // All curves share one grid of turns; a turn stands for the box around it.
  const masses = new Map<number, number>();
  for (const curve of sources) {
    for (const { turn, weight } of curve.states) masses.set(turn, (masses.get(turn) ?? 0) + weight / sources.length);
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
  const alreadyRising = share((turn) => turn < first + (last - first) / 3);
  return {
    median: quantile(0.5),
    low: quantile(tail),
    high: quantile(1 - tail),
    beyond: share((turn) => turn > last),
    alreadyRising,
    refused:
      alreadyRising > 0.5
        ? `The score has been rising since the smallest third of the scales (${Math.round(100 * alreadyRising)} %): there is no flat part, so no threshold.`
        : null,
  };
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
