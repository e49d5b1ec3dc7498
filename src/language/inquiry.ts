/**
 * What faces ask of a study: the hover, the series and the fixes at a place, the hints, the chart, the report, an export. Questions
 * and answers are small plain data, so that the study of a large file can stay with the thread that read it; a small
 * file's study is asked in the server itself, by the same function.
 */
import type { FitView } from '../core/render/view-model.ts';
import type { Report, SeriesReport } from '../core/report-model.ts';
import type { Study } from '../core/study/study.ts';
import type { ExportParams } from '../protocol/language.ts';
import { seriesAt } from './cells.ts';
import { exportOf } from './export.ts';
import { cellFixes, type Fix } from './fixes.ts';
import { type ResidualHint, residualHints } from './hints.ts';
import { hoverAt, type PlacedText } from './hover.ts';
import type { Outcome } from './ports.ts';
import { type Frame, fullView, viewOfReport } from './views.ts';

export type Inquiry =
  | { readonly kind: 'hover'; readonly offset: number }
  | { readonly kind: 'series'; readonly offset: number }
  | { readonly kind: 'fixes'; readonly offset: number }
  | { readonly kind: 'hints' }
  | { readonly kind: 'view'; readonly frame: Frame; readonly other: SeriesReport | null }
  | { readonly kind: 'report' }
  | { readonly kind: 'export'; readonly frame: Frame; readonly format: ExportParams['format'] };

interface Answers {
  readonly hover: PlacedText | null;
  /** Id of the series. */
  readonly series: string | null;
  readonly fixes: readonly Fix[];
  readonly hints: readonly ResidualHint[];
  /** null while there is no report. */
  readonly view: FitView | null;
  readonly report: Report | null;
  readonly export: string | null;
}

export type AnswerTo<Q extends Inquiry> = Answers[Q['kind']];

/** What is known of a source. */
export interface Known {
  readonly study: Study;
  /** What the source is called in the study. */
  readonly file: string;
  /** null while the first analysis is under way. */
  readonly outcome: Outcome | null;
}

/** Answers a question. */
export function answer<Q extends Inquiry>(question: Q, known: Known): AnswerTo<Q> {
  return answerTo(question, known) as AnswerTo<Q>;
}

function answerTo(question: Inquiry, { study, file, outcome }: Known): Answers[keyof Answers] {
  switch (question.kind) {
    case 'hover':
      return hoverAt({ study, file, outcome }, question.offset);
    case 'series':
      return seriesAt(study, file, question.offset)?.id ?? null;
    case 'fixes':
      return cellFixes(study, file, question.offset, outcome?.report.series ?? []);
    case 'hints':
      return outcome === null ? [] : residualHints(outcome);
    case 'view':
      return outcome === null ? null : viewOfReport(outcome.report, question.frame, outcome.places, question.other);
    case 'report':
      return outcome?.report ?? null;
    case 'export': {
      if (outcome === null) return null;
      const view = fullView(outcome.report, question.frame, outcome.places);
      return exportOf(view, outcome.report, question.format);
    }
  }
}
