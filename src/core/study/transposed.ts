/** Measurements of transposed tables, where the models are the columns. */
import { parseNumber } from '../table/numbers.ts';
import { columnFor } from '../table/understand.ts';
import type { GroupBook } from './draft.ts';
import type { Rows } from './rows.ts';
import type { TidyOptions } from './tidy-options.ts';

/** Adds a transposed table: rows are tasks, columns are models. */
export function tidyTransposed(rows: Rows, book: GroupBook, options: TidyOptions): void {
  const { reading } = rows;
  const { table } = reading;
  const taskColumn = columnFor(reading, 'task');
  const metricColumn = columnFor(reading, 'metric');
  const apart = reading.columns.filter(
    (c) => c.facet !== null || c.role === 'split' || c.role === 'shots' || c.role === 'filter',
  );
  for (let row = 0; row < rows.count; row++) {
    if (options.kept !== null && options.kept[row] === 0) continue;
    const task = taskColumn === null ? '' : table.cell(row, taskColumn.index).trim();
    const metric = metricColumn === null ? 'score' : table.cell(row, metricColumn.index).trim();
    if (task === '' || /^-{3,}/.test(task) || metric === '-') continue;
    const facets: Record<string, string> = {};
    for (const c of apart) {
      const value = table.cell(row, c.index).trim();
      if (value !== '' && value !== '-') facets[c.facet ?? (c.role as string)] = value;
    }
    for (const index of reading.modelColumns) {
      const y = parseNumber(table.cell(row, index));
      if (!Number.isFinite(y)) continue;
      const model = table.header(index).trim();
      const group = book.open(task, metric, facets, {
        rows,
        firstRow: row,
        scoreColumn: index,
        taskColumn: taskColumn?.index ?? -1,
        chanceColumn: -1,
        assumed: false,
      });
      const q = rows.quantitiesOf(model);
      const orNull = (v: number): number | null => (Number.isNaN(v) ? null : v);
      group.drafts.add({
        x: Number.NaN,
        y,
        stderr: null,
        n: null,
        model,
        family: rows.familyOfModel(model),
        run: model,
        params: orNull(q.params),
        tokens: orNull(q.tokens),
        compute: orNull(q.compute),
        step: orNull(q.step),
        loss: null,
        table: rows.index,
        row,
        column: index,
      });
    }
  }
}
