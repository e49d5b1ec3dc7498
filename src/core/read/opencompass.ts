/**
 * OpenCompass summaries: a table turned on its side, where every model is a column. Read from its CSV, from the text
 * table and from the Markdown table; separator rows are dropped, averages are marked.
 */
import type { ColumnHint, FormatFact, RawTable } from '../table/raw-table.ts';
import { TableBuilder } from './cell-table.ts';

const AGGREGATE = /^(?:naive_average|weighted_average|harmonic_mean|standard_deviation|sum)$/;

/** True if the header is that of an OpenCompass summary. */
export function isOpenCompassHeader(headers: readonly string[]): boolean {
  return ['dataset', 'version', 'metric', 'mode'].every((name, column) => headers[column]?.trim() === name);
}

/** Gives a table with OpenCompass's header its roles. Scores are percent. */
export function openCompassTable(table: RawTable, notes: readonly string[]): RawTable {
  const builder = new TableBuilder();
  const how = 'the layout of OpenCompass summaries: dataset, version, metric, mode, then one column per model';
  const prompts = new Map<string, Set<string>>();
  const separator = (row: number): boolean => {
    for (let column = 1; column < table.columnCount; column++) {
      const cell = table.cell(row, column).trim();
      if (cell !== '-' && cell !== '') return false;
    }
    return true;
  };
  for (let row = 0; row < table.rowCount; row++) {
    const key = [0, 2, 3].map((column) => table.cell(row, column)).join('\0');
    prompts.set(key, (prompts.get(key) ?? new Set()).add(table.cell(row, 1)));
  }
  const prompted = [...prompts.values()].some((versions) => versions.size > 1);
  const fixed: readonly ColumnHint[] = [
    { role: 'task', how },
    {
      role: prompted ? 'filter' : 'ignore',
      how: prompted ? `${how}; rows of different prompt versions are not comparable` : how,
    },
    { role: 'metric', how },
    { role: 'filter', how },
  ];
  for (let column = 0; column < table.columnCount; column++) {
    const hint = fixed[column] ?? { role: 'score', unit: '%', how: `${how}; scores are percent` };
    builder.column(String(column), table.header(column), hint, table.headerSpan(column));
  }
  const facts: FormatFact[] = [];
  let dropped = 0;
  for (let row = 0; row < table.rowCount; row++) {
    if (separator(row)) {
      dropped++;
      continue;
    }
    const metric = table.cell(row, 2);
    if (AGGREGATE.test(metric))
      facts.push({ task: table.cell(row, 0), metric, aggregate: true, span: table.cellSpan(row, 0) });
    const target = builder.row();
    for (let column = 0; column < table.columnCount; column++) {
      const text = table.cell(row, column);
      builder.set(target, column, { text: text.trim() === '-' ? '' : text, span: table.cellSpan(row, column) });
    }
  }
  return builder.build({
    file: table.file,
    format: 'opencompass',
    text: table.text,
    layout: 'transposed',
    facts,
    notes: [...notes, ...table.notes, ...(dropped > 0 ? [`${dropped} separator rows are not data`] : [])],
    problems: table.problems,
  });
}
