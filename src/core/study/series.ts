/**
 * From groups of measurements to series: scale, families, metric facts, exclusions and ids. Ids depend on what the series
 * are, not on the order of rows.
 */
import type { Range } from '../table/span.ts';
import { NO_RANGE } from '../table/span.ts';
import { ColumnPoints, columnsOf, type PointColumns } from './column-points.ts';
import type { Draft, Group } from './draft.ts';
import { splitFamilies } from './families.ts';
import { itemsFromErrors } from './items-from-errors.ts';
import type { ManifestRules } from './manifest-rules.ts';
import type { ChanceBook, MetricFacts, ScoreScale } from './measure-facts.ts';
import { ceilingOf, chanceOf, itemsOf, metricFacts } from './measure-facts.ts';
import type { PercentVerdict } from './percent.ts';
import { chooseScale, quantityWord } from './scale-choice.ts';
import type { StudySeries } from './study.ts';

export interface SeriesSetting {
  readonly x: string | null;
  readonly xBy: string;
  /** Pools everything but the grouped columns. */
  readonly grouped: boolean;
  readonly rules: ManifestRules | null;
  readonly tasks: ChanceBook;
  /** Models left out of fits over parameters because their table mixes kinds of counts: table → names. */
  readonly mixedModels: ReadonlyMap<number, ReadonlySet<string>>;
}

export interface BuiltSeries {
  readonly series: StudySeries;
  readonly group: Group;
  readonly facts: MetricFacts;
  readonly scoreScale: ScoreScale;
  /** The points of the series. */
  readonly columns: PointColumns;
}

/** Text inside an id: slashes and equals signs would read as structure. */
function idPart(text: string): string {
  return text.replace(/\s+/g, ' ').trim() || '-';
}

/** The facets that tell the series of one task and metric apart, per task and metric: the fewest that suffice. */
export function distinguishingFacets(
  groups: readonly Pick<Group, 'task' | 'metric' | 'facets'>[],
): ReadonlyMap<string, readonly string[]> {
  const byMetric = new Map<string, Pick<Group, 'task' | 'metric' | 'facets'>[]>();
  for (const g of groups) {
    const key = JSON.stringify([g.task, g.metric]);
    const list = byMetric.get(key) ?? [];
    list.push(g);
    byMetric.set(key, list);
  }
  const found = new Map<string, readonly string[]>();
  for (const [key, list] of byMetric) {
    const names = [...new Set(list.flatMap((g) => Object.keys(g.facets)))].sort();
    const varying = names.filter((n) => new Set(list.map((g) => g.facets[n] ?? '')).size > 1);
    const separates = (chosen: readonly string[]): boolean =>
      new Set(list.map((g) => JSON.stringify(chosen.map((n) => g.facets[n] ?? '')))).size === list.length;
    const single = varying.find((n) => separates([n]));
    let chosen: string[] = single === undefined ? varying : [single];
    if (single === undefined) {
      for (const n of varying) {
        const fewer = chosen.filter((c) => c !== n);
        if (fewer.length > 0 && separates(fewer)) chosen = fewer;
      }
    }
    found.set(key, chosen);
  }
  return found;
}

function anchorOf(group: Group): { table: number; range: Range } {
  const { rows } = group;
  const { table } = rows.reading;
  const span =
    group.taskColumn >= 0 && group.firstRow >= 0
      ? table.cellSpan(group.firstRow, group.taskColumn)
      : table.headerSpan(group.scoreColumn);
  return { table: rows.index, range: rows.range(span) ?? NO_RANGE };
}

/** Tells runs of one name apart whose sizes differ, group by group. */
class RunSizes {
  /** The size of a run in the group that is settled now; what it was in an earlier one is forgotten. */
  readonly #sizes = new Map<string, { group: number; params: number | null }>();
  #group = 0;

  settle(drafts: readonly Draft[]): void {
    this.#group++;
    const split = new Set<string>();
    for (const d of drafts) {
      const known = this.#sizes.get(d.run);
      if (known === undefined) this.#sizes.set(d.run, { group: this.#group, params: d.params });
      else if (known.group !== this.#group) {
        known.group = this.#group;
        known.params = d.params;
      } else if (known.params !== d.params) split.add(d.run);
    }
    if (split.size === 0) return;
    for (const d of drafts) if (split.has(d.run)) d.run = `${d.run} #${d.table}:${d.row}`;
  }
}

/** Drafts whose x is set as points, sorted by it; ties in the order of the files. */
function pointsOf(drafts: readonly Draft[]): ColumnPoints {
  return new ColumnPoints(columnsOf(sortedByScale(drafts)));
}

function byFile(a: Draft, b: Draft): number {
  return a.table - b.table || a.row - b.row;
}

function sortedByScale(given: readonly Draft[]): readonly Draft[] {
  const drafts = given.every((d, i) => i === 0 || byFile(given[i - 1] as Draft, d) <= 0)
    ? given
    : given.toSorted(byFile);
  const xs = new Float64Array(drafts.length);
  for (let i = 0; i < xs.length; i++) xs[i] = (drafts[i] as Draft).x;
  // The bare numbers sorted give every draft its place without a comparison function; equal ones come one after another.
  const ascending = xs.slice().sort();
  const equals = new Uint32Array(xs.length);
  const sorted = drafts.slice();
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] as number;
    let low = 0;
    let high = xs.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ascending[middle] as number) < x) low = middle + 1;
      else high = middle;
    }
    const before = equals[low] as number;
    equals[low] = before + 1;
    sorted[low + before] = drafts[i] as Draft;
  }
  return sorted;
}

const PARTIAL = 0.9;

/** Standard error of a share of right answers from n items; never zero at 0 or 1. */
function binomialError(y: number, n: number, unit: number): number {
  const p = Math.min(1, Math.max(0, y / unit));
  return unit * Math.sqrt(Math.max(p * (1 - p), 1 / n) / n);
}

/** Keeps the checkpoints that the manifest asks for. */
function selectCheckpoints(
  drafts: readonly Draft[],
  rules: ManifestRules | null,
  drop: (d: Draft, why: string) => void,
): Draft[] {
  const rule = rules?.select.checkpoints ?? null;
  if (rule === null || rule === 'all') return [...drafts];
  const last = new Map<string, Draft>();
  const progress = (d: Draft): number => d.step ?? d.tokens ?? d.compute ?? d.row;
  for (const d of drafts) {
    const before = last.get(d.run);
    if (before === undefined || progress(d) >= progress(before)) last.set(d.run, d);
  }
  const kept = drafts.filter((d) => last.get(d.run) === d);
  for (const d of drafts)
    if (last.get(d.run) !== d) drop(d, 'an earlier checkpoint of the run (select.checkpoints: last)');
  return kept;
}

/** Replicates of one model at one scale: averaged or the best one, where the manifest asks. */
function selectSeeds(
  drafts: readonly Draft[],
  x: (d: Draft) => number | null,
  facts: MetricFacts,
  rules: ManifestRules | null,
): Draft[] {
  const rule = rules?.select.seeds ?? 'separate';
  if (rule === 'separate') return [...drafts];
  const byModel = new Map<string, Draft[]>();
  for (const d of drafts) {
    const key = `${d.model}|${x(d) ?? 'x'}`;
    const list = byModel.get(key) ?? [];
    list.push(d);
    byModel.set(key, list);
  }
  return [...byModel.values()].map((list) => {
    const first = list[0] as Draft;
    if (list.length === 1) return first;
    const sign = facts.better === 'higher' ? 1 : -1;
    if (rule === 'best') return list.reduce((a, b) => (sign * b.y > sign * a.y ? b : a));
    const mean = list.reduce((s, d) => s + d.y, 0) / list.length;
    const variance = list.reduce((s, d) => s + (d.y - mean) ** 2, 0) / (list.length - 1);
    return { ...first, y: mean, stderr: Math.sqrt(variance / list.length) };
  });
}

/** Builds the series of all groups; groups without any scale give none and are returned by themselves. */
export function buildSeries(
  groups: readonly Group[],
  percent: PercentVerdict,
  setting: SeriesSetting,
): { readonly built: readonly BuiltSeries[]; readonly unscaled: readonly Group[] } {
  const built: BuiltSeries[] = [];
  const unscaled: Group[] = [];
  const naming = distinguishingFacets(groups);
  const familyNames = new Map<string, string | null>();
  const runSizes = new RunSizes();
  for (const group of groups) {
    const names = naming.get(JSON.stringify([group.task, group.metric])) ?? [];
    if (group.drafts.length === 0) {
      if (group.excluded.length > 0) unscaled.push(group);
      continue;
    }
    const all = group.drafts.all();
    runSizes.settle(all);
    const scoreScale = percent.scaleOf.get(group) ?? 'other';
    const facts = metricFacts(group, scoreScale, setting.rules);
    const choice = chooseScale(all, setting.x, setting.xBy);
    if (choice === null) {
      unscaled.push(group);
      continue;
    }
    const pinnedColumn = setting.x !== null && quantityWord(setting.x) === null;
    const unit = scoreScale === 'percent' ? 100 : 1;
    const stated = itemsOf(group, setting.rules);
    const inferred =
      stated === null && facts.entry?.accuracy === true && scoreScale !== 'other' ? itemsFromErrors(all, unit) : null;
    const items = stated ?? inferred;
    const notes = [...group.notes];
    if (inferred !== null)
      notes.push(
        `n ≈ ${inferred} questions, from the standard errors (n = p(1 − p)/s² + 1): the file states no count.`,
      );
    const excludedAll = [...group.excluded];
    const drop = (d: Draft, why: string): void => {
      excludedAll.push({ table: d.table, row: d.row, why });
    };
    let drafts = selectCheckpoints(all, setting.rules, drop);
    drafts = selectSeeds(drafts, choice.valueOf, facts, setting.rules);
    const split = setting.grouped
      ? {
          parts: [{ family: null, drafts }],
          note: 'Everything but the grouped columns is pooled, model families included.',
        }
      : splitFamilies(drafts, familyNames, choice.scale === 'compute' || setting.x !== null, choice.valueOf);
    if (split.note !== null) notes.push(split.note);
    // Without sizes each run is a learning curve of its own.
    const curves = !setting.grouped && !pinnedColumn && (choice.scale === 'tokens' || choice.scale === 'steps');
    for (const part of split.parts) {
      const runs = curves ? [...new Set(part.drafts.map((d) => d.run))].sort() : [];
      const lists =
        runs.length > 1
          ? runs.map((run) => ({ run, drafts: part.drafts.filter((d) => d.run === run) }))
          : [{ run: null as string | null, drafts: part.drafts }];
      for (const list of lists) {
        const excluded = split.parts.length > 1 || lists.length > 1 ? [] : [...excludedAll];
        const usable: Draft[] = [];
        let largestN = 0;
        for (const d of list.drafts) largestN = Math.max(largestN, d.n ?? 0);
        const few = list.drafts.filter((d) => d.n !== null && d.n < PARTIAL * largestN);
        const dropPartial = few.length > 0 && few.length <= list.drafts.length / 3;
        for (const d of list.drafts) {
          const x = choice.valueOf(d);
          if (x === null) {
            excluded.push({ table: d.table, row: d.row, why: `${d.model}: no ${choice.scale}` });
            continue;
          }
          if (!pinnedColumn && !(x > 0) && choice.scale !== 'steps') {
            excluded.push({ table: d.table, row: d.row, why: `${d.model}: ${choice.scale} is not positive` });
            continue;
          }
          if (dropPartial && d.n !== null && d.n < PARTIAL * largestN) {
            excluded.push({
              table: d.table,
              row: d.row,
              why: `${d.model}: a partial run, ${d.n} of ${largestN} items`,
            });
            continue;
          }
          if (choice.scale === 'params' && setting.mixedModels.get(d.table)?.has(d.model) === true) {
            excluded.push({
              table: d.table,
              row: d.row,
              why: `${d.model}: a mixture of experts; the column mixes total and active parameters`,
            });
            continue;
          }
          d.n ??= items;
          if (d.stderr === null && d.n !== null && facts.entry?.kind === 'discontinuous' && facts.entry.percentable)
            d.stderr = binomialError(d.y, d.n, unit);
          d.x = x;
          usable.push(d);
        }
        if (usable.length === 0) {
          if (lists.length === 1 && split.parts.length === 1) unscaled.push(group);
          continue;
        }
        const points = pointsOf(usable);
        const facets: Record<string, string> = { ...group.facets };
        const tail = names.map((n) => `${n}=${idPart(group.facets[n] ?? '')}`);
        if (list.run !== null) {
          facets['run'] = list.run;
          tail.push(`run=${idPart(list.run)}`);
        }
        const shown = split.parts.length > 1 ? part.family : null;
        const id = [idPart(group.task), idPart(group.metric), ...(shown === null ? [] : [idPart(shown)]), ...tail].join(
          '/',
        );
        const dropped = excluded.length > 0 ? excluded.length : 0;
        const why = [...notes];
        if (dropped > 0)
          why.push(
            `${dropped} row${dropped === 1 ? '' : 's'} left out: ${[...new Set(excluded.map((e) => e.why.replace(/^[^:]+: /, '')))].slice(0, 3).join('; ')}.`,
          );
        built.push({
          group,
          facts,
          scoreScale,
          columns: points.columns,
          series: {
            id,
            task: group.task,
            metric: group.metric,
            family: part.family,
            facets,
            better: facts.better,
            betterHow: facts.betterHow,
            kind: facts.kind,
            isLoss: facts.isLoss,
            lower: facts.lower,
            upper: facts.upper,
            scale: choice.scale,
            scaleHow: choice.how,
            points,
            chance: chanceOf(group, scoreScale, facts, setting.rules, setting.tasks),
            ceiling: ceilingOf(group, scoreScale, setting.rules),
            excluded,
            anchor: anchorOf(group),
            aggregate: group.aggregate,
            notes: why,
          },
        });
      }
    }
  }
  return { built, unscaled };
}
