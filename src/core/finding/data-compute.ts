/**
 * `data.compute-mismatch`: stated compute against 6ND. The median over the table says which convention it follows; rows
 * far from the median are named one by one, and FLOP figures in run names are compared with the logged ones.
 */
import { formatScale } from '../render/number.ts';
import type { Finding } from '../report-model.ts';
import { median } from '../stats/quantile.ts';
import { FROM } from '../study/from.ts';
import type { Rows } from '../study/rows.ts';
import type { DataCheck } from './data-check.ts';
import { MOST_PER_FILE, tableFinding } from './data-check.ts';

function close(a: number, b: number, tolerance: number): boolean {
  return Math.abs(Math.log(a / b)) <= tolerance;
}

/**
 * What the median of C/(factor·ND) says about the whole table; null if it is unremarkable.
 *
 * @param factor FLOP per parameter and token that the study supposes
 */
export function convention(
  ratio: number,
  factor = 6,
): { readonly message: string; readonly severity: 'information' | 'warning' } | null {
  const whole = `${factor}ND`;
  for (const power of [3, 6, 9, 12, -3, -6, -9, -12]) {
    if (close(ratio, 10 ** power, 0.4))
      return { message: `is 10^${power} times ${whole}: a unit is off by that factor`, severity: 'warning' };
  }
  if (close(ratio, 3, 0.08))
    return {
      message: `is 3 times ${whole}: one of the two counts the backward pass twice or not at all`,
      severity: 'warning',
    };
  if (close(ratio, 1 / 3, 0.08))
    return {
      message: `is a third of ${whole}: ${factor === 6 ? 'it counts the forward pass only (2ND)' : 'one of the two leaves a pass out'}`,
      severity: 'warning',
    };
  if (ratio > 1.4 && ratio <= 4)
    return {
      message: `is ${ratio.toPrecision(3)} times ${whole}: N is without embeddings, or attention is counted`,
      severity: 'information',
    };
  if (ratio > 4 || ratio < 0.5) return { message: `is ${ratio.toPrecision(3)} times ${whole}`, severity: 'warning' };
  return null;
}

/** FLOP figure in a run name (`isoflop-6e+19-d2304`), NaN if there is none. */
function flopInName(name: string): number {
  const m = /(?<![\d.])(\d+(?:\.\d+)?e\+?\d{2})(?!\d)/i.exec(name);
  const value = m === null ? Number.NaN : Number(m[1]);
  return value >= 1e15 && value <= 1e27 ? value : Number.NaN;
}

function names(rows: Rows): Finding[] {
  const column = rows.computeColumn;
  if (column === null || rows.modelColumn === null) return [];
  const off: { row: number; ratio: number }[] = [];
  let agree = 0;
  const named = Float64Array.from(rows.models.values, flopInName);
  const unnamed = flopInName(rows.fileModel ?? '');
  if (Number.isNaN(unnamed) && named.every(Number.isNaN)) return [];
  for (let row = 0; row < rows.count; row++) {
    const ratio = (rows.compute[row] as number) / (named[rows.models.codes[row] as number] ?? unnamed);
    if (Number.isNaN(ratio)) continue;
    if (close(ratio, 1, 0.1)) agree++;
    else off.push({ row, ratio });
  }
  if (off.length < 3) return [];
  const typical = median(off.map((o) => o.ratio));
  const same = off.filter((o) => close(o.ratio, typical, 0.05)).length;
  if (same < off.length * 0.8) return [];
  const first = off[0] as { row: number; ratio: number };
  return [
    tableFinding(
      rows,
      'data.compute-mismatch',
      rows.reading.table.cellSpan(first.row, rows.modelColumn.index),
      `${same} run names state a FLOP figure that “${column.header.raw}” exceeds by a factor of ${Number(typical.toPrecision(3))}${agree > 0 ? ` (${agree} agree)` : ''}: the column counts, the names do not.`,
      { factor: typical, runs: same, agree, row: first.row },
    ),
  ];
}

export const computeMismatch: DataCheck = {
  find: ({ rowsOf, rules }) => {
    const findings: Finding[] = [];
    const factor = rules?.scale?.factor ?? 6;
    const tolerance = rules?.scale?.tolerance ?? 0.5;
    for (const rows of rowsOf) {
      findings.push(...names(rows));
      const column = rows.computeColumn;
      if (column === null) continue;
      const found = new Float64Array(rows.count);
      const at = new Uint32Array(rows.count);
      let length = 0;
      for (let row = 0; row < rows.count; row++) {
        if (rows.computeFrom[row] !== FROM.column || rows.tokensFrom[row] === FROM.derived) continue;
        const ratio =
          (rows.compute[row] as number) / (factor * (rows.params[row] as number) * (rows.tokens[row] as number));
        if (!(ratio > 0 && Number.isFinite(ratio))) continue;
        found[length] = ratio;
        at[length++] = row;
      }
      if (length === 0) continue;
      const ratios = found.subarray(0, length);
      const typical = median(ratios);
      const said = ratios.length >= 3 ? convention(typical, factor) : null;
      const { table } = rows.reading;
      if (said !== null) {
        findings.push({
          ...tableFinding(
            rows,
            'data.compute-mismatch',
            table.headerSpan(column.index),
            `Compute “${column.header.raw}” ${said.message} (median over ${ratios.length} rows).`,
            { median: typical, rows: ratios.length },
          ),
          severity: said.severity,
        });
      }
      const far: { readonly row: number; readonly ratio: number }[] = [];
      for (let k = 0; k < length; k++) {
        const ratio = ratios[k] as number;
        if (Math.abs(Math.log(ratio / typical)) > tolerance) far.push({ row: at[k] as number, ratio });
      }
      // Where a large part deviates there is no common convention; single rows are then not the story.
      if (far.length > Math.max(3, ratios.length * 0.25) && ratios.length > 3) {
        findings.push(
          tableFinding(
            rows,
            'data.compute-mismatch',
            table.headerSpan(column.index),
            `${far.length} of ${ratios.length} rows have a C/${factor}ND far from the median ${typical.toPrecision(3)}.`,
            { median: typical, rows: far.length },
          ),
        );
        continue;
      }
      for (const { row, ratio } of far.slice(0, MOST_PER_FILE)) {
        const model = rows.modelOf(row);
        findings.push(
          tableFinding(
            rows,
            'data.compute-mismatch',
            table.cellSpan(row, column.index),
            `${rows.modelColumn === null || model === '' ? 'In this row' : `${model}:`} C/${factor}ND is ${ratio.toPrecision(2)}, the table's median is ${typical.toPrecision(3)}: C = ${formatScale(rows.compute[row] as number, 'compute')}, N = ${formatScale(rows.params[row] as number, 'params')}, D = ${formatScale(rows.tokens[row] as number, 'tokens')}.`,
            { row, ratio, median: typical },
          ),
        );
      }
    }
    return findings;
  },
};
