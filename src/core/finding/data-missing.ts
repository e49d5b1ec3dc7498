/** `data.missing`: scores without a scale, and rows left out because a quantity or a score is missing. */
import type { Finding } from '../report-model.ts';
import { NO_RANGE } from '../table/span.ts';
import type { DataCheck } from './data-check.ts';
import { rangeFinding } from './data-check.ts';
import { textsAmongNumbers } from './texts-among-numbers.ts';

export const missingValues: DataCheck = {
  find: ({ built, unscaled, tables, rowsOf }) => {
    const findings: Finding[] = [];
    const perTable = new Map<number, (typeof unscaled)[number][]>();
    for (const group of unscaled) {
      const list = perTable.get(group.rows.index) ?? [];
      list.push(group);
      perTable.set(group.rows.index, list);
    }
    for (const [index, groups] of perTable) {
      const rows = rowsOf[index];
      const first = groups[0];
      if (rows === undefined || first === undefined) continue;
      const { table } = rows.reading;
      const empty = groups.every((g) => g.drafts.length === 0);
      const span =
        rows.modelColumn === null ? table.headerSpan(first.scoreColumn) : table.headerSpan(rows.modelColumn.index);
      const message = empty
        ? `No usable score: ${first.excluded[0]?.why ?? 'every row is empty'}.`
        : `Nothing says how large the models of ${groups.length === 1 ? `“${first.task}”` : `${groups.length} tasks`} are: no parameters, tokens, compute or steps, and no size in the names. A models: table in scaling.yaml settles it.`;
      findings.push({
        ...rangeFinding(table.file, 'data.missing', rows.range(span) ?? NO_RANGE, message, {
          tasks: groups.slice(0, 20).map((g) => g.task),
        }),
        severity: 'warning',
      });
    }
    // One line per reason and table, not per series.
    const reasons = new Map<string, { table: number; why: string; rows: Set<number>; row: number }>();
    for (const { series } of built) {
      for (const e of series.excluded) {
        const why = e.why.replace(/^.*?: (?=no |a partial)/, '');
        if (!/^no |partial|not positive|infinite|no valid row/.test(why)) continue;
        const short = why.replace(/, \d+ of \d+ items/, '');
        const key = `${e.table}|${short}`;
        const known = reasons.get(key);
        if (known === undefined) reasons.set(key, { table: e.table, why: short, rows: new Set([e.row]), row: e.row });
        else known.rows.add(e.row);
      }
    }
    for (const { table, why, rows: missing, row } of reasons.values()) {
      const rows = rowsOf[table];
      if (rows === undefined) continue;
      const column = /compute/.test(why)
        ? rows.computeColumn
        : /tokens/.test(why)
          ? rows.tokensColumn
          : /params/.test(why)
            ? rows.paramsColumn
            : null;
      const at =
        row < 0
          ? null
          : column !== null
            ? rows.reading.table.cellSpan(row, column.index)
            : rows.modelColumn === null
              ? null
              : rows.reading.table.cellSpan(row, rows.modelColumn.index);
      findings.push(
        rangeFinding(
          tables[table]?.file ?? '',
          'data.missing',
          rows.range(at ?? rows.reading.table.headerSpan(0)) ?? NO_RANGE,
          `${missing.size} row${missing.size === 1 ? ' is' : 's are'} left out: ${why}.`,
          { rows: missing.size, why },
        ),
      );
    }
    return [...findings, ...textsAmongNumbers(rowsOf)];
  },
};
