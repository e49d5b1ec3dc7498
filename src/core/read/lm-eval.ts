/**
 * lm-evaluation-harness results: from 0.4 on (`"acc,none"`, sample counts, directions) and up to 0.3 (bare metric names,
 * everything about the model inside `model_args`). One row per task, filter and metric.
 */
import type { Better } from '../report-model.ts';
import { err, ok } from '../result.ts';
import type { FormatFact } from '../table/raw-table.ts';
import { type Cell, cellOf, derivedCell } from './cell-table.ts';
import { factOf, type Measurement, measurementTable } from './measurements.ts';
import { type TreeFormat, unrecognised } from './source.ts';
import { at, entriesOf, flagOf, has, type Node, numberOf, type ScalarNode, scalarOf, textOf } from './tree.ts';

const HOW = 'the layout of lm-evaluation-harness results';
/** Keys of a task that are no metrics. */
const NO_METRIC = /^(?:alias|name|sample_len|sample_count|samples|effective_num_docs)$/;

export const lmEvalFormat: TreeFormat = {
  id: 'lm-eval',
  name: 'lm-evaluation-harness results',
  matches: (root) => {
    if (!has(root, 'results') || has(root, 'config_general') || has(root, 'hyperparameters')) return false;
    const tasks = entriesOf(at(root, 'results'));
    if (tasks.length === 0) return (has(root, 'versions') || has(root, 'configs')) && has(root, 'config');
    if (!tasks.every(({ value }) => value.kind === 'map')) return false;
    const commas = tasks.some(({ value }) => entriesOf(value).some(({ key }) => /^[^,]+,[^,]+$/.test(key)));
    return commas || has(root, 'versions') || (has(root, 'config') && at(root, 'config', 'model_args') !== undefined);
  },
  read(source) {
    const { root } = source;
    const results = entriesOf(at(root, 'results'));
    const modern = results.some(({ value }) => entriesOf(value).some(({ key }) => key.includes(',')));
    const model = modelOf(root);
    const params = scalarOf(at(root, 'config', 'model_num_parameters'));
    const step = stepOf(root);
    const groups = new Set(entriesOf(at(root, 'groups')).map(({ key }) => key));
    for (const { key, value } of entriesOf(at(root, 'group_subtasks'))) {
      if (value.kind === 'list' && value.items.some((item) => textOf(item) !== undefined && textOf(item) !== key))
        groups.add(key);
    }
    const rows: Measurement[] = [];
    const facts: FormatFact[] = [];
    let bypass = 0;
    for (const { key: task, keySpan, value } of results) {
      const count = sampleCount(root, task, value);
      const shots = scalarOf(
        at(root, 'n-shot', task) ?? at(root, 'configs', task, 'num_fewshot') ?? at(root, 'config', 'num_fewshot'),
      );
      facts.push(factOf(task, null, keySpan, { n: numberOf(count), aggregate: groups.has(task) }));
      for (const metric of entriesOf(value)) {
        const [name = '', filter] = splitMetric(metric.key);
        if (NO_METRIC.test(name) || name.endsWith('_stderr')) continue;
        const score = scalarOf(metric.value);
        if (score === undefined || numberOf(score) === undefined) continue;
        if (name === 'bypass') {
          bypass++;
          continue;
        }
        const stderrKey = filter === undefined ? `${name}_stderr` : `${name}_stderr,${filter}`;
        const stderr = scalarOf(at(value, stderrKey));
        const better = directionOf(root, task, name);
        if (better !== undefined)
          facts.push(factOf(task, name, metric.keySpan, { better, aggregate: groups.has(task) }));
        rows.push({
          ...(model !== null && { model }),
          ...(params !== undefined && (numberOf(params) ?? 0) > 0 && { params: cellOf(params) }),
          ...(step !== null && { step }),
          task: { text: task, span: keySpan },
          metric: { text: name, span: metric.keySpan },
          ...(filter !== undefined && { filter: { text: filter, span: metric.keySpan } }),
          ...(shots !== undefined && { shots: cellOf(shots) }),
          score: cellOf(score),
          // "N/A" where no bootstrap was made or one sample was run
          ...(stderr !== undefined && numberOf(stderr) !== undefined && { stderr: cellOf(stderr) }),
          ...(count !== undefined && { n: cellOf(count) }),
        });
      }
    }
    if (rows.length === 0)
      return err(
        unrecognised('lm-evaluation-harness results without a single score', at(root, 'results')?.span ?? root.span),
      );
    const notes = [...source.notes];
    if (bypass > 0) notes.push(`${bypass} “bypass” values (999) are no scores and are left out`);
    const limit = scalarOf(at(root, 'config', 'limit'));
    if (limit !== undefined) notes.push(`the run was limited to ${limit.raw} samples per task`);
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: modern ? 'lm-eval' : 'lm-eval-0.3',
        text: source.text,
        how: HOW,
        facts,
        notes,
        problems: source.problems,
      }),
    ]);
  },
};

/** `acc,none` → acc and none; a bare name has no filter. */
function splitMetric(key: string): [string, string | undefined] {
  const cut = key.indexOf(',');
  return cut < 0 ? [key, undefined] : [key.slice(0, cut), key.slice(cut + 1)];
}

/** What was really evaluated: a run with a limit keeps the original size beside it. */
function sampleCount(root: Node, task: string, results: Node): ScalarNode | undefined {
  return scalarOf(at(root, 'n-samples', task, 'effective') ?? at(results, 'sample_len') ?? at(results, 'sample_count'));
}

function directionOf(root: Node, task: string, metric: string): Better | undefined {
  const flag = flagOf(at(root, 'higher_is_better', task, metric));
  return flag === undefined ? undefined : flag ? 'higher' : 'lower';
}

function modelOf(root: Node): Cell | null {
  const named = scalarOf(at(root, 'model_name'));
  if (named !== undefined) return cellOf(named);
  const args = at(root, 'config', 'model_args');
  const inside = scalarOf(at(args, 'pretrained') ?? at(args, 'model'));
  if (inside !== undefined) return cellOf(inside);
  const pretrained = argument(scalarOf(args), 'pretrained') ?? argument(scalarOf(args), 'model');
  if (pretrained !== null) return pretrained;
  const model = scalarOf(at(root, 'config', 'model'));
  return model === undefined ? null : cellOf(model);
}

/** The checkpoint: `revision=step143000`. */
function stepOf(root: Node): Cell | null {
  const args = at(root, 'config', 'model_args');
  const revision = argument(scalarOf(args), 'revision') ?? cellOrNull(scalarOf(at(args, 'revision')));
  const match = revision === null ? null : /step[-_]?(\d+)/.exec(revision.text);
  return revision === null || match === null ? null : derivedCell(match[1] as string, revision.span, Number(match[1]));
}

function cellOrNull(node: ScalarNode | undefined): Cell | null {
  return node === undefined ? null : cellOf(node);
}

/** One value of `pretrained=EleutherAI/pythia-70m,revision=step143000`, with its place inside the string. */
export function argument(args: ScalarNode | undefined, name: string): Cell | null {
  if (args === undefined || typeof args.value !== 'string') return null;
  const found = argumentIn(args.value, name);
  if (found === null) return null;
  // The place inside the quotes; escapes do not occur in these strings, and if they do the whole string is shown.
  const start = args.span.start + 1 + found.start;
  const plain = args.span.end - args.span.start === args.value.length + 2;
  return { text: found.text, span: plain ? { start, end: start + found.text.length } : args.span };
}

/** The same in plain text: value and offset. */
export function argumentIn(text: string, name: string): { text: string; start: number } | null {
  const match = new RegExp(`(?:^|[,(\\s])${name}=([^,)\\s]+)`).exec(text);
  if (match === null) return null;
  const value = match[1] as string;
  return { text: value, start: match.index + match[0].length - value.length };
}
