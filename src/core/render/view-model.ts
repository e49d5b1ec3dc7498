/**
 * What a chart draws: one file's series as plain JSON, everything decided but colours. `view.ts` builds it from a
 * report; the chart panel, the table beside it, the SVG renderer and the exports read it. It lives in the core because
 * several rooms render it; `protocol/panel.ts` carries it to the page.
 *
 * x is in plain units (FLOP, parameters, tokens…), y as in the file. A value that does not exist is null, never NaN.
 */
import type { Better, ScaleKind, ShapeLabel, Verdict } from '../report-model.ts';
import type { Range } from '../table/span.ts';

export interface FitView {
  /** Document the view is of (URI in the editor, path in the CLI). */
  readonly uri: string;
  /** File name for titles. */
  readonly title: string;
  /** Grows with every view of the same document: a page drops views older than the one it shows. */
  readonly version: number;
  /** 'fitting': series still arrive. 'empty': nothing to draw, `message` says why. */
  readonly state: 'fitting' | 'ready' | 'empty';
  /** One sentence on the state; null when there is nothing to add. */
  readonly message: string | null;
  readonly series: readonly SeriesView[];
  /** Notes of the reading that a reader of the chart should know (pooled families, guessed units…). */
  readonly notes: readonly string[];
}

export interface SeriesView {
  readonly id: string;
  readonly task: string;
  readonly metric: string;
  readonly family: string | null;
  /** 'hellaswag, accuracy' – what the picker shows. */
  readonly title: string;
  readonly better: Better;
  readonly x: AxisView;
  readonly y: AxisView;
  /** In order of x. */
  readonly points: readonly PointView[];
  /** Horizontal reference lines in units of y. */
  readonly chance: number | null;
  readonly ceiling: number | null;
  readonly threshold: ThresholdView | null;
  /** Where a U or inverted U turns. */
  readonly turn: TurnView | null;
  /** The threshold by every definition; empty where there is none. */
  readonly thresholds: readonly DefinitionView[];
  /** Further charts of the series: its slices, the line of its pass rate. */
  readonly pictures: readonly PictureView[];
  /** The chosen law first. */
  readonly curves: readonly CurveView[];
  readonly shape: ShapeView | null;
  readonly verdict: VerdictView | null;
  readonly forecasts: readonly ForecastView[];
  /** One decade beyond the data: what the fit is worth there. */
  readonly outlook: ForecastView | null;
  /** Findings about the series, most severe first. */
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly message: string }[];
  /** One sentence that says what the chart shows: the chart's label for screen readers, and the caption of exports. */
  readonly summary: string;
  /** Why there is no curve, when `curves` is empty. */
  readonly noCurve: string | null;
}

export interface AxisView {
  /** 'Training compute (FLOP)'. */
  readonly label: string;
  /** x: the scale's kind; y: the metric's name. */
  readonly kind: ScaleKind;
  /** Start with a logarithmic axis? */
  readonly log: boolean;
  /** False where a value ≤ 0 rules a logarithmic axis out: the toggle is disabled. */
  readonly logPossible: boolean;
  /** Range of the metric where it is bounded; null on open ends and for x. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Where a score stands. */
export interface ScorePlace {
  /** The document, where it is not the one that is shown. */
  readonly uri: string | null;
  readonly range: Range;
}

export interface PointView {
  readonly x: number;
  readonly y: number;
  readonly stderr: number | null;
  readonly model: string;
  readonly family: string | null;
  /** Prediction of the chosen law at x, in units of y. */
  readonly predicted: number | null;
  /** (y − predicted) / residual standard deviation of the fit. */
  readonly sigma: number | null;
  /** Place of the score cell; null where it stands in no text. */
  readonly range: Range | null;
  /** The document of that place, where it is not the one that is shown. */
  readonly uri: string | null;
  /** Why the fit leaves it out; null for points that were fitted. */
  readonly excluded: string | null;
}

export interface ThresholdView {
  readonly x: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number;
  /** 'rises from 2.1e20 FLOP (90 %: 1.1e20 to 4.6e20)'. */
  readonly text: string;
}

/** A turn with its interval, drawn as a line and a band. */
export interface TurnView {
  readonly x: number;
  readonly low: number | null;
  readonly high: number | null;
  /** null for the bracket between neighbouring models. */
  readonly level: number | null;
  /** 'turns at 2×10²⁰ FLOP (90 % interval 1.2×10¹⁹ to 2.5×10²⁰ FLOP)'. */
  readonly text: string;
}

/** A threshold by one definition. */
export interface DefinitionView {
  /** 'first model above chance'. */
  readonly title: string;
  readonly source: string;
  readonly x: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** '3×10²² FLOP', or 'none'. */
  readonly place: string;
  /** '2×10²² to 3.8×10²² FLOP, 90 % case bootstrap'; empty where there is none. */
  readonly interval: string;
  readonly note: string;
}

/** A further chart of a series: points and lines on two axes of its own. */
export interface PictureView {
  readonly id: 'slices' | 'slice-forecast' | 'pass-until';
  /** Name of its tab: 'Slices'. */
  readonly title: string;
  /** One line on what is drawn. */
  readonly heading: string;
  /** Whether a reader meets this chart before the plain one. */
  readonly first: boolean;
  readonly x: AxisView;
  readonly y: AxisView;
  readonly traces: readonly TraceView[];
  /** A vertical line: models left of it were fitted. */
  readonly mark: { readonly x: number; readonly text: string } | null;
  readonly summary: string;
  readonly notes: readonly string[];
}

export interface TraceView {
  readonly key: string;
  readonly label: string;
  readonly kind: 'points' | 'line';
  /** Place in the palette; 'ink' for what the picture is about. */
  readonly color: number | 'ink';
  /** Lines are dashed beyond this x; null: solid throughout. */
  readonly dashedFrom: number | null;
  /** A thin line beside the one that matters. */
  readonly thin: boolean;
  /** low and high are error bars of points and the band of lines. */
  readonly points: readonly TracePoint[];
}

export interface TracePoint {
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Model, or what else tells the point; empty on lines. */
  readonly label: string;
}

export interface CurveView {
  readonly law: string;
  /** 'Power law with offset'. */
  readonly title: string;
  /** Numbers filled in: 'y = 1.69 + 406·x^−0.34'. */
  readonly equation: string;
  readonly chosen: boolean;
  /** Ascending in x; same length. low and high are null where there is no interval. */
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** Nominal level of the band, e.g. 0.9; null without a band. */
  readonly level: number | null;

  /** Solid up to here, dashed beyond: the last fitted x. */
  readonly lastFitted: number;
  readonly n: number;
  readonly r2: number | null;
  readonly rmse: number | null;
  readonly aicc: number | null;
  readonly converged: boolean;
  readonly parameters: readonly ParameterView[];
  readonly notes: readonly string[];
}

export interface ParameterView {
  readonly name: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number | null;
}

export interface ShapeView {
  readonly label: ShapeLabel;
  /** 'inverse scaling', 'U-shaped', 'emergent'… */
  readonly title: string;
  readonly emergent: boolean;
  readonly lateRise: boolean;
  /** 'contrast over 5 groups, p = 0.003'. */
  readonly evidence: string;
  /** What decided it, as [test, result]. */
  readonly rows: readonly (readonly [string, string])[];
}

export interface VerdictView {
  readonly verdict: Verdict;
  /** 'tested', 'beyond what was tested'… */
  readonly title: string;
  readonly why: string;
}

export interface ForecastView {
  readonly x: number;
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number;
  readonly law: string;
  readonly verdict: Verdict;
  readonly why: string;
  /** The manifest's name of a target; null for other forecasts. */
  readonly name: string | null;
}
