/**
 * `data.missing`: cells of a score or a quantity that hold a text which is no number and no way to say “nothing here”. They
 * count as missing, and nobody would see it in a chart.
 */
import type { Finding } from '../report-model.ts';
import type { Rows } from '../study/rows.ts';
import type { Column } from '../table/column.ts';
import { isMissing } from '../table/numbers.ts';
import { isMostlyNumeric } from '../table/profile.ts';
import type { Span } from '../table/span.ts';
import { tableFinding } from './data-check.ts';

const ROLES: ReadonlySet<string> = new Set([
  ...['score', 'loss', 'stderr', 'n', 'step'],
  ...['params', 'params-non-embedding', 'params-active', 'tokens', 'compute'],
]);
/** Cells without a number that are looked at in one table: of a sparse one most are empty. */
const LOOKED_AT = 20_000;
/** Texts that a message shows. */
const SHOWN = 3;

function short(text: string): string {
  return `“${text.length > 30 ? `${text.slice(0, 30)}…` : text}”`;
}

/** One finding per column, at its first such cell. */
export function textsAmongNumbers(rowsOf: readonly Rows[]): Finding[] {
  const findings: Finding[] = [];
  for (const rows of rowsOf) {
    let left = LOOKED_AT;
    const { table, columns, layout } = rows.reading;
    if (layout === 'unknown' || layout === 'diagnostic' || layout === 'metadata') continue;
    for (const column of columns) {
      if (!isRead(column)) continue;
      const numbers = table.numbers(column.index);
      const texts = new Map<string, number>();
      let first: Span | null = null;
      let count = 0;
      for (let row = 0; row < rows.count && left > 0; row++) {
        if (!Number.isNaN(numbers[row])) continue;
        left--;
        const text = table.cell(row, column.index).trim();
        if (isMissing(text)) continue;
        if (count === 0) first = table.cellSpan(row, column.index);
        count++;
        texts.set(text, (texts.get(text) ?? 0) + 1);
      }
      if (count === 0) continue;
      const shown = [...texts.keys()].slice(0, SHOWN).map(short).join(', ');
      findings.push(
        tableFinding(
          rows,
          'data.missing',
          first,
          `${count === 1 ? 'One cell' : `${count} cells`} of “${column.header.raw.trim()}” ${count === 1 ? 'is no number' : 'are no numbers'} and ${count === 1 ? 'counts' : 'count'} as missing: ${shown}${texts.size > SHOWN ? ', …' : ''}.`,
          { column: column.header.raw, cells: count },
        ),
      );
    }
  }
  return findings;
}

/** A column that is read as numbers. */
function isRead({ role, used, profile }: Column): boolean {
  return used && role !== null && ROLES.has(role) && isMostlyNumeric(profile);
}
