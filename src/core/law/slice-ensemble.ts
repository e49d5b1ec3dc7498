/**
 * The law `slice-ensemble`: accuracy forecast from the score itself, overall TC Brier and every question group, each with
 * an uncertain turn, inside the metric's range (slice/forecaster.ts; docs/slices.md has the comparison on public tasks).
 */
import { err, ok } from '../result.ts';
import { FORECASTER_CONSTANTS, fitSliceForecaster } from '../slice/forecaster.ts';
import { readGroupColumns } from '../slice/group-columns.ts';
import { inThirds } from '../slice/groups.ts';
import { buildFittedLaw } from './fit-report.ts';
import type { Law } from './law.ts';

const FEWEST = 6;
const DRAWS = 400;

export const sliceEnsemble: Law = {
  id: 'slice-ensemble',
  title: 'Slice ensemble',
  formula:
    'mean over curves of top - drop · gap(rate · (lg x - turn)), averaged over turn, rate and approach by evidence',
  source: 'this project; docs/slices.md',
  parameters: [
    { name: 'turn', unit: 'units of x', meaning: 'posterior median of where the rise begins' },
    { name: 'beyond', unit: 'probability', meaning: 'probability that the turn lies beyond the largest fitted model' },
  ],
  needs: ['x', 'study'],
  monotone: false,
  baseline: false,
  minPoints: FEWEST,
  fit(input, options) {
    const { points, study, series } = input;
    if (study === null) {
      return err({
        code: 'fit.unsupported',
        message: 'The slice ensemble reads question groups from the table of the series.',
      });
    }
    if (points.length < FEWEST) {
      return err({
        code: 'fit.too-few',
        message: `The slice ensemble needs at least ${FEWEST} models; there are ${points.length}.`,
      });
    }
    const unit = series.upper ?? Number.NaN;
    if (series.better !== 'higher' || series.lower !== 0 || !(unit > 0)) {
      return err({
        code: 'fit.unsupported',
        message: 'The slice ensemble forecasts accuracies between 0 and their ceiling; this metric is none.',
      });
    }
    const read = readGroupColumns(points, study);
    if (!read.ok) return err({ code: 'fit.unsupported', message: read.error.message });
    const groups = inThirds(read.value.groups);
    const x = Float64Array.from(points, (point) => Math.log10(point.x));
    const outcome = fitSliceForecaster(
      {
        x,
        accuracy: Float64Array.from(points, (point) => point.y / unit),
        tc: read.value.tc,
        groups,
      },
      { seed: options.seed, draws: DRAWS },
    );
    if (!outcome.ok) {
      const code = outcome.error.code === 'too-few-models' ? 'fit.too-few' : 'data.degenerate-metric';
      return err({ code, message: outcome.error.message });
    }
    const forecaster = outcome.value;
    const threshold = forecaster.threshold(options.level);
    const last = x.reduce((a, b) => Math.max(a, b));
    const notes = [
      `Averages ${2 + groups.length} curves; the prior rate closes ${FORECASTER_CONSTANTS.rate} of the gap to the top per decade.`,
      threshold.beyond > 0.5
        ? `The rise has probably not begun within the fitted models; the forecast supposes that it begins within ${FORECASTER_CONSTANTS.reach} decades beyond them.`
        : 'The rise has probably begun within the fitted models.',
      ...(threshold.refused === null ? [] : [threshold.refused]),
    ];
    const law = buildFittedLaw({
      law: 'slice-ensemble',
      parameters: [
        { name: 'turn', transform: 'identity' },
        { name: 'beyond', transform: 'identity' },
      ],
      theta: Float64Array.of(10 ** threshold.median, threshold.beyond),
      predict: (_theta, at) => unit * forecaster.accuracyAt(Math.log10(at.x)),
      points,
      objective: 'squared',
      scale: 'y',
      weights: null,
      // Base, drop, turn and rate of the curve of accuracy: what its data could spend.
      freeParameters: 4,
      bootstrap: null,
      level: options.level,
      converged: true,
      starts: { tried: 1, atOptimum: 1 },
      excluded: [],
      notes,
      covariance: null,
      intervals: {
        turn: {
          low: 10 ** threshold.low,
          high: 10 ** threshold.high,
          level: options.level,
          method: 'posterior over accuracy, TC Brier and the easy group',
        },
      },
      extras: {
        ...(threshold.beyond > 0.5
          ? {
              identifiable: false,
              why: `The rise has probably not begun within the fitted models (${Math.round(100 * threshold.beyond)} %): that it begins within ${FORECASTER_CONSTANTS.reach} decades is supposed, not measured.`,
            }
          : {}),
        // null with the reason where the score rises from the start.
        threshold:
          threshold.refused === null
            ? {
                x: 10 ** threshold.median,
                low: 10 ** threshold.low,
                high: 10 ** threshold.high,
                level: options.level,
                beyond: threshold.beyond,
              }
            : null,
        thresholdWhy: threshold.refused,
        alreadyRising: threshold.alreadyRising,
        lastFitted: 10 ** last,
      },
    });
    return ok({ ...law, draws: (at) => forecaster.drawsAt(Math.log10(at.x)).map((value) => unit * value) });
  },
};
