/**
 * Run files that people write by hand or by a small script, in YAML or JSON: a list of runs with model, params, tokens,
 * compute and results, or a map from model to such a run. One row per run and one column per task and metric; where the
 * results state shots, splits or filters, one row per score instead, so that nothing different is pooled.
 */
import { err, ok } from '../result.ts';
import type { ColumnHint } from '../table/raw-table.ts';
import { type Cell, cellOf, derivedCell, TableBuilder } from './cell-table.ts';
import { readQuantity } from './quantity.ts';
import { type TreeFormat, type TreeSource, unrecognised } from './source.ts';
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

const CONTAINERS =
  /^(?:runs?|models?|results?|data|experiments?|checkpoints?|evals?|evaluations?|records?|rows|entries|points|trials)$/i;
const RESULTS = /^(?:results?|metrics?|scores?|evals?|evaluations?|eval_results|tasks?|benchmarks?|performance)$/i;
const SCALE_KEYS =
  /^(?:params?|parameters|n_params|num_params|num_parameters|n_parameters|model_?size|size|tokens?|train(?:ing)?_tokens|n_tokens|num_tokens|data(?:set)?_size|compute|train(?:ing)?_compute|flops?|train(?:ing)?_flops?|total_flops?|steps?|loss|final_loss|eval_loss|val_loss|train_loss)$/i;
const NAME_KEYS = /^(?:model|model_?name|name|run|run_?name|run_?id|id|checkpoint)$/i;
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
const LOSS = /^(?:(?:final|eval|val|valid|validation|test|train|training|lm)[_ -]?)?(?:loss|nll|cross_?entropy)$/i;

interface Score {
  readonly task: { text: string; cell: Cell } | null;
  readonly metric: { text: string; cell: Cell } | null;
  readonly value: ScalarNode;
  readonly stderr?: ScalarNode | undefined;
  readonly n?: ScalarNode | undefined;
  readonly facets: Readonly<Record<string, ScalarNode>>;
}

interface Run {
  readonly name: Cell | null;
  readonly fields: readonly { path: string; entry: Entry; value: ScalarNode }[];
  readonly scores: readonly Score[];
}

export const runsFormat: TreeFormat = {
  id: 'yaml-runs',
  name: 'Run list (YAML or JSON)',
  matches: (root) => findRuns(root) !== null,
  read(source) {
    const runs = findRuns(source.root);
    if (runs === null) return err(unrecognised('no list of runs', source.root.span));
    return readRuns(source, runs);
  },
};

/** The runs of a tree: nodes with the name that a map gave them. */
function findRuns(root: Node): { name: Entry | null; node: MapNode }[] | null {
  if (root.kind === 'list') return runsOfList(root.items);
  if (root.kind !== 'map') return null;
  for (const entry of entriesOf(root)) {
    if (!CONTAINERS.test(entry.key)) continue;
    const found = entry.value.kind === 'list' ? runsOfList(entry.value.items) : runsOfMap(entry.value);
    if (found !== null) return found;
  }
  // A map of runs first: its members look like parts of one big run, too.
  const keyed = entriesOf(root).length > 1 ? runsOfMap(root) : null;
  if (keyed !== null) return keyed;
  return isRun(root) ? [{ name: null, node: root }] : runsOfMap(root);
}

function runsOfList(items: readonly Node[]): { name: Entry | null; node: MapNode }[] | null {
  const maps = items.filter((item) => item.kind === 'map');
  if (maps.length === 0 || maps.length < 0.8 * items.length) return null;
  const runs = maps.filter((map) => isRun(map));
  return runs.length >= 0.5 * maps.length ? maps.map((node) => ({ name: null, node })) : null;
}

function runsOfMap(node: Node): { name: Entry | null; node: MapNode }[] | null {
  const entries = entriesOf(node);
  const maps = entries.filter(({ value }) => value.kind === 'map');
  if (maps.length === 0 || maps.length < 0.8 * entries.length) return null;
  // Each member must say more than its scores: a map of tasks with metrics is no list of runs.
  const runs = maps.filter(({ value }) => isRun(value, true));
  if (runs.length < 0.5 * maps.length) return null;
  return maps.map((entry) => ({ name: entry, node: entry.value as MapNode }));
}

/** Case carries meaning for one-letter names: `n` is a sample count. */
function isScaleKey(key: string): boolean {
  return /^[NDC]$/.test(key) || SCALE_KEYS.test(key);
}

/** A run states a size, tokens, compute, a step or a loss as a number, or it has a name and a map of results. */
function isRun(node: Node, named = false): boolean {
  let scale = 0;
  let name = named;
  let results = false;
  for (const { key, value } of entriesOf(node)) {
    if (NAME_KEYS.test(key) && scalarOf(value) !== undefined) name = true;
    else if (isScaleKey(key) && isQuantity(value)) scale++;
    else if (RESULTS.test(key) && value.kind !== 'scalar') results = true;
    else if (
      /train|config|model|scale|data|meta|hyper|size/i.test(key) &&
      value.kind === 'map' &&
      entriesOf(value).some((inner) => isScaleKey(inner.key) && isQuantity(inner.value))
    )
      scale++;
  }
  return (scale > 0 && (results || name || scale > 1)) || (name && results);
}

function isQuantity(node: Node): boolean {
  return (
    node.kind === 'scalar' &&
    (typeof node.value === 'number' || (typeof node.value === 'string' && readQuantity(node.value) !== null))
  );
}

function readRuns(
  source: TreeSource,
  found: readonly { name: Entry | null; node: MapNode }[],
): ReturnType<TreeFormat['read']> {
  const runs = found.map(({ name, node }) => parseRun(name, node));
  const long = runs.some((run) => run.scores.some((score) => Object.keys(score.facets).length > 0)) || hasRepeats(runs);
  const builder = new TableBuilder();
  const named = runs.some((run) => run.name !== null);
  const nameColumn = named
    ? builder.column('\0name', 'model', { role: 'model', how: 'the key of the run in the map' })
    : -1;
  const common = (row: number, run: Run): void => {
    if (run.name !== null) builder.set(row, nameColumn, run.name);
    for (const { path, entry, value } of run.fields) {
      // A model name given twice, by the key and inside the run, is one name: the key stays.
      const header = named && /^model$/i.test(path) ? 'model name' : path;
      const column = builder.column(
        `f:${path}`,
        header,
        LOSS.test(entry.key) ? lossHint(entry.key) : undefined,
        entry.keySpan,
      );
      builder.set(row, column, quantityCell(value));
    }
  };
  if (long) {
    const how = 'the results of a run list';
    for (const run of runs) {
      for (const score of run.scores) {
        const row = builder.row();
        common(row, run);
        const put = (header: string, role: ColumnHint['role'], cell: Cell | undefined): void => {
          if (cell === undefined || role === undefined) return;
          builder.set(row, builder.column(`s:${header}`, header, role === 'score' ? undefined : { role, how }), cell);
        };
        put('task', 'task', score.task?.cell);
        put('metric', 'metric', score.metric?.cell);
        for (const [facet, node] of Object.entries(score.facets)) put(facet, facet as 'split', cellOf(node));
        put('score', 'score', cellOf(score.value));
        if (score.stderr !== undefined) put('stderr', 'stderr', cellOf(score.stderr));
        if (score.n !== undefined) put('n', 'n', cellOf(score.n));
      }
      if (run.scores.length === 0) common(builder.row(), run);
    }
  } else {
    for (const run of runs) {
      const row = builder.row();
      common(row, run);
      for (const score of run.scores) {
        const header = headerOf(score);
        const what = {
          ...(score.task && { task: score.task.text }),
          ...(score.metric && { metric: score.metric.text }),
        };
        const how = 'the results of a run list';
        const role: 'loss' | 'score' =
          score.task === null && score.metric !== null && LOSS.test(score.metric.text) ? 'loss' : 'score';
        const keySpan = (score.metric ?? score.task)?.cell.span ?? null;
        // A task without a metric is left to the registry, which knows the metric that goes without saying.
        const hint = score.metric === null ? undefined : { role, how, ...what };
        builder.set(row, builder.column(`v:${header}`, header, hint, keySpan), cellOf(score.value));
        if (score.stderr !== undefined) {
          const column = builder.column(`e:${header}`, `${header}_stderr`, { role: 'stderr', how, ...what });
          builder.set(row, column, cellOf(score.stderr));
        }
        if (score.n !== undefined) {
          builder.set(row, builder.column(`n:${header}`, `${header}_n`, { role: 'n', how, ...what }), cellOf(score.n));
        }
      }
    }
  }
  return ok([
    builder.build({
      file: source.file,
      format: 'yaml-runs',
      text: source.text,
      layout: long ? 'long' : null,
      notes: source.notes,
      problems: source.problems,
    }),
  ]);
}

function lossHint(key: string): ColumnHint {
  return { role: 'loss', metric: key, how: `the key ${key} of the run` };
}

function headerOf(score: Score): string {
  return [score.task?.text, score.metric?.text].filter((part) => part !== undefined).join('/') || 'score';
}

function hasRepeats(runs: readonly Run[]): boolean {
  return runs.some((run) => new Set(run.scores.map(headerOf)).size < run.scores.length);
}

/** A quantity's cell holds plain units whatever unit was written out; other text stays as it is. */
function quantityCell(node: ScalarNode): Cell {
  const cell = cellOf(node);
  if (typeof node.value !== 'string') return cell;
  const quantity = readQuantity(node.value);
  return quantity === null ? cell : derivedCell(cell.text, cell.span, quantity.value);
}

function parseRun(name: Entry | null, node: MapNode): Run {
  const fields: Run['fields'][number][] = [];
  const scores: Score[] = [];
  const walk = (map: Node, path: string, depth: number): void => {
    for (const entry of entriesOf(map)) {
      const here = path === '' ? entry.key : `${path}/${entry.key}`;
      const { value } = entry;
      if (value.kind === 'scalar') {
        if (value.value !== null) fields.push({ path: here, entry, value });
      } else if (RESULTS.test(entry.key)) scores.push(...scoresOf(value));
      else if (value.kind === 'map' && depth < 3) walk(value, here, depth + 1);
    }
  };
  walk(node, '', 0);
  return { name: name === null ? null : { text: name.key, span: name.keySpan }, fields, scores };
}

function scoresOf(node: Node): Score[] {
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
    ({ key, value }) => isNumber(value) && !isCompanion(map, key) && !(key in FACETS),
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
  for (const [key, facet] of Object.entries(FACETS)) {
    const found = scalarOf(at(map, key));
    if (found !== undefined) facets[facet] ??= found;
  }
  return facets;
}
