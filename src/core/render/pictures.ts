/**
 * The further charts of a series: its question groups with their fits, what models below the threshold said of the
 * score above it, and the straight line that the law of a pass rate becomes. From the records of the report
 * (`slices`, `passuntil`); a series without them has no pictures.
 */
import type { PassRecord } from '../passuntil/pass-record.ts';
import type { SeriesReport } from '../report-model.ts';
import type { SliceLine, SliceRecord } from '../slice/slice-record.ts';
import { formatNumber, formatPercent, formatScale, scaleTitle } from './number.ts';
import type { AxisView, PictureView, TracePoint, TraceView } from './view-model.ts';

/** All further charts of a series, in the order of their tabs. */
export function picturesOf(series: SeriesReport): PictureView[] {
  const pictures: PictureView[] = [];
  const slices = series['slices'] as SliceRecord | undefined;
  if (slices !== undefined) pictures.push(slicePicture(series, slices), forecastPicture(series, slices));
  const passes = series['passuntil'] as PassRecord | undefined;
  const line = passes === undefined ? null : passPicture(series, passes);
  if (line !== null) pictures.push(line);
  return pictures;
}

function axes(series: SeriesReport, label: string): { readonly x: AxisView; readonly y: AxisView } {
  return {
    x: { label: scaleTitle(series.scale), kind: series.scale, log: true, logPossible: true, lower: null, upper: null },
    y: { label, kind: label, log: false, logPossible: false, lower: null, upper: null },
  };
}

function line(
  key: string,
  label: string,
  color: TraceView['color'],
  { at, lastFitted }: Pick<SliceRecord, 'at' | 'lastFitted'>,
  { y, low, high }: SliceLine,
  { thin = false, banded = true } = {},
): TraceView {
  const points = at.map((x, i) => ({
    x,
    y: y[i] as number,
    low: banded ? (low?.[i] ?? null) : null,
    high: banded ? (high?.[i] ?? null) : null,
    label: '',
  }));
  return { key, label, kind: 'line', color, dashedFrom: lastFitted, thin, points };
}

function mark(series: SeriesReport, { fitBelow }: SliceRecord): PictureView['mark'] {
  return fitBelow === null ? null : { x: fitBelow, text: `fitted below ${formatScale(fitBelow, series.scale, 2)}` };
}

function slicePicture(series: SeriesReport, s: SliceRecord): PictureView {
  const last = s.names.length - 1;
  const groups = s.names.map((name, g): TraceView => {
    const values = s.groups[g] as readonly number[];
    const points = s.x.map((x, i) => ({ x, y: values[i] as number, low: null, high: null, label: s.models[i] ?? '' }));
    return { key: `group:${name}`, label: name, kind: 'points', color: g, dashedFrom: null, thin: false, points };
  });
  const fitted = s.fitBelow === null ? `all ${s.fitted} models` : `the ${s.fitted} models below the threshold`;
  const heading = `Question groups by difficulty, fitted on ${fitted}`;
  return {
    id: 'slices',
    title: 'Slices',
    heading,
    first: false,
    ...axes(series, 'TC Brier of the group (0 is perfect)'),
    traces: [
      ...groups,
      line('fit:easy', `easy fit (degree ${s.easyDegree})`, 0, s, s.easy, { thin: true, banded: false }),
      line('fit:hard', `hard fit (degree ${s.hardDegree})`, last, s, s.hard, { thin: true, banded: false }),
      line('sandwich', `mean of both (${formatPercent(s.level, 2)} band)`, 'ink', s, s.sandwich),
    ],
    mark: mark(series, s),
    summary: `${series.task}: ${heading.toLowerCase()}; ${groups
      .map(({ label, points }) => `${label} from ${formatNumber(points[0]?.y)} to ${formatNumber(points.at(-1)?.y)}`)
      .join(', ')}.`,
    notes: [`Overall TC Brier: ${s.how}.`, ...s.notes],
  };
}

function forecastPicture(series: SeriesReport, s: SliceRecord): PictureView {
  const point = (i: number): TracePoint => ({
    x: series.x[i] as number,
    y: series.y[i] as number,
    low: null,
    high: null,
    label: series.models[i] ?? '',
  });
  const places = series.x.map((_, i) => i);
  const seen = (i: number) => s.fitBelow === null || (series.x[i] as number) < s.fitBelow;
  const points = (key: string, label: string, color: number, chosen: readonly number[]): TraceView => ({
    key,
    label,
    kind: 'points',
    color,
    dashedFrom: null,
    thin: false,
    points: chosen.map(point),
  });
  const held = places.filter((i) => !seen(i));
  const level = formatPercent(s.level, 2);
  const end = s.at.length - 1;
  const best = s.ensemble ?? s.accuracy;
  const at = formatScale(s.at[end], series.scale, 2);
  const heading =
    s.fitBelow === null
      ? 'What the groups say of the score beyond the data'
      : 'What models below the threshold said of the score above it';
  return {
    id: 'slice-forecast',
    title: 'Slice forecast',
    heading,
    first: false,
    x: axes(series, '').x,
    y: {
      label: series.metric,
      kind: series.metric,
      log: false,
      logPossible: false,
      lower: series.range?.lower ?? null,
      upper: series.range?.upper ?? null,
    },
    traces: [
      points('seen', s.fitBelow === null ? 'measured' : 'fitted models', 0, places.filter(seen)),
      ...(held.length === 0 ? [] : [points('held', 'models above the threshold', 1, held)]),
      line('published', 'Slice-and-Sandwich', 3, s, s.accuracy, { thin: true, banded: s.ensemble === null }),
      ...(s.ensemble === null ? [] : [line('ensemble', `slice ensemble (${level} band)`, 'ink', s, s.ensemble)]),
    ],
    mark: mark(series, s),
    summary: `${series.task}: ${heading.toLowerCase()}; at ${at} it expects ${formatNumber(best.y[end])}${best.low === null ? '' : ` (${level}: ${formatNumber(best.low[end])} to ${formatNumber(best.high?.[end])})`}.`,
    notes:
      s.ensemble === null
        ? s.notes
        : ['Slice ensemble: the forecaster of docs/slices.md, inside the range of the score.', ...s.notes],
  };
}

/** What the bend of the line says, in a few words; the statement has the numbers. */
const VERDICTS: Readonly<Record<string, string>> = {
  law: 'a straight line, as the task law has it',
  accelerated: 'instances bend down, accelerated emergence',
  'sub-scaling': 'bends up, slower than the task law',
  heterogeneity: 'bends as averaging different instances does; not called accelerated',
  'cannot tell': 'too few sizes to test for a bend',
};

/** ln(−ln p), null where it does not exist. */
function logLog(p: number | null | undefined): number | null {
  return typeof p === 'number' && p > 0 && p < 1 ? Math.log(-Math.log(p)) : null;
}

/** Half-width of a 90 % interval in standard errors. */
const NINETY = 1.6448536269514722;

function passPicture(series: SeriesReport, passes: PassRecord): PictureView | null {
  const last = series.curve?.lastFitted ?? Number.POSITIVE_INFINITY;
  const points = passes.sizes.flatMap(({ params, pu, stderr }): (TracePoint & { readonly held: boolean })[] => {
    const f = logLog(pu);
    if (f === null) return [];
    // The error in F as the weights of the fit have it: SE / |PU ln PU| (delta method).
    const half = stderr === null || !(stderr > 0) ? null : (NINETY * stderr) / Math.abs(pu * Math.log(pu));
    const label = `${formatScale(params, 'params')}: pass rate ${formatNumber(pu)}`;
    const ends = half === null ? { low: null, high: null } : { low: f - half, high: f + half };
    return [{ x: params, y: f, ...ends, label, held: params > last }];
  });
  if (points.length === 0) return null;
  const trace = (key: string, label: string, color: number, held: boolean): TraceView[] => {
    const own = points.filter((one) => one.held === held).map(({ held: _, ...rest }) => rest);
    return own.length === 0 ? [] : [{ key, label, kind: 'points', color, dashedFrom: null, thin: false, points: own }];
  };
  const traces = [...trace('sizes', 'sizes (90 % bars)', 0, false), ...trace('held', 'sizes not fitted', 1, true)];
  const { curve } = series;
  const own = curve === undefined || curve === null ? [] : curve.x;
  const places = own.length > 1 ? own : points.map(({ x }) => x);
  const law = passes.dataset.wls ?? passes.dataset.ols;
  if (law !== null && places.length > 1) {
    traces.push({
      key: 'line',
      label: `task law, α = ${formatNumber(law.alpha)}`,
      kind: 'line',
      color: 'ink',
      dashedFrom: last,
      thin: false,
      points: places.map((x) => ({ x, y: law.lnC - law.alpha * Math.log(x), low: null, high: null, label: '' })),
    });
  }
  const instances = own.flatMap((x, i): TracePoint[] => {
    const y = logLog(curve?.y[i]);
    // A larger pass rate is a smaller F: the ends change places.
    return y === null ? [] : [{ x, y, low: logLog(curve?.high[i]), high: logLog(curve?.low[i]), label: '' }];
  });
  if (instances.length > 1) {
    const level = formatPercent(curve?.level ?? 0.9, 2);
    traces.push({
      key: 'instances',
      label: `mean over instances (${level} band)`,
      kind: 'line',
      color: 3,
      dashedFrom: last,
      thin: true,
      points: instances,
    });
  }
  const left = passes.sizes.filter(({ pu }) => logLog(pu) === null);
  const off = left.map(({ params, pu }) => `${formatScale(params, 'params', 2)} (pass rate ${formatNumber(pu)})`);
  return {
    id: 'pass-until',
    title: 'log(−log PU)',
    heading: `log(−log PU) over model size: ${VERDICTS[passes.emergence.label] ?? passes.emergence.label}`,
    first: true,
    ...axes(series, 'log(−log PU): falls as passes rise'),
    traces,
    mark: null,
    summary: `${series.task}: log(−log PU) over model size at ${points.length} sizes${law === null ? '' : `, a line of slope ${formatNumber(-law.alpha)}`}. ${passes.emergence.statement}`,
    notes: off.length === 0 ? [] : [`Not on this axis: ${off.join(', ')}.`],
  };
}
