/** `fit.ill-determined`: several optima, no convergence, or parameters whose errors exceed their values. */
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

export const illDetermined: FindingRule = (input) => {
  const { report, name } = input;
  const fit = report.fits.find((f) => f.law === report.chosen);
  if (fit === undefined) return null;
  const reasons: string[] = [];
  if (!fit.converged) reasons.push('the optimiser did not converge');
  const several = (fit.notes ?? []).find((n) => /^Ill-determined|minima; the deepest/.test(n));
  if (several !== undefined) reasons.push(several.replace(/^Ill-determined: |\.$/g, ''));
  if (reasons.length === 0) return null;
  return seriesFinding(
    input,
    'fit.ill-determined',
    `The ${fit.law} fit of ${name} is not well determined: ${reasons.join('; ')}.`,
    { law: fit.law, converged: fit.converged, notes: fit.notes ?? [] },
  );
};
