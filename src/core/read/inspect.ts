/**
 * Inspect AI logs (`.json`, and the header of `.eval`). The standard error is a metric beside the others; n is the number
 * of samples that were completed, not the size of the data set; the tokens in `stats` are API usage and never D.
 */
import { err, ok } from '../result.ts';
import type { FormatFact } from '../table/raw-table.ts';
import { cellOf, derivedCell } from './cell-table.ts';
import { inspectSamples } from './inspect-samples.ts';
import { factOf, type Measurement, measurementTable } from './measurements.ts';
import { type TreeFormat, type TreeSource, unrecognised } from './source.ts';
import { at, entriesOf, has, itemsOf, type Node, numberOf, scalarOf, textOf } from './tree.ts';

const HOW = 'the layout of Inspect logs';

/** The format, and the reading of a log whose samples stand elsewhere. */
export interface InspectFormat extends TreeFormat {
  /** @param samples as they stand beside the header, where the header is not the whole log */
  read(source: TreeSource, samples?: readonly Node[]): ReturnType<TreeFormat['read']>;
}

export const inspectFormat: InspectFormat = {
  id: 'inspect',
  name: 'Inspect log',
  matches: (root) =>
    has(root, 'version', 'status', 'eval') &&
    at(root, 'eval', 'task') !== undefined &&
    at(root, 'eval', 'model') !== undefined,
  read(source, samples) {
    const { root } = source;
    const task = scalarOf(at(root, 'eval', 'task_display_name') ?? at(root, 'eval', 'task'));
    const model = scalarOf(at(root, 'eval', 'model'));
    const status = scalarOf(at(root, 'status'));
    if (task === undefined || model === undefined)
      return err(unrecognised('the log names no task or no model', root.span));
    const scores = itemsOf(at(root, 'results', 'scores'));
    const completed = scalarOf(at(root, 'results', 'completed_samples'));
    const rows: Measurement[] = [];
    const facts: FormatFact[] = [];
    const notes = [...source.notes];
    /** What the mean over questions is called, by scorer. */
    const means = new Map<string, string>();
    for (const score of scores) {
      const scorer = scalarOf(at(score, 'scorer') ?? at(score, 'name'));
      const metrics = entriesOf(at(score, 'metrics'));
      const mean = metrics.find(({ key }) => /^(?:.*\/)?(?:accuracy|mean)$/.test(key));
      const named = scalarOf(at(score, 'name')) ?? scorer;
      if (mean !== undefined && named !== undefined) means.set(named.raw, mean.key);
      const stderr = metrics.find(({ key }) => /^(?:.*\/)?stderr$/.test(key));
      const n = scalarOf(at(score, 'scored_samples')) ?? completed;
      const count = numberOf(n);
      for (const entry of metrics) {
        const value = scalarOf(at(entry.value, 'value'));
        if (value === undefined || /^(?:.*\/)?(?:stderr|std|var)$/.test(entry.key)) continue;
        const error = scalarOf(at(stderr?.value, 'value'));
        // One sample has no spread: the 0 that is written there is no error of 0.
        const known = error !== undefined && !(numberOf(error) === 0 && (count ?? 2) <= 1);
        const belongs = /^(?:.*\/)?(?:accuracy|mean)$/.test(entry.key) || metrics.length <= 2;
        rows.push({
          model: cellOf(model),
          task: cellOf(task),
          metric: { text: entry.key, span: entry.keySpan },
          ...(scorer !== undefined && scores.length > 1 && { filter: cellOf(scorer) }),
          score: cellOf(value),
          ...(known && belongs && { stderr: cellOf(error) }),
          ...(n !== undefined && { n: derivedCell(n.raw, n.span) }),
          ...(status !== undefined && { status: cellOf(status) }),
        });
      }
    }
    if (rows.length === 0) {
      const why =
        textOf(at(root, 'status')) === 'success'
          ? 'no scores'
          : `status ${textOf(at(root, 'status')) ?? 'unknown'} and no scores`;
      return err(
        unrecognised(`an Inspect log with ${why}: there is nothing to read`, at(root, 'status')?.span ?? root.span),
      );
    }
    const size = numberOf(at(root, 'eval', 'dataset', 'samples'));
    const done = numberOf(completed);
    if (size !== undefined && done !== undefined && done < size) {
      notes.push(`${done} of ${size} samples were completed: n is ${done}`);
    }
    if (status !== undefined && status.value !== 'success') notes.push(`status of the run: ${status.raw}`);
    facts.push(factOf(task.raw, null, task.span, { n: done }));
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: 'inspect',
        text: source.text,
        how: HOW,
        facts,
        notes,
        problems: source.problems,
      }),
      ...inspectSamples(source, samples ?? itemsOf(at(root, 'samples')), means, samples === undefined),
    ]);
  },
};
