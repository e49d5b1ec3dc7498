/**
 * What a rule over an analysed series is: it looks at one series' report and says at most one thing about it. One rule
 * per file; `rules.ts` lists them.
 */
import type { Finding, SeriesReport } from '../report-model.ts';
import type { StudySeries } from '../study/study.ts';
import { FINDING_CODES, type FindingCode } from './codes.ts';

export interface RuleInput {
  readonly series: StudySeries;
  readonly report: SeriesReport;
  readonly file: string;
  /** Task, metric and what sets the series apart from its siblings. */
  readonly name: string;
}

export type FindingRule = (input: RuleInput) => Finding | null;

/** A finding at the anchor of a series, with the default severity of its code. */
export function seriesFinding(
  input: RuleInput,
  code: FindingCode,
  message: string,
  data: Readonly<Record<string, unknown>>,
): Finding {
  return {
    code,
    severity: FINDING_CODES[code].severity,
    message,
    file: input.file,
    range: input.series.anchor.range,
    series: input.series.id,
    data,
  };
}
