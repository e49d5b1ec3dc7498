/**
 * BIG-bench score files: several metrics per number of shots, a preferred one among them, and three parameter counts.
 * `low_score` is the score of guessing.
 */
import { err, ok } from '../result.ts';
import type { FormatFact } from '../table/raw-table.ts';
import { cellOf, derivedCell } from './cell-table.ts';
import { factOf, type Measurement, measurementTable } from './measurements.ts';
import { folderName, stemOf, type TreeFormat, unrecognised } from './source.ts';
import { at, entriesOf, itemsOf, type Node, numberOf, scalarOf, textOf } from './tree.ts';

export const bigBenchFormat: TreeFormat = {
  id: 'big-bench',
  name: 'BIG-bench scores',
  matches: (root) => files(root).length > 0,
  read(source) {
    const rows: Measurement[] = [];
    const facts: FormatFact[] = [];
    let skipped = 0;
    for (const one of files(source.root)) {
      const model = at(one, 'model');
      const name = scalarOf(at(model, 'model_name'));
      const family = scalarOf(at(model, 'model_family'));
      const total = scalarOf(at(model, 'total_params'));
      const body = scalarOf(at(model, 'non_embedding_params'));
      const stated = scalarOf(at(one, 'task') ?? at(one, 'task_name') ?? at(one, 'results', 'task'));
      for (const score of itemsOf(at(one, 'scores'))) {
        const preferred = textOf(at(score, 'preferred_score'));
        if (preferred === 'normalized_aggregate_score') {
          skipped++;
          continue;
        }
        const shots = scalarOf(at(score, 'number_of_shots'));
        const subtask = scalarOf(at(score, 'subtask_description'));
        const task = stated ?? subtask;
        const label =
          task === undefined ? derivedCell(folderName(source.file) || stemOf(source.file), null) : cellOf(task);
        const low = scalarOf(at(score, 'low_score'));
        const high = scalarOf(at(score, 'high_score'));
        for (const { key, keySpan, value } of entriesOf(at(score, 'score_dict'))) {
          const number = scalarOf(value);
          if (number === undefined || numberOf(number) === undefined) continue;
          const isPreferred = key === preferred;
          rows.push({
            ...(name !== undefined && { model: cellOf(name) }),
            ...(family !== undefined && { family: cellOf(family) }),
            ...(total !== undefined && { params: cellOf(total) }),
            ...(body !== undefined && { paramsNonEmbedding: cellOf(body) }),
            task:
              subtask !== undefined && stated !== undefined && subtask.raw !== stated.raw
                ? derivedCell(`${stated.raw}/${subtask.raw}`, subtask.span)
                : label,
            ...(shots !== undefined && { shots: cellOf(shots) }),
            metric: { text: key, span: keySpan },
            score: cellOf(number),
            ...(isPreferred && low !== undefined && { chance: cellOf(low) }),
          });
          if (isPreferred)
            facts.push(
              factOf(rows.at(-1)?.task.text ?? null, key, low?.span ?? keySpan, {
                chance: numberOf(low),
                ceiling: numberOf(high),
              }),
            );
        }
      }
    }
    if (rows.length === 0) return err(unrecognised('BIG-bench scores without a single number', source.root.span));
    const notes = [...source.notes, 'low_score is the score of guessing, for the preferred metric'];
    if (skipped > 0) notes.push(`${skipped} aggregates (normalized_aggregate_score) are left out`);
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: 'big-bench',
        text: source.text,
        how: 'the layout of BIG-bench score files',
        facts,
        notes,
        problems: source.problems,
      }),
    ]);
  },
};

/** A score file, or several in one list or as JSON lines. */
function files(root: Node): readonly Node[] {
  const list = root.kind === 'list' ? root.items : [root];
  const all = list.every((one) => itemsOf(at(one, 'scores')).some((score) => at(score, 'score_dict') !== undefined));
  return all ? list : [];
}
