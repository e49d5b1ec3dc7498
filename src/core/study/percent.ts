/**
 * Percent or fraction, judged per file and metric, never per cell. Where one file holds both, each task is judged by
 * itself and the mixture is reported.
 */
import { findMetric } from '../table/registry/metrics.ts';
import type { Group } from './draft.ts';
import type { ManifestRules } from './manifest-rules.ts';
import type { ScoreScale } from './measure-facts.ts';
import { stepsOfPercent } from './percent-steps.ts';

export interface PercentVerdict {
  readonly scaleOf: ReadonlyMap<Group, ScoreScale>;
  /** Groups whose scale differs from the rest of their file and metric. */
  readonly mixed: readonly { readonly group: Group; readonly inside: boolean }[];
}

function largest(group: Group): number {
  let max = 0;
  const scores = group.drafts.scores();
  for (let i = 0; i < scores.length; i++) max = Math.max(max, scores[i] as number);
  return max;
}

/** The upper median of a group's scores; 0 if it holds none. */
function middleOf(group: Group): number {
  return group.drafts.scores().sort()[group.drafts.length >> 1] ?? 0;
}

/** True if one group holds both: some scores at most 1 with decimals, the others far above. */
function mixedInside(group: Group): boolean {
  const values = group.drafts
    .scores()
    .filter((y) => y > 0)
    .sort();
  const first = values.findIndex((y) => y > 1.5);
  if (first <= 0 || first >= values.length) return false;
  const below = values.subarray(0, first);
  const above = values.subarray(first);
  return (
    below.length >= 2 &&
    above.length >= 2 &&
    (above[0] as number) / (below.at(-1) as number) > 8 &&
    (below[below.length >> 1] as number) > 0.03
  );
}

/**
 * True if the standard errors are those of percent: scores of at most 1 that are a hard task's percent have errors of
 * 100·√(p(1−p)/n), far larger than the same numbers would have as fractions.
 */
function errorsOfPercent(group: Group): boolean {
  let percent = 0;
  let fraction = 0;
  for (const { y, stderr, n } of group.drafts.all()) {
    if (stderr === null || n === null || !(stderr > 0) || !(n > 0) || !(y > 0 && y < 1)) continue;
    const near = (expected: number): number => Math.abs(Math.log(stderr / expected));
    if (near(100 * Math.sqrt(((y / 100) * (1 - y / 100)) / n)) < near(Math.sqrt((y * (1 - y)) / n))) percent++;
    else fraction++;
  }
  return percent > fraction;
}

/** Judges every group. */
export function judgePercent(groups: readonly Group[], rules: ManifestRules | null): PercentVerdict {
  const scaleOf = new Map<Group, ScoreScale>();
  const mixed: { group: Group; inside: boolean }[] = [];
  const families = new Map<string, Group[]>();
  for (const group of groups) {
    const entry = findMetric(group.metric);
    const bounded =
      entry !== null && entry.percentable && !(group.drafts.scores().some((y) => y < 0) && entry.id !== 'normalized');
    if (!bounded) {
      const small = entry?.upper === 100 && largest(group) <= 1;
      scaleOf.set(group, small ? 'fraction' : 'other');
      continue;
    }
    const key = `${group.rows.index}|${entry.id}`;
    const list = families.get(key) ?? [];
    list.push(group);
    families.set(key, list);
  }
  for (const list of families.values()) {
    const file = (list[0] as Group).rows.reading.table.file;
    const rule = rules?.sources.find((s) => s.matches(file))?.percent ?? 'auto';
    const column = (group: Group): string | number | null =>
      group.rows.reading.columns[group.scoreColumn]?.unit ?? null;
    const maxima = list.map(largest);
    const percent = rule === 'yes' || (rule === 'auto' && maxima.some((m) => m > 1.5));
    list.forEach((group, k) => {
      const pinned = column(group);
      const authority = group.rows.reading.columns[group.scoreColumn]?.authority ?? 4;
      if (authority <= 2 && (pinned === '%' || pinned === 'fraction')) {
        scaleOf.set(group, pinned === '%' ? 'percent' : 'fraction');
        return;
      }
      let scale: ScoreScale = percent ? 'percent' : 'fraction';
      if (
        percent &&
        rule === 'auto' &&
        (maxima[k] as number) <= 1 &&
        middleOf(group) > 0.03 &&
        group.drafts.scores().some((y) => !Number.isInteger(y)) &&
        !errorsOfPercent(group) &&
        !stepsOfPercent(group.drafts.scores())
      ) {
        scale = 'fraction';
        mixed.push({ group, inside: false });
      } else if (percent && rule === 'auto' && mixedInside(group)) mixed.push({ group, inside: true });
      scaleOf.set(group, scale);
    });
  }
  return { scaleOf, mixed };
}
