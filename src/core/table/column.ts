/**
 * One column as it is understood: role, unit, what it measures, and how that was decided.
 */
import type { Better, Role, Unit } from '../report-model.ts';
import type { Header } from './headers.ts';
import type { ColumnProfile } from './profile.ts';

/** What a score column measures; null parts come from other columns of the row. */
export interface Measure {
  readonly task: string | null;
  readonly metric: string | null;
  readonly facets: Readonly<Record<string, string>>;
  readonly run: string | null;
  readonly better: Better | null;
  /** Siblings (stderr, bounds, n) carry the stem of their score column. */
  readonly stem: string;
  readonly part: 'score' | 'stderr' | 'sd' | 'n' | 'low' | 'high';
  /** True where the metric was assumed. */
  readonly assumed: boolean;
}

/** A measure of which nothing is known yet. */
export const NO_MEASURE: Measure = {
  task: null,
  metric: null,
  facets: {},
  run: null,
  better: null,
  stem: '',
  part: 'score',
  assumed: true,
};

export interface Column {
  readonly index: number;
  readonly header: Header;
  readonly profile: ColumnProfile;
  role: Role | null;
  unit: Unit | null;
  /** What `numbers(index)` is multiplied with to give plain units. */
  factor: number;
  /** The cells hold log10 of the quantity. */
  log10: boolean;
  how: string;
  /** Authority: 1 manifest or pinned, 2 format, 3 header, 4 values. */
  authority: 1 | 2 | 3 | 4;
  /** Position in the list of preferred names (0 best) where several columns claim one role. */
  rank: number;
  measure: Measure | null;
  /** Name under which the column keeps rows apart, if it does. */
  facet: string | null;
  /** True if the column is read (and not just another candidate for its role). */
  used: boolean;
}

/** A decision that needs the user: a unit or a role that values and names leave open. */
export interface OpenColumn {
  readonly column: number;
  readonly message: string;
  /** Lines for `sources[].columns`, best guess first. */
  readonly choices: readonly { readonly yaml: string; readonly say: string; readonly apply: () => void }[];
}
