/** `fit.at-bound`: the chosen law ended with a parameter on its bound; its value is the bound's, not the data's. */
import { formatNumber } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

export const atBound: FindingRule = (input) => {
  const { report, name } = input;
  const fit = report.fits.find((f) => f.law === report.chosen);
  if (fit === undefined || fit.atBound.length === 0) return null;
  const values = fit.atBound.map((parameter) => `${parameter} = ${formatNumber(fit.parameters[parameter])}`);
  return seriesFinding(
    input,
    'fit.at-bound',
    `The ${fit.law} fit of ${name} ended on ${values.length === 1 ? 'a bound' : 'bounds'}: ${values.join(', ')}. ${values.length === 1 ? 'It is a limit, not an estimate' : 'They are limits, not estimates'}.`,
    { law: fit.law, parameters: fit.atBound },
  );
};
