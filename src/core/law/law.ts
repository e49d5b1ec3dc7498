/**
 * What a law is: a form with named parameters that can be fitted to the points of a series and asked for predictions.
 * One law per file; `registry.ts` lists them. Fitting is synchronous and pure; long work runs in a worker.
 */
import type { Fit } from '../report-model.ts';
import type { Result } from '../result.ts';
import type { Point, Study, StudySeries, WhereClause } from '../study/study.ts';

/** Residual scale and loss of a fit. `objective.value` of the report is the weighted sum over points of these. */
export type ObjectiveName = 'squared' | 'log-squared' | 'huber' | 'log-huber' | 'lad';

export interface CustomFormula {
  /** Right-hand side, e.g. 'E + A * N^-alpha'. */
  readonly formula: string;
  readonly start: Readonly<Record<string, number>>;
  readonly bounds: Readonly<Record<string, readonly [number, number]>>;
}

export interface FitOptions {
  /** Default: the law's own. */
  readonly objective?: ObjectiveName;
  /** Huber switch point on the residual scale of the objective; default 1e-3. */
  readonly delta?: number;
  /** Resamples; 0 switches the bootstrap off. */
  readonly bootstrap: number;
  readonly seed: number;
  /** Nominal level of parameter intervals, e.g. 0.9. */
  readonly level: number;
  /** Resample whole runs or families instead of points. */
  readonly resample?: 'case' | 'residual' | 'run' | 'family';
  /** Parameters held at a value. */
  readonly fix?: Readonly<Record<string, number>>;
  /** Pairs of parameters held equal. */
  readonly tie?: readonly (readonly [string, string])[];
  readonly custom?: CustomFormula;
  /** Weights: 1/stderr² where known (default for bounded scores), or none. */
  readonly weights?: 'stderr' | 'none';
  /** Only the best parameters and what comes free with them: no profiles, no tables of rival objectives (backtests, scans). */
  readonly pointOnly?: boolean;
  /** Parameters of a fit to some of the same points: the search starts there alone. Laws that always search ignore it. */
  readonly near?: Readonly<Record<string, number | null>>;
  /** Milliseconds; a fit that would take longer stops and says so. Default 10 000. */
  readonly timeBudget?: number;
  readonly signal?: AbortSignal;
  /**
   * Rows that feed the stages of a composed law, by conditions on params, tokens, compute, loss, M (tokens per parameter),
   * x, y, step, model, family, run, or a column's header. A stage that is not named takes all fitted rows.
   */
  readonly stages?: { readonly first?: readonly WhereClause[]; readonly second?: readonly WhereClause[] };
  /** `isoflop`: true (or the robust z of its outlier step, 6 by default) drops rows by the published quality control first. */
  readonly qualityControl?: boolean | number;
}

/** Where to predict. x in plain units; N, D, C where the law needs them. */
export type At = Pick<Point, 'x'> & Partial<Omit<Point, 'x'>>;

export interface FitInput {
  readonly series: StudySeries;
  /** The points to fit (a subset of the series' points, in its order). */
  readonly points: readonly Point[];
  /** For laws that read a whole table or other series of the same study. */
  readonly study: Study | null;
}

/** A typed refusal: why nothing was fitted, in a sentence, and what would be needed. */
export interface FitRefusal {
  readonly code: 'fit.too-few' | 'fit.ill-determined' | 'data.degenerate-metric' | 'fit.unsupported' | 'fit.timeout';
  readonly message: string;
}

export interface FittedLaw {
  readonly fit: Fit;
  /** Free parameters (k of AICc is this + 1). */
  readonly freeParameters: number;
  /** Point prediction in units of y; NaN where the law cannot say (missing N or D). */
  predict(at: At): number;
  /** Predictions of the bootstrap refits at a place; empty when there was no bootstrap. Units of y. */
  draws(at: At): Float64Array;
  /** Standard error of the prediction by the delta method, on the residual scale named; null where unavailable. */
  deltaError(
    at: At,
  ): { readonly scale: 'y' | 'ln y'; readonly mean: number; readonly residual: number; readonly df: number } | null;
}

export interface ParameterInfo {
  readonly name: string;
  readonly unit: string;
  readonly meaning: string;
}

export interface Law {
  readonly id: string;
  readonly title: string;
  /** Plain-text formula for hovers and docs. */
  readonly formula: string;
  readonly source: string;
  readonly parameters: readonly ParameterInfo[];
  /** What each point must carry besides y. */
  readonly needs: readonly ('x' | 'params' | 'tokens' | 'compute' | 'loss' | 'study')[];
  /** Monotone laws must not be extrapolated across a turn. */
  readonly monotone: boolean;
  readonly baseline: boolean;
  /** Fewest points that identify it. */
  readonly minPoints: number;
  fit(input: FitInput, options: FitOptions): Result<FittedLaw, FitRefusal>;
}
