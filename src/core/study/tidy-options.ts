/** What the collecting of measurements is told about one table. */
export interface TidyOptions {
  /** Pinned scale column by header, if x is not one of the four quantities. */
  readonly xColumn: string | null;
  readonly yColumn: string | null;
  readonly group: readonly string[] | null;
  /** 1 = the row counts; null = all do. */
  readonly kept: Uint8Array | null;
  /** Metric that the manifest gives a task whose metric is only assumed. */
  readonly taskMetric: (task: string) => string | null;
  /** Name that keeps unnamed losses of several full tables apart; null where files are pieces of one table. */
  readonly fileFacet: string | null;
  /** Reason per row that was left out by a rule (not by a filter). */
  readonly excluded: ReadonlyMap<number, string>;
}
