/** OLMES: one record per task (`metrics-all.jsonl`), the step inside the model path, `limit` as the number of samples. */
import { err, ok } from '../result.ts';
import type { FormatFact } from '../table/raw-table.ts';
import { cellOf, derivedCell } from './cell-table.ts';
import { factOf, type Measurement, measurementTable } from './measurements.ts';
import { type TreeFormat, unrecognised } from './source.ts';
import { at, entriesOf, has, type Node, numberOf, scalarOf, textOf } from './tree.ts';

export const olmesFormat: TreeFormat = {
  id: 'olmes',
  name: 'OLMES metrics',
  matches: (root) => records(root).length > 0,
  read(source) {
    const rows: Measurement[] = [];
    const facts: FormatFact[] = [];
    const all = records(source.root);
    for (const record of all) {
      const task = scalarOf(at(record, 'task_name') ?? at(record, 'task_config', 'task_name'));
      if (task === undefined) continue;
      const path = scalarOf(at(record, 'model_config', 'model') ?? at(record, 'model_config', 'model_path'));
      const step = path === undefined ? null : /step[-_]?(\d+)/.exec(path.raw);
      const shots = scalarOf(at(record, 'task_config', 'num_shots'));
      const split = scalarOf(at(record, 'task_config', 'split'));
      const primary = textOf(at(record, 'task_config', 'primary_metric'));
      const n = scalarOf(at(record, 'num_instances') ?? at(record, 'task_config', 'limit'));
      const aggregate =
        /::suite$/.test(task.raw) || scalarOf(at(record, 'task_config', 'metadata', 'num_tasks')) !== undefined;
      if (aggregate) facts.push(factOf(task.raw, null, task.span, { aggregate: true }));
      for (const { key, keySpan, value } of entriesOf(at(record, 'metrics'))) {
        const score = scalarOf(value);
        if (score === undefined || numberOf(score) === undefined || key.endsWith('_stderr')) continue;
        // primary_score repeats the primary metric under a second name.
        if (key === 'primary_score' && primary !== undefined && numberOf(at(record, 'metrics', primary)) !== undefined)
          continue;
        const stderr = scalarOf(at(record, 'metrics', `${key}_stderr`));
        rows.push({
          ...(path !== undefined && { model: derivedCell(modelName(path.raw), path.span) }),
          ...(step !== null &&
            path !== undefined && { step: derivedCell(step[1] as string, path.span, Number(step[1])) }),
          task: cellOf(task),
          ...(split !== undefined && { split: cellOf(split) }),
          ...(shots !== undefined && { shots: cellOf(shots) }),
          metric: { text: key, span: keySpan },
          score: cellOf(score),
          ...(stderr !== undefined && numberOf(stderr) !== undefined && { stderr: cellOf(stderr) }),
          ...(n !== undefined && numberOf(n) !== undefined && { n: cellOf(n) }),
        });
      }
    }
    if (rows.length === 0) {
      return err(
        unrecognised(
          `${all.length} OLMES record${all.length === 1 ? '' : 's'} without metrics: the scores are missing from this file`,
          source.root.span,
        ),
      );
    }
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: 'olmes',
        text: source.text,
        how: 'the layout of OLMES metrics',
        facts,
        notes: source.notes,
        problems: source.problems,
      }),
    ]);
  },
};

function records(root: Node): readonly Node[] {
  const list = root.kind === 'list' ? root.items : [root];
  return list.every((record) => has(record, 'task_config') && (has(record, 'model_config') || has(record, 'task_name')))
    ? list
    : [];
}

/** `../OLMo/hf_ckpts/OLMo2-1B-stage2-seed42/step23852-unsharded` → OLMo2-1B-stage2-seed42. */
function modelName(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  const last = parts.at(-1) ?? path;
  return /^step[-_]?\d+/.test(last) ? (parts.at(-2) ?? last) : parts.length <= 2 ? path : last;
}
