/**
 * The tables of a HELM release (`groups/*.json`): a title, a header of cells and rows of cells, one row per model and one
 * column per scenario. The header says task, metric and direction of its column.
 */
import { err, ok } from '../result.ts';
import type { ColumnHint, RawTable } from '../table/raw-table.ts';
import { cellOf, TableBuilder } from './cell-table.ts';
import { type TreeFormat, type TreeSource, unrecognised } from './source.ts';
import { at, flagOf, itemsOf, type Node, numberOf, scalarOf, textOf } from './tree.ts';

const HOW = 'the header of the HELM table';

function isTable(node: Node): boolean {
  const header = itemsOf(at(node, 'header'));
  return (
    header.length > 1 &&
    at(node, 'rows')?.kind === 'list' &&
    header.every((cell) => textOf(at(cell, 'value')) !== undefined)
  );
}

function tablesOf(root: Node): readonly Node[] {
  return (root.kind === 'list' ? itemsOf(root) : [root]).filter(isTable);
}

export const helmGroupsFormat: TreeFormat = {
  id: 'helm-groups',
  name: 'HELM tables of a release',
  matches: (root) => tablesOf(root).length > 0,
  read(source) {
    const tables = tablesOf(source.root).flatMap((node) => {
      const table = tableOf(source, node);
      return table === null ? [] : [table];
    });
    return tables.length === 0 ? err(unrecognised('HELM tables without a number', source.root.span)) : ok(tables);
  },
};

function hintOf(cell: Node, header: string, first: boolean): ColumnHint {
  if (first) return { role: 'model', how: HOW };
  // `MMLU - EM`, and in newer releases the two apart.
  const split = header.lastIndexOf(' - ');
  const task = textOf(at(cell, 'metadata', 'run_group')) ?? (split < 0 ? undefined : header.slice(0, split));
  const metric = textOf(at(cell, 'metadata', 'metric')) ?? (split < 0 ? undefined : header.slice(split + 3));
  if (task === undefined || metric === undefined)
    return { role: 'ignore', how: 'made of the other columns, or relative to the other models of the table' };
  const lower = flagOf(at(cell, 'lower_is_better'));
  return { role: 'score', task, metric, how: HOW, ...(lower !== undefined && { better: lower ? 'lower' : 'higher' }) };
}

function tableOf(source: TreeSource, node: Node): RawTable | null {
  const builder = new TableBuilder();
  const columns = itemsOf(at(node, 'header')).map((cell, index) => {
    const header = textOf(at(cell, 'value')) ?? '';
    return builder.column(String(index), header, hintOf(cell, header, index === 0), at(cell, 'value')?.span ?? null);
  });
  let numbers = 0;
  for (const cells of itemsOf(at(node, 'rows'))) {
    const row = builder.row();
    itemsOf(cells).forEach((cell, index) => {
      const value = scalarOf(at(cell, 'value'));
      const column = columns[index];
      if (value === undefined || column === undefined) return;
      if (index > 0 && numberOf(value) !== undefined) numbers++;
      builder.set(row, column, cellOf(value));
    });
  }
  if (numbers === 0) return null;
  const title = textOf(at(node, 'title'));
  return builder.build({
    file: source.file,
    format: 'helm-groups',
    text: source.text,
    layout: 'wide',
    notes: [...source.notes, ...(title === undefined || title === '' ? [] : [`the table “${title}”`])],
    problems: source.problems,
  });
}
