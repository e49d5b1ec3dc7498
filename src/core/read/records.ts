/**
 * Any list of flat records in JSON, JSON lines or YAML, and the column-wise shapes that data frames are saved in. It
 * becomes a table as if it were CSV; what the columns mean is left to the detection of roles.
 */
import { err, ok } from '../result.ts';
import { cellOf, TableBuilder } from './cell-table.ts';
import { READ_LIMITS } from './ports.ts';
import { type TreeFormat, type TreeSource, unrecognised } from './source.ts';
import { at, entriesOf, itemsOf, type MapNode, type Node } from './tree.ts';

/** Objects inside a record are flattened to `outer/inner` this deep. */
const MAX_DEPTH = 3;

export const recordsFormat: TreeFormat = {
  id: 'json',
  name: 'List of records (JSON, JSON lines, YAML)',
  matches: (root) => shapeOf(root) !== null,
  read(source) {
    const shape = shapeOf(source.root);
    if (shape === null) return err(unrecognised('no list of records', source.root.span));
    return readRecords(source, shape);
  },
};

type Shape =
  | { readonly kind: 'rows'; readonly rows: readonly Node[] }
  | {
      readonly kind: 'columns';
      readonly columns: readonly { header: string; cells: ReadonlyMap<string, Node> }[];
      readonly keys: readonly string[];
    };

function shapeOf(root: Node): Shape | null {
  if (root.kind === 'list') return isRecords(root) ? { kind: 'rows', rows: root.items } : null;
  if (root.kind !== 'map') return null;
  // pandas to_json(orient="split"): {columns, index, data}
  const headers = at(root, 'columns');
  const data = at(root, 'data');
  if (headers?.kind === 'list' && data?.kind === 'list' && data.items.every((row) => row.kind === 'list')) {
    const keys = data.items.map((_, row) => String(row));
    const columns = headers.items.map((header, column) => ({
      header: header.kind === 'scalar' ? header.raw : String(column),
      cells: new Map(
        data.items.flatMap((row, r) =>
          itemsOf(row)[column] ? [[String(r), itemsOf(row)[column] as Node] as const] : [],
        ),
      ),
    }));
    return { kind: 'columns', columns, keys };
  }
  const entries = entriesOf(root);
  if (entries.length === 1 || entries.filter(({ value }) => isRecords(value)).length === 1) {
    const holder = entries.find(({ value }) => isRecords(value));
    if (
      holder?.value.kind === 'list' &&
      /^(?:data|rows|records|results|runs|evals|models|table|items|entries)$/i.test(holder.key)
    ) {
      return { kind: 'rows', rows: holder.value.items };
    }
  }
  return columnShape(root);
}

/** {column: [values]} and pandas' default {column: {index: value}}. */
function columnShape(root: MapNode): Shape | null {
  const entries = entriesOf(root);
  if (entries.length < 2) return null;
  const lists = entries.every(
    ({ value }) => value.kind === 'list' && value.items.every((item) => item.kind === 'scalar'),
  );
  if (lists) {
    const length = itemsOf(entries[0]?.value).length;
    if (length < 2 || entries.some(({ value }) => itemsOf(value).length !== length)) return null;
    return {
      kind: 'columns',
      columns: entries.map(({ key, value }) => ({
        header: key,
        cells: new Map(itemsOf(value).map((item, i) => [String(i), item])),
      })),
      keys: Array.from({ length }, (_, i) => String(i)),
    };
  }
  const maps = entries.every(
    ({ value }) => value.kind === 'map' && entriesOf(value).every((inner) => inner.value.kind === 'scalar'),
  );
  if (!maps) return null;
  const keys = entriesOf(entries[0]?.value).map(({ key }) => key);
  if (keys.length < 2 || !keys.every((key) => /^\d+$/.test(key))) return null;
  if (entries.some(({ value }) => entriesOf(value).length !== keys.length)) return null;
  return {
    kind: 'columns',
    columns: entries.map(({ key, value }) => ({
      header: key,
      cells: new Map(entriesOf(value).map((inner) => [inner.key, inner.value])),
    })),
    keys,
  };
}

function isRecords(node: Node): boolean {
  if (node.kind !== 'list' || node.items.length === 0) return false;
  const maps = node.items.filter((item) => item.kind === 'map').length;
  return maps >= 0.9 * node.items.length;
}

function readRecords(source: TreeSource, shape: Shape): ReturnType<TreeFormat['read']> {
  const builder = new TableBuilder();
  if (shape.kind === 'columns') {
    const columns = shape.columns.map(({ header }) => builder.column(header, header));
    for (const key of shape.keys) {
      const row = builder.row();
      shape.columns.forEach(({ cells }, index) => {
        const node = cells.get(key);
        if (node?.kind === 'scalar') builder.set(row, columns[index] as number, cellOf(node));
      });
    }
  } else {
    for (const record of shape.rows) {
      if (record.kind !== 'map') continue;
      const row = builder.row();
      const put = (node: Node, path: string, depth: number): boolean => {
        for (const { key, keySpan, value } of entriesOf(node)) {
          const header = path === '' ? key : `${path}/${key}`;
          if (value.kind === 'scalar') {
            if (builder.columnCount >= READ_LIMITS.columns) return false;
            builder.set(row, builder.column(header, header, undefined, keySpan), cellOf(value));
          } else if (value.kind === 'map' && depth < MAX_DEPTH && !put(value, header, depth + 1)) return false;
        }
        return true;
      };
      if (!put(record, '', 0)) {
        return err({
          code: 'file.too-large',
          message: `the records have more than ${READ_LIMITS.columns} different keys: that is no table of results`,
          span: { start: record.span.start, end: record.span.start + 1 },
        });
      }
    }
  }
  if (builder.columnCount === 0) return err(unrecognised('records without a single value', source.root.span));
  return ok([
    builder.build({
      file: source.file,
      format: 'json',
      text: source.text,
      layout: null,
      notes: source.notes,
      problems: source.problems,
    }),
  ]);
}
