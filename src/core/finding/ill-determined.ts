/**
 * `fit.ill-determined`: no convergence, another optimum nearly as good (laws.md §2.2), several minima of a profile, or
 * parameters that trade off against each other.
 */
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

/** Notes of the fits that say so: of the common ending, of the optimisers, of the scanned profiles. */
const LABEL = /^(?:Ill-|Poorly )determined: /;
const SAYS_SO = new RegExp(`${LABEL.source}|minima; the deepest`);

export const illDetermined: FindingRule = (input) => {
  const { report, name } = input;
  const fit = report.fits.find((f) => f.law === report.chosen);
  if (fit === undefined) return null;
  const reasons: string[] = [];
  if (!fit.converged) reasons.push('the optimiser did not converge');
  for (const note of fit.notes ?? []) if (SAYS_SO.test(note)) reasons.push(note.replace(LABEL, '').replace(/\.$/, ''));
  if (reasons.length === 0) return null;
  return seriesFinding(
    input,
    'fit.ill-determined',
    `The ${fit.law} fit of ${name} is not well determined: ${reasons.join('; ')}.`,
    { law: fit.law, converged: fit.converged, notes: fit.notes ?? [] },
  );
};
