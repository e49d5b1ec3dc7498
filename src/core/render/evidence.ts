/**
 * The evidence behind a shape for readers: where a series turns, the threshold by every published definition, and the
 * tests that decided the label, as rows of a small table. Made from the report's records; unknown ones are left out.
 */
import type { SeriesReport } from '../report-model.ts';
import { formatNumber, formatP, formatPercent, formatScale, formatScaleInterval, formatSigned } from './number.ts';
import type { DefinitionView, TurnView } from './view-model.ts';

const DEFINITIONS: Readonly<Record<string, string>> = {
  hinge: 'break of flat-then-rise (shown)',
  'first-above-chance': 'first model above chance',
  'sustained-above-chance': 'every larger model above chance',
  'sigmoid-midpoint': 'midpoint of a sigmoid',
  'sigmoid-10-percent': 'a tenth of a sigmoid’s rise',
  bnsl: 'break of a broken power law',
};

/** The turn of a U or an inverted U; null where the report has none. */
export function turnView(series: SeriesReport): TurnView | null {
  const turn = series['turn'];
  if (!isRecord(turn)) return null;
  const x = numberOf(turn['x']);
  if (x === null) return null;
  const [low, high, level] = [numberOf(turn['low']), numberOf(turn['high']), numberOf(turn['level'])];
  const place = `turns at ${formatScale(x, series.scale)}`;
  if (low === null && high === null)
    return { x, low, high, level, text: `${place}; its interval could not be determined` };
  const kind = level === null ? 'between the neighbouring models,' : `${formatPercent(level)} interval`;
  return { x, low, high, level, text: `${place} (${kind} ${formatScaleInterval(low, high, series.scale)})` };
}

/** The threshold by every definition that the report computed, in its order. */
export function definitionsOf(series: SeriesReport): DefinitionView[] {
  const list = series['thresholds'];
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).flatMap((one) => {
    const title = DEFINITIONS[textOf(one['definition'])];
    // A place that its authors read off a plot is no computation: it has nothing to show here.
    if (title === undefined) return [];
    const [x, low, high] = [numberOf(one['x']), numberOf(one['low']), numberOf(one['high'])];
    const how = textOf(one['interval']);
    return [
      {
        title,
        source: textOf(one['source']),
        x,
        low,
        high,
        place: x === null ? 'none' : formatScale(x, series.scale, 3),
        interval: low === null && high === null ? '' : `${formatScaleInterval(low, high, series.scale)} (${how})`,
        note: textOf(one['note']),
      },
    ];
  });
}

/** What decided the shape, as [name, value] rows: slopes on both sides of a break, contrasts, ranks. */
export function shapeEvidence(series: SeriesReport): (readonly [string, string])[] {
  const { shape } = series;
  if (shape === null) return [];
  const d = shape.detail;
  const value = (key: string) => numberOf(d[key]);
  const rows: (readonly [string, string])[] = [];
  const add = (name: string, text: string | null) => {
    if (text !== null) rows.push([name, text]);
  };
  const slope = (name: string, b: number | null, p: number | null) =>
    add(name, b === null ? null : `${formatSigned(b, 3)} per decade${p === null ? '' : `, ${formatP(p)}`}`);
  if (shape.method === 'regression') {
    slope('trend', value('slope'), value('slopeP'));
    const at = value('breakpoint');
    const turns = shape.label === 'u-shaped' || shape.label === 'inverted-u' || isRecord(d['turn']);
    if (turns && at !== null) {
      slope(`below ${formatScale(10 ** at, series.scale, 2)}`, value('slopeLow'), value('pLow'));
      slope(`above ${formatScale(10 ** at, series.scale, 2)}`, value('slopeHigh'), value('pHigh'));
    }
    const delta = value('deltaAiccLinear');
    if (delta !== null && (shape.lateRise || shape.emergent))
      add(
        'flat, then a rise',
        `ΔAICc ${formatNumber(delta, 2)} over a line, ${formatNumber(value('deltaAiccConstant'), 2)} over flat`,
      );
    if (shape.label === 'flat' || shape.label === 'inconclusive') {
      const most = value('largestChange');
      add('largest change', most === null ? null : `${formatNumber(most, 2)} over the range (95 %)`);
    }
  } else if (shape.method === 'contrast') {
    const z = (name: string, key: string) => {
      const v = value(key);
      add(name, v === null ? null : `z = ${formatSigned(v, 3)}`);
    };
    z('last against first', 'zLastFirst');
    z('dip', 'dipZ');
    z('bump', 'bumpZ');
    add(
      'needed',
      value('criticalZ') === null ? null : `|z| > ${formatNumber(value('criticalZ'), 3)} for a dip or bump`,
    );
  } else if (value('kendallS') !== null)
    add('rank trend', `S = ${formatSigned(value('kendallS'), 3)}, ${formatP(shape.p)}`);
  const q = value('q');
  if (q !== null) add('over all tasks', `q = ${formatNumber(q, 2)} (Benjamini–Hochberg)`);
  if (series.linearity !== null) add('linearity', formatSigned(series.linearity, 3));
  if (series.breakthroughness !== null) add('breakthroughness', formatSigned(series.breakthroughness, 3));
  const { threshold } = series;
  if (threshold !== null)
    add(
      'threshold',
      `${formatScale(threshold.x, series.scale)}${threshold.low === null && threshold.high === null ? '' : ` (${formatScaleInterval(threshold.low, threshold.high, series.scale)})`}`,
    );
  const turn = turnView(series);
  if (turn !== null)
    add(
      'turn',
      `${formatScale(turn.x, series.scale)}${turn.low === null && turn.high === null ? '' : ` (${formatScaleInterval(turn.low, turn.high, series.scale)})`}`,
    );
  return rows;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
