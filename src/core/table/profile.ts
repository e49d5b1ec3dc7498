/**
 * What the values of a column look like: how many there are, how many are numbers, their range and median. Long tables are
 * sampled evenly; scores and quantities are read in full later.
 */
import { isMissing } from './numbers.ts';
import type { RawTable } from './raw-table.ts';

export interface ColumnProfile {
  /** Share of sampled cells that hold something. */
  readonly filled: number;
  /** Share of filled cells that are numbers. */
  readonly numeric: number;
  readonly min: number;
  readonly max: number;
  readonly median: number;
  /** True if every number is an integer. */
  readonly integers: boolean;
  /** All filled cells that are no numbers hold one and the same text: a way to say “nothing here”. */
  readonly marked: boolean;
  /** Distinct texts in the sample, up to a limit. */
  readonly distinct: number;
  /** Some filled texts, as they stand. */
  readonly sample: readonly string[];
  /** True if most filled cells end in a percent sign. */
  readonly percentSigns: boolean;
}

const ROWS = 400;
const SAMPLE = 60;

/** Profiles one column. NaN where a number is asked for and none is there. */
export function profileColumn(table: RawTable, column: number): ColumnProfile {
  const stride = Math.max(1, Math.floor(table.rowCount / ROWS));
  const seen = new Set<string>();
  const sample: string[] = [];
  const texts: number[] = [];
  let looked = 0;
  let filled = 0;
  let percent = 0;
  const rows: number[] = [];
  for (let row = 0; row < table.rowCount; row += stride) rows.push(row);
  if (stride > 1 && rows.at(-1) !== table.rowCount - 1) rows.push(table.rowCount - 1);
  for (const row of rows) {
    looked++;
    const text = table.cell(row, column).trim();
    if (isMissing(text)) continue;
    filled++;
    texts.push(row);
    if (text.endsWith('%')) percent++;
    seen.add(text);
    if (sample.length < SAMPLE) sample.push(text);
  }
  // The number grammar runs over the column only if the first values look like numbers at all.
  const hopeful = sample.some((t) => /^(?:[~≈≃∼±$+\-−–.]|\p{Extended_Pictographic})?\s*[\d.]|^[+-]?inf/iu.test(t));
  let numbers = 0;
  let integers = true;
  const values: number[] = [];
  const marks = new Set<string>();
  if (hopeful) {
    const all = table.numbers(column);
    for (const row of texts) {
      const v = all[row] as number;
      if (Number.isNaN(v)) {
        if (marks.size < 2) marks.add(table.cell(row, column).trim());
        continue;
      }
      numbers++;
      if (Number.isFinite(v)) {
        values.push(v);
        if (!Number.isInteger(v)) integers = false;
      }
    }
  }
  values.sort((a, b) => a - b);
  return {
    filled: looked === 0 ? 0 : filled / looked,
    numeric: filled === 0 ? 0 : numbers / filled,
    min: values[0] ?? Number.NaN,
    max: values.at(-1) ?? Number.NaN,
    median: values[values.length >> 1] ?? Number.NaN,
    integers,
    marked: numbers > 0 && marks.size === 1,
    distinct: seen.size,
    sample,
    percentSigns: filled > 0 && percent / filled > 0.5,
  };
}

/** A column counts as numeric if at least 90 % of its filled cells are numbers. */
export function isNumeric(profile: ColumnProfile): boolean {
  return profile.numeric >= 0.9;
}

/** Most filled cells are numbers: enough where the header says what the column holds (`in progress` beside losses). */
export function isMostlyNumeric(profile: ColumnProfile): boolean {
  return profile.numeric >= 0.6 || profile.marked;
}
