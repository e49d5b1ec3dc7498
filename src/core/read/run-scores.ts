/**
 * The results inside a run of a run list: maps from task or metric to a value, to a map of metrics, or lists of such
 * entries, with errors, counts, shots, splits and filters beside the values.
 */
import { type Cell, cellOf } from './cell-table.ts';
import { readQuantity } from './quantity.ts';
import {
  at,
  type Entry,
  entriesOf,
  entryOf,
  itemsOf,
  type MapNode,
  type Node,
  type ScalarNode,
  scalarOf,
} from './tree.ts';

/** Keys under which runs keep their results. */
export const RESULTS =
  /^(?:results?|metrics?|scores?|evals?|evaluations?|eval_results|tasks?|benchmarks?|performance)$/i;
const VALUE_KEYS = ['value', 'score', 'mean', 'result'];
const STDERR_KEYS = ['stderr', 'se', 'sem', 'std_err', 'standard_error', 'error'];
const N_KEYS = ['n', 'n_samples', 'num_samples', 'samples', 'count', 'num_examples', 'n_examples'];
const FACETS = {
  split: 'split',
  shots: 'shots',
  num_fewshot: 'shots',
  n_shot: 'shots',
  fewshot: 'shots',
  filter: 'filter',
} as const;
const METRIC =
  /^(?:(?:quasi_|prefix_)?exact_match|em|acc(?:uracy)?(?:_norm|_raw|_per_\w+)?|f1|bleu|chrf|ter|rouge\w*|brier(?:_score)?|mcc|ppl|(?:word_|byte_)?perplexity|bpb|bits_per_byte|bpc|nll|logprob|loss|cross_?entropy|pass@\d+|maj@\d+|mc[12]|elo|win_?rate)$/i;

/** One result of a run, with the places of its names. */
export interface Score {
  readonly task: { text: string; cell: Cell } | null;
  readonly metric: { text: string; cell: Cell } | null;
  readonly value: ScalarNode;
  readonly stderr?: ScalarNode | undefined;
  readonly n?: ScalarNode | undefined;
  readonly facets: Readonly<Record<string, ScalarNode>>;
}

/** The results under a key such as `results` or `metrics`, however deep task, metric and value are nested. */
export function scoresOf(node: Node): Score[] {
  if (node.kind === 'list') return itemsOf(node).flatMap((item) => listScore(item));
  const scores: Score[] = [];
  for (const entry of entriesOf(node)) {
    if (entry.value.kind === 'scalar') {
      if (METRIC.test(entry.key)) {
        if (isNumber(entry.value))
          scores.push({
            task: null,
            metric: label(entry),
            value: entry.value,
            ...sibling(node, entry.key),
            facets: {},
          });
      } else if (isNumber(entry.value) && !siblingOf(node, entry.key)) {
        scores.push({ task: label(entry), metric: null, value: entry.value, ...sibling(node, entry.key), facets: {} });
      }
    } else if (entry.value.kind === 'map') scores.push(...taskScores(entry, entry.value));
    else for (const item of entry.value.items) if (item.kind === 'map') scores.push(...taskScores(entry, item));
  }
  return scores;
}

/** {task: mmlu, metric: acc, value: 0.4, stderr: 0.01, n: 100, shots: 5}, or {mmlu: 0.4}. */
function listScore(item: Node): Score[] {
  if (item.kind !== 'map') return [];
  const find = (keys: readonly string[]): Entry | undefined =>
    keys.map((key) => entryOf(item, key)).find((entry) => entry !== undefined);
  const task = find(['task', 'task_name', 'benchmark', 'dataset', 'name']);
  const value = find(VALUE_KEYS);
  if (task === undefined) return scoresOf(item);
  const label1 = scalarOf(task.value);
  if (label1 === undefined) return [];
  const taskLabel = { text: label1.raw, cell: cellOf(label1) };
  if (value !== undefined && isNumber(value.value)) {
    const metric = scalarOf(at(item, 'metric') ?? at(item, 'metric_name'));
    return [
      {
        task: taskLabel,
        metric: metric === undefined ? null : { text: metric.raw, cell: cellOf(metric) },
        value: value.value,
        stderr: first(item, STDERR_KEYS),
        n: first(item, N_KEYS),
        facets: facetsOf(item),
      },
    ];
  }
  const nested = entriesOf(item).filter((entry) => RESULTS.test(entry.key) && entry.value.kind === 'map');
  const own =
    nested.length > 0
      ? nested.flatMap((entry) => taskMetrics(taskLabel, entry.value as MapNode))
      : taskMetrics(taskLabel, item);
  return own;
}

function taskScores(entry: Entry, map: MapNode): Score[] {
  return taskMetrics(label(entry), map);
}

/** The metrics under a task: {acc: 0.4, acc_stderr: 0.01}, {value: 0.4, stderr: 0.01, n: 100}, {acc: {value: 0.4}}. */
function taskMetrics(task: { text: string; cell: Cell }, map: MapNode): Score[] {
  const facets = facetsOf(map);
  const bare = VALUE_KEYS.map((key) => entryOf(map, key)).find((entry) => entry !== undefined);
  if (bare !== undefined && isNumber(bare.value)) {
    const metric = scalarOf(at(map, 'metric') ?? at(map, 'metric_name'));
    return [
      {
        task,
        metric: metric === undefined ? null : { text: metric.raw, cell: cellOf(metric) },
        value: bare.value,
        stderr: first(map, STDERR_KEYS),
        n: first(map, N_KEYS),
        facets,
      },
    ];
  }
  const scores: Score[] = [];
  const metrics = entriesOf(map).filter(
    ({ key, value }) => isNumber(value) && !isCompanion(map, key) && !Object.hasOwn(FACETS, key),
  );
  for (const entry of entriesOf(map)) {
    if (isNumber(entry.value)) {
      if (!metrics.includes(entry)) continue;
      const shared =
        metrics.length === 1 ? { stderr: first(map, STDERR_KEYS), n: first(map, N_KEYS) } : { n: first(map, N_KEYS) };
      const near = sibling(map, entry.key);
      scores.push({ task, metric: label(entry), value: entry.value, ...shared, ...near, facets });
    } else if (entry.value.kind === 'map') {
      for (const inner of taskMetrics({ text: task.text, cell: task.cell }, entry.value)) {
        scores.push(
          inner.metric === null
            ? { ...inner, metric: label(entry), facets: { ...facets, ...inner.facets } }
            : {
                ...inner,
                task: {
                  text: `${task.text}/${entry.key}`,
                  cell: { text: `${task.text}/${entry.key}`, span: entry.keySpan },
                },
              },
        );
      }
    }
  }
  return scores;
}

function label(entry: Entry): { text: string; cell: Cell } {
  return { text: entry.key, cell: { text: entry.key, span: entry.keySpan } };
}

function isNumber(node: Node): node is ScalarNode {
  return (
    node.kind === 'scalar' &&
    (typeof node.value === 'number' ||
      (typeof node.value === 'string' && readQuantity(node.value.replace(/%$/, '')) !== null))
  );
}

function first(map: Node, keys: readonly string[]): ScalarNode | undefined {
  for (const key of keys) {
    const found = scalarOf(at(map, key));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `acc_stderr` beside `acc`, `mmlu_n` beside `mmlu`. */
function sibling(map: Node, key: string): { stderr?: ScalarNode; n?: ScalarNode } {
  const stderr = first(
    map,
    STDERR_KEYS.map((suffix) => `${key}_${suffix}`),
  );
  const n = first(
    map,
    N_KEYS.map((suffix) => `${key}_${suffix}`),
  );
  return { ...(stderr && { stderr }), ...(n && { n }) };
}

function siblingOf(map: Node, key: string): boolean {
  const match = /^(.+)_([a-z_]+)$/i.exec(key);
  if (match === null) return false;
  return [...STDERR_KEYS, ...N_KEYS].includes(match[2] as string) && entryOf(map, match[1] as string) !== undefined;
}

function isCompanion(map: Node, key: string): boolean {
  return siblingOf(map, key) || STDERR_KEYS.includes(key) || N_KEYS.includes(key);
}

function facetsOf(map: Node): Record<string, ScalarNode> {
  const facets: Record<string, ScalarNode> = {};
  // Few maps have any: their keys are asked, not every name of a facet.
  if (!entriesOf(map).some(({ key }) => Object.hasOwn(FACETS, key))) return facets;
  for (const [key, facet] of Object.entries(FACETS)) {
    const found = scalarOf(at(map, key));
    if (found !== undefined) facets[facet] ??= found;
  }
  return facets;
}
