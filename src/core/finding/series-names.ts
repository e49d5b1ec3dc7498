/**
 * What a series is called in a sentence: its task and metric, and of its family and facets no more than sets it apart
 * from the other series of that task and metric. Ids name everything; people read these.
 */
import type { StudySeries } from '../study/study.ts';

type Named = Pick<StudySeries, 'id' | 'task' | 'metric' | 'family' | 'facets'>;

/** 'task (metric)' or 'task (metric, what differs)' by series id; 'task' where the metric is called the same. */
export function seriesNames(series: readonly Named[]): ReadonlyMap<string, string> {
  const groups = new Map<string, Named[]>();
  for (const one of series) {
    const key = JSON.stringify([one.task, one.metric]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const names = new Map<string, string>();
  for (const group of groups.values()) {
    const keys = telling(group);
    for (const one of group) {
      const parts = keys.flatMap((key) => wordOf(key, valueOf(one, key)));
      // A table of one benchmark often has no task but its metric: said once.
      const inner = one.metric === one.task ? parts : [one.metric, ...parts];
      names.set(one.id, inner.length === 0 ? one.task : `${one.task} (${inner.join(', ')})`);
    }
  }
  return names;
}

/** The family stands beside the facets; no facet is called so. */
const FAMILY = '';

/** The fewest keys, in their order, that tell the series apart as well as all of them do. */
function telling(group: readonly Named[]): string[] {
  if (group.length < 2) return [];
  const all = [FAMILY, ...new Set(group.flatMap((one) => Object.keys(one.facets)))];
  let keys = all.filter((key) => new Set(group.map((one) => valueOf(one, key))).size > 1);
  const apart = distinct(group, keys);
  for (const key of keys.toReversed()) {
    const rest = keys.filter((k) => k !== key);
    if (distinct(group, rest) === apart) keys = rest;
  }
  return keys;
}

function distinct(group: readonly Named[], keys: readonly string[]): number {
  return new Set(group.map((one) => JSON.stringify(keys.map((key) => valueOf(one, key))))).size;
}

function valueOf(one: Named, key: string): string | null {
  return key === FAMILY ? one.family : (one.facets[key] ?? null);
}

/** A value that says nothing without its key gets it: shots 3, but strict-match. */
function wordOf(key: string, value: string | null): string[] {
  if (value === null || value === '') return [];
  return /^[\d.+\-eE]+$|^(true|false|yes|no)$/i.test(value) ? [`${key} ${value}`] : [value];
}
