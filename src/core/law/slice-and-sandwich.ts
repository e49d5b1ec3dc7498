/**
 * The law `slice-and-sandwich` (Wu & Lo, ICLR 2025): reads the question groups of the series' own table and predicts
 * accuracy exactly as published, degree 5 for the easy and 2 for the hard group. Predictions are not clipped.
 */
import { err, ok } from '../result.ts';
import { readGroupColumns } from '../slice/group-columns.ts';
import { inThirds } from '../slice/groups.ts';
import { polynomialAt, turningPoints } from '../slice/polynomial.ts';
import { fitSandwich, PUBLISHED_DEGREES, resampleSandwich } from '../slice/sandwich.ts';
import { createRandom } from '../stats/random.ts';
import { buildFittedLaw } from './fit-report.ts';
import type { At, Law } from './law.ts';

const { easyDegree: EASY_DEGREE, hardDegree: HARD_DEGREE } = PUBLISHED_DEGREES;
/** Beyond this many decades past the last fitted model the polynomials are not usable. */
const USABLE_DECADES = 0.5;
/** The line from TC Brier to accuracy is ill-determined below this correlation. */
const WEAK_CORRELATION = 0.5;

export const sliceAndSandwich: Law = {
  id: 'slice-and-sandwich',
  title: 'Slice-and-Sandwich',
  formula: 'accuracy = ((easy_5(lg x) + hard_2(lg x)) / 2 - intercept) / slope + shift',
  source: "Wu & Lo 2025, arXiv 2410.01692, and the authors' code (tony10101105/ExpEmergence, MIT)",
  parameters: [
    { name: 'intercept', unit: 'TC Brier', meaning: 'TC Brier at accuracy zero on the fitted models' },
    { name: 'slope', unit: 'TC Brier per unit of the score', meaning: 'slope of TC Brier on accuracy' },
    { name: 'shift', unit: 'units of the score', meaning: 'mean accuracy minus mean fitted accuracy' },
  ],
  needs: ['x', 'study'],
  monotone: false,
  baseline: false,
  minPoints: EASY_DEGREE + 2,
  fit(input, options) {
    const { points, study, series } = input;
    if (study === null) {
      return err({
        code: 'fit.unsupported',
        message: 'Slice-and-Sandwich reads question groups from the table of the series.',
      });
    }
    if (points.length < EASY_DEGREE + 2) {
      return err({
        code: 'fit.too-few',
        message: `Slice-and-Sandwich needs at least ${EASY_DEGREE + 2} models below the threshold; there are ${points.length}.`,
      });
    }
    const read = readGroupColumns(points, study);
    if (!read.ok) return err({ code: 'fit.unsupported', message: read.error.message });
    const { tc, headers, tcHow } = read.value;
    const groups = inThirds(read.value.groups);
    if (points.some((point) => headers.includes(study.tables[point.table]?.header(point.column) ?? ''))) {
      return err({
        code: 'fit.unsupported',
        message: 'This series is itself one of the question groups; Slice-and-Sandwich forecasts the overall score.',
      });
    }
    const n = points.length;
    const x = Float64Array.from(points, (point) => Math.log10(point.x));
    const accuracy = Float64Array.from(points, (point) => point.y);
    const easy = groups[0] as Float64Array;
    const hard = groups[groups.length - 1] as Float64Array;
    const data = { x, accuracy, tc, easy, hard };
    const outcome = fitSandwich(data, PUBLISHED_DEGREES);
    if (!outcome.ok) {
      const code = outcome.error.code === 'too-few-models' ? 'fit.too-few' : 'data.degenerate-metric';
      return err({ code, message: outcome.error.message });
    }
    const fitted = outcome.value;
    const last = x.reduce((a, b) => Math.max(a, b));
    const first = x.reduce((a, b) => Math.min(a, b));
    const random = createRandom(options.seed, `${series.id}/slice-and-sandwich`);
    const refits = resampleSandwich(data, PUBLISHED_DEGREES, options.bootstrap, random);
    const failed = options.bootstrap - refits.length;
    const notes = [
      headers.length === groups.length
        ? `Fitted on ${groups.length} groups; the easy one is '${headers[0]}', the hard one '${headers[headers.length - 1]}'; overall TC Brier is ${tcHow}.`
        : `Fitted on three groups: the ${headers.length} of the table are joined to thirds, as the paper forecasts from three; overall TC Brier is ${tcHow}.`,
      `Predictions are unclipped, as published; more than ${USABLE_DECADES} decades past the last fitted model the polynomials are not usable.`,
    ];
    if (failed > 0) notes.push(`${failed} of ${options.bootstrap} bootstrap refits failed and are left out.`);
    if (Math.abs(fitted.correlation) < WEAK_CORRELATION) {
      notes.push(
        `Accuracy and TC Brier correlate only ${fitted.correlation.toFixed(2)} on the fitted models: the line between them is ill-determined and its inverse multiplies every error.`,
      );
    }
    const law = buildFittedLaw({
      law: 'slice-and-sandwich',
      parameters: [
        { name: 'intercept', transform: 'identity' },
        { name: 'slope', transform: 'identity' },
        { name: 'shift', transform: 'identity' },
      ],
      theta: Float64Array.of(fitted.intercept, fitted.slope, fitted.shift),
      predict: (_theta, at) => fitted.accuracyAt(Math.log10(at.x)),
      points,
      objective: 'squared',
      scale: 'y',
      weights: null,
      // Two polynomials, a line and a shift, of which the shift and the line's intercept coincide.
      freeParameters: EASY_DEGREE + 1 + HARD_DEGREE + 1 + 2,
      bootstrap: null,
      level: options.level,
      converged: true,
      starts: { tried: 1, atOptimum: 1 },
      excluded: [],
      notes,
      covariance: null,
      extras: {
        unclipped: true,
        usableDecades: USABLE_DECADES,
        easy: {
          degree: EASY_DEGREE,
          coefficients: [...fitted.easy.coefficients],
          centre: fitted.easy.centre,
          width: fitted.easy.width,
        },
        hard: {
          degree: HARD_DEGREE,
          coefficients: [...fitted.hard.coefficients],
          centre: fitted.hard.centre,
          width: fitted.hard.width,
        },
        turningPoints: turningPoints(fitted.easy, first, last).map((turn) => ({
          x: 10 ** turn.x,
          easy: turn.y,
          kind: turn.kind,
        })),
        correlation: fitted.correlation,
        groupValues: Array.from({ length: n }, (_, i) => ({
          x: (points[i] as { x: number }).x,
          easy: polynomialAt(fitted.easy, x[i] as number),
          hard: polynomialAt(fitted.hard, x[i] as number),
        })),
      },
    });
    return ok({
      ...law,
      draws: (at: At) =>
        Float64Array.from(refits, (refit) => refit.accuracyAt(Math.log10(at.x))).filter(Number.isFinite),
    });
  },
};
