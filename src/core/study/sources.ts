/** The report's record of a file: format, layout, rows, and what was made of every column. */
import type { ColumnReport, SourceReport } from '../report-model.ts';
import { FROM } from './from.ts';
import type { Rows } from './rows.ts';

/** Describes one table. `said` are notes of the steps that read it. */
export function describeSource(rows: Rows, said: readonly string[]): SourceReport {
  const { reading } = rows;
  const { table } = reading;
  const columns = reading.columns.map((c): ColumnReport => {
    const report: ColumnReport = {
      header: table.header(c.index),
      role: c.role,
      unit: c.role === null || c.role === 'ignore' ? null : c.unit,
      how: c.how,
      range: rows.range(table.headerSpan(c.index)),
    };
    const measured = c.role === 'score' || c.role === 'loss' || c.role === 'stderr';
    return {
      ...report,
      ...(measured && c.measure?.task != null ? { task: c.measure.task } : {}),
      ...(measured && c.measure?.metric != null ? { metric: c.measure.metric } : {}),
    };
  });
  const notes = [`Layout: ${reading.layoutWhy}.`, ...reading.notes, ...said];
  if (columns.some((c) => c.role === 'params') && rows.tokensColumn === null && rows.computeColumn !== null)
    notes.push('Tokens are not in the table: D = C/(6N) where both are known.');
  if (rows.computeColumn === null && rows.paramsColumn !== null && rows.tokensColumn !== null)
    notes.push('Compute is not in the table: C = 6ND.');
  const named =
    rows.paramsColumn === null ? rows.paramsFrom.reduce((sum, from) => sum + (from === FROM.name ? 1 : 0), 0) : 0;
  if (named > 0)
    notes.push(
      `Sizes come from the model names (${named} of ${rows.count} rows): nominal, a models: table in scaling.yaml makes them exact.`,
    );
  return {
    file: table.file,
    format: table.format,
    layout: reading.layout,
    rows: table.folded?.rows ?? table.rowCount,
    columns,
    notes,
  };
}
