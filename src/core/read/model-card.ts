/**
 * Hugging Face: the `model-index` of a model card, and `.eval_results/*.yaml`. The task of an evaluation is the data set
 * with its configuration (the `task` there is a pipeline type); values come as percent, as fractions and as "20.0 ± 1.2".
 */
import { err, ok } from '../result.ts';
import { type Cell, cellOf, derivedCell } from './cell-table.ts';
import { type Measurement, measurementTable } from './measurements.ts';
import { folderName, type TreeFormat, unrecognised } from './source.ts';
import { at, entriesOf, has, itemsOf, type Node, numberOf, type ScalarNode, scalarOf } from './tree.ts';

export const modelIndexFormat: TreeFormat = {
  id: 'hf-model-index',
  name: 'Hugging Face model card (model-index)',
  matches: (root) => at(front(root), 'model-index') !== undefined,
  read(source) {
    const models = itemsOf(at(front(source.root), 'model-index'));
    const rows: Measurement[] = [];
    let placeholders = 0;
    for (const model of models) {
      const name = scalarOf(at(model, 'name'));
      for (const result of itemsOf(at(model, 'results'))) {
        const dataset = at(result, 'dataset');
        const task = taskOf(dataset);
        if (task === null) {
          placeholders++;
          continue;
        }
        const split = scalarOf(at(dataset, 'split'));
        const shots = entriesOf(at(dataset, 'args')).find(({ key }) => /^num_?(?:few_?)?shots?$/.test(key));
        for (const metric of itemsOf(at(result, 'metrics'))) {
          const type = scalarOf(at(metric, 'type'));
          const value = valueOf(scalarOf(at(metric, 'value')));
          if (value === null || type === undefined) {
            placeholders++;
            continue;
          }
          rows.push({
            ...(name !== undefined && { model: cellOf(name) }),
            task,
            metric: cellOf(type),
            ...(split !== undefined && { split: cellOf(split) }),
            ...(shots?.value.kind === 'scalar' && { shots: cellOf(shots.value) }),
            ...value,
          });
        }
      }
    }
    if (rows.length === 0) {
      const why =
        placeholders > 0
          ? 'a template: its model-index holds placeholders and no values'
          : 'a model card whose model-index holds no results';
      return err(unrecognised(why, at(front(source.root), 'model-index')?.span ?? source.root.span));
    }
    // Faults in the prose below the front matter are none of YAML's business.
    const end = front(source.root).span.end;
    const problems = source.problems.filter(({ span }) => span.start <= end);
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: 'hf-model-index',
        text: source.text,
        how: 'the model-index of a Hugging Face model card',
        notes: source.notes,
        problems,
      }),
    ]);
  },
};

/** `.eval_results/*.yaml`: no metric, no unit, no sample count; the model is the repository. */
export const evalResultsFormat: TreeFormat = {
  id: 'hf-eval-results',
  name: 'Hugging Face .eval_results',
  matches: (root) =>
    root.kind === 'list' &&
    root.items.length > 0 &&
    root.items.every((item) => at(item, 'dataset', 'id') !== undefined && has(item, 'value')),
  read(source) {
    const rows: Measurement[] = [];
    for (const item of itemsOf(source.root)) {
      const id = scalarOf(at(item, 'dataset', 'id'));
      const taskId = scalarOf(at(item, 'dataset', 'task_id'));
      const value = valueOf(scalarOf(at(item, 'value')));
      const label = taskId ?? id;
      if (label === undefined || value === null) continue;
      rows.push({ task: cellOf(label), ...value });
    }
    if (rows.length === 0) return err(unrecognised('a template: placeholders and no values', source.root.span));
    const repository = folderName(source.file) === '.eval_results' ? source.file.split(/[/\\]/).at(-3) : undefined;
    const named =
      repository === undefined ? rows : rows.map((row) => ({ model: derivedCell(repository, null), ...row }));
    const skipped = itemsOf(source.root).length - rows.length;
    const notes = [
      ...source.notes,
      'the format states no metric, no unit and no sample count: say in scaling.yaml what the values are',
    ];
    if (skipped > 0) notes.push(`${skipped} entries hold placeholders and no values`);
    return ok([
      measurementTable(named, {
        file: source.file,
        format: 'hf-eval-results',
        text: source.text,
        how: 'the layout of .eval_results',
        notes,
        problems: source.problems,
      }),
    ]);
  },
};

/** The front matter of a card, which a YAML reader sees as the first of several documents. */
function front(root: Node): Node {
  if (root.kind !== 'list') return root;
  return root.items.find((item) => item.kind === 'map' && has(item, 'model-index')) ?? root;
}

/** `ai2_arc` with config `ARC-Challenge` is that config; `cais/mmlu` with config `all` is mmlu. */
function taskOf(dataset: Node | undefined): Cell | null {
  const type = scalarOf(at(dataset, 'type'));
  const config = scalarOf(at(dataset, 'config'));
  const name = scalarOf(at(dataset, 'name'));
  if (type === undefined) return name === undefined ? null : cellOf(name);
  const leaf = type.raw.slice(type.raw.lastIndexOf('/') + 1);
  const plain =
    config === undefined || /^(?:all|default|main|none|multiple_choice|plain_text|en|test)$/i.test(config.raw);
  if (plain) return derivedCell(leaf, type.span);
  const specific = config.raw.toLowerCase().replace(/[^a-z0-9]/g, '');
  const general = leaf.toLowerCase().replace(/[^a-z0-9]/g, '');
  const alone = specific.includes(general) || /arc/.test(specific);
  return derivedCell(alone ? config.raw : `${leaf}/${config.raw}`, config.span);
}

/** A number, or "20.0 ± 1.2" with its error. */
function valueOf(node: ScalarNode | undefined): { score: Cell; stderr?: Cell } | null {
  if (node === undefined) return null;
  if (numberOf(node) !== undefined) return { score: cellOf(node) };
  const match = /^\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*%?\s*(?:(?:±|\+\/-|\+-)\s*([\d.]+(?:e[-+]?\d+)?))?\s*%?\s*$/i.exec(
    node.raw,
  );
  if (match === null) return null;
  const score = derivedCell(match[1] as string, node.span, Number(match[1]));
  return match[2] === undefined ? { score } : { score, stderr: derivedCell(match[2], node.span, Number(match[2])) };
}
