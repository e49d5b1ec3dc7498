/**
 * Which columns keep rows apart: prompts, splits, filters, conditions. Named facets count; a column that alone explains
 * why the same model, task and metric occurs several times is one too; a train/test label that never sees one model twice is not.
 */
import type { Column } from '../table/column.ts';
import { RUN_NAMES } from '../table/dictionary.ts';
import { isNumeric } from '../table/profile.ts';
import { columnFor } from '../table/understand.ts';
import type { Interned } from './intern.ts';
import { intern } from './intern.ts';
import type { Rows } from './rows.ts';

export interface Facet {
  readonly name: string;
  readonly column: number;
  readonly values: Interned;
}

export interface FacetVerdict {
  readonly facets: readonly Facet[];
  readonly notes: readonly string[];
}

const HOLDOUT = /^(?:train(?:ing)?|test(?:ing)?|val(?:id(?:ation)?)?|eval|hold-?out|held-?out|target|fit)$/i;
/** Roles that keep rows apart by themselves. */
const FACET_ROLES = new Set(['split', 'shots', 'filter']);

function distinct(values: Interned): number {
  return values.values.length;
}

/** Integer keys per row for what identifies a measurement apart from the facets. */
function baseKeys(rows: Rows, kept: Uint8Array | null, extra: readonly Interned[]): { keys: string[]; rows: number[] } {
  const keys: string[] = [];
  const list: number[] = [];
  for (let row = 0; row < rows.count; row++) {
    if (kept !== null && kept[row] === 0) continue;
    let key = `${rows.models.codes[row] as number}|${rows.params[row] as number}|${rows.tokens[row] as number}|${rows.compute[row] as number}|${rows.step[row] as number}`;
    for (const e of extra) key += `|${e.codes[row] as number}`;
    keys.push(key);
    list.push(row);
  }
  return { keys, rows: list };
}

function repeats(keys: readonly string[]): number {
  return keys.length - new Set(keys).size;
}

/** True if no measurement occurs under two values of a label: it says how rows are used, not how they were measured. */
function isLabel(values: Interned, keys: readonly string[], rows: readonly number[]): boolean {
  if (!values.values.every((v) => HOLDOUT.test(v))) return false;
  const seen = new Map<string, number>();
  for (let i = 0; i < keys.length; i++) {
    const code = values.codes[rows[i] as number] as number;
    const before = seen.get(keys[i] as string);
    if (before === undefined) seen.set(keys[i] as string, code);
    else if (before !== code) return false;
  }
  return true;
}

/** Finds the facet columns of one table. `kept` masks filtered rows. */
export function findFacets(rows: Rows, kept: Uint8Array | null): FacetVerdict {
  const { reading } = rows;
  const { table, columns } = reading;
  const notes: string[] = [];
  const facets: Facet[] = [];
  const task = columnFor(reading, 'task');
  const metric = columnFor(reading, 'metric');
  const extra: Interned[] = [];
  for (const c of [task, metric]) if (c !== null) extra.push(intern(table, c.index));
  for (const c of columns) {
    if (c.role === 'seed' || (RUN_NAMES.has(c.header.key) && c.role !== 'model')) extra.push(intern(table, c.index));
  }
  let base: ReturnType<typeof baseKeys> | null = null;
  const keys = (): ReturnType<typeof baseKeys> => (base ??= baseKeys(rows, kept, extra));

  const named = columns.filter(
    (c) => (c.facet !== null || (c.role !== null && FACET_ROLES.has(c.role) && c.used)) && c.profile.filled > 0,
  );
  for (const c of named) {
    const values = intern(table, c.index);
    const name = c.facet ?? (c.role as string);
    if (distinct(values) < 2) {
      if (values.values[0] !== undefined) facets.push({ name, column: c.index, values });
      continue;
    }
    if ((c.role === 'split' || c.header.key === 'mode') && isLabel(values, keys().keys, keys().rows)) {
      notes.push(
        `“${c.header.raw}” (${values.values.join(', ')}) labels rows for fitting and testing; it does not split the series.`,
      );
      continue;
    }
    // A value per row is a name, not a condition.
    if (c.facet !== null && distinct(values) > Math.max(8, rows.count / 3)) continue;
    facets.push({ name, column: c.index, values });
  }
  // Unexplained repeats: the column that removes most of them is a facet.
  const unknown = columns.filter(
    (c) =>
      c.facet === null &&
      (c.role === null || (c.role === 'n' && c.header.key === 'n_q')) &&
      c.profile.distinct >= 2 &&
      c.profile.distinct <= 60 &&
      (!isNumeric(c.profile) || c.profile.integers) &&
      !columns.some((o) => o !== c && o.measure?.stem === c.header.raw),
  );
  if (unknown.length > 0 && rows.count >= 4) {
    const { keys: list, rows: at } = keys();
    let current = list.map(
      (key, i) => `${key}${facets.map((f) => `|${f.values.codes[at[i] as number] as number}`).join('')}`,
    );
    let left = repeats(current);
    const candidates =
      left > rows.count * 0.01 ? unknown.map((c) => ({ column: c, values: intern(table, c.index) })) : [];
    for (let turn = 0; turn < 5 && left > rows.count * 0.01 && candidates.length > 0; turn++) {
      let best: { at: number; keys: string[]; left: number } | null = null;
      candidates.forEach((candidate, k) => {
        if (distinct(candidate.values) > rows.count / 2) return;
        const next = current.map((key, i) => `${key}|${candidate.values.codes[at[i] as number] as number}`);
        const after = repeats(next);
        if (best === null || after < best.left) best = { at: k, keys: next, left: after };
      });
      const chosen = best as { at: number; keys: string[]; left: number } | null;
      if (chosen === null || chosen.left > left * 0.9) break;
      const picked = candidates.splice(chosen.at, 1)[0] as { column: Column; values: Interned };
      facets.push({
        name: picked.column.header.key || `column ${picked.column.index + 1}`,
        column: picked.column.index,
        values: picked.values,
      });
      notes.push(`“${picked.column.header.raw}” tells repeated rows apart; rows that differ in it are not pooled.`);
      current = chosen.keys;
      left = chosen.left;
    }
  }
  return { facets, notes };
}
