/** What a report says about a pass rate beside its fits: the parts that faces read, by the names of the report. */

export interface PassRecord {
  readonly sizes: readonly {
    /** N, parameters. */
    readonly params: number;
    /** Unbiased pass rate, mean over instances. */
    readonly pu: number;
    readonly stderr: number | null;
    readonly f: number | null;
    readonly instances: number;
    readonly capped: number;
  }[];
  /** F = lnC − alpha ln N, by least squares and weighted. */
  readonly dataset: {
    readonly ols: { readonly lnC: number; readonly alpha: number } | null;
    readonly wls: { readonly lnC: number; readonly alpha: number } | null;
  };
  readonly emergence: { readonly label: string; readonly statement: string };
}
