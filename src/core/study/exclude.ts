/**
 * Rows that a reason takes out: exclusions of the manifest (which need a why) and a column that says who was excluded.
 * Outlier flags do not take rows out: they are a judgement to see, and a filter away.
 */
import { isMissing } from '../table/numbers.ts';
import type { ManifestRules } from './manifest-rules.ts';
import { modelKey } from './model-book.ts';
import type { Rows } from './rows.ts';
import type { WhereClause } from './study.ts';
import { rowsWhere } from './where.ts';

export interface Exclusions {
  readonly rows: ReadonlyMap<number, string>;
  readonly notes: readonly string[];
}

const NO = /^(?:0|0\.0|false|no|n|f)$/i;
const YES = /^(?:1|1\.0|true|yes|y|t|x)$/i;

/** Which rows of a table are left out, and why. A filter on the flag column puts the user in charge of it. */
export function excludedRows(rows: Rows, rules: ManifestRules | null, where: readonly WhereClause[]): Exclusions {
  const { reading } = rows;
  const { table } = reading;
  const out = new Map<number, string>();
  const notes: string[] = [];
  for (const rule of rules?.select.exclude ?? []) {
    if (rule.model !== null) {
      const wanted = modelKey(rule.model);
      for (let row = 0; row < rows.count; row++) if (modelKey(rows.modelOf(row)) === wanted) out.set(row, rule.why);
    }
    if (rule.where !== null) {
      const mask = rowsWhere(table, [rule.where]);
      if (mask !== null) for (let row = 0; row < rows.count; row++) if (mask[row] === 1) out.set(row, rule.why);
    }
  }
  for (const flag of reading.columns) {
    if (
      flag.role !== 'exclude-flag' ||
      where.some((w) => w.column.trim().toLowerCase() === flag.header.raw.trim().toLowerCase())
    )
      continue;
    let flagged = 0;
    const obey = /^exclu/.test(flag.header.key) || flag.authority === 1;
    for (let row = 0; row < rows.count; row++) {
      const text = table.cell(row, flag.index).trim();
      if (isMissing(text) || NO.test(text)) continue;
      flagged++;
      if (obey && !out.has(row)) out.set(row, YES.test(text) ? `marked in “${flag.header.raw}”` : text);
    }
    if (flagged > 0) {
      notes.push(
        obey
          ? `${flagged} rows are left out: marked in “${flag.header.raw}”.`
          : `${flagged} rows are flagged in “${flag.header.raw}”; they are kept (filter on the column to leave them out).`,
      );
    }
  }
  const status = reading.columns.find((c) => c.role === 'status' && c.used);
  if (status !== undefined) {
    let failed = 0;
    for (let row = 0; row < rows.count; row++)
      if (/fail|crash|kill|cancel|error/i.test(table.cell(row, status.index))) failed++;
    if (failed > 0)
      notes.push(`${failed} of ${rows.count} rows have a “${status.header.raw}” of failed or crashed; they are kept.`);
  }
  return { rows: out, notes };
}
