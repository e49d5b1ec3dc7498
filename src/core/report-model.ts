/**
 * The report: one analysis, many faces. Editor, chart panel, CLI, SARIF and HTML are renderings of these records. The
 * names are fixed (docs/report.schema.json); fields may be added, never renamed. Everything here is plain JSON: a value
 * that does not exist is null with a reason beside it, never NaN or Infinity.
 */
import type { Range } from './table/span.ts';

export type Severity = 'hint' | 'information' | 'warning' | 'error';

export type Layout =
  | 'wide'
  | 'long'
  | 'transposed'
  | 'per-sample'
  | 'loss-table'
  | 'metadata'
  | 'diagnostic'
  | 'unknown';

export const ROLES = [
  'model',
  'family',
  'params',
  'params-non-embedding',
  'params-active',
  'tokens',
  'compute',
  'compute-per-token',
  'loss',
  'task',
  'metric',
  'score',
  'stderr',
  'interval-low',
  'interval-high',
  'n',
  'n-correct',
  'chance',
  'seed',
  'step',
  'shots',
  'filter',
  'split',
  'status',
  'exclude-flag',
  'ignore',
] as const;
export type Role = (typeof ROLES)[number];

/** What one unit in the cell is worth (1e9 = billions), or a named unit ('%', 'fraction', 'nats/token', 'bits/byte'). */
export type Unit = number | string;

export interface ColumnReport {
  readonly header: string;
  /** null: not recognised. */
  readonly role: Role | null;
  readonly unit: Unit | null;
  /** One sentence: how role and unit were decided. */
  readonly how: string;
  readonly range: Range | null;
  /** For score, loss and stderr columns: what they measure. */
  readonly task?: string;
  readonly metric?: string;
}

export interface SourceReport {
  readonly file: string;
  readonly format: string;
  readonly layout: Layout;
  readonly rows: number;
  readonly columns: readonly ColumnReport[];
  readonly notes: readonly string[];
}

export type ScaleKind = 'compute' | 'params' | 'tokens' | 'steps' | (string & {});
export type Better = 'higher' | 'lower';

export type ShapeLabel = 'positive' | 'inverse' | 'u-shaped' | 'inverted-u' | 'flat' | 'mixed' | 'inconclusive';

export interface Shape {
  readonly label: ShapeLabel;
  readonly emergent: boolean;
  readonly lateRise: boolean;
  readonly method: string;
  readonly p: number | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Threshold {
  readonly x: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number;
  readonly method: string;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly method: string;
}

export interface Exclusion {
  readonly row: number;
  readonly why: string;
}

export interface Fit {
  readonly law: string;
  readonly parameters: Readonly<Record<string, number | null>>;
  readonly standardErrors: Readonly<Record<string, number | null>> | null;
  readonly intervals: Readonly<Record<string, Interval | null>> | null;
  readonly objective: { readonly name: string; readonly delta: number | null; readonly value: number | null };
  readonly n: number;
  readonly rmse: number | null;
  readonly rmsle: number | null;
  readonly r2: number | null;
  readonly aicc: number | null;
  readonly bic: number | null;
  readonly converged: boolean;
  readonly atBound: readonly string[];
  readonly starts: { readonly tried: number; readonly atOptimum: number };
  readonly excluded: readonly Exclusion[];
  /** Anything worth saying about the fit, one sentence each (several optima, ill-conditioned, failed refits…). */
  readonly notes?: readonly string[];
  /** Law-specific extras, e.g. `budgets` of isoflop, `allocation` of chinchilla, `bootstrap` counts. */
  readonly [extra: string]: unknown;
}

export type Verdict = 'tested' | 'beyond-tested-range' | 'no-better-than-baseline' | 'not-identifiable';

export interface Forecast {
  readonly x: number;
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number;
  readonly law: string;
  /** Decades beyond the last fitted x (0 inside the range). */
  readonly horizon: number;
  readonly verdict: Verdict;
  /** One sentence a reader can quote: why this verdict. */
  readonly why: string;
  /** The measured value where the point is in the file, so that held-out predictions can be scored. */
  readonly actual?: number | null;
  readonly model?: string | null;
  readonly row?: number;
  readonly [extra: string]: unknown;
}

/** The chosen law sampled evenly in ln x over the data and beyond: what charts draw without the fitter at hand. */
export interface Curve {
  readonly law: string;
  /** Ascending; all arrays have the same length. */
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  /** Prediction interval at `level`; null where there is none. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly level: number;
  /** Last fitted x: beyond it the curve is an extrapolation. */
  readonly lastFitted: number;
}

/** What the chosen law says at a point of the series. */
export interface Predicted {
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface SeriesReport {
  readonly id: string;
  readonly task: string;
  readonly metric: string;
  readonly family: string | null;
  readonly better: Better;
  readonly scale: ScaleKind;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly stderr: readonly (number | null)[] | null;
  readonly models: readonly string[];
  readonly chance: number | null;
  readonly ceiling: number | null;
  readonly shape: Shape | null;
  readonly threshold: Threshold | null;
  readonly linearity: number | null;
  readonly breakthroughness: number | null;
  readonly fits: readonly Fit[];
  readonly chosen: string | null;
  readonly backtest: Readonly<Record<string, unknown>> | null;
  readonly forecast: readonly Forecast[];
  readonly curve?: Curve | null;
  /** Per point, in their order; null for points that were not fitted. */
  readonly predicted?: readonly (Predicted | null)[] | null;
  readonly families?: readonly (string | null)[];
  /** Data row of each point in its table. */
  readonly rows?: readonly number[];
  /** In sentences: task, metric and what sets the series apart from others of both. */
  readonly name?: string;
  readonly isLoss?: boolean;
  readonly aggregate?: boolean;
  /** Range of the metric in the file's own units; null where unbounded. */
  readonly range?: { readonly lower: number | null; readonly upper: number | null } | null;
  readonly notes?: readonly string[];
  /** Laws that could not be fitted, and why. */
  readonly refused?: readonly { readonly law: string; readonly code: string; readonly message: string }[];
  readonly [extra: string]: unknown;
}

export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly range: Range;
  readonly series: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Report {
  readonly version: 1;
  readonly tool: string;
  readonly sources: readonly SourceReport[];
  readonly series: readonly SeriesReport[];
  readonly findings: readonly Finding[];
  readonly [extra: string]: unknown;
}
