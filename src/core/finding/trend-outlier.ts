/**
 * `data.outlier` for a score: one point far from what all others of its series say. The trend starts from the chosen law or,
 * where none was chosen, from a Theil–Sen line in log x (Theil 1950, Sen 1968), which a few wild points cannot turn.
 */
import { TheilSenRegression } from 'ml-regression';
import { formatNumber, formatScale } from '../render/number.ts';
import type { Finding, SeriesReport } from '../report-model.ts';
import type { Point, StudySeries } from '../study/study.ts';
import { farPoints } from './far-points.ts';
import type { RuleInput } from './rule.ts';
import { seriesFinding } from './rule.ts';
import type { StudyRule } from './rules.ts';
import { percentUnit } from './words.ts';

const FEWEST = 8;
/** The line through medians grows with the square of the points. */
const MOST = 300;
/** A score may miss its trend by so many of its own standard errors. */
const NOISE = 4;

function outlierOf(input: RuleInput): { readonly finding: Finding; readonly point: Point } | null {
  const { report, series, name } = input;
  if (report.x.length < FEWEST || report.x.length > MOST) return null;
  const read = residualsOf(report);
  if (read === null) return null;
  const { residuals, log } = read;
  const far = farPoints(Float64Array.from(report.x, Math.log10), residuals).filter(({ index, expected }) => {
    const y = report.y[index] as number;
    const error = report.stderr?.[index] ?? null;
    // A deviation that the score's own standard error explains is none; that of ln y is the one of y over y.
    return error === null || Math.abs((residuals[index] as number) - expected) > (NOISE * error) / (log ? y : 1);
  });
  const [worst] = far;
  if (worst === undefined) return null;
  const y = report.y[worst.index] as number;
  const off = (residuals[worst.index] as number) - worst.expected;
  const { lower = null, upper = null } = report.range ?? {};
  const said = log ? y * Math.exp(-off) : y - off;
  const expected = Math.min(upper ?? said, Math.max(lower ?? said, said));
  const finding = seriesFinding(
    input,
    'data.outlier',
    `${report.models[worst.index]} at ${formatScale(report.x[worst.index], report.scale)}: ${formatNumber(y)}${percentUnit(report)} in ${name}, where the other points say ${formatNumber(expected, 3)}${percentUnit(report)} (${formatNumber(Math.abs(worst.t), 2)} times their scatter)${far.length > 1 ? `; ${far.length - 1} more ${far.length === 2 ? 'point is' : 'points are'} as far off` : ''}. Check the row; nothing was dropped.`,
    {
      model: report.models[worst.index],
      x: report.x[worst.index],
      y,
      expected,
      z: Math.abs(worst.t),
      points: far.length,
    },
  );
  return { finding, point: series.points.at(worst.index) as Point };
}

/** What stands behind a finding. */
type OutlierData = {
  readonly model: string;
  readonly x: number;
  readonly y: number;
  /** What the trend of the other points says. */
  readonly expected: number;
  /** |y − expected| in standard errors of a prediction from the others. */
  readonly z: number;
};

/** From so many series on, a run that is off in all of them is told once. */
const MANY = 3;

/** The outliers of every series; a run that stands out in several is one finding, at its worst score. */
export const trendOutliers: StudyRule = ({ study, series, reports }) => {
  const found = reports.flatMap((report, i) => {
    const one = series[i] as StudySeries;
    const file = study.tables[one.anchor.table]?.file ?? '';
    const outlier = outlierOf({ series: one, report, file, name: report.name ?? report.id });
    if (outlier === null) return [];
    const { finding, point } = outlier;
    const range = study.place(point);
    const placed = range === null ? finding : { ...finding, file: study.tables[point.table]?.file ?? file, range };
    return [{ finding: placed, report }];
  });
  const byRun = new Map<string, typeof found>();
  for (const one of found) {
    const { file, data } = one.finding;
    const key = JSON.stringify([file, data['model'], data['x']]);
    byRun.set(key, [...(byRun.get(key) ?? []), one]);
  }
  return [...byRun.values()].flatMap((group) => {
    if (group.length < MANY) return group.map(({ finding }) => finding);
    const worst = group.reduce((a, b) => ((b.finding.data['z'] as number) > (a.finding.data['z'] as number) ? b : a));
    const { model, x, y, expected, z } = worst.finding.data as OutlierData;
    const unit = percentUnit(worst.report);
    const message = `${model} at ${formatScale(x, worst.report.scale)} is far off the trend in ${group.length} series, most in ${worst.report.name ?? worst.report.id}: ${formatNumber(y)}${unit}, where the other points say ${formatNumber(expected, 3)}${unit} (${formatNumber(z, 2)} times their scatter). Check its rows; nothing was dropped.`;
    return [{ ...worst.finding, message, data: { ...worst.finding.data, allSeries: group.map((g) => g.report.id) } }];
  });
};

/** Residuals in ln y for losses and in y otherwise; null where no trend is known. */
function residualsOf(report: SeriesReport): { readonly residuals: Float64Array; readonly log: boolean } | null {
  const log = report.isLoss === true && report.y.every((v) => v > 0);
  const scale = log ? Math.log : (v: number) => v;
  const y = report.y.map(scale);
  const x = report.x.map(Math.log10);
  if (!x.every(Number.isFinite) || !y.every(Number.isFinite) || new Set(x).size < 4) return null;
  const predicted = report.predicted;
  if (predicted != null) {
    const residuals = Float64Array.from(y, (v, i) => v - scale(predicted[i]?.y ?? Number.NaN));
    return residuals.every(Number.isFinite) ? { residuals, log } : null;
  }
  // A line says nothing about a series that turns.
  if (report.shape === null || !['positive', 'inverse', 'flat'].includes(report.shape.label)) return null;
  const line = new TheilSenRegression(x, y);
  return { residuals: Float64Array.from(x, (u, i) => (y[i] as number) - line.predict(u)), log };
}
