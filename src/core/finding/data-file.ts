/** `file.*` and `data.missing` of the text itself: what the reader of the format reported, and files that hold no results. */
import type { Finding } from '../report-model.ts';
import { NO_RANGE } from '../table/span.ts';
import type { DataCheck } from './data-check.ts';

export const fileProblems: DataCheck = {
  find: ({ rowsOf, built, groups }) => {
    const findings: Finding[] = [];
    const useful = new Set(built.flatMap(({ columns }) => [...columns.places.table]));
    // A score that another file states as well was recognised, though it is not counted.
    const measured = new Set(groups.flatMap((g) => [g.rows.index, ...g.excluded.map((e) => e.table)]));
    for (const rows of rowsOf) {
      const { table, layout } = rows.reading;
      for (const problem of table.problems) {
        findings.push({
          code: problem.code,
          severity: problem.severity,
          message: problem.message,
          file: table.file,
          range: rows.range(problem.span) ?? NO_RANGE,
          series: null,
          data: {},
        });
      }
      if (
        useful.has(rows.index) ||
        measured.has(rows.index) ||
        table.columnCount === 0 ||
        table.rowCount === 0 ||
        table.problems.some((p) => p.severity === 'error')
      )
        continue;
      if (layout === 'metadata' && rowsOf.length > 1) continue;
      const numeric = rows.reading.columns.some((c) => c.profile.numeric >= 0.9 && c.profile.filled > 0);
      const message =
        layout === 'diagnostic'
          ? 'This table reports on fits, not on evaluations: nothing is fitted to it.'
          : layout === 'metadata'
            ? 'This table describes models, runs or tasks; no column holds results.'
            : table.columnCount === 1
              ? 'The table has one column: there is nothing to set it against.'
              : numeric
                ? 'No column was recognised as a score or a loss. Name one in the header, or pin it in scaling.yaml.'
                : 'No column holds numbers.';
      findings.push({
        code: 'file.unrecognised',
        severity: 'information',
        message,
        file: table.file,
        range: rows.range(table.headerSpan(0)) ?? NO_RANGE,
        series: null,
        data: { layout },
      });
    }
    return findings;
  },
};
