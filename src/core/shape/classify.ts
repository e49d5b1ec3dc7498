/**
 * The shape of a series in one call: orientation, the mode that the number of models allows, the label with its
 * evidence, the emergence threshold, linearity and breakthroughness.
 */
import type { Shape, Threshold } from '../report-model.ts';
import type { StudySeries } from '../study/study.ts';
import { aboveChance } from './above-chance.ts';
import { contrastShape } from './contrast.ts';
import { isotonicCheck } from './isotonic.ts';
import { linearityOf } from './linearity.ts';
import { type Oriented, orient, type ShapeInput, shapeInputOf } from './orient.ts';
import { kendallTrend } from './rank-trend.ts';
import { type RegressionResult, regressionShape } from './regression.ts';
import { paperRules } from './rules.ts';
import { hingeThreshold } from './threshold.ts';
import { turnEvidence } from './turn.ts';

/** Settings of the classification. */
export interface ShapeOptions {
  /** Scatter of models around the trend, as a fraction of a 0-1 metric; used in contrast mode with many questions. */
  readonly betweenModelSd?: number;
  readonly seed?: number;
  /** Nominal level of the threshold's interval. */
  readonly level?: number;
  /** Resamples for the threshold's interval; 0 leaves it out. */
  readonly resamples?: number;
}

/** What fills `shape`, `threshold`, `linearity` and `breakthroughness` of a series in the report. */
export interface ShapeResult {
  readonly shape: Shape;
  readonly threshold: Threshold | null;
  readonly linearity: number | null;
  readonly breakthroughness: number | null;
}

/** Scatter of models around the trend supposed in contrast mode when nothing else is said. */
const DEFAULT_BETWEEN_MODEL_SD = 0.01;

/** A range of scales below half a decade says little about a trend. */
const SHORT_RANGE = 0.5;

const REGRESSION_FROM = 8;

/** What can be said about the threshold of a task that is flat so far: nothing, and why. */
const FLAT_SO_FAR = {
  verdict: 'not-identifiable',
  why: 'The score is flat over all models seen: where a rise would begin cannot be told from the flat part alone. Question groups (law slice-ensemble) or a continuous metric may show more.',
} as const;

interface Judged extends Shape {
  readonly threshold: Threshold | null;
}

/**
 * Classifies one series (emergence.md §1): contrasts for three to seven models with standard errors, regression for eight
 * or more, an exact rank test for few models without standard errors. Fewer than three models or distinct scales is
 * `inconclusive` with the reason in `detail.why`.
 *
 * `detail` holds every intermediate number: slopes per decade of scale and scores in oriented units (higher is better,
 * percent as fractions, see `detail.unit`), breaks in log10 of the scale.
 */
export function classifyShape(input: ShapeInput, options: ShapeOptions = {}): ShapeResult {
  const series = orient(input);
  const ladder = linearityOf(series.y);
  const notes: string[] = series.dropped.map((d) => `point ${d.index + 1} left out: ${d.why}`);
  const k = series.x.length;
  const range = k > 0 ? (series.x[k - 1] as number) - (series.x[0] as number) : 0;
  const judged = judge(series, options, notes);
  let { label } = judged;
  if (k >= 3 && range < SHORT_RANGE) {
    notes.push(`the models span only ${range.toFixed(2)} decades of scale`);
    if (label === 'flat') {
      label = 'inconclusive';
      notes.push('flat over less than half a decade says nothing about the trend');
    }
  }
  if (series.distinct < k) notes.push(`${k} models at ${series.distinct} distinct scales`);
  const detail: Record<string, unknown> = {
    models: k,
    decades: range,
    unit: series.unit === 100 ? 'fraction (percent / 100)' : 'as in the file',
    oriented: series.sign === 1 ? 'as is' : 'negated, so that higher is better',
    ...judged.detail,
    improvement: ladder.improvement,
    ...(k >= 2 ? { paperRules: paperRules(series.y) } : {}),
    ...(ladder.reason === null ? {} : { breakthroughnessWhy: ladder.reason }),
    ...(notes.length > 0 ? { notes } : {}),
  };
  return {
    shape: {
      label,
      emergent: judged.emergent,
      lateRise: judged.lateRise,
      method: judged.method,
      p: judged.p,
      detail,
    },
    threshold: judged.threshold,
    linearity: ladder.linearity,
    breakthroughness: ladder.breakthroughness,
  };
}

function judge(series: Oriented, options: ShapeOptions, notes: string[]): Judged {
  const k = series.x.length;
  if (k < 3 || series.distinct < 3) {
    const why =
      k < 3
        ? `${k === 0 ? 'no usable model' : k === 1 ? 'one model' : 'two models'}: a shape needs at least three`
        : `${series.distinct === 1 ? 'all models have the same scale' : 'only two distinct scales'}: a shape needs at least three`;
    return {
      label: 'inconclusive',
      emergent: false,
      lateRise: false,
      method: 'none',
      p: null,
      detail: { why },
      threshold: null,
    };
  }
  if (k >= REGRESSION_FROM) return byRegression(series, options, notes);
  if (series.seKnown) return byContrast(series, options, notes);
  return byRank(series);
}

function byRegression(series: Oriented, options: ShapeOptions, notes: string[]): Judged {
  const found = regressionShape(series.x, series.y, { chance: series.chance, best: series.best });
  if (found.twoLines === null) notes.push('no place for a break with enough models on each side');
  if (series.x.length < 12) notes.push('too few models to find a U: below 12 a true U is rarely detected');
  const turn =
    found.label === 'inverse' || found.label === 'u-shaped' ? { turn: turnEvidence(series.x, series.y, found) } : {};
  return {
    label: found.label,
    emergent: found.emergent,
    lateRise: found.lateRise,
    method: 'regression',
    p: found.p,
    detail: {
      ...regressionDetail(found),
      ...turn,
      ...(found.lateRise ? { aboveChance: aboveChance(series) } : {}),
      ...(found.label === 'flat' ? { emergence: FLAT_SO_FAR } : {}),
    },
    threshold: found.lateRise ? hingeThreshold(series, found, options) : null,
  };
}

function regressionDetail(found: RegressionResult): Record<string, unknown> {
  return {
    slope: found.linear.slope,
    slopeSe: Number.isFinite(found.linear.se) ? found.linear.se : null,
    slopeP: found.linear.p,
    quadraticP: found.quadratic?.p ?? null,
    quadraticVertex: found.quadratic?.vertex ?? null,
    breakpoint: found.twoLines?.breakpoint ?? null,
    slopeLow: found.twoLines?.low.slope ?? null,
    slopeHigh: found.twoLines?.high.slope ?? null,
    pLow: found.twoLines?.low.p ?? null,
    pHigh: found.twoLines?.high.p ?? null,
    hingeTau: found.hinge?.tau ?? null,
    hingeSlope: found.hinge?.slope ?? null,
    deltaAiccLinear: found.hinge?.overLinear ?? null,
    deltaAiccConstant: found.hinge?.overConstant ?? null,
    largestChange: Number.isFinite(found.largestChange) ? found.largestChange : null,
  };
}

function byContrast(series: Oriented, options: ShapeOptions, notes: string[]): Judged {
  const sd = series.bounded ? (options.betweenModelSd ?? DEFAULT_BETWEEN_MODEL_SD) : 0;
  const found = contrastShape(series.y, series.se, series.judgedSe, series.n, sd);
  if (found.scatter > 0) {
    notes.push(
      `a scatter of ${found.scatter} between models is added to the standard errors${found.labelWithoutScatter === null ? '' : `; on sampling error alone the label is ${found.labelWithoutScatter}`}`,
    );
  }
  const finite = (z: number): number | null => (Number.isFinite(z) ? z : null);
  const isotonic =
    series.x.length >= 5 ? { isotonic: isotonicCheck(series.y, series.judgedSe, options.seed ?? 1) } : {};
  const turn =
    found.label === 'inverse' || found.label === 'u-shaped'
      ? { turn: turnEvidence(series.x, series.y, null, found) }
      : {};
  return {
    label: found.label,
    emergent: false,
    lateRise: false,
    method: 'contrast',
    p: found.p,
    detail: {
      zLastFirst: finite(found.zLastFirst),
      dipZ: finite(found.dipZ),
      bumpZ: finite(found.bumpZ),
      criticalZ: found.zc,
      dipX: series.scale[found.dipAt] as number,
      bumpX: series.scale[found.bumpAt] as number,
      betweenModelSd: found.scatter,
      labelWithoutScatter: found.labelWithoutScatter,
      ...isotonic,
      ...turn,
    },
    threshold: null,
  };
}

function byRank(series: Oriented): Judged {
  const trend = kendallTrend(series.y);
  const decided = trend.p < 0.05;
  return {
    label: decided ? (trend.s > 0 ? 'positive' : 'inverse') : 'inconclusive',
    emergent: false,
    lateRise: false,
    method: 'rank',
    p: trend.p,
    detail: {
      kendallS: trend.s,
      why: `${series.x.length} models without standard errors: a turn cannot be tested${decided ? ', only the trend (exact Kendall test)' : '; give standard errors, item counts or more models'}`,
      ...(decided && trend.s < 0 ? { turn: turnEvidence(series.x, series.y, null) } : {}),
    },
    threshold: null,
  };
}

/**
 * Shape of a series of a study. Families and directions are settled by the study; points that are checkpoints of one run
 * are counted as models, with a note.
 */
export function shapeOfSeries(series: StudySeries, options: ShapeOptions = {}): ShapeResult {
  const result = classifyShape(shapeInputOf(series), options);
  const runs = new Set(series.points.map((p) => p.run)).size;
  if (runs >= series.points.length || runs === 0) return result;
  const notes = Array.isArray(result.shape.detail.notes) ? (result.shape.detail.notes as unknown[]) : [];
  const note = `${series.points.length} points come from ${runs} runs: checkpoints of one run are not independent, so p values are too small`;
  return { ...result, shape: { ...result.shape, detail: { ...result.shape.detail, notes: [...notes, note] } } };
}
