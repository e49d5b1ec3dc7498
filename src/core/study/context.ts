/** Everything that the reading checks look at: tables, rows, groups and series of a study in the making. */
import type { RawTable } from '../table/raw-table.ts';
import type { TableReading } from '../table/understand.ts';
import type { Group } from './draft.ts';
import type { ManifestRules } from './manifest-rules.ts';
import type { PercentVerdict } from './percent.ts';
import type { Rows } from './rows.ts';
import type { BuiltSeries } from './series.ts';
import type { Study, StudyOptions } from './study.ts';

export interface StudyContext {
  readonly tables: readonly RawTable[];
  readonly readings: readonly TableReading[];
  readonly rowsOf: readonly Rows[];
  readonly groups: readonly Group[];
  readonly built: readonly BuiltSeries[];
  /** Groups that gave no series: nothing says how large their models are, or no row is usable. */
  readonly unscaled: readonly Group[];
  readonly percent: PercentVerdict;
  readonly rules: ManifestRules | null;
  readonly options: StudyOptions;
  readonly place: Study['place'];
}
