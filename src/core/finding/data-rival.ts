/**
 * Several columns that could be the one quantity: which one is read, and which are not, as information on the header that
 * is used. Parameters with and without embeddings, four ways to count compute.
 */
import type { Finding } from '../report-model.ts';
import type { Column } from '../table/column.ts';
import { isQuantity } from '../table/name-roles.ts';
import type { FindingCode } from './codes.ts';
import type { DataCheck } from './data-check.ts';
import { tableFinding } from './data-check.ts';

const KINDS: readonly { readonly name: string; readonly code: FindingCode; readonly is: (c: Column) => boolean }[] = [
  {
    name: 'parameters',
    code: 'data.mixed-params',
    is: (c) => c.role === 'params' || c.role === 'params-non-embedding' || c.role === 'params-active',
  },
  { name: 'tokens', code: 'data.unit', is: (c) => c.role === 'tokens' },
  { name: 'compute', code: 'data.compute-mismatch', is: (c) => c.role === 'compute' },
];

export const rivalColumns: DataCheck = {
  find: ({ rowsOf }) =>
    rowsOf.flatMap((rows): Finding[] => {
      const { table, columns, layout } = rows.reading;
      if (layout === 'diagnostic' || layout === 'unknown' || layout === 'metadata') return [];
      return KINDS.flatMap(({ name, code, is }): Finding[] => {
        const used = [rows.paramsColumn, rows.tokensColumn, rows.computeColumn].find((c) => c !== null && is(c));
        if (used === undefined || used === null || used.authority === 1) return [];
        const rivals = columns.filter(
          (c) => c !== used && isQuantity(c.role) && is(c) && !c.log10 && c.profile.filled > 0,
        );
        if (rivals.length === 0) return [];
        const list = rivals.map(
          (c) =>
            `“${c.header.raw}”${c.role === 'params-non-embedding' ? ' (without embeddings)' : c.role === 'params-active' ? ' (active)' : ''}`,
        );
        const finding = tableFinding(
          rows,
          code,
          table.headerSpan(used.index),
          `“${used.header.raw}” is read as ${name}; ${list.join(', ')} could be meant too. Pin one in scaling.yaml to settle it.`,
          {
            role: used.role,
            used: used.header.raw,
            candidates: rivals.map((c) => c.header.raw),
          },
        );
        return [{ ...finding, severity: 'information' as const }];
      });
    }),
};
