/**
 * Records of OpenAI evals (JSON lines): first the `spec` of the run, then events of single samples, last the
 * `final_report`. `boostrap_std`, spelled so, is the standard error of the accuracy: the deviation of means over halves.
 */
import { err, ok } from '../result.ts';
import { cellOf, derivedCell } from './cell-table.ts';
import { type Measurement, measurementTable } from './measurements.ts';
import { type TreeFormat, unrecognised } from './source.ts';
import { at, entriesOf, has, itemsOf, type Node, numberOf, scalarOf } from './tree.ts';

const STDERR: ReadonlySet<string> = new Set(['boostrap_std', 'bootstrap_std']);

/** The lines of a record: events, and around them the spec and the report. */
function linesOf(root: Node): readonly Node[] {
  return root.kind === 'list' ? itemsOf(root) : [root];
}

export const openaiEvalsFormat: TreeFormat = {
  id: 'openai-evals',
  name: 'OpenAI evals record',
  matches: (root) => {
    const [first] = linesOf(root);
    return has(at(first, 'spec'), 'eval_name', 'run_id');
  },
  read(source) {
    const lines = linesOf(source.root);
    const spec = at(lines[0], 'spec');
    const model = scalarOf(itemsOf(at(spec, 'completion_fns'))[0] ?? at(spec, 'model_name'));
    const task = scalarOf(at(spec, 'base_eval') ?? at(spec, 'eval_name'));
    const split = scalarOf(at(spec, 'split'));
    const report = lines.findLast((line) => has(line, 'final_report'));
    if (task === undefined || report === undefined)
      return err(
        unrecognised('a record of OpenAI evals without a final report: the run has not ended', source.root.span),
      );
    const questions = lines.filter((line) => scalarOf(at(line, 'type'))?.value === 'match').length;
    const scores = entriesOf(at(report, 'final_report'));
    const error = scores.find(({ key }) => STDERR.has(key));
    const rows: Measurement[] = [];
    for (const { key, keySpan, value } of scores) {
      const score = scalarOf(value);
      if (score === undefined || numberOf(score) === undefined || STDERR.has(key)) continue;
      const spread = key === 'accuracy' ? scalarOf(error?.value) : undefined;
      rows.push({
        ...(model !== undefined && { model: cellOf(model) }),
        task: cellOf(task),
        ...(split !== undefined && { split: cellOf(split) }),
        metric: { text: key, span: keySpan },
        score: cellOf(score),
        ...(spread !== undefined && { stderr: cellOf(spread) }),
        ...(questions > 0 && { n: derivedCell(String(questions), report.span) }),
      });
    }
    if (rows.length === 0) return err(unrecognised('a final report of OpenAI evals without a number', report.span));
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: 'openai-evals',
        text: source.text,
        how: 'the layout of OpenAI evals records',
        notes: source.notes,
        problems: source.problems,
      }),
    ]);
  },
};
