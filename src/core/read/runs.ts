/**
 * Run files that people write by hand or by a small script, in YAML or JSON: a list of runs with model, params, tokens,
 * compute and results, or a map from model to such a run. One row per run and one column per task and metric; where the
 * results state shots, splits or filters, one row per score instead, so that nothing different is pooled.
 */
import { err, ok } from '../result.ts';
import type { ColumnHint, RawTable } from '../table/raw-table.ts';
import { type Cell, cellOf, derivedCell, TableBuilder } from './cell-table.ts';
import { kindOfKey, kindOfKeys, kindOfNumbers, numberInKey } from './key-kinds.ts';
import { keyedTables } from './keyed-maps.ts';
import { readQuantity } from './quantity.ts';
import { RESULTS, type Score, scoresOf } from './run-scores.ts';
import { type TreeFormat, type TreeSource, unrecognised } from './source.ts';
import { type Entry, entriesOf, type MapNode, type Node, type ScalarNode, scalarOf } from './tree.ts';

const CONTAINERS =
  /^(?:runs?|models?|results?|data|experiments?|checkpoints?|evals?|evaluations?|records?|rows|entries|points|trials)$/i;
const SCALE_KEYS =
  /^(?:params?|parameters|n_params|num_params|num_parameters|n_parameters|model_?size|size|tokens?|train(?:ing)?_tokens|n_tokens|num_tokens|data(?:set)?_size|compute|train(?:ing)?_compute|flops?|train(?:ing)?_flops?|total_flops?|steps?|loss|final_loss|eval_loss|val_loss|train_loss)$/i;
const NAME_KEYS = /^(?:model|model_?name|name|run|run_?name|run_?id|id|checkpoint)$/i;
const LOSS = /^(?:(?:final|eval|val|valid|validation|test|train|training|lm)[_ -]?)?(?:loss|nll|cross_?entropy)$/i;

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
    const { root } = source;
    const within = ({ value }: Entry): boolean =>
      runs.some(({ node }) => node.span.start >= value.span.start && node.span.end <= value.span.end);
    // Sizes under `models`, scores under `scores`: what stands beside the runs is read, too.
    const rest = root.kind === 'map' && runs.every(({ node }) => node !== root) ? entriesOf(root) : [];
    const beside: MapNode = { kind: 'map', entries: rest.filter((entry) => !within(entry)), span: root.span };
    return ok([readRuns(source, runs), ...keyedTables(source, beside)]);
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

const OUTCOME =
  /^(?:(?:final|best|min|last|eval|val|valid|validation|test|train|training)[_ -])*(?:loss|ppl|perplexity|bpb|bpc|nll|accuracy|acc)$/i;

/** A run that states its size and how it came out: its configuration is the smaller part of it. */
export function isFinishedRun(root: Node): boolean {
  return isRun(root) && entriesOf(root).some(({ key, value }) => OUTCOME.test(key) && isQuantity(value));
}

function isQuantity(node: Node): boolean {
  return (
    node.kind === 'scalar' &&
    (typeof node.value === 'number' || (typeof node.value === 'string' && readQuantity(node.value) !== null))
  );
}

function readRuns(source: TreeSource, found: readonly { name: Entry | null; node: MapNode }[]): RawTable {
  const runs = found.map(({ name, node }) => parseRun(name, node));
  const long = runs.some((run) => run.scores.some((score) => Object.keys(score.facets).length > 0)) || hasRepeats(runs);
  const builder = new TableBuilder();
  const named = runs.some((run) => run.name !== null);
  const nameColumn = named ? namesColumn(builder, runs) : -1;
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
  return builder.build({
    file: source.file,
    format: 'yaml-runs',
    text: source.text,
    layout: long ? 'long' : null,
    notes: source.notes,
    problems: source.problems,
  });
}

/** The column of the keys under which runs are kept, named by what they look like: most are models. */
function namesColumn(builder: TableBuilder, runs: readonly Run[]): number {
  const keys = runs.flatMap(({ name }) => (name === null ? [] : [name.text]));
  const how = 'the key of the run in the map';
  const kind = kindOfKeys(keys);
  const stated = (role: RegExp): boolean => runs.some(({ fields }) => fields.some(({ path }) => role.test(path)));
  const steps = kind === 'step' || (kind === 'number' && kindOfNumbers(keys) === 'step' && stated(LOSS));
  if (steps && !stated(/^_?(?:global_)?steps?$/i)) return builder.column('\0name', 'step', { role: 'step', how });
  if (kind === 'number' && kindOfNumbers(keys) === 'compute' && !stated(/^(?:C|compute|(?:total_)?flops?)$/i))
    return builder.column('\0name', 'compute', { role: 'compute', unit: 1, how });
  return builder.column('\0name', 'model', { role: 'model', how });
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

/** `step1000` is read as 1000. */
function nameCell({ key, keySpan }: Entry): Cell {
  const step = kindOfKey(key) === 'step' ? numberInKey('step', key) : null;
  return step === null ? { text: key, span: keySpan } : derivedCell(step, keySpan);
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
  return { name: name === null ? null : nameCell(name), fields, scores };
}
