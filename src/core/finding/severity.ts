/** How grave a finding is: the order of severities, and the levels that a user may set a code to. */
import type { Severity } from '../report-model.ts';

/** From the least to the gravest. */
export const SEVERITIES: readonly Severity[] = ['hint', 'information', 'warning', 'error'];

export const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { hint: 0, information: 1, warning: 2, error: 3 };

/** Sorts the gravest first. */
export function byGravity(a: { readonly severity: Severity }, b: { readonly severity: Severity }): number {
  return SEVERITY_ORDER[b.severity] - SEVERITY_ORDER[a.severity];
}

/** What a user may set a code to. */
export type Level = Severity | 'ignore';

/** Whether a value out of settings or a manifest is a level. */
export function isLevel(value: unknown): value is Level {
  return value === 'ignore' || (typeof value === 'string' && Object.hasOwn(SEVERITY_ORDER, value));
}
