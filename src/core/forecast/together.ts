/**
 * Forecasts that use what a study knows beyond one series: where several tasks were taken by the same models, all of them
 * are fitted together (hierarchy.ts) and the series' own law is kept only where it was the better one on held-out models
 * of the same study. Interval and verdict come from the same machinery as everywhere, fed with the misses of this method.
 */

import type { At, FittedLaw } from '../law/law.ts';
import { placeAt } from '../place-at.ts';
import type { Fit, Forecast, SeriesReport } from '../report-model.ts';
import type { Point, StudySeries } from '../study/study.ts';
import { type Backtest, evenly, type Miss, summarise } from './backtest.ts';
import { degenerateWhy, normalisedTask, taskGroups } from './benchmark.ts';
import { forecastAt } from './forecast.ts';
import { lastBare, lastThreeBare, sigmoidBare } from './form.ts';
import { fitHierarchy, type Hierarchy, type ModelScores, modelScores, type Place, ratioOf } from './hierarchy.ts';
import { enough, fitObserved, OBSERVED_ID, type Observed } from './observed.ts';
import { scoreEnds } from './score-ends.ts';

export const HIERARCHY_ID = 'hierarchy';

/** How a group of tasks was forecast, beside each of its series. */
export interface Together {
  readonly method: typeof HIERARCHY_ID | typeof OBSERVED_ID | 'own';
  /** One sentence to quote. */
  readonly why: string;
  readonly tasks: number;
  readonly models: number;
  readonly families: number;
  /** Mean absolute error within one order of magnitude on held-out models, in points of the way from chance to the ceiling. */
  readonly heldOut: {
    readonly count: number;
    readonly hierarchy: number;
    /** From other benchmarks of the same models; null where those of the models asked about are not known. */
    readonly observed: number | null;
    readonly own: number;
    readonly meanOfThree: number;
  };
  /** Common slope per decade on the logit scale. */
  readonly slope: number;
  /** The family whose offset was used for bare scales; null for a family that was not seen. */
  readonly family: string | null;
}

export interface TogetherOptions {
  readonly level: number;
  readonly fitBelow?: number;
  readonly at: readonly number[] | 'held-out';
  /** The family of the models to be forecast at bare scales. */
  readonly family?: string;
}

/** Fewest models, tasks and families for which other tasks and families can say anything. */
const FEWEST_MODELS = 10;
const FEWEST_TASKS = 2;
const CUTS = 12;
const LARGEST_SHARE = 0.7;

/**
 * @param series all series of the study
 * @param reports of the series to forecast: those with a sigmoid are in question, others keep what they have
 * @returns by series id: the forecasts to show, and how they came about
 */
export function forecastTogether(
  series: readonly StudySeries[],
  reports: readonly SeriesReport[],
  options: TogetherOptions,
): Map<string, { readonly forecast: readonly Forecast[]; readonly together: Together }> {
  const wanted = new Map(reports.map((r) => [r.id, r]));
  const answers = new Map<string, { readonly forecast: readonly Forecast[]; readonly together: Together }>();
  const below = (p: Point): boolean =>
    p.x > 0 && Number.isFinite(p.y) && (options.fitBelow === undefined || p.x < options.fitBelow);
  for (const group of taskGroups(series)) {
    const members = group.filter((one) => {
      const chosen = wanted.get(one.id)?.chosen;
      // A task that falls or turns has no sigmoid to share a slope with.
      return (chosen === undefined || chosen === 'sigmoid') && carriesSomething(one, below);
    });
    if (members.length < FEWEST_TASKS || !members.some((one) => wanted.has(one.id))) continue;
    const known = members.map((one) => ({ ...one, points: one.points.filter(below) }));
    const models = modelScores(known);
    if (models.length < FEWEST_MODELS) continue;
    const whole = fitHierarchy(models, members.length);
    if (whole === null) continue;
    const others = otherBenchmarks(series, group);
    const targets = new Set(members.flatMap((one) => targetsOf(one, options)));
    // Other benchmarks help where every model to be forecast has taken them.
    const seen = targets.size > 0 && [...targets].every((model) => enough(others.get(model)));
    const observed = seen ? fitObserved(models, members.length, others) : null;
    const tests = backtests(models, known, whole, observed === null ? null : others);
    // Nothing was held out: nothing says that the tasks are better fitted together.
    if (tests.every((t) => t.misses.length === 0)) continue;
    const together = verdict(models, tests, whole, options.family ?? null, observed !== null);
    members.forEach((one, t) => {
      const report = wanted.get(one.id);
      const own = report?.fits.find((f) => f.law === 'sigmoid');
      if (report === undefined || own === undefined) return;
      if (together.method === 'own') {
        answers.set(one.id, { forecast: report.forecast, together });
        return;
      }
      const predict = (at: At): number => {
        const place = placeOf(at);
        const scores = others.get(at.model ?? '');
        return together.method === OBSERVED_ID
          ? (observed?.predict(t, place, scores) ?? Number.NaN)
          : whole.predict(t, place);
      };
      const fitted = asLaw(one, known[t] as StudySeries, own, together.method, predict);
      const points = [...(known[t] as StudySeries).points];
      const last = points.at(-1)?.x ?? Number.NaN;
      const forecast = placesOf(one, points, options).map((at) =>
        forecastAt(one, fitted, tests[t] as Backtest, at, last, options.level),
      );
      answers.set(one.id, { forecast, together });
    });
  }
  return answers;
}

function carriesSomething(one: StudySeries, below: (p: Point) => boolean): boolean {
  const task = normalisedTask({ ...one, points: one.points.filter(below) });
  return task !== null && task.x.length >= FEWEST_MODELS && degenerateWhy(task) === null;
}

function placesOf(one: StudySeries, points: readonly Point[], options: TogetherOptions): At[] {
  if (options.at !== 'held-out') {
    const family = options.family;
    return options.at.map((x) => ({ ...placeAt(one, points, x), ...(family === undefined ? {} : { family }) }));
  }
  return one.points
    .filter((p) => Number.isFinite(p.y) && p.x >= (options.fitBelow ?? Number.POSITIVE_INFINITY))
    .sort((a, b) => a.table - b.table || a.row - b.row);
}

/** Models whose scores are to be forecast by name; none for bare scales. */
function targetsOf(one: StudySeries, options: TogetherOptions): string[] {
  return options.at === 'held-out' ? placesOf(one, [], options).map((at) => at.model ?? '') : [];
}

/** Normalised scores of every model on all series outside a group. */
function otherBenchmarks(series: readonly StudySeries[], group: readonly StudySeries[]): Map<string, Float64Array> {
  const outside = series.filter((one) => !group.includes(one) && !one.aggregate && scoreEnds(one) !== null);
  return new Map(modelScores(outside).map((m) => [m.model, m.y]));
}

function placeOf(at: At): Place {
  return { x: Math.log10(at.x), family: at.family ?? null, trait: ratioOf(at.params, at.tokens) };
}

/** Misses of the method, of each task's own sigmoid and of the baselines on the same held-out models, task by task. */
function backtests(
  models: readonly ModelScores[],
  members: readonly StudySeries[],
  whole: Hierarchy,
  others: ReadonlyMap<string, Float64Array> | null,
): Backtest[] {
  const n = models.length;
  const misses: Miss[][] = members.map(() => []);
  const smallest = Math.max(FEWEST_MODELS, n - Math.floor(LARGEST_SHARE * n));
  const keeps: number[] = [];
  // A cut between models of equal scale would hold out what it has seen.
  for (let keep = smallest; keep < n; keep++) if ((models[keep]?.x ?? 0) > (models[keep - 1]?.x ?? 0)) keeps.push(keep);
  let warm = whole.warm;
  let observedWarm: Hierarchy['warm'] | null = null;
  const cuts = evenly(keeps, CUTS).reverse();
  for (const keep of cuts) {
    const inside = models.slice(0, keep);
    const fitted = fitHierarchy(inside, members.length, warm);
    if (fitted === null) continue;
    warm = fitted.warm;
    const observer: Observed | null =
      others === null ? null : fitObserved(inside, members.length, others, observedWarm);
    observedWarm = observer?.warm ?? observedWarm;
    const origin = models[keep - 1]?.x ?? 0;
    members.forEach((one, t) => {
      const ends = scoreEnds(one);
      if (ends === null) return;
      const span = ends.ceiling - ends.floor;
      const mine = inside.filter((m) => !Number.isNaN(m.y[t] as number));
      const x = Float64Array.from(mine, (m) => m.x);
      const y = Float64Array.from(mine, (m) => m.y[t] as number);
      const rivals = [sigmoidBare, lastBare, lastThreeBare].map((form) => ({ id: form.id, predict: form.fit(x, y) }));
      for (const m of models.slice(keep)) {
        const truth = m.y[t] as number;
        if (Number.isNaN(truth)) continue;
        const add = (law: string, predicted: number): void => {
          (misses[t] as Miss[]).push({
            law,
            horizon: m.x - origin,
            error: span * (predicted - truth),
            fitted: mine.length,
            origin: 10 ** origin,
            x: 10 ** m.x,
          });
        };
        const seen = observer?.predict(t, m, others?.get(m.model));
        // Methods are compared on the same scores: where one of them is asked about models that the other cannot see, neither counts.
        if (others !== null && (seen === null || seen === undefined)) continue;
        if (typeof seen === 'number') add(OBSERVED_ID, seen);
        add(HIERARCHY_ID, fitted.predict(t, m));
        for (const { id, predict } of rivals) if (predict !== null) add(id, predict(m.x));
      }
    });
  }
  return misses.map(
    (mine): Backtest => ({
      protocol: 'largest-out',
      errorScale: 'y',
      origins: cuts.length,
      longestHorizon: mine.reduce((m, e) => Math.max(m, e.horizon), 0),
      laws: [HIERARCHY_ID, OBSERVED_ID, sigmoidBare.id, lastBare.id, lastThreeBare.id].map((id) =>
        summarise(id, mine, 0),
      ),
      misses: mine,
    }),
  );
}

function verdict(
  models: readonly ModelScores[],
  tests: readonly Backtest[],
  whole: Hierarchy,
  family: string | null,
  seen: boolean,
): Together {
  const near = tests.flatMap((t) => t.misses.filter((m) => m.horizon <= 1));
  const scale = tests.length;
  const mean = (law: string): number => {
    const mine = near.filter((m) => m.law === law);
    return (100 * mine.reduce((s, m) => s + Math.abs(m.error), 0)) / Math.max(1, mine.length);
  };
  const heldOut = {
    count: near.filter((m) => m.law === HIERARCHY_ID).length,
    hierarchy: mean(HIERARCHY_ID),
    observed: seen ? mean(OBSERVED_ID) : null,
    own: mean(sigmoidBare.id),
    meanOfThree: mean(lastThreeBare.id),
  };
  const families = new Set(models.map((m) => m.family).filter((f) => f !== null));
  const { hierarchy, observed, own } = heldOut;
  const least = Math.min(hierarchy, observed ?? Number.POSITIVE_INFINITY);
  const method = !(least < own) ? 'own' : observed === least ? OBSERVED_ID : HIERARCHY_ID;
  const errors = `${least.toFixed(1)} against ${own.toFixed(1)} points on ${heldOut.count} held-out scores within one order of magnitude`;
  const whys = {
    [HIERARCHY_ID]: `${scale} tasks fitted together with shared slope and family offsets: ${errors} for each task by itself.`,
    [OBSERVED_ID]: `${scale} tasks fitted together with the models' other benchmarks: ${errors} for each task by itself.`,
    own: `Each task by itself: fitting ${scale} tasks together was no better (${errors}).`,
  };
  return {
    method,
    why: whys[method],
    tasks: scale,
    models: models.length,
    families: families.size,
    heldOut,
    slope: whole.slope,
    family: family !== null && families.has(family) ? family : null,
  };
}

/** One task of the common fit in the shape of a fitted law. */
function asLaw(one: StudySeries, known: StudySeries, own: Fit, id: string, normalised: (at: At) => number): FittedLaw {
  const ends = scoreEnds(one);
  const floor = ends?.floor ?? 0;
  const span = (ends?.ceiling ?? 1) - floor;
  const predict = (at: At): number => floor + span * normalised(at);
  // Models without other benchmarks have no prediction from them.
  const points = known.points.filter((p) => Number.isFinite(predict(p)));
  const square = points.reduce((s, p) => s + (predict(p) - p.y) ** 2, 0);
  return {
    fit: { ...own, law: id, n: points.length, rmse: Math.sqrt(square / points.length), converged: true },
    freeParameters: 2,
    predict,
    draws: () => new Float64Array(0),
    deltaError: () => null,
  };
}
