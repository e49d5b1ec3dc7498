/**
 * Every code a finding can carry, with its default severity and one line of meaning. Each code has a page under
 * docs/findings/ and can be set to another level in the settings or silenced in scaling.yaml. Statistical findings
 * default to information: they describe the data, they are not mistakes; `trend.inverse` is a warning because a task
 * that gets worse with scale is what a reader must not miss.
 */
import type { Severity } from '../report-model.ts';

interface CodeInfo {
  readonly severity: Severity;
  readonly title: string;
}

export const FINDING_CODES = {
  'trend.inverse': { severity: 'warning', title: 'The task gets worse with scale' },
  'trend.u-shaped': { severity: 'information', title: 'The task gets worse, then better' },
  'trend.inverted-u': { severity: 'warning', title: 'The task gets better, then worse' },
  'trend.emergent': { severity: 'information', title: 'Flat, then rising: an emergence threshold' },
  'trend.mirage': { severity: 'information', title: 'The jump is softer under a continuous metric' },
  'trend.below-chance': { severity: 'information', title: 'Scores significantly below chance' },
  'fit.extrapolated': { severity: 'information', title: 'A forecast beyond the tested range' },
  'fit.at-bound': { severity: 'information', title: 'A parameter ended on its bound' },
  'fit.ill-determined': { severity: 'information', title: 'The data do not determine the parameters' },
  'fit.objectives-disagree': { severity: 'information', title: 'Objectives disagree on the allocation' },
  'fit.no-better-than-baseline': { severity: 'information', title: 'No law beats assuming no change' },
  'fit.too-few': { severity: 'hint', title: 'Too few points to fit' },
  'data.unit': { severity: 'warning', title: 'A unit is unclear or impossible' },
  'data.compute-mismatch': { severity: 'warning', title: 'Compute does not match 6ND' },
  'data.duplicate': { severity: 'warning', title: 'Duplicate rows' },
  'data.outlier': { severity: 'information', title: 'A point far from the rest' },
  'data.missing': { severity: 'information', title: 'Missing values' },
  'data.mixed-params': { severity: 'warning', title: 'Total, active or non-embedding parameters mixed' },
  'data.mixed-percent': { severity: 'warning', title: 'Percent and fraction mixed' },
  'data.direction-conflict': { severity: 'warning', title: 'Metric direction contradicts the registry' },
  'data.degenerate-metric': { severity: 'warning', title: 'A metric that carries no information' },
  'file.malformed': { severity: 'error', title: 'The file is malformed' },
  'file.too-large': { severity: 'error', title: 'The file is too large' },
  'file.unrecognised': { severity: 'information', title: 'The file is not recognised as results' },
  'manifest.invalid': { severity: 'error', title: 'scaling.yaml is invalid' },
} as const satisfies Record<string, CodeInfo>;

export type FindingCode = keyof typeof FINDING_CODES;

/** Whether a word is a finding code. */
export function isFindingCode(code: string): code is FindingCode {
  return Object.hasOwn(FINDING_CODES, code);
}
