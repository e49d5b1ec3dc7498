/**
 * What a stream's rows are thinned by, decided from the table that its first megabyte holds: the columns that keep series
 * and runs apart, and the columns that say how large a run is.
 */
import { quantityWord } from '../study/scale-choice.ts';
import type { StudyOptions } from '../study/study.ts';
import { columnByHeader } from '../study/where.ts';
import type { Column } from '../table/column.ts';
import { RUN_NAMES } from '../table/dictionary.ts';
import { isNumeric } from '../table/profile.ts';
import { columnFor, type TableReading } from '../table/understand.ts';

/** Why a column keeps rows apart: what a series is, which run it is, or a condition that may turn out to be a name. */
export type KeyKind = 'series' | 'run' | 'maybe';

export interface KeyColumn {
  readonly column: number;
  readonly kind: KeyKind;
  readonly header: string;
}

export interface StreamPlan {
  readonly keys: readonly KeyColumn[];
  /** x is the product of these columns; a log10 column is raised first. */
  readonly factors: readonly { readonly column: number; readonly log10: boolean }[];
  /** Column of model names whose sizes stand in for a parameter column; −1 if there is none to be used. */
  readonly namedSizes: number;
  /** Words for the note: what x is. */
  readonly scale: string;
}

/** Roles that tell series apart. */
const SERIES_ROLES = new Set(['task', 'metric', 'split', 'shots', 'filter', 'family']);
/** Distinct values beyond which a column of unknown meaning is a name or a text, not a condition. */
export const MOST_CONDITIONS = 60;

/** Plans the thinning of a table of rows; an error where thinning rows would change what the table says. */
export function planStream(
  reading: TableReading,
  options: StudyOptions,
): StreamPlan | { readonly refused: string; readonly questions: boolean } {
  const { layout, columns, table } = reading;
  if (layout === 'per-sample')
    return {
      refused: 'a table of single questions whose rows are asked for one by one (--x)',
      questions: options.x === undefined,
    };
  if (layout === 'transposed')
    return { refused: 'a table with one column per model, which is not read row by row', questions: false };
  const measured = columns.some((c) => (c.role === 'score' || c.role === 'loss') && c.used);
  if (!measured && options.y === undefined)
    return { refused: 'a table in which no column holds scores or losses', questions: false };
  const keys = new Map<number, KeyColumn>();
  const add = (c: Column, kind: KeyKind): void => {
    if (!keys.has(c.index)) keys.set(c.index, { column: c.index, kind, header: c.header.raw.trim() });
  };
  for (const name of options.group ?? []) {
    const c = columns[columnByHeader(table, name)];
    if (c !== undefined) add(c, 'series');
  }
  for (const c of columns) {
    if (c.role !== null && SERIES_ROLES.has(c.role)) add(c, 'series');
    else if (c.facet !== null) add(c, 'maybe');
    else if ((c.role === 'model' && c.used) || c.role === 'seed' || RUN_NAMES.has(c.header.key)) add(c, 'run');
    else if (
      c.role === null &&
      (!isNumeric(c.profile) || c.profile.integers) &&
      c.profile.filled > 0 &&
      c.profile.distinct <= MOST_CONDITIONS
    )
      add(c, 'maybe');
  }
  return { keys: [...keys.values()], ...scaleOf(reading, options) };
}

function scaleOf(reading: TableReading, options: StudyOptions): Pick<StreamPlan, 'factors' | 'namedSizes' | 'scale'> {
  const { columns, table } = reading;
  const factor = (c: Column): StreamPlan['factors'][number] => ({ column: c.index, log10: c.log10 });
  const pinned = options.x === undefined ? null : quantityWord(options.x);
  if (options.x !== undefined && pinned === null) {
    const c = columns[columnByHeader(table, options.x)];
    if (c !== undefined) return { factors: [factor(c)], namedSizes: -1, scale: `“${c.header.raw.trim()}”` };
  }
  const compute = columnFor(reading, 'compute');
  const tokens = columnFor(reading, 'tokens');
  const step = columnFor(reading, 'step');
  const params =
    columnFor(reading, 'params') ?? columnFor(reading, 'params-non-embedding') ?? columnFor(reading, 'params-active');
  const model = columnFor(reading, 'model');
  if (compute !== null && pinned !== 'params' && pinned !== 'tokens' && pinned !== 'steps')
    return { factors: [factor(compute)], namedSizes: -1, scale: 'compute' };
  const size = pinned === 'tokens' || pinned === 'steps' ? null : params;
  const time = pinned === 'params' ? null : pinned === 'steps' ? step : (tokens ?? step);
  const namedSizes =
    size === null && params === null && model !== null && pinned !== 'tokens' && pinned !== 'steps' ? model.index : -1;
  const words = [
    ...(size !== null || namedSizes >= 0 ? ['parameters'] : []),
    ...(time === null ? [] : [time === tokens ? 'tokens' : 'steps']),
  ];
  return {
    factors: [size, time].flatMap((c) => (c === null ? [] : [factor(c)])),
    namedSizes,
    scale: words.length === 0 ? 'the order of the file' : words.join(' × '),
  };
}
