/**
 * `data.mixed-params`: total and active parameters of mixtures of experts in one column. Such rows are marked; fits over N
 * leave them out, fits over compute keep them.
 */
import { formatCount } from '../render/number.ts';
import type { Finding } from '../report-model.ts';
import type { Rows } from '../study/rows.ts';
import { readModelName } from '../table/sizes.ts';
import type { DataCheck } from './data-check.ts';
import { statedModels, tableFinding } from './data-check.ts';

interface Expert {
  readonly row: number;
  readonly model: string;
  readonly kind: 'total' | 'active' | 'unclear';
}

function experts(rows: Rows): Expert[] {
  const found: Expert[] = [];
  for (const { row, model } of statedModels(rows)) {
    const name = readModelName(model);
    if (!name.moe || name.params === null) continue;
    const stated = rows.params[row] as number;
    const near = (v: number | null): boolean => v !== null && Math.abs(Math.log(stated / v)) < 0.2;
    found.push({ row, model, kind: near(name.params.value) ? 'total' : near(name.active) ? 'active' : 'unclear' });
  }
  return found;
}

function isMixed(list: readonly Expert[]): boolean {
  // Active counts beside dense models, or both kinds side by side.
  return list.some((e) => e.kind !== 'total');
}

/** Mixtures of experts to leave out of fits over N, per table. */
export function mixedModelsOf(rowsOf: readonly Rows[]): ReadonlyMap<number, ReadonlySet<string>> {
  const found = new Map<number, ReadonlySet<string>>();
  for (const rows of rowsOf) {
    const list = experts(rows);
    if (isMixed(list)) found.set(rows.index, new Set(list.map((e) => e.model)));
  }
  return found;
}

export const mixedParams: DataCheck = {
  find: ({ rowsOf }) =>
    rowsOf.flatMap((rows): Finding[] => {
      const list = experts(rows);
      if (!isMixed(list)) return [];
      const column = rows.paramsColumn;
      if (column === null) return [];
      return list.map((e) => {
        const read = readModelName(e.model);
        const total = read.params === null ? '' : `${formatCount(read.params.value)} in total`;
        const active = read.active === null ? '' : `, ${formatCount(read.active)} active`;
        const what = e.kind === 'unclear' ? 'neither its total nor its active parameters' : `its ${e.kind} parameters`;
        return tableFinding(
          rows,
          'data.mixed-params',
          rows.reading.table.cellSpan(e.row, column.index),
          `${e.model} is a mixture of experts (${total}${active}); “${column.header.raw}” gives ${what}, and the column mixes kinds. Fits over N leave such rows out.`,
          { row: e.row, model: e.model, kind: e.kind },
        );
      });
    }),
};
