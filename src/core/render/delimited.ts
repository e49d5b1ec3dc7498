/**
 * Points and fits as delimited text (RFC 4180), for other tools: full double precision, a dot as decimal point, empty
 * cells for what does not exist.
 */
import { type Cell, csvField } from './csv-field.ts';
import { curveAt, curveOf, familyOf } from './plot.ts';
import type { CurveView, FitView, PictureView, SeriesView } from './view-model.ts';

/** Rows joined with CRLF, as RFC 4180 has it, and a line end after the last. */
export function delimited(header: readonly string[], rows: Iterable<readonly Cell[]>, delimiter = ','): string {
  let text = `${header.map((name) => csvField(name, delimiter)).join(delimiter)}\r\n`;
  for (const row of rows) text += `${row.map((value) => csvField(value, delimiter)).join(delimiter)}\r\n`;
  return text;
}

const HEADER = [
  'kind',
  'series',
  'task',
  'metric',
  'family',
  'model',
  'scale',
  'x',
  'y',
  'stderr',
  'law',
  'predicted',
  'low',
  'high',
  'level',
  'sigma',
  'fitted',
  'note',
];

/**
 * All points of one series, then the samples of its curve, in one table. `kind` tells rows apart: `point`, `curve`,
 * `forecast`. x in plain units, y as in the file.
 *
 * @param law the law whose curve and predictions are exported; the chosen one by default.
 */
export function seriesCsv(series: SeriesView, law?: string | null): string {
  return delimited(HEADER, seriesRows(series, curveOf(series, law)));
}

/** The traces of a further chart: points and lines with the ends of their bars and bands. */
export function pictureCsv(series: SeriesView, picture: PictureView): string {
  const header = ['picture', 'series', 'trace', 'kind', 'label', 'x', 'y', 'low', 'high'];
  const rows = picture.traces.flatMap(({ label, kind, points }) =>
    points.map((one): Cell[] => [picture.id, series.id, label, kind, one.label, one.x, one.y, one.low, one.high]),
  );
  return delimited(header, rows);
}

/** All series of a view in one table, each with its chosen law. */
export function viewCsv(view: FitView): string {
  return delimited(HEADER, allRows(view));
}

function* allRows(view: FitView): Iterable<readonly Cell[]> {
  for (const series of view.series) yield* seriesRows(series, curveOf(series));
}

function* seriesRows(series: SeriesView, curve: CurveView | null): Iterable<readonly Cell[]> {
  const { id, task, metric } = series;
  const scale = series.x.kind;
  const law = curve?.law ?? null;
  for (const point of series.points) {
    const predicted = predictionAt(series, curve, point.x, point.predicted);
    const sigma = curve?.chosen === true ? point.sigma : null;
    const head = ['point', id, task, metric, familyOf(series, point), point.model, scale, point.x, point.y];
    const fitted = curve === null ? null : point.excluded === null;
    yield [...head, point.stderr, law, predicted, null, null, null, sigma, fitted, point.excluded];
  }
  if (curve !== null) {
    for (let i = 0; i < curve.xs.length; i++) {
      const x = curve.xs[i] as number;
      const note = x > curve.lastFitted ? 'extrapolated' : null;
      const head = ['curve', id, task, metric, null, null, scale, x, null, null, law, curve.ys[i] ?? null];
      yield [...head, curve.low[i] ?? null, curve.high[i] ?? null, curve.level, null, null, note];
    }
  }
  for (const { x, y, low, high, level, law: of, verdict } of series.forecasts) {
    yield [
      'forecast',
      id,
      task,
      metric,
      null,
      null,
      scale,
      x,
      null,
      null,
      of,
      y,
      low,
      high,
      level,
      null,
      null,
      verdict,
    ];
  }
}

/** The chosen law's exact prediction where the view carries it, else the shown curve, interpolated between samples. */
export function predictionAt(
  series: SeriesView,
  curve: CurveView | null,
  x: number,
  exact: number | null,
): number | null {
  if (curve === null) return null;
  return curve.chosen && exact !== null ? exact : curveAt(curve, x, series.x.logPossible, series.y.logPossible);
}
