/**
 * What the levels of nested maps mean: `{model: {task: {metric: 0.3}}}`, `{task: {model: 0.3}}`, `{run: {params: …}}`. Each
 * level is judged by its keys; of levels that say nothing one may be told by what the others are, and that is noted.
 */
import type { Role } from '../report-model.ts';
import { type KeyKind, kindOfKeys, kindOfNumbers } from './key-kinds.ts';
import type { Leaf } from './keyed-leaves.ts';
import { numberOf } from './tree.ts';

/** A level: its keys name rows (in a column of their own), are part of a column's name, or say nothing. */
export type Level =
  | {
      readonly as: 'row';
      readonly kind: KeyKind | 'index';
      /** '' for places in a list: they tell rows apart and are no column. */
      readonly header: string;
      readonly role: Role | null;
      readonly how: string;
    }
  | { readonly as: 'column' }
  | { readonly as: 'wrapper' };

export interface KeyedPlan {
  /** The levels above the values that most ways have, the outermost first. */
  readonly levels: readonly Level[];
  /** Keys of the values themselves: rows, or the names of columns. */
  readonly last: Level;
  /** Names of columns are tasks: what the registry does not know among them is one, too. */
  readonly tasks: boolean;
  readonly notes: readonly string[];
}

const ROLES: Partial<Record<KeyKind | 'compute' | 'family', Role>> = {
  model: 'model',
  task: 'task',
  step: 'step',
  seed: 'seed',
  shots: 'shots',
  split: 'split',
  filter: 'filter',
  compute: 'compute',
  family: 'family',
};
const WRAPPER =
  /^(?:runs?|models?|results?|data|experiments?|checkpoints?|evals?|evaluations?|records?|rows|entries|points|trials|metrics?|scores?|tasks?|benchmarks?|all|values?|history|logs?|performance|sweep|table)$/i;
/** How many keys a message names. */
const NAMED = 3;

function quoted(keys: readonly string[]): string {
  const shown = keys.slice(0, NAMED).map((key) => `“${key.length > 40 ? `${key.slice(0, 40)}…` : key}”`);
  return `${shown.join(', ')}${keys.length > NAMED ? ', …' : ''}`;
}

/** The number of steps that most ways to a value have. */
export function commonDepth(leaves: readonly Leaf[]): number {
  const counts = new Map<number, number>();
  for (const { path, value } of leaves)
    if (numberOf(value) !== undefined) counts.set(path.length, (counts.get(path.length) ?? 0) + 1);
  let best = 0;
  for (const [length, count] of counts) if (count > (counts.get(best) ?? 0)) best = length;
  return best;
}

interface Keys {
  readonly keys: readonly string[];
  readonly kind: KeyKind | 'index';
}

/** Keys and kind of every level of the common depth; the last is that of the values. */
export function keysOfLevels(leaves: readonly Leaf[], depth: number): Keys[] {
  return Array.from({ length: depth }, (_, d) => {
    const keys = new Set<string>();
    let indexed = false;
    for (const { path, value } of leaves) {
      const part = path[d];
      if (part === undefined) continue;
      if (d === depth - 1 ? path.length !== depth || numberOf(value) === undefined : path.length <= d + 1) continue;
      keys.add(part.key);
      indexed ||= part.index;
    }
    const list = [...keys];
    return { keys: list, kind: indexed ? 'index' : kindOfKeys(list) };
  });
}

/** Plans a tree of maps; null where nothing says that it holds results or sizes. */
export function planKeyed(leaves: readonly Leaf[]): KeyedPlan | null {
  const depth = commonDepth(leaves);
  if (depth === 0) return null;
  const all = keysOfLevels(leaves, depth);
  const upper = all.slice(0, -1);
  const values = all.at(-1) as Keys;
  const kinds = new Set(all.map(({ kind }) => kind));
  const known = (kind: KeyKind): boolean => kinds.has(kind);
  const each = valueKinds(leaves, depth);
  const columns = known('metric') || known('quantity') || each.has('metric') || each.has('quantity');
  if (!columns && !known('task') && !known('model')) return null;
  const notes: string[] = [];
  // A record that names its model needs no other name.
  const named = leaves.some(({ path }) => /^model(?:_?name)?$/i.test(path.at(-1)?.key ?? ''));
  let model = known('model') || named;
  let task = known('task');
  const guessed = (what: string, keys: readonly string[], header: string): void => {
    notes.push(
      `The keys ${quoted(keys)} are taken for ${what}: nothing else names ${what === 'families' ? 'them' : what}. If they are something else, pin the column “${header}” in scaling.yaml.`,
    );
  };
  const row = (
    kind: KeyKind | 'index' | 'compute' | 'family',
    keys: readonly string[],
    header: string,
    role: Role | null,
  ): Level => ({
    as: 'row',
    kind: kind === 'compute' || kind === 'family' ? 'unknown' : kind,
    header,
    role,
    how: `the keys ${quoted(keys)} of the maps`,
  });
  const taken = new Set<string>();
  const own = (kind: KeyKind | 'compute' | 'family', keys: readonly string[]): Level => {
    const header = taken.has(kind) ? `${kind} ${taken.size + 1}` : kind;
    taken.add(kind);
    return row(kind, keys, header, header === kind ? (ROLES[kind] ?? null) : null);
  };
  const numbers = ({ keys }: Keys): Level => {
    const kind = kindOfNumbers(keys);
    if (kind !== null) return own(kind, keys);
    notes.push(
      `The keys ${quoted(keys)} are numbers that nothing explains: pin the column “key” as params, tokens, compute or step in scaling.yaml.`,
    );
    return row('number', keys, 'key', null);
  };
  // Values first: whether their keys name rows decides what the levels above can be.
  const valueRows =
    values.kind !== 'metric' &&
    values.kind !== 'quantity' &&
    values.kind !== 'task' &&
    values.keys.length > 0 &&
    (values.kind !== 'unknown' ||
      (!each.has('metric') &&
        !each.has('quantity') &&
        upper.some(({ kind }) => kind === 'metric' || kind === 'quantity' || kind === 'task') &&
        !model));
  let last: Level = { as: 'column' };
  if (valueRows) {
    if (values.kind === 'number') last = numbers(values);
    else if (values.kind === 'unknown') {
      model = true;
      last = own('model', values.keys);
      guessed('models', values.keys, 'model');
    } else if (values.kind !== 'index') last = own(values.kind, values.keys);
  }
  // Of levels without a meaning the one next to the values of a run names it; above scores, models stand outside tasks.
  const open = upper.flatMap(({ kind, keys }, d) =>
    kind === 'unknown' && !(model && keys.length === 1) && !isWrapper(keys, d, upper.length) ? [d] : [],
  );
  const meaning = new Map<number, 'model' | 'task' | 'family' | 'condition'>();
  const runs = each.has('quantity');
  const unsettled = [...open];
  if (!model && unsettled.length > 0) {
    const d = (runs ? unsettled.pop() : unsettled.shift()) as number;
    meaning.set(d, 'model');
    model = true;
    guessed('models', (upper[d] as Keys).keys, 'model');
  }
  const modelAt = upper.findIndex(({ kind }, d) => kind === 'model' || meaning.get(d) === 'model');
  if (!task && !runs && unsettled.length > 0 && !(values.kind === 'unknown' && !valueRows)) {
    const d = unsettled.find((one) => one > modelAt || valueRows) ?? -1;
    if (d >= 0) {
      unsettled.splice(unsettled.indexOf(d), 1);
      meaning.set(d, 'task');
      task = true;
      guessed('tasks', (upper[d] as Keys).keys, 'task');
    }
  }
  // Scores of models under tasks that are known by their names: a column per task, as in a table of models.
  const tasks = valueRows && !columns && upper.some(({ kind }) => kind === 'task');
  let family = false;
  for (const d of unsettled) {
    const outside: boolean = !family && (modelAt < 0 ? valueRows : d < modelAt);
    meaning.set(d, outside ? 'family' : 'condition');
    family ||= outside;
    notes.push(
      `The keys ${quoted((upper[d] as Keys).keys)} are kept apart as the column “${outside ? 'family' : 'condition'}”.`,
    );
  }
  const levels = upper.map((one, d): Level => {
    const { kind, keys } = one;
    if (kind === 'index') return row('index', keys, '', null);
    if (kind === 'metric' || kind === 'quantity' || (kind === 'task' && tasks)) return { as: 'column' };
    if (kind === 'number') return numbers(one);
    if (kind !== 'unknown') return own(kind, keys);
    const what = meaning.get(d);
    if (what === undefined) return { as: 'wrapper' };
    if (what !== 'condition') return own(what, keys);
    const header = taken.has(what) ? `${what} ${d + 1}` : what;
    taken.add(what);
    return row('unknown', keys, header, null);
  });
  return { levels, last, tasks: tasks || values.kind === 'task', notes };
}

/** A level that is one key everywhere and has a name such as `results` says nothing. */
function isWrapper(keys: readonly string[], depth: number, depths: number): boolean {
  return keys.length === 1 && (WRAPPER.test(keys[0] as string) || (depth > 0 && depths > 1));
}

/** The kinds of the keys of values, each by itself. */
function valueKinds(leaves: readonly Leaf[], depth: number): ReadonlySet<KeyKind> {
  const keys = new Set<string>();
  for (const { path, value } of leaves)
    if (path.length === depth && numberOf(value) !== undefined) keys.add(path.at(-1)?.key ?? '');
  return new Set([...keys].map((key) => kindOfKeys([key])));
}
