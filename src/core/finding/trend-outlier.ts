/**
 * `data.outlier` for a score: one point far from the trend of its series by a robust z-score. The trend is the chosen
 * law's, or where none was chosen a Theil–Sen line in log x (Theil 1950, Sen 1968), which a few wild points cannot turn.
 */
import { TheilSenRegression } from 'ml-regression';
import { formatNumber, formatScale } from '../render/number.ts';
import type { Finding, SeriesReport } from '../report-model.ts';
import { median } from '../stats/quantile.ts';
import type { Point, StudySeries } from '../study/study.ts';
import type { RuleInput } from './rule.ts';
import { seriesFinding } from './rule.ts';
import type { StudyRule } from './rules.ts';

/** As in the quality control of IsoFLOP studies (0.6745 |r − median| / MAD > 6). */
const FAR = 6;
const FEWEST = 8;
/** Pairs grow with the square of the points. */
const MOST = 300;

function outlierOf(input: RuleInput): { readonly finding: Finding; readonly point: Point } | null {
  const { report, series, name } = input;
  if (report.x.length < FEWEST || report.x.length > MOST) return null;
  const residuals = residualsOf(report);
  if (residuals === null) return null;
  const middle = median(residuals);
  const scale = scatter(residuals.map((r) => Math.abs(r - middle)));
  if (!(scale > 0)) return null;
  const far = residuals
    .map((r, i) => ({ i, z: Math.abs(r - middle) / scale }))
    .filter(({ z, i }) => z > FAR && beyondNoise(residuals[i] as number, report.stderr?.[i] ?? null))
    .sort((a, b) => b.z - a.z);
  const [worst] = far;
  // Several far points are a second population or a wrong law, not outliers.
  if (worst === undefined || far.length > Math.max(1, report.x.length / 10)) return null;
  const finding = seriesFinding(
    input,
    'data.outlier',
    `${report.models[worst.i]} at ${formatScale(report.x[worst.i], report.scale)}: ${formatNumber(report.y[worst.i])} lies ${formatNumber(worst.z, 2)} robust deviations off the trend of ${name}${far.length > 1 ? `, and ${far.length - 1} more ${far.length === 2 ? 'point' : 'points'}` : ''}. Check the row; nothing was dropped.`,
    { model: report.models[worst.i], x: report.x[worst.i], y: report.y[worst.i], z: worst.z, points: far.length },
  );
  return { finding, point: series.points[worst.i] as Point };
}

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
    const { model, x, y, z } = worst.finding.data as { model: string; x: number; y: number; z: number };
    const message = `${model} at ${formatScale(x, worst.report.scale)} is far off the trend in ${group.length} series, most in ${worst.report.name ?? worst.report.id}: ${formatNumber(y)}, ${formatNumber(z, 2)} robust deviations. Check its rows; nothing was dropped.`;
    return [{ ...worst.finding, message, data: { ...worst.finding.data, allSeries: group.map((g) => g.report.id) } }];
  });
};

/**
 * The larger of the MAD and the standard deviation of all but the largest tenth: with a dozen points the MAD alone can be
 * small by chance.
 */
function scatter(sizes: readonly number[]): number {
  const kept = sizes.toSorted((a, b) => a - b).slice(0, Math.max(1, Math.floor(0.9 * sizes.length)));
  const sd = Math.sqrt(kept.reduce((s, v) => s + v * v, 0) / kept.length);
  return Math.max(1.4826 * median(sizes), sd);
}

/** A deviation that the score's own standard error explains is none. */
function beyondNoise(residual: number, stderr: number | null): boolean {
  return stderr === null || Math.abs(residual) > 4 * stderr;
}

function residualsOf(report: SeriesReport): number[] | null {
  const scale = report.isLoss === true && report.y.every((v) => v > 0) ? Math.log : (v: number) => v;
  const predicted = report.predicted;
  if (predicted != null) {
    const known = predicted.map((p, i) => (p?.y == null ? null : scale(report.y[i] as number) - scale(p.y)));
    return known.every((r): r is number => r !== null && Number.isFinite(r)) ? known : null;
  }
  const x = report.x.map(Math.log10);
  const y = report.y.map(scale);
  if (!x.every(Number.isFinite) || new Set(x).size < 4) return null;
  // A line says nothing about a series that turns.
  if (report.shape === null || !['positive', 'inverse', 'flat'].includes(report.shape.label)) return null;
  const line = new TheilSenRegression(x, y);
  return x.map((u, i) => (y[i] as number) - line.predict(u));
}
