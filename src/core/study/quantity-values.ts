/** The quantities of a table's rows (N, D, C, step) as columns, before and while what the names and joins know is filled in. */
import type { Column } from '../table/column.ts';
import type { TableReading } from '../table/understand.ts';

/**
 * One quantity of all rows, NaN where it is unknown. What a table holds already, and what no row has, is shared until a row
 * says otherwise: a table of half a million rows is not copied four times.
 */
export class QuantityValues {
  values: Float64Array;
  #shared: boolean;

  /** @param shared others read the same array */
  constructor(values: Float64Array, shared: boolean) {
    this.values = values;
    this.#shared = shared;
  }

  set(row: number, value: number): void {
    if (this.#shared && !Object.is(this.values[row], value)) {
      this.values = this.values.slice();
      this.#shared = false;
    }
    if (!this.#shared) this.values[row] = value;
  }
}

/** As `values.every`, without a number object per value. */
function isAll(values: Float64Array, test: (value: number) => boolean): boolean {
  for (let i = 0; i < values.length; i++) if (!test(values[i] as number)) return false;
  return true;
}

/** Sizes as a column states them. They are positive and finite; anything else is no size (the checks report it). */
export function sizesOf(reading: TableReading, column: Column | null, unknown: () => Float64Array): QuantityValues {
  if (column === null) return new QuantityValues(unknown(), true);
  const raw = reading.table.numbers(column.index);
  const isSize = (v: number): boolean => v > 0 && v < Number.POSITIVE_INFINITY;
  if (!column.log10 && column.factor === 1 && isAll(raw, (v) => isSize(v) || Number.isNaN(v)))
    return new QuantityValues(raw, true);
  const sizes = raw.map((v) => {
    const size = (column.log10 ? 10 ** v : v) * column.factor;
    return isSize(size) ? size : Number.NaN;
  });
  return new QuantityValues(sizes, false);
}

export function stepsOf(reading: TableReading, column: Column | null, unknown: () => Float64Array): QuantityValues {
  if (column === null) return new QuantityValues(unknown(), true);
  const raw = reading.table.numbers(column.index);
  if (isAll(raw, (v) => Math.abs(v) !== Number.POSITIVE_INFINITY)) return new QuantityValues(raw, true);
  return new QuantityValues(
    raw.map((v) => (Number.isFinite(v) ? v : Number.NaN)),
    false,
  );
}
