/**
 * Runs and scores kept in maps under keys of the author's own: `{"pythia-70m": {"lambada": {"acc": 0.3}}}`, task → model →
 * score, curves per run, however deep. They become the table that the same numbers would be in CSV: a column of keys for
 * every level that tells rows apart, and what the columns mean is left to the detection of roles.
 */
import { err, ok } from '../result.ts';
import { readWideHeader } from '../table/header-grammar.ts';
import type { ColumnHint, RawTable, TextProblem } from '../table/raw-table.ts';
import { type Cell, cellOf, derivedCell, TableBuilder } from './cell-table.ts';
import { isCountKey, kindOfKey, kindOfKeys, numberInKey } from './key-kinds.ts';
import { isStrong, type Leaf, leavesOf, MOST_LEAVES, type Part } from './keyed-leaves.ts';
import { commonDepth, type KeyedPlan, keysOfLevels, type Level, planKeyed } from './keyed-plan.ts';
import { RowBook, type RowKeys, rowKeys } from './keyed-rows.ts';
import { READ_LIMITS } from './ports.ts';
import { readQuantity } from './quantity.ts';
import { type TreeFormat, type TreeSource, unrecognised } from './source.ts';
import { type Node, numberOf, type ScalarNode } from './tree.ts';

const FORMAT = 'json-maps';
/** Share of the numbers of a tree that must stand under names of results or sizes: logs have settings beside each loss. */
const SHARE = 0.2;
/** Children beyond which a level is not taken apart to see whether they are alike. */
const MOST_CHILDREN = 2_000;

export const keyedMapsFormat: TreeFormat = {
  id: FORMAT,
  name: 'Maps of runs or scores (JSON, YAML)',
  matches: (root) => root.kind === 'map' && (lookAt(root).bodies.length > 0 || lookAt(root).tooLarge),
  read(source) {
    if (lookAt(source.root).tooLarge)
      return err({
        code: 'file.too-large',
        message: `maps of more than ${MOST_LEAVES.toLocaleString('en-US')} values: save them as CSV or as JSON lines, which are read row by row`,
        span: { start: source.root.span.start, end: source.root.span.start + 1 },
      });
    const tables = keyedTables(source, source.root);
    return tables.length === 0 ? err(unrecognised('maps without a result or a size', source.root.span)) : ok(tables);
  },
};

/** One table to be: the values that belong together. */
interface Body {
  readonly cells: readonly Placed[];
  readonly plan: KeyedPlan;
  /** Keys beside it of which nothing is read. */
  readonly left: readonly string[];
}

/** The tables of nested maps below a node; none where it holds no results and no sizes. */
export function keyedTables(source: TreeSource, root: Node): RawTable[] {
  return lookAt(root).bodies.map((body) => tableOf(source, body));
}

interface Looked {
  readonly bodies: readonly Body[];
  /** Results in more values than are held; whether they are results, the first ones tell. */
  readonly tooLarge: boolean;
}

/** Asked for twice: whether the format fits, and to be read. */
const known = new WeakMap<Node, Looked>();

function lookAt(root: Node): Looked {
  let found = known.get(root);
  if (found === undefined) {
    const leaves = leavesOf(root);
    const tooLarge = leaves.length > MOST_LEAVES;
    const parts = bodies(tooLarge ? leaves.slice(0, FIRST) : leaves, []);
    found = { bodies: tooLarge ? [] : parts, tooLarge: tooLarge && parts.length > 0 };
    known.set(root, found);
  }
  return found;
}

/** Values by which a tree of too many is judged. */
const FIRST = 10_000;

function bodies(all: readonly Leaf[], left: readonly string[]): Body[] {
  const judged = new Map<string, boolean>();
  const numeric = all.filter(({ value }) => numberOf(value) !== undefined);
  // Of the members of the outermost map those count under which results or sizes stand; single values belong to all.
  const strong = new Set<string>();
  for (const leaf of numeric) if (leaf.path.length > 1 && isStrong(leaf, judged)) strong.add(leaf.path[0]?.key ?? '');
  const keeps = ({ path }: Leaf): boolean => path.length === 1 || strong.size === 0 || strong.has(path[0]?.key ?? '');
  const kept = all.filter(keeps);
  const dropped = [...new Set(all.filter((leaf) => !keeps(leaf)).map(({ path }) => path[0]?.key ?? ''))];
  const beside = [...left, ...dropped];
  const counted = kept.filter(
    ({ path, value }) => numberOf(value) !== undefined && !isCountKey(path.at(-1)?.key ?? ''),
  );
  const told = counted.filter((leaf) => isStrong(leaf, judged)).length;
  if (told === 0 || told < SHARE * counted.length) return [];
  const groups = alike(kept);
  if (groups.length > MOST_TABLES) return [];
  if (groups.length > 1) return groups.flatMap((group) => bodies(group, beside));
  const plan = planKeyed(kept);
  if (plan === null || !saysSomething(counted, plan)) return [];
  const cells = kept.map((leaf) => placed(leaf, plan));
  return isRegular(kept, cells, plan) ? [{ cells, plan, left: beside }] : [];
}

/** Tables that one file holds side by side: sizes, scores, losses. More parts of different build are no tables. */
const MOST_TABLES = 3;
/** Share of the numbers that must stand at the depth of the table, and of its cells that must be filled. */
const DEEP = 0.8;
const FILLED = 0.2;

/** Reports and references are trees, too, but no rectangles. */
function isRegular(all: readonly Leaf[], cells: readonly Placed[], plan: KeyedPlan): boolean {
  const rows = new Set<string>();
  const columns = new Set<string>();
  let numbers = 0;
  let deep = 0;
  for (const [i, { path, value }] of all.entries()) {
    if (numberOf(value) === undefined || isCountKey(path.at(-1)?.key ?? '')) continue;
    numbers++;
    const cell = cells[i];
    if (cell === undefined || path.length !== plan.levels.length + 1) continue;
    deep++;
    rows.add(cell.rows.key);
    columns.add(cell.header);
  }
  return deep >= DEEP * numbers && deep >= FILLED * rows.size * columns.size;
}

/** Members of an outermost map whose keys say nothing and which are not built alike are tables of their own. */
function alike(leaves: readonly Leaf[]): (readonly Leaf[])[] {
  const children = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const [first] = leaf.path;
    if (leaf.path.length < 2 || first === undefined) continue;
    if (first.index) return [leaves];
    const list = children.get(first.key);
    if (list === undefined) children.set(first.key, [leaf]);
    else list.push(leaf);
  }
  if (children.size < 2 || children.size > MOST_CHILDREN || kindOfKeys([...children.keys()]) !== 'unknown')
    return [leaves];
  const shapes = new Map<string, Leaf[][]>();
  for (const list of children.values()) {
    const inner = list.map(({ path, value }) => ({ path: path.slice(1), value }));
    const depth = commonDepth(inner);
    const shape = `${depth}:${keysOfLevels(inner, depth)
      .map(({ kind }) => kind)
      .join('/')}`;
    shapes.set(shape, [...(shapes.get(shape) ?? []), list]);
  }
  if (shapes.size === 1) return [leaves];
  const single = leaves.filter(({ path }) => path.length < 2);
  return [...shapes.values()].map((lists) => {
    const own =
      lists.length > 1 ? lists.flat() : (lists[0] ?? []).map(({ path, value }) => ({ path: path.slice(1), value }));
    return [...single, ...own];
  });
}

/**
 * Numbers under the names of tasks alone may be settings: numbers of shots are whole, scores hardly ever all are. A single
 * record of which nothing is a metric or a task is a configuration.
 */
function saysSomething(numbers: readonly Leaf[], plan: KeyedPlan): boolean {
  const rows = [...plan.levels, plan.last].some((level) => level.as === 'row' && level.kind !== 'task');
  const measured = numbers.some(({ path }) => path.some(({ key, index }) => !index && kindOfKey(key) === 'metric'));
  if (measured) return true;
  const scored = numbers.some(
    ({ path, value }) => path.some(({ key }) => kindOfKey(key) === 'task') && !Number.isInteger(numberOf(value)),
  );
  return (
    scored || (rows && numbers.some(({ path }) => path.some(({ key }) => /^(?:model|quantity)$/.test(kindOfKey(key)))))
  );
}

const VALUE = /^(?:value|score|mean|result|avg|average)$/i;
const COMPANION =
  /^(?:(?<stderr>stderr|se|sem|std_?err|standard_error)|(?<n>n|n_samples|num_samples|count|num_examples))$/i;

/** `acc` → value, stderr, n: the columns that a table would have. */
function headerOf(parts: readonly Part[]): string {
  const keys = parts.map(({ key }) => key);
  const last = keys.at(-1) ?? '';
  if (keys.length < 2) return last;
  const above = keys.slice(0, -1).join('/');
  if (VALUE.test(last)) return above;
  const groups = COMPANION.exec(last)?.groups;
  if (groups === undefined) return keys.join('/');
  return `${above}_${groups['stderr'] === undefined ? 'n' : 'stderr'}`;
}

/** A leaf taken apart: its row by level, and its column. */
interface Placed {
  readonly rows: RowKeys;
  readonly header: string;
  readonly task: boolean;
  readonly value: ScalarNode;
  readonly place: Part;
}

function placed({ path, value }: Leaf, plan: KeyedPlan): Placed {
  const last = path.at(-1) as Part;
  const { levels } = plan;
  const whole = path.length === levels.length + 1;
  const rows: (Part | undefined)[] = levels.map(() => undefined);
  const columns: Part[] = [];
  path.slice(0, -1).forEach((part, d) => {
    const level = levels[d];
    if (level?.as === 'row') rows[d] = part;
    else if (level === undefined || level.as === 'column') columns.push(part);
  });
  const asRow = whole && plan.last.as === 'row' && !isOther(last.key, plan.last);
  rows.push(asRow ? last : undefined);
  const named = asRow ? columns : [...columns, last];
  return {
    rows: rowKeys(rows),
    header: headerOf(named),
    task: plan.tasks && whole && named.length === 1,
    value,
    place: named.at(-1) ?? last,
  };
}

/** `chance` beside models is no model. */
function isOther(key: string, level: Level): boolean {
  if (level.as !== 'row' || level.kind === 'unknown') return false;
  const kind = kindOfKey(key);
  return kind !== level.kind && /^(?:metric|quantity)$/.test(kind);
}

function tableOf(source: TreeSource, { cells: all, plan, left }: Body): RawTable {
  const builder = new TableBuilder();
  const levels: readonly Level[] = [...plan.levels, plan.last];
  const columns = levels.map((level) =>
    level.as === 'row' && level.header !== ''
      ? builder.column(
          `\0${level.header}`,
          level.header,
          level.role === null
            ? undefined
            : { role: level.role, how: level.how, ...(level.role === 'compute' && { unit: 1 }) },
        )
      : -1,
  );
  const nameless = all.filter(({ header }) => header === '');
  const shares = nameless.every(({ value }) => (numberOf(value) ?? 0) >= 0 && (numberOf(value) ?? 0) <= 1);
  const book = new RowBook(all.map(({ rows }) => rows));
  for (let row = 0; row < book.rows.length; row++) builder.row();
  const family = levels.findIndex((level) => level.as === 'row' && level.role === 'family');
  book.rows.forEach(({ parts }, index) => {
    parts.forEach((part, d) => {
      const level = levels[d] as Level;
      if (part === undefined || level.as !== 'row' || (columns[d] as number) < 0) return;
      builder.set(
        index,
        columns[d] as number,
        keyCell(part, level, level.role === 'model' ? parts[family] : undefined),
      );
    });
  });
  let many = false;
  for (const one of all) {
    const column = columnOf(builder, one, shares ? 'score' : UNNAMED);
    if (column < 0) {
      many = true;
      continue;
    }
    const cell = valueCell(one.value);
    for (const row of book.of(one.rows)) builder.set(row, column, cell);
  }
  return builder.build({
    file: source.file,
    format: FORMAT,
    text: source.text,
    layout: null,
    notes: [
      ...source.notes,
      ...plan.notes,
      ...(left.length === 0
        ? []
        : [`Not read, since no results stand there: ${left.slice(0, 8).join(', ')}${left.length > 8 ? ', …' : ''}.`]),
      ...(many ? [`Only the first ${READ_LIMITS.columns} columns are read.`] : []),
    ],
    problems: shares ? source.problems : [...source.problems, unnamedProblem(nameless[0] as Placed)],
  });
}

/** Header of numbers that nothing names and that are no shares. */
const UNNAMED = 'numbers';

function unnamedProblem({ value }: Placed): TextProblem {
  return {
    code: 'file.unrecognised',
    severity: 'information',
    message: `Nothing in the file says what these numbers are: losses, percentages or something else. They count as what scaling.yaml pins the column “${UNNAMED}” as, for example loss, or {role: score, task: mmlu, metric: acc, unit: "%"}.`,
    span: value.span,
  };
}

function columnOf(builder: TableBuilder, { header: given, task, place }: Placed, unnamed: string): number {
  const header = given === '' ? unnamed : given;
  if (builder.columnCount >= READ_LIMITS.columns) return -1;
  const hint: ColumnHint | undefined =
    task && readWideHeader(header, null) === null
      ? { role: 'score', task: header, metric: 'score', how: 'a key beside the names of tasks' }
      : undefined;
  return builder.column(`v:${header}`, header, hint, place.span);
}

/** `7b` under `llama` is llama-7b: other families have a 7b, too. */
function keyCell(part: Part, level: Level & { readonly as: 'row' }, family: Part | undefined): Cell {
  const number = level.kind === 'index' ? null : numberInKey(level.kind, part.key);
  if (number !== null) return derivedCell(number, part.span);
  if (family !== undefined && /^[\d._]+\s*[kmbt]$/i.test(part.key))
    return derivedCell(`${family.key}-${part.key}`, part.span);
  return { text: part.key, span: part.span };
}

/** A quantity's cell holds plain units whatever unit was written out; other text stays as it is. */
function valueCell(node: ScalarNode): Cell {
  const cell = cellOf(node);
  if (typeof node.value !== 'string') return cell;
  const quantity = readQuantity(node.value);
  return quantity === null ? cell : derivedCell(cell.text, cell.span, quantity.value);
}
