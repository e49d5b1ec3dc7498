/** A column that the user pinned by name and that no file has: said at once, with the names there are. */
import type { Finding } from '../report-model.ts';
import { quantityWord } from '../study/scale-choice.ts';
import { columnByHeader } from '../study/where.ts';
import { NO_RANGE } from '../table/span.ts';
import type { DataCheck } from './data-check.ts';
import { rangeFinding } from './data-check.ts';

export const pinnedColumns: DataCheck = {
  find: ({ tables, rowsOf, options, groups }) => {
    const findings: Finding[] = [];
    const asked: [flag: string, header: string][] = [];
    if (options.x !== undefined && quantityWord(options.x) === null) asked.push(['--x', options.x]);
    if (options.y !== undefined && !groups.some((g) => g.metric === options.y)) asked.push(['--y', options.y]);
    for (const name of options.group ?? []) asked.push(['--group', name]);
    for (const clause of options.where ?? []) asked.push(['--where', clause.column]);
    const readable = tables.filter((t) => t.columnCount > 0);
    for (const [flag, header] of asked) {
      const first = readable[0];
      if (first === undefined || readable.some((t) => columnByHeader(t, header) >= 0)) continue;
      const names = Array.from({ length: Math.min(first.columnCount, 12) }, (_, c) => first.header(c)).filter(
        (h) => h !== '',
      );
      const range = rowsOf[tables.indexOf(first)]?.range(first.headerSpan(0)) ?? NO_RANGE;
      const finding = rangeFinding(
        first.file,
        'file.unrecognised',
        range,
        `${flag} names “${header}”, but no column is called so. The columns are ${names.join(', ')}${first.columnCount > 12 ? '…' : ''}.`,
        { flag, header },
      );
      findings.push({ ...finding, severity: 'error' });
    }
    return findings;
  },
};
