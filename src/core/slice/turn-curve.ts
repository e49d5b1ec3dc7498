/**
 * One curve of the slice forecaster: level (or sloped) up to a turn, then rising towards the best attainable score at a
 * shrunk rate. The turn may lie beyond the models seen. Turn, rate and the shape of the approach are averaged over a grid
 * by their evidence, so that a curve whose turn is not in the data gives a wide forecast and not a confident one.
 */
import { median } from '../stats/quantile.ts';

/** One grid point of the posterior that carries weight. Values in the curve's own units, places in log10 of the scale. */
export interface CurveState {
  readonly weight: number;
  readonly turn: number;
  readonly rate: number;
  /** How the gap to the top closes: index into {@link gapLeft}. */
  readonly approach: number;
  readonly drop: number;
  readonly before: number;
}

/** Posterior of a curve. */
export interface TurnCurve {
  readonly top: number;
  readonly states: readonly CurveState[];
  /** Distance between neighbouring turns of the grid. */
  readonly step: number;
  /** Residual scatter of the models around the mean curve (robust). */
  readonly scatter: number;
}

export interface TurnCurveOptions {
  /** Best attainable score. */
  readonly top: number;
  /** Prior median of the rate: share of the gap closed per decade at the turn. */
  readonly rate: number;
  /** Prior sd of ln(rate). */
  readonly rateSpread: number;
  /** Decades beyond the largest model where the turn may still lie. */
  readonly reach: number;
  /** Whether the curve may slope before its turn (question groups do, accuracy does not). */
  readonly sloped: boolean;
  /** Prior sd of the slope before the turn, in units of the scatter per decade. */
  readonly slopeSpread: number;
}

const TURNS = 61;
const RATES = 17;
const RATE_SPAN = 3;
/** Approaches: linear, square and exponential closing of the gap. */
const APPROACHES = 3;
/** Degrees of freedom of the t likelihood: a badly trained model must not bend the curve. */
const TAIL = 4;
const REWEIGHTINGS = 4;
const NEGLIGIBLE = 1e-6;

/** Share of the gap that is left after `u` = rate × decades past the turn: 1 - u, (1 - u/2)² or e^-u; never negative. */
function gapLeft(u: number, approach: number): number {
  if (u <= 0) return 1;
  if (approach === 0) return Math.max(0, 1 - u);
  if (approach === 1) return Math.max(0, 1 - u / 2) ** 2;
  return Math.exp(-u);
}

/** Score of a state at log10 scale x. */
export function stateAt(curve: Pick<TurnCurve, 'top'>, state: CurveState, x: number): number {
  const past = x - state.turn;
  return curve.top - state.drop * gapLeft(state.rate * past, state.approach) + state.before * Math.min(past, 0);
}

/** Posterior mean of the curve at log10 scale x. */
export function curveAt(curve: TurnCurve, x: number): number {
  let mean = 0;
  for (const state of curve.states) mean += state.weight * stateAt(curve, state, x);
  return mean;
}

/** Posterior over the grid given observation weights. */
function posterior(x: Float64Array, y: Float64Array, w: Float64Array, options: TurnCurveOptions): CurveState[] {
  const n = x.length;
  const precision = options.slopeSpread ** -2;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of x) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const count = TURNS * RATES * APPROACHES;
  const logs = new Float64Array(count);
  const drops = new Float64Array(count);
  const slopes = new Float64Array(count);
  let best = Number.NEGATIVE_INFINITY;
  let cell = 0;
  for (let t = 0; t < TURNS; t++) {
    const turn = low + ((high + options.reach - low) * t) / (TURNS - 1);
    for (let r = 0; r < RATES; r++) {
      const z = -RATE_SPAN + (2 * RATE_SPAN * r) / (RATES - 1);
      const rate = options.rate * Math.exp(options.rateSpread * z);
      for (let approach = 0; approach < APPROACHES; approach++, cell++) {
        let see = 1e-12;
        let ses = 0;
        let sss = precision;
        let sey = 0;
        let ssy = 0;
        let syy = 0;
        for (let i = 0; i < n; i++) {
          const past = (x[i] as number) - turn;
          const wi = w[i] as number;
          const missing = options.top - (y[i] as number);
          const e = gapLeft(rate * past, approach);
          see += wi * e * e;
          sey += wi * e * missing;
          syy += wi * missing * missing;
          if (options.sloped && past < 0) {
            ses -= wi * e * past;
            sss += wi * past * past;
            ssy -= wi * past * missing;
          }
        }
        // missing = drop * e + before * (-min(past, 0)), least squares with a ridge on `before`.
        let drop: number;
        let before = 0;
        let logDet: number;
        if (options.sloped) {
          const det = see * sss - ses * ses;
          drop = (sey * sss - ssy * ses) / det;
          before = (ssy * see - sey * ses) / det;
          logDet = Math.log(det / precision);
        } else {
          drop = sey / see;
          logDet = Math.log(see);
        }
        const sse = Math.max(syy - drop * sey - before * ssy, 1e-14 * Math.max(syy, Number.MIN_VALUE * 1e30));
        drops[cell] = drop;
        slopes[cell] = before;
        const log = (-(n - 1) / 2) * Math.log(sse) - 0.5 * logDet - 0.5 * z * z;
        logs[cell] = log;
        best = Math.max(best, log);
      }
    }
  }
  let total = 0;
  for (let c = 0; c < count; c++) {
    logs[c] = Math.exp((logs[c] as number) - best);
    total += logs[c] as number;
  }
  const states: CurveState[] = [];
  let kept = 0;
  for (let c = 0; c < count; c++) {
    const weight = (logs[c] as number) / total;
    if (weight < NEGLIGIBLE) continue;
    kept += weight;
    const approach = c % APPROACHES;
    const r = Math.floor(c / APPROACHES) % RATES;
    const t = Math.floor(c / (APPROACHES * RATES));
    const z = -RATE_SPAN + (2 * RATE_SPAN * r) / (RATES - 1);
    states.push({
      weight,
      turn: low + ((high + options.reach - low) * t) / (TURNS - 1),
      rate: options.rate * Math.exp(options.rateSpread * z),
      approach,
      drop: drops[c] as number,
      // The design column is -min(past, 0) in the missing score, so this is the slope of the score itself.
      before: slopes[c] as number,
    });
  }
  return states.map((state) => ({ ...state, weight: state.weight / kept }));
}

/**
 * Fits one curve: grid posterior with a t likelihood by reweighting (the weights come from the residuals around the
 * posterior mean, four rounds). Base level and slope before the turn are integrated out, the scatter by Jeffreys' prior.
 *
 * @param x log10 of the scale; at least four models
 * @param y scores, higher is better, below `options.top`
 */
export function fitTurnCurve(x: Float64Array, y: Float64Array, options: TurnCurveOptions): TurnCurve {
  const n = x.length;
  const w = new Float64Array(n).fill(1);
  const places = Float64Array.from(x).sort();
  const step = ((places[n - 1] as number) + options.reach - (places[0] as number)) / (TURNS - 1);
  let curve: TurnCurve = { top: options.top, states: [], step, scatter: 0 };
  for (let round = 0; round < REWEIGHTINGS; round++) {
    const states = posterior(x, y, w, options);
    curve = { top: options.top, states, step, scatter: 0 };
    const residuals = Float64Array.from(y, (value, i) => value - curveAt(curve, x[i] as number));
    const scatter = 1.4826 * median(residuals.map(Math.abs));
    curve = { ...curve, scatter };
    if (scatter === 0) break;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      w[i] = (TAIL + 1) / (TAIL + ((residuals[i] as number) / scatter) ** 2);
      sum += w[i] as number;
    }
    for (let i = 0; i < n; i++) w[i] = ((w[i] as number) * n) / sum;
  }
  return curve;
}
