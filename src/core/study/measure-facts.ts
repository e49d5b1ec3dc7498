/**
 * What a series' metric means: direction, range, percent or fraction, chance and ceiling; each from the manifest, then the
 * format, then the registry, with its source.
 */
import type { Better } from '../report-model.ts';
import type { MetricEntry } from '../table/registry/metrics.ts';
import { findMetric } from '../table/registry/metrics.ts';
import { findTask } from '../table/registry/tasks.ts';
import type { Group } from './draft.ts';
import type { ManifestRules } from './manifest-rules.ts';
import type { Derived, MetricKind } from './study.ts';

export type ScoreScale = 'percent' | 'fraction' | 'other';

export interface MetricFacts {
  readonly entry: MetricEntry | null;
  readonly better: Better;
  readonly betterHow: string;
  /** True where nothing says which direction is better. */
  readonly directionOpen: boolean;
  /** The file's direction where the registry contradicts it. */
  readonly conflict: Better | null;
  readonly kind: MetricKind;
  readonly isLoss: boolean;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** The direction that the file states: votes of a direction column, or the format's flag. */
export function statedDirection(group: Group): { readonly better: Better; readonly how: string } | null {
  if (group.better !== null) return { better: group.better, how: group.betterHow };
  if (group.higher > 0 && group.lower === 0) return { better: 'higher', how: 'the file says so' };
  if (group.lower > 0 && group.higher === 0) return { better: 'lower', how: 'the file says so' };
  for (const fact of group.rows.reading.table.facts) {
    if (fact.better === undefined) continue;
    if ((fact.task === null || fact.task === group.task) && (fact.metric === null || fact.metric === group.metric)) {
      return { better: fact.better, how: `the format ${group.rows.reading.table.format} says so` };
    }
  }
  return null;
}

/** True for metrics in which neither direction is better (bias log-odds, say) unless the file or the manifest ranks them. */
export function isUnranked(group: Group, rules: ManifestRules | null): boolean {
  const entry = findMetric(group.metric);
  if (entry === null || entry.better !== null || statedDirection(group) !== null) return false;
  return (rules?.metrics.get(group.metric) ?? rules?.metrics.get(entry.id))?.better === undefined;
}

/** Direction, range and kind of a group's metric. */
export function metricFacts(group: Group, scale: ScoreScale, rules: ManifestRules | null): MetricFacts {
  const entry = findMetric(group.metric);
  const pinned =
    rules?.metrics.get(group.metric) ?? (entry === null ? undefined : rules?.metrics.get(entry.id)) ?? null;
  const stated = statedDirection(group);
  let better: Better;
  let betterHow: string;
  let directionOpen = false;
  let conflict: Better | null = null;
  if (pinned?.better !== undefined) {
    better = pinned.better;
    betterHow = `pinned in ${rules?.file ?? 'scaling.yaml'}`;
  } else if (entry?.better != null) {
    better = entry.better;
    betterHow = `metric registry: ${entry.id}`;
    if (stated !== null && stated.better !== better && entry.id !== 'score') conflict = stated.better;
    if (entry.id === 'score' && stated !== null) {
      better = stated.better;
      betterHow = stated.how;
    }
  } else if (stated !== null) {
    better = stated.better;
    betterHow = stated.how;
  } else {
    better = 'higher';
    betterHow = 'assumed: nothing says which direction is better';
    directionOpen = true;
  }
  const factor = scale === 'percent' ? 100 : 1;
  const bounded = entry !== null && (entry.percentable || entry.upper !== 100 || scale !== 'fraction');
  let lower = entry?.lower ?? null;
  let upper = entry?.upper ?? null;
  if (entry?.percentable === true) {
    lower = lower === null ? null : lower * factor;
    upper = upper === null ? null : upper * factor;
  } else if (!bounded && upper === 100) upper = 1;
  // A range that the values leave is not the range.
  const scores = group.drafts.scores();
  for (let i = 0; i < scores.length; i++) {
    const y = scores[i] as number;
    if (upper !== null && y > upper * 1.000001 + 1e-9) upper = null;
    if (lower !== null && y < lower - 1e-9 - Math.abs(lower) * 1e-6) lower = null;
    if (upper === null && lower === null) break;
  }
  return {
    entry,
    better,
    betterHow,
    directionOpen,
    conflict,
    kind: pinned?.kind ?? entry?.kind ?? 'continuous',
    isLoss: entry?.isLoss ?? false,
    lower: pinned?.min ?? lower,
    upper: pinned?.max ?? upper,
  };
}

function derived(value: number, how: string): Derived<number> {
  return { value, how, table: null, range: null };
}

/** Chance of a task in a tasks table of the same study (`Random baseline` beside the task's name). */
export type ChanceBook = ReadonlyMap<string, { readonly value: number; readonly how: string }>;

/** The chance level in units of y: manifest, chance column or data file, tasks table, format, registry. */
export function chanceOf(
  group: Group,
  scale: ScoreScale,
  facts: MetricFacts,
  rules: ManifestRules | null,
  tasks: ChanceBook,
): Derived<number> | null {
  const isShare = facts.entry?.accuracy === true;
  const isError = facts.entry?.id === 'error';
  const unit = scale === 'percent' ? 100 : 1;
  const asShare = (v: number): number => (v > 1 ? v / 100 : v);
  const pinned = rules?.tasks.get(group.task)?.chance;
  if (pinned !== undefined && (isShare || isError)) {
    const share = asShare(pinned);
    return derived(
      (isError ? 1 - share : share) * unit,
      `pinned for ${group.task} in ${rules?.file ?? 'scaling.yaml'}`,
    );
  }
  if (group.chanceCount > 0) {
    const mean = group.chanceSum / group.chanceCount;
    const column = group.chanceColumn < 0 ? null : group.rows.reading.table.header(group.chanceColumn);
    const value = isShare ? asShare(mean) * unit : mean;
    return derived(value, column === null ? 'mean over the questions of the data file' : `column “${column}”`);
  }
  if (!isShare && !isError) return null;
  for (const fact of group.rows.reading.table.facts) {
    if (
      fact.chance !== undefined &&
      (fact.task === null || fact.task === group.task) &&
      (fact.metric === null || fact.metric === group.metric)
    ) {
      return derived(asShare(fact.chance) * unit, `the format ${group.rows.reading.table.format} says so`);
    }
  }
  const listed = tasks.get(group.task.toLowerCase());
  const known = listed === undefined ? findTask(group.task) : null;
  const share = listed?.value ?? known?.chance ?? null;
  if (share === null) return null;
  return derived(
    (isError ? 1 - share : share) * unit,
    listed?.how ?? `task registry: ${known?.id ?? group.task}, ${known?.source ?? ''}`,
  );
}

/** A ceiling that the manifest or the format states, in units of y. */
export function ceilingOf(group: Group, scale: ScoreScale, rules: ManifestRules | null): Derived<number> | null {
  const unit = scale === 'percent' ? 100 : 1;
  const pinned = rules?.tasks.get(group.task)?.ceiling;
  if (pinned !== undefined)
    return derived(
      pinned <= 1 ? pinned * unit : pinned,
      `pinned for ${group.task} in ${rules?.file ?? 'scaling.yaml'}`,
    );
  for (const fact of group.rows.reading.table.facts) {
    if (
      fact.ceiling !== undefined &&
      (fact.task === null || fact.task === group.task) &&
      (fact.metric === null || fact.metric === group.metric)
    ) {
      return derived(fact.ceiling, `the format ${group.rows.reading.table.format} says so`);
    }
  }
  return null;
}

/** Items behind the scores of a task, as the manifest or the format states them for the whole task. */
export function itemsOf(group: Group, rules: ManifestRules | null): number | null {
  const pinned = rules?.tasks.get(group.task)?.n;
  if (pinned !== undefined) return pinned;
  const { facts } = group.rows.reading.table;
  for (const fact of facts) {
    if (fact.n !== undefined && fact.task === group.task && (fact.metric === null || fact.metric === group.metric))
      return fact.n;
  }
  return null;
}
