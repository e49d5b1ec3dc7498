/**
 * MTEB: one result file per task, with the scores of each split and language subset, and `model_meta.json` beside it
 * (`n_parameters` is N; `max_tokens` there is the context length).
 */
import { err, ok } from '../result.ts';
import { cellOf, derivedCell, TableBuilder } from './cell-table.ts';
import { type Measurement, measurementTable } from './measurements.ts';
import { type TreeFormat, unrecognised } from './source.ts';
import { at, entriesOf, has, itemsOf, numberOf, scalarOf } from './tree.ts';

export const mtebFormat: TreeFormat = {
  id: 'mteb',
  name: 'MTEB results',
  matches: (root) => has(root, 'scores', 'task_name') && (has(root, 'mteb_version') || has(root, 'dataset_revision')),
  read(source) {
    const { root } = source;
    const task = scalarOf(at(root, 'task_name'));
    if (task === undefined) return err(unrecognised('an MTEB result without a task name', root.span));
    // results/<org>__<model>/<revision>/<Task>.json
    const parts = source.file.split(/[/\\]/);
    const folder = parts.find((part) => /^[^_\s][^/]*__[^/]+$/.test(part));
    const rows: Measurement[] = [];
    for (const { key: split, keySpan, value } of entriesOf(at(root, 'scores'))) {
      for (const item of itemsOf(value)) {
        const subset = scalarOf(at(item, 'hf_subset'));
        const main = scalarOf(at(item, 'main_score'));
        const metric = entriesOf(item).find(
          (entry) =>
            entry.key !== 'main_score' &&
            numberOf(entry.value) !== undefined &&
            numberOf(entry.value) === numberOf(main),
        );
        if (main === undefined || numberOf(main) === undefined) continue;
        rows.push({
          ...(folder !== undefined && { model: derivedCell(folder.replace('__', '/'), null) }),
          task: cellOf(task),
          split: { text: split, span: keySpan },
          ...(subset !== undefined && subset.raw !== 'default' && { filter: cellOf(subset) }),
          metric:
            metric === undefined ? derivedCell('main_score', main.span) : { text: metric.key, span: metric.keySpan },
          score: cellOf(main),
        });
      }
    }
    if (rows.length === 0) return err(unrecognised('an MTEB result without a main_score', root.span));
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: 'mteb',
        text: source.text,
        how: 'the layout of MTEB results',
        notes: source.notes,
        problems: source.problems,
      }),
    ]);
  },
};

export const mtebModelFormat: TreeFormat = {
  id: 'mteb-model',
  name: 'MTEB model_meta.json',
  matches: (root) =>
    has(root, 'name', 'n_parameters') &&
    (has(root, 'embed_dim') || has(root, 'max_tokens') || has(root, 'memory_usage_mb')),
  read(source) {
    const how = 'the layout of MTEB model metadata';
    const builder = new TableBuilder();
    const row = builder.row();
    const put = (key: string, hint: Parameters<TableBuilder['column']>[2]): void => {
      const value = scalarOf(at(source.root, key));
      if (value !== undefined) builder.set(row, builder.column(key, key, hint), cellOf(value));
    };
    put('name', { role: 'model', how });
    put('n_parameters', { role: 'params', unit: 1, how });
    const total = scalarOf(at(source.root, 'n_parameters'));
    const embedding = numberOf(at(source.root, 'n_embedding_parameters'));
    const count = numberOf(total);
    if (total !== undefined && count !== undefined && embedding !== undefined && embedding < count) {
      const column = builder.column('non-embedding', 'non-embedding', {
        role: 'params-non-embedding',
        unit: 1,
        how: 'n_parameters − n_embedding_parameters',
      });
      builder.set(row, column, derivedCell(String(count - embedding), total.span, count - embedding));
    }
    put('n_active_parameters_override', { role: 'params-active', unit: 1, how });
    put('max_tokens', { role: 'ignore', how: 'context length, not training tokens' });
    put('memory_usage_mb', { role: 'ignore', how: 'memory, not parameters' });
    return ok([
      builder.build({
        file: source.file,
        format: 'mteb-model',
        text: source.text,
        layout: 'metadata',
        notes: source.notes,
        problems: source.problems,
      }),
    ]);
  },
};
