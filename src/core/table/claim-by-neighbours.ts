/**
 * Roles that a column's name leaves open and the rest of the table tells: the first column names the rows, cells are names
 * of known tasks, one column is the perplexity of another, a size repeats another one.
 */
import { type Column, NO_MEASURE } from './column.ts';
import { readHeader } from './headers.ts';
import { isQuantity, namesQuantity } from './name-roles.ts';
import { isNumeric } from './profile.ts';
import type { RawTable } from './raw-table.ts';
import { isCorpus } from './registry/corpora.ts';
import { findMetric } from './registry/metrics.ts';
import { findTask } from './registry/tasks.ts';
import { ROW_NAMES } from './row-names.ts';

/** Cells that begin with a figure and a unit are durations, sizes or money, not names. */
const WORDED_NUMBER =
  /^[~≈$€+-]?\s*\d[\d.,]*\s*(?:s|sec|ms|min|h|hr|hours?|d|days?|weeks?|[kmg]i?b|x|×|%|\$)?(?:\s|\/|$)/i;

/**
 * The first column of texts, where all of them are different, names the rows of a table of sizes or scores, whatever its
 * header is. Without sizes the header must be a word for what people compare (`Method`, `Config`).
 */
export function claimFirst(table: RawTable, columns: readonly Column[]): void {
  if (table.layout !== null || table.rowCount < 2) return;
  const first = columns.find((c) => c.role !== 'ignore' && !isNumeric(c.profile));
  // `experiment` may be what was evaluated, or what was run.
  const free = (c: Column): boolean => c.role === null || (c.role === 'task' && c.facet !== null);
  if (first === undefined || !free(first) || first.measure !== null || namesQuantity(first.header)) return;
  if (columns.some((c) => c !== first && /^(?:model|task|metric)$/.test(c.role ?? ''))) return;
  // What names a row stands before what was measured.
  if (columns.some((c) => c.index < first.index && (isQuantity(c.role) || c.measure !== null))) return;
  if (first.profile.sample.filter((text) => WORDED_NUMBER.test(text)).length * 2 > first.profile.sample.length) return;
  const sized = columns.some((c) => isQuantity(c.role));
  const measured = columns.some((c) => c.measure?.part === 'score' && !c.measure.assumed);
  if (!sized && !(measured && ROW_NAMES.has(first.header.key))) return;
  const names = new Set<string>();
  for (let row = 0; row < table.rowCount; row++) names.add(table.cell(row, first.index).trim());
  if (names.size < table.rowCount || names.has('')) return;
  first.role = 'model';
  first.facet = null;
  first.authority = 4;
  first.how = `the first column of texts names the rows of a table of ${sized ? 'sizes' : 'scores'}`;
}

/** A column of texts, most of which are known tasks or corpora, names the task, whatever its header is. */
export function claimTasks(table: RawTable, columns: readonly Column[]): void {
  if (table.layout !== null || columns.some((c) => c.role === 'task' && c.facet === null)) return;
  for (const c of columns) {
    if (c.authority <= 2 || isNumeric(c.profile) || c.measure !== null) continue;
    if (!(c.role === null || (c.role === 'task' && c.facet !== null))) continue;
    const names = [...new Set(c.profile.sample)];
    const known = names.filter((name) => findTask(name) !== null || isCorpus(readHeader(name).key)).length;
    if (names.length < 2 || known < 2 || known / names.length < 0.6) continue;
    c.role = 'task';
    c.facet = null;
    c.authority = 4;
    c.how = `${known} of its ${names.length} values are known tasks`;
    return;
  }
}

/** Tokens that are the same in every row of a task, and others in another task, are those of the test set. */
export function settleTested(table: RawTable, columns: readonly Column[]): void {
  const task = columns.find((c) => c.role === 'task');
  if (task === undefined) return;
  for (const c of columns) {
    if (c.role !== 'tokens' || c.authority === 1) continue;
    const values = table.numbers(c.index);
    const of = new Map<string, number>();
    let rows = 0;
    let same = true;
    for (let row = 0; same && row < Math.min(table.rowCount, 4096); row++) {
      const value = values[row] as number;
      const name = table.cell(row, task.index);
      if (Number.isNaN(value)) continue;
      same = (of.get(name) ?? value) === value;
      of.set(name, value);
      rows++;
    }
    if (!same || of.size < 2 || rows < 2 * of.size || new Set(of.values()).size < 2) continue;
    c.role = 'ignore';
    c.how = `the same in every row of a “${task.header.raw.trim()}”: tokens that were scored, not trained on`;
  }
}

/** Moves in which tokens may fall while the steps rise, and what they may span, before they are those of single steps. */
const FALLING = 0.2;
const ONE_STEP_SPAN = 4;

/** Tokens that fall and rise while the steps of a run only rise are those of one step, not those seen so far. */
export function settlePerStep(table: RawTable, columns: readonly Column[]): void {
  const step = columns
    .filter((c) => c.role === 'step' && isNumeric(c.profile))
    .sort((a, b) => b.profile.filled - a.profile.filled)[0];
  if (step === undefined) return;
  const steps = table.numbers(step.index);
  for (const c of columns) {
    if (c.role !== 'tokens' || c.authority === 1 || c.profile.max > ONE_STEP_SPAN * c.profile.min) continue;
    const values = table.numbers(c.index);
    let rising = 0;
    let falls = 0;
    let before = -1;
    for (let row = 0; row < Math.min(table.rowCount, 4096); row++) {
      if (Number.isNaN(steps[row] as number) || Number.isNaN(values[row] as number)) continue;
      if (before >= 0 && (steps[row] as number) > (steps[before] as number)) {
        rising++;
        if ((values[row] as number) < (values[before] as number)) falls++;
      }
      before = row;
    }
    if (rising < 4 || falls < FALLING * rising) continue;
    c.role = 'ignore';
    c.how = `falls and rises while “${step.header.raw.trim()}” grows: the tokens of one step, not those seen so far`;
  }
}

/** How far a perplexity may be from e to the loss beside it: tables round both. */
const ROUNDED = 0.03;

/** A column of unknown name that is e to the power of a loss beside it. */
export function claimPerplexities(table: RawTable, columns: readonly Column[]): void {
  const losses = columns.filter((c) => c.role === 'loss');
  for (const c of columns) {
    if (c.role !== null || c.facet !== null || !isNumeric(c.profile) || c.profile.distinct < 2) continue;
    const of = losses.find((loss) => powersOf(table, loss, c));
    if (of === undefined) continue;
    c.role = 'score';
    c.measure = {
      ...(of.measure ?? NO_MEASURE),
      metric: 'perplexity',
      stem: c.header.raw,
      part: 'score',
      assumed: true,
    };
    c.how = `e to the power of “${of.header.raw.trim()}”: its perplexity`;
  }
  if (losses.length > 0) return;
  const perplexities = columns.filter(
    (c) => c.role === 'score' && findMetric(c.measure?.metric ?? '')?.id === 'perplexity',
  );
  for (const c of columns) {
    if (c.role !== null || c.facet !== null || !isNumeric(c.profile) || c.profile.distinct < 2) continue;
    const of = perplexities.find((ppl) => powersOf(table, c, ppl));
    if (of === undefined) continue;
    c.role = 'loss';
    c.measure = { ...(of.measure ?? NO_MEASURE), metric: 'loss', stem: c.header.raw, part: 'score', assumed: true };
    c.how = `the logarithm of “${of.header.raw.trim()}”: its loss`;
  }
}

/** True if e to the power of one column is the other, in two rows or more and as far as both are rounded. */
function powersOf(table: RawTable, loss: Column, perplexity: Column): boolean {
  const exponents = table.numbers(loss.index);
  const values = table.numbers(perplexity.index);
  let seen = 0;
  for (let row = 0; row < table.rowCount; row++) {
    const ratio = (values[row] as number) / Math.exp(exponents[row] as number);
    if (Number.isNaN(ratio)) continue;
    if (Math.abs(ratio - 1) > ROUNDED) return false;
    seen++;
  }
  return seen >= 2;
}

/** Where a total stands beside an `N` that repeats the active parameters, `N` is another spelling of those. */
export function settleActive(table: RawTable, columns: readonly Column[]): void {
  const active = columns.find((c) => c.role === 'params-active' && c.used);
  const sizes = columns.filter((c) => c.role === 'params' && c.used && c.authority > 1);
  if (active === undefined || sizes.length < 2) return;
  const wanted = table.numbers(active.index);
  for (const c of sizes) {
    const values = table.numbers(c.index);
    let same = table.rowCount > 1;
    for (let row = 0; same && row < table.rowCount; row++)
      same = Object.is(wanted[row], values[row]) || wanted[row] === values[row];
    if (!same) continue;
    c.role = 'params-active';
    c.rank += 20;
    c.how = `${c.how}; its values are those of “${active.header.raw.trim()}”`;
  }
}
