/** `fit.at-bound`: the chosen law ended with a parameter on its bound; its value is the bound's, not the data's. */
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

export const atBound: FindingRule = (input) => {
  const { report } = input;
  const fit = report.fits.find((f) => f.law === report.chosen);
  if (fit === undefined || fit.atBound.length === 0) return null;
  const names = fit.atBound.join(', ');
  return seriesFinding(
    input,
    'fit.at-bound',
    `The ${fit.law} fit of ${report.task} (${report.metric}) ended with ${names} on ${fit.atBound.length === 1 ? 'its bound' : 'their bounds'}: read it as a limit, not as an estimate.`,
    { law: fit.law, parameters: fit.atBound },
  );
};
