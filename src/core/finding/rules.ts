/** The rules over analysed series: adding one is one file and one line. */
import type { Finding, SeriesReport } from '../report-model.ts';
import type { Study, StudySeries } from '../study/study.ts';
import { atBound } from './at-bound.ts';
import { belowChance } from './below-chance.ts';
import { emergent } from './emergent.ts';
import { extrapolated } from './extrapolated.ts';
import { illDetermined } from './ill-determined.ts';
import { inverse } from './inverse.ts';
import { mirage } from './mirage.ts';
import { noBetterThanBaseline } from './no-better-than-baseline.ts';
import { objectivesDisagree } from './objectives-disagree.ts';
import type { FindingRule } from './rule.ts';
import { tooFewSeries } from './too-few.ts';
import { trendOutliers } from './trend-outlier.ts';
import { invertedU, uShaped } from './turned.ts';

/** A rule that looks at several series of a study together. */
export type StudyRule = (input: {
  readonly study: Study;
  readonly series: readonly StudySeries[];
  readonly reports: readonly SeriesReport[];
}) => Finding[];

export const seriesRules: readonly FindingRule[] = [
  inverse,
  uShaped,
  invertedU,
  emergent,
  belowChance,
  atBound,
  illDetermined,
  objectivesDisagree,
  noBetterThanBaseline,
  extrapolated,
];

export const studyRules: readonly StudyRule[] = [mirage, trendOutliers, tooFewSeries];
