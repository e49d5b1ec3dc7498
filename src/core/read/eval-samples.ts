/**
 * Sample logs of lm-evaluation-harness (`samples_<task>_<time>.jsonl`): one record per question with the value of each
 * metric. A table of questions; task and model come from the path.
 */
import { err, ok } from '../result.ts';
import { cellOf, TableBuilder } from './cell-table.ts';
import { baseName, type TreeFormat, unrecognised } from './source.ts';
import { entriesOf, has, itemsOf, type Node, numberOf, scalarOf } from './tree.ts';

/** Keys of a record that are no metrics. */
const OTHER = /^(?:doc_id|doc|target|arguments|resps|filtered_resps|filter|metrics|doc_hash|prompt_hash|target_hash)$/;

export const evalSamplesFormat: TreeFormat = {
  id: 'lm-eval-samples',
  name: 'lm-evaluation-harness samples',
  matches: (root) => records(root).length > 0,
  read(source) {
    const builder = new TableBuilder();
    const how = 'the layout of lm-evaluation-harness samples';
    const id = builder.column('doc_id', 'doc_id', { role: 'ignore', how: 'number of the question' });
    const task = /samples_(.+?)(?:_\d{4}-\d\d-\d\d.*)?\.jsonl/.exec(baseName(source.file))?.[1];
    for (const record of records(source.root)) {
      const row = builder.row();
      for (const { key, keySpan, value } of entriesOf(record)) {
        const cell = scalarOf(value);
        if (key === 'doc_id' && cell !== undefined) builder.set(row, id, cellOf(cell));
        else if (key === 'filter' && cell !== undefined)
          builder.set(row, builder.column(key, key, { role: 'filter', how }, keySpan), cellOf(cell));
        else if (
          !OTHER.test(key) &&
          cell !== undefined &&
          (numberOf(cell) !== undefined || typeof cell.value === 'boolean')
        ) {
          const hint = { role: 'score' as const, metric: key, how, ...(task !== undefined && { task }) };
          const shown =
            typeof cell.value === 'boolean' ? { text: cell.value ? '1' : '0', span: cell.span } : cellOf(cell);
          builder.set(row, builder.column(key, key, hint, keySpan), shown);
        }
      }
    }
    if (builder.columnCount < 2) return err(unrecognised('samples without a metric', source.root.span));
    const notes = [
      ...source.notes,
      task === undefined ? 'the file name does not say which task this is' : `task ${task} from the file name`,
    ];
    return ok([
      builder.build({
        file: source.file,
        format: 'lm-eval-samples',
        text: source.text,
        layout: 'per-sample',
        notes,
        problems: source.problems,
      }),
    ]);
  },
};

function records(root: Node): readonly Node[] {
  const list = root.kind === 'list' ? itemsOf(root) : [root];
  return list.length > 0 &&
    list.every((record) => has(record, 'doc_id') && (has(record, 'filtered_resps') || has(record, 'resps')))
    ? list
    : [];
}
