/** `fit.too-few`: the series has too few points or sizes for any law. */
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

export const tooFew: FindingRule = (input) => {
  const { report, name } = input;
  if (report.chosen !== null || report.fits.length > 1) return null;
  const sizes = new Set(report.x).size;
  if (sizes >= 4) return null;
  return seriesFinding(
    input,
    'fit.too-few',
    `${name} has ${report.x.length} ${report.x.length === 1 ? 'point' : 'points'} at ${sizes} ${sizes === 1 ? 'size' : 'sizes'}; a law needs at least 4 sizes.`,
    { points: report.x.length, sizes },
  );
};
