/** `fit.too-few`: a series has too few points or sizes for any law; a file of which that holds throughout is told once. */
import type { StudySeries } from '../study/study.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';
import type { StudyRule } from './rules.ts';

const FEWEST_SIZES = 4;
/** More than so many in one file are one finding. */
const MANY = 8;

export const tooFew: FindingRule = (input) => {
  const { report, name } = input;
  if (report.chosen !== null || report.fits.length > 1) return null;
  const sizes = new Set(report.x).size;
  if (sizes >= FEWEST_SIZES) return null;
  return seriesFinding(
    input,
    'fit.too-few',
    `${name} has ${report.x.length} ${report.x.length === 1 ? 'point' : 'points'} at ${sizes} ${sizes === 1 ? 'size' : 'sizes'}; a law needs at least ${FEWEST_SIZES} sizes.`,
    { points: report.x.length, sizes },
  );
};

/** Too few in one series, or in most of a file (the results of a single model, say). */
export const tooFewSeries: StudyRule = ({ study, series, reports }) => {
  const found = reports.flatMap((report, i) => {
    const one = series[i] as StudySeries;
    const file = study.tables[one.anchor.table]?.file ?? '';
    return tooFew({ series: one, report, file, name: report.name ?? report.id }) ?? [];
  });
  return [...new Set(found.map((f) => f.file))].flatMap((file) => {
    const here = found.filter((f) => f.file === file);
    const [first] = here;
    if (first === undefined || here.length <= MANY) return here;
    const most = Math.max(...here.map((f) => f.data['sizes'] as number));
    const message = `${here.length} series have no more than ${most} ${most === 1 ? 'size' : 'sizes'} each; a law needs at least ${FEWEST_SIZES}. Results of other models of a family, opened together as a folder, would give them.`;
    return [{ ...first, message, series: null, data: { sizes: most, allSeries: here.map((f) => f.series) } }];
  });
};
