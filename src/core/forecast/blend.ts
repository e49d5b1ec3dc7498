/**
 * What `auto` believes: for losses the laws stacked by their BIC weights, with a third of the weight on the best plain
 * power law, which corrects the flexible laws' habit of missing on the other side (measured in docs/trust.md). Elsewhere
 * a single law. The spread of the members at a target is part of the interval.
 */
import type { At, FittedLaw, Law } from '../law/law.ts';
import type { Shape } from '../report-model.ts';
import { isTurning } from '../shape/turning.ts';
import type { Point, StudySeries } from '../study/study.ts';
import { SIMPLE_SHARE } from './calibration.ts';
import { runsAway } from './reach.ts';

export interface Member {
  readonly law: string;
  readonly weight: number;
}

export interface Believed {
  /** The law to name: the best single one. */
  readonly chosen: string;
  /** Weights sum to one; the chosen law alone where nothing is blended. */
  readonly members: readonly Member[];
}

const SIMPLE = ['power', 'power-offset', 'shifted-power'];
/** Laws of x alone: only those can be averaged at a bare x. */
const ONE_VARIABLE = new Set([...SIMPLE, 'm4', 'bnsl1', 'bnsl2']);
const NEGLIGIBLE = 1e-3;

/** Fewest points beyond the last break of a broken law: fewer leave the exponent that extrapolates to chance. */
const BEYOND_BREAK = 3;

function breaksAtTheEdge({ fit }: FittedLaw, points: readonly Point[]): boolean {
  const breaks = ['d1', 'd2'].flatMap((name) => fit.parameters[name] ?? []);
  if (breaks.length === 0) return false;
  const last = Math.max(...breaks);
  return points.filter((p) => p.x > last && Number.isFinite(p.y)).length < BEYOND_BREAK;
}

/**
 * @param fitted outcomes by law id
 * @param points that were fitted
 * @returns null when no law is fit to be believed
 */
export function believe(
  series: StudySeries,
  fitted: ReadonlyMap<string, FittedLaw>,
  laws: ReadonlyMap<string, Law>,
  shape: Shape | null,
  points: readonly Point[] = [...series.points],
): Believed | null {
  const turning = isTurning(shape);
  const usable = [...fitted].filter(([id, outcome]) => {
    const law = laws.get(id);
    if (law === undefined || (law.baseline && id !== 'log-linear')) return false;
    if (turning && (law.monotone || (outcome.fit.r2 ?? 0) < 0)) return false;
    if (outcome.fit.bic === null || outcome.fit.n < 3 * outcome.freeParameters) return false;
    return !breaksAtTheEdge(outcome, points) && !runsAway(series, outcome, points);
  });
  const bic = (id: string): number => fitted.get(id)?.fit.bic ?? Number.POSITIVE_INFINITY;
  const best = (ids: readonly string[]): string | null =>
    ids.reduce<string | null>((b, id) => (b === null || bic(id) < bic(b) ? id : b), null);
  const ids = usable.map(([id]) => id);
  if (!series.isLoss) {
    const chosen = turning ? best(ids) : boundedChoice(series, fitted, ids, bic);
    return chosen === null ? null : { chosen, members: [{ law: chosen, weight: 1 }] };
  }
  const laws1 = ids.filter((id) => ONE_VARIABLE.has(id));
  const chosen = best(ids.filter((id) => id !== 'log-linear')) ?? best(ids);
  if (chosen === null) return null;
  if (!ONE_VARIABLE.has(chosen)) return { chosen, members: [{ law: chosen, weight: 1 }] };
  const least = bic(chosen);
  const raw = laws1.map((law) => ({ law, weight: Math.exp(-(bic(law) - least) / 2) }));
  const total = raw.reduce((s, m) => s + m.weight, 0);
  const simple = turning ? null : best(laws1.filter((id) => SIMPLE.includes(id)));
  const members = raw
    .map(({ law, weight }) => ({
      law,
      weight: (simple === null ? 1 : 1 - SIMPLE_SHARE) * (weight / total) + (law === simple ? SIMPLE_SHARE : 0),
    }))
    .filter((m) => m.weight > NEGLIGIBLE);
  const kept = members.reduce((s, m) => s + m.weight, 0);
  return { chosen, members: members.map((m) => ({ law: m.law, weight: m.weight / kept })) };
}

/**
 * A bounded score that gets better with scale keeps its sigmoid, whatever a line fits: lines extrapolate worse on every
 * benchmark set (docs/trust.md). One that gets worse may be a line, and so may one that a sigmoid misses by more than its
 * mean does: scores that hang off chance (wrong on purpose, a plateau beside it) without a floor of their own. Broken laws
 * are for turns alone.
 */
function boundedChoice(
  series: StudySeries,
  fitted: ReadonlyMap<string, FittedLaw>,
  ids: readonly string[],
  bic: (id: string) => number,
): string | null {
  const rest = ids.filter((id) => !id.startsWith('bnsl'));
  if (rest.includes('sigmoid')) {
    const slope = fitted.get('log-linear')?.fit.parameters['slope'] ?? 0;
    const improves = series.better === 'lower' ? slope <= 0 : slope >= 0;
    const missed = (fitted.get('sigmoid')?.fit.r2 ?? 0) < 0;
    const line = rest.includes('log-linear') && bic('log-linear') < bic('sigmoid');
    return line && (!improves || missed) ? 'log-linear' : 'sigmoid';
  }
  return rest.reduce<string | null>((b, id) => (b === null || bic(id) < bic(b) ? id : b), null);
}

/** A fitted law that answers with the weighted geometric (losses) or arithmetic mean of its members. */
export interface Blend extends FittedLaw {
  readonly members: readonly Member[];
  /** Weighted standard deviation of the members' predictions, in ln y for losses and in units of y otherwise. */
  spread(at: At): number;
  /** What each member says. */
  answers(at: At): readonly { readonly law: string; readonly weight: number; readonly y: number }[];
}

/** Whether the answer is that of the whole choice, not of one law. */
export function isBlend(fitted: FittedLaw): fitted is Blend {
  return 'spread' in fitted;
}

/** @param believed members that all are in `fitted` */
export function blend(series: StudySeries, believed: Believed, fitted: ReadonlyMap<string, FittedLaw>): Blend {
  const chosen = fitted.get(believed.chosen) as FittedLaw;
  const parts = believed.members.map((m) => ({ ...m, fitted: fitted.get(m.law) as FittedLaw }));
  const single = parts.length === 1;
  const ahead = series.isLoss ? Math.log : (v: number) => v;
  const back = series.isLoss ? Math.exp : (v: number) => v;
  const answers = (at: At) => parts.map((p) => ({ law: p.law, weight: p.weight, y: p.fitted.predict(at) }));
  const mean = (given: readonly { weight: number; y: number }[]): number => {
    let sum = 0;
    for (const { weight, y } of given) sum += weight * ahead(y);
    return back(sum);
  };
  return {
    fit: chosen.fit,
    freeParameters: chosen.freeParameters,
    members: believed.members,
    predict: single ? (at) => chosen.predict(at) : (at) => mean(answers(at)),
    draws: (at) => {
      const own = chosen.draws(at);
      if (single || own.length === 0) return own;
      // The chosen law's resamples moved to the blend's own answer.
      const shift = ahead(mean(answers(at))) - ahead(chosen.predict(at));
      return own.map((d) => back(ahead(d) + shift));
    },
    deltaError: (at) => chosen.deltaError(at),
    spread: (at) => {
      if (single) return 0;
      const given = answers(at);
      const centre = ahead(mean(given));
      let sum = 0;
      for (const { weight, y } of given) sum += weight * (ahead(y) - centre) ** 2;
      return Math.sqrt(sum);
    },
    answers,
  };
}
