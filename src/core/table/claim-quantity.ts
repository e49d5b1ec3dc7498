/**
 * Whether a column of sizes, tokens or compute can be what its name says: by the magnitude of its values and the sizes in
 * the model names. What both leave open becomes a question.
 */
import type { Role } from '../report-model.ts';
import type { Column, OpenColumn } from './column.ts';
import { WEAK_RANK } from './name-claims.ts';
import { isQuantity } from './name-roles.ts';
import { gate } from './quantity.ts';
import type { RawTable } from './raw-table.ts';
import { readModelName } from './sizes.ts';
import { factorWord } from './units.ts';

/** Rows looked at for a median: enough for an order of magnitude, which is all that is asked of it. */
const MEDIAN_ROWS = 4096;

function medianOf(table: RawTable, column: Column): number {
  const numbers = table.numbers(column.index);
  const stride = Math.max(1, Math.floor(numbers.length / MEDIAN_ROWS));
  const values = new Float64Array(Math.ceil(numbers.length / stride));
  let count = 0;
  for (let row = 0; row < numbers.length; row += stride) {
    const v = numbers[row] as number;
    if (v > 0 && Number.isFinite(v)) values[count++] = v;
  }
  return values.subarray(0, count).sort()[count >> 1] ?? Number.NaN;
}

/** Factor between the sizes in model names and the cells, if most rows agree on one of 1, 1e3, 1e6, 1e9, 1e12. */
function factorFromNames(table: RawTable, column: Column, model: Column | null): number | null {
  if (model === null) return null;
  const values = table.numbers(column.index);
  const votes = new Map<number, number>();
  let seen = 0;
  for (let row = 0; row < Math.min(table.rowCount, 300); row++) {
    const v = values[row] as number;
    if (!(v > 0)) continue;
    const size = readModelName(table.cell(row, model.index)).params?.value;
    if (size === undefined) continue;
    seen++;
    const power = Math.round(Math.log10(size / v) / 3) * 3;
    if (Math.abs(Math.log10(size / v) - power) < 0.25 && power >= 0 && power <= 12)
      votes.set(10 ** power, (votes.get(10 ** power) ?? 0) + 1);
  }
  const best = [...votes].sort((a, b) => b[1] - a[1])[0];
  return best !== undefined && seen >= 2 && best[1] / seen >= 0.7 ? best[0] : null;
}

/** Counts below which no model was built and no run was trained. */
const LEAST_COUNT = 1e3;

/** Share of the values of a column that must have four digits of their own to be plain counts. */
const COUNT_SHARE = 0.6;

/** True where the values are written out to the last digit (`5,607`; `45,547`): nobody writes thousands of billions so. */
function areCounts(table: RawTable, column: Column): boolean {
  const values = new Set<number>();
  for (const v of table.numbers(column.index).subarray(0, MEDIAN_ROWS)) if (Number.isFinite(v) && v > 0) values.add(v);
  if (values.size < 2) return false;
  const exact = [...values].filter((v) => Number.isInteger(v) && String(v).replace(/0+$/, '').length >= 4);
  return exact.length >= COUNT_SHARE * values.size && [...values].every((v) => Number.isInteger(v));
}

/** FLOP below which no header makes a training run. */
const LEAST_TRAINING = 1e9;

/**
 * Settles unit and role of a quantity, or takes the column out of use.
 * @param open gets the question, where there is one
 */
export function claimQuantity(table: RawTable, column: Column, model: Column | null, open: OpenColumn[]): void {
  if (column.authority === 1 || !isQuantity(column.role) || column.log10) return;
  const role = column.role as Role;
  const median = medianOf(table, column);
  if (Number.isNaN(median)) return;
  const verdict = gate(role, median * column.factor);
  if (verdict.kind === 'ok') return;
  // Models of a million parameters train for less than any published run.
  if (role === 'compute' && /(?:^|_)train/.test(column.header.key) && median * column.factor >= LEAST_TRAINING) return;
  if (verdict.kind === 'per-token') {
    column.role = 'compute-per-token';
    column.how = `${column.how}; values near ${median.toPrecision(2)} are FLOP per token`;
    return;
  }
  if (role === 'params' || role === 'params-active' || role === 'params-non-embedding') {
    const factor = column.factor === 1 ? factorFromNames(table, column, model) : null;
    if (factor !== null && factor !== 1) {
      column.factor = factor;
      column.unit = factor;
      column.how = `${column.how}; in ${factorWord(factor)}, as the sizes in the model names say`;
      return;
    }
  }
  if (verdict.factors.length > 0 && column.factor === 1 && areCounts(table, column)) {
    column.unit = 1;
    if (median >= LEAST_COUNT) column.how = `${column.how}; plain counts by their digits`;
    else {
      column.used = false;
      column.role = null;
      column.how = `${column.how}, but ${verdict.why}`;
    }
    return;
  }
  const header = table.header(column.index);
  const quoted = /[:#{}[\],&*?|<>=!%@\\"']/.test(header) ? JSON.stringify(header) : header;
  column.used = false;
  // Weak names (size, steps…) that hold something else are no question.
  if (column.rank >= WEAK_RANK || (column.rank > 13 && verdict.factors.length === 0)) {
    column.role = null;
    column.how = `${column.how}, but ${verdict.why}`;
    return;
  }
  const factors = verdict.factors.length > 0 ? verdict.factors : [1];
  open.push({
    column: column.index,
    message: `The unit of “${header}” is unclear: ${verdict.why}.`,
    choices: factors.map((factor) => ({
      yaml: `${quoted}: {role: ${role}, unit: ${factor === 1 ? 1 : factor.toExponential(0).replace('+', '')}}`,
      say: `“${header}” is in ${factor === 1 ? 'plain units' : factorWord(factor)}`,
      apply: () => {
        column.factor = factor;
        column.unit = factor;
        column.used = true;
        column.how = `${column.how}; assumed to be in ${factor === 1 ? 'plain units' : factorWord(factor)}`;
      },
    })),
  });
  column.how = `${column.how}, but ${verdict.why}`;
  column.unit = null;
}
