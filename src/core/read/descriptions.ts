/**
 * Files that describe data without holding any: the schema of a published data set, lists of checkpoints. They are
 * recognised so that a folder full of them says what it is.
 */
import { ok } from '../result.ts';
import { cellOf, TableBuilder } from './cell-table.ts';
import type { TreeFormat } from './source.ts';
import { at, entriesOf, has, itemsOf, type Node, scalarOf, textOf } from './tree.ts';

/** `features: [{name, dtype}]` of a data set card. */
export const datasetSchemaFormat: TreeFormat = {
  id: 'dataset-schema',
  name: 'Schema of a data set',
  matches: (root) => {
    const features = itemsOf(at(root, 'features') ?? at(root, 'dataset_info', 'features'));
    return features.length > 0 && features.every((feature) => has(feature, 'name', 'dtype'));
  },
  read(source) {
    const builder = new TableBuilder();
    const name = builder.column('name', 'name', { role: 'ignore', how: 'name of a column of the data set' });
    const type = builder.column('dtype', 'dtype', { role: 'ignore', how: 'type of a column of the data set' });
    const features = itemsOf(at(source.root, 'features') ?? at(source.root, 'dataset_info', 'features'));
    for (const feature of features) {
      const row = builder.row();
      const label = scalarOf(at(feature, 'name'));
      const dtype = scalarOf(at(feature, 'dtype'));
      if (label !== undefined) builder.set(row, name, cellOf(label));
      if (dtype !== undefined) builder.set(row, type, cellOf(dtype));
    }
    const names = features.flatMap((feature) => textOf(at(feature, 'name')) ?? []);
    const notes = [...source.notes, 'the schema of a data set: it names columns and holds no rows'];
    if (names.includes('#Params (B)') && names.includes('eval_name')) {
      const whole = features.some(
        (feature) => textOf(at(feature, 'name')) === '#Params (B)' && textOf(at(feature, 'dtype')) === 'int64',
      );
      notes.push('Open LLM Leaderboard v2: columns without “Raw” are rescaled so that chance is 0');
      if (whole) notes.push('#Params (B) is a whole number here: models below 1B read as 0');
    }
    return ok([
      builder.build({
        file: source.file,
        format: 'dataset-schema',
        text: source.text,
        layout: 'metadata',
        notes,
        problems: source.problems,
      }),
    ]);
  },
};

/** DataDecide: where the checkpoints of each model lie. */
export const checkpointListFormat: TreeFormat = {
  id: 'model-list',
  name: 'List of checkpoints',
  matches: (root) =>
    list(root).length > 0 &&
    list(root).every(
      (record) => has(record, 'model_name') && (has(record, 'revisions') || has(record, 'checkpoints_location')),
    ),
  read(source) {
    const builder = new TableBuilder();
    const model = builder.column('model_name', 'model_name', { role: 'model', how: 'the layout of checkpoint lists' });
    for (const record of list(source.root)) {
      const row = builder.row();
      for (const { key, keySpan, value } of entriesOf(record)) {
        const cell = scalarOf(value ?? undefined);
        if (key === 'model_name' && cell !== undefined) builder.set(row, model, cellOf(cell));
        else if (key === 'revisions') {
          const last = scalarOf(itemsOf(value).at(-1));
          const step = last === undefined ? null : /step[-_]?(\d+)/.exec(last.raw);
          if (last !== undefined && step !== null) {
            builder.set(row, builder.column('step', 'step', { role: 'step', how: 'the last revision' }), {
              text: step[1] as string,
              span: last.span,
              value: Number(step[1]),
            });
          }
        } else if (cell !== undefined)
          builder.set(
            row,
            builder.column(key, key, { role: 'ignore', how: 'the layout of checkpoint lists' }, keySpan),
            cellOf(cell),
          );
      }
    }
    return ok([
      builder.build({
        file: source.file,
        format: 'model-list',
        text: source.text,
        layout: 'metadata',
        notes: [...source.notes, 'a list of checkpoints: no results'],
        problems: source.problems,
      }),
    ]);
  },
};

function list(root: Node): readonly Node[] {
  return root.kind === 'list' ? root.items : [];
}
