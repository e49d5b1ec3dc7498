/**
 * lighteval results. Keys are `task|shots` or `suite|task|shots`; the row `all` is an average and is left out;
 * `model_size` is memory ("13.99 GB") and never a parameter count.
 */
import { err, ok } from '../result.ts';
import type { FormatFact } from '../table/raw-table.ts';
import { cellOf, derivedCell } from './cell-table.ts';
import { factOf, type Measurement, measurementTable } from './measurements.ts';
import { type TreeFormat, unrecognised } from './source.ts';
import { at, type Entry, entriesOf, flagOf, has, itemsOf, type Node, numberOf, scalarOf, textOf } from './tree.ts';

export const lightevalFormat: TreeFormat = {
  id: 'lighteval',
  name: 'lighteval results',
  matches: (root) => has(root, 'config_general', 'results'),
  read(source) {
    const { root } = source;
    const model = scalarOf(
      at(root, 'config_general', 'model_name') ??
        at(root, 'config_general', 'model_config', 'model_name') ??
        at(root, 'config_general', 'model_config', 'pretrained'),
    );
    const rows: Measurement[] = [];
    const facts: FormatFact[] = [];
    for (const entry of entriesOf(at(root, 'results'))) {
      if (entry.key === 'all') continue;
      const { task, shots } = splitTask(entry.key);
      const config = taskConfig(root, entry.key);
      const docs = scalarOf(at(config?.value, 'effective_num_docs'));
      const n = (numberOf(docs) ?? 0) > 0 ? docs : undefined;
      const aggregate = /:_average(?:\||$)/.test(entry.key) || /\|_average\|/.test(entry.key);
      facts.push(factOf(task, null, entry.keySpan, { n: numberOf(n), aggregate }));
      for (const metric of itemsOf(at(config?.value, 'metric') ?? at(config?.value, 'metrics'))) {
        const higher = flagOf(at(metric, 'higher_is_better'));
        const name = textOf(at(metric, 'metric_name'));
        if (name !== undefined && higher !== undefined) {
          facts.push(factOf(task, name, metric.span, { better: higher ? 'higher' : 'lower', aggregate }));
        }
      }
      for (const { key, keySpan, value } of entriesOf(entry.value)) {
        const score = scalarOf(value);
        if (key.endsWith('_stderr') || score === undefined || numberOf(score) === undefined) continue;
        const stderr = scalarOf(at(entry.value, `${key}_stderr`));
        const spread = stderr !== undefined && !(numberOf(stderr) === 0 && (numberOf(n) ?? 2) <= 1);
        rows.push({
          ...(model !== undefined && { model: cellOf(model) }),
          task: { text: task, span: entry.keySpan },
          ...(shots !== null && { shots: derivedCell(shots, entry.keySpan) }),
          metric: { text: key, span: keySpan },
          score: cellOf(score),
          ...(spread && numberOf(stderr) !== undefined && { stderr: cellOf(stderr) }),
          ...(n !== undefined && { n: cellOf(n) }),
        });
      }
    }
    if (rows.length === 0) return err(unrecognised('lighteval results without a single score', root.span));
    const notes = [...source.notes, 'the row “all” is an average over the others and is left out'];
    const size = scalarOf(at(root, 'config_general', 'model_size'));
    if (size !== undefined && size.raw !== '') notes.push(`model_size ${size.raw} is memory, not a parameter count`);
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: 'lighteval',
        text: source.text,
        how: 'the layout of lighteval results',
        facts,
        notes,
        problems: source.problems,
      }),
    ]);
  },
};

/** `harness|gsm8k|5`, `gsm8k|0`, `lighteval|mmlu:anatomy|5|0`. */
export function splitTask(key: string): { task: string; shots: string | null } {
  const parts = key.split('|');
  const numbers = parts.findIndex((part, index) => index > 0 && /^\d+$/.test(part));
  const names = numbers < 0 ? parts : parts.slice(0, numbers);
  return { task: names.at(-1) ?? key, shots: numbers < 0 ? null : (parts[numbers] as string) };
}

/** The configuration of a task: its key has the suite but not the shots. */
function taskConfig(root: Node, key: string): Entry | undefined {
  const { task } = splitTask(key);
  return entriesOf(at(root, 'config_tasks')).find(
    (entry) => entry.key === key || splitTask(entry.key).task === task || key.startsWith(`${entry.key}|`),
  );
}
