/**
 * Measurements on their way to series: one draft per score cell, grouped by task, metric and everything that must not be
 * pooled.
 */
import type { Better } from '../report-model.ts';
import { isAggregate } from '../table/understand.ts';
import { DraftList } from './draft-list.ts';
import type { Rows } from './rows.ts';
import type { Point } from './study.ts';

/** A point whose scale is not chosen yet. */
export type Draft = { -readonly [K in keyof Point]: Point[K] } & {
  /** Value of a pinned scale column; absent if none is pinned, so that a draft becomes its point without a copy. */
  pinnedX?: number;
};

export interface Group {
  readonly task: string;
  readonly metric: string;
  readonly facets: Readonly<Record<string, string>>;
  readonly drafts: DraftList;
  /** Sum and count of the chance column over the group's rows. */
  chanceSum: number;
  chanceCount: number;
  chanceColumn: number;
  /** Directions that the rows state, as votes. */
  higher: number;
  lower: number;
  /** Direction by the format itself. */
  better: Better | null;
  betterHow: string;
  readonly aggregate: boolean;
  /** The first row that was seen, and the header or cell that names the task. */
  readonly rows: Rows;
  readonly firstRow: number;
  readonly scoreColumn: number;
  readonly taskColumn: number;
  /** Rows that hold no usable score, or were left out, with the reason. */
  readonly excluded: { readonly table: number; readonly row: number; readonly why: string }[];
  /** True if the metric was assumed from the task. */
  readonly assumed: boolean;
  readonly notes: string[];
}

/** A stable key for a group. */
export function groupKey(task: string, metric: string, facets: Readonly<Record<string, string>>): string {
  const parts = Object.keys(facets)
    .sort()
    .map((name) => `${name}=${facets[name] as string}`);
  return JSON.stringify([task, metric, ...parts]);
}

/** The groups of a study, opened on first sight. */
export class GroupBook {
  readonly groups = new Map<string, Group>();

  /** The group of a measurement, opened on first sight. */
  open(
    task: string,
    metric: string,
    facets: Readonly<Record<string, string>>,
    first: Omit<
      Group,
      | 'task'
      | 'metric'
      | 'facets'
      | 'drafts'
      | 'chanceSum'
      | 'chanceCount'
      | 'higher'
      | 'lower'
      | 'better'
      | 'betterHow'
      | 'aggregate'
      | 'excluded'
      | 'notes'
    >,
  ): Group {
    const key = groupKey(task, metric, facets);
    let group = this.groups.get(key);
    if (group === undefined) {
      group = {
        ...first,
        task,
        metric,
        facets,
        drafts: new DraftList(),
        chanceSum: 0,
        chanceCount: 0,
        higher: 0,
        lower: 0,
        better: null,
        betterHow: '',
        aggregate: isAggregate(task, metric),
        excluded: [],
        notes: [],
      };
      this.groups.set(key, group);
    }
    return group;
  }
}
