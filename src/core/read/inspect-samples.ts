/**
 * The questions of an Inspect log: the samples of a `.json` log, or the summaries inside an `.eval`. One table of questions
 * per scorer, the mean over epochs where a question was asked several times; grades C, P, I and N count 1, ½, 0 and 0.
 */
import type { RawTable } from '../table/raw-table.ts';
import type { Span } from '../table/span.ts';
import { cellOf, derivedCell, TableBuilder } from './cell-table.ts';
import type { TreeSource } from './source.ts';
import { at, entriesOf, type Node, numberOf, type ScalarNode, scalarOf } from './tree.ts';

const HOW = 'the layout of Inspect logs';
const GRADES: Readonly<Record<string, number>> = { C: 1, P: 0.5, I: 0, N: 0 };
/** One question has no spread and nothing to be ranked with. */
const FEWEST = 2;

interface Asked {
  readonly id: ScalarNode;
  readonly span: Span;
  sum: number;
  count: number;
}

function gradeOf(node: Node | undefined): number | undefined {
  const scalar = scalarOf(node);
  if (scalar === undefined) return undefined;
  if (typeof scalar.value === 'boolean') return Number(scalar.value);
  return Object.hasOwn(GRADES, scalar.raw) ? GRADES[scalar.raw] : numberOf(scalar);
}

/**
 * Tables of questions; none where the log keeps fewer than two.
 * @param source the log itself
 * @param samples its samples, or the summaries of them
 * @param metrics the metric that the mean over questions is, by scorer
 * @param placed whether `samples` stand in the text of the log
 */
export function inspectSamples(
  source: TreeSource,
  samples: readonly Node[],
  metrics: ReadonlyMap<string, string>,
  placed: boolean,
): RawTable[] {
  const model = scalarOf(at(source.root, 'eval', 'model'));
  const task = scalarOf(at(source.root, 'eval', 'task_display_name') ?? at(source.root, 'eval', 'task'));
  if (model === undefined || task === undefined) return [];
  const scorers = new Map<string, { readonly metric: string; readonly asked: Map<string, Asked> }>();
  for (const sample of samples) {
    const id = scalarOf(at(sample, 'id'));
    if (id === undefined) continue;
    for (const { key, value } of entriesOf(at(sample, 'scores'))) {
      const grade = gradeOf(at(value, 'value'));
      const metric = metrics.get(key);
      if (grade === undefined || metric === undefined) continue;
      const { asked } = scorers.get(key) ?? { asked: new Map<string, Asked>() };
      scorers.set(key, { metric, asked });
      const one = asked.get(id.raw);
      if (one === undefined) asked.set(id.raw, { id, span: at(value, 'value')?.span ?? id.span, sum: grade, count: 1 });
      else {
        one.sum += grade;
        one.count++;
      }
    }
  }
  const tables: RawTable[] = [];
  for (const [scorer, { metric, asked }] of scorers) {
    if (asked.size < FEWEST) continue;
    const builder = new TableBuilder();
    const column = {
      model: builder.column('model', 'model', { role: 'model', how: HOW }),
      id: builder.column('id', 'id', { role: 'ignore', how: 'name of the question' }),
      scorer: scorers.size > 1 ? builder.column('scorer', 'scorer', { role: 'filter', how: HOW }) : -1,
      score: builder.column('score', metric, {
        role: 'score',
        metric,
        task: task.raw,
        how: 'the score of each question',
      }),
    };
    let epochs = 1;
    for (const { id, span, sum, count } of asked.values()) {
      const row = builder.row();
      builder.set(row, column.model, placed ? cellOf(model) : derivedCell(model.raw, null));
      builder.set(row, column.id, placed ? cellOf(id) : derivedCell(id.raw, null));
      if (column.scorer >= 0) builder.set(row, column.scorer, derivedCell(scorer, null));
      builder.set(row, column.score, derivedCell(String(sum / count), placed ? span : null, sum / count));
      epochs = Math.max(epochs, count);
    }
    tables.push(
      builder.build({
        file: source.file,
        format: 'inspect-samples',
        text: source.text,
        layout: 'per-sample',
        notes: [
          `${asked.size} questions of the log, scored by ${scorer}`,
          ...(epochs > 1 ? [`means over up to ${epochs} epochs`] : []),
        ],
        problems: [],
      }),
    );
  }
  return tables;
}
