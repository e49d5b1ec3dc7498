/**
 * What is known of models by name: from the manifest, from other tables of the study (a sizes table joined to a results
 * table), from the name itself and from published tables. Each fact knows where it came from.
 */

import type { Column } from '../table/column.ts';
import { parseNumber } from '../table/numbers.ts';
import type { NameSizes } from '../table/sizes.ts';
import { familyOfName, knownTokens, readModelName } from '../table/sizes.ts';
import type { TableReading } from '../table/understand.ts';
import { columnFor } from '../table/understand.ts';
import type { ManifestRules, ModelFacts } from './manifest-rules.ts';

/** A quantity of one model as another table states it. */
export interface JoinedFact {
  readonly value: number;
  readonly table: number;
  readonly row: number;
  readonly column: number;
}

export interface Joined {
  readonly params: JoinedFact | null;
  readonly tokens: JoinedFact | null;
  readonly compute: JoinedFact | null;
  readonly family: {
    readonly value: string;
    readonly table: number;
    readonly row: number;
    readonly column: number;
  } | null;
}

/** One spelling per model: case, organisation and file endings do not tell models apart. */
export function modelKey(name: string): string {
  const base = name
    .trim()
    .toLowerCase()
    .replace(/\.(?:csv|tsv|jsonl?|ya?ml|parquet)$/, '')
    .replace(/^pretrained=/, '');
  return (base.split('/').at(-1) ?? base).replace(/__/g, '/').split('/').at(-1)?.replace(/\s+/g, '-') ?? base;
}

export interface ModelBook {
  /** Facts pinned in the manifest. */
  pinned(name: string): ModelFacts | null;
  /** Facts of other tables than `except`. */
  joined(name: string, except: number): Joined | null;
  /** Reading of the name itself. */
  read(name: string): NameSizes;
  published(name: string): { readonly value: number; readonly source: string } | null;
  family(name: string): string | null;
}

interface Entry {
  readonly facts: Map<
    number,
    { params: JoinedFact | null; tokens: JoinedFact | null; compute: JoinedFact | null; family: Joined['family'] }
  >;
}

function fact(reading: TableReading, column: Column | null, index: number, row: number): JoinedFact | null {
  if (column === null) return null;
  const raw = reading.table.numbers(column.index)[row] as number;
  const value = (column.log10 ? 10 ** raw : raw) * column.factor;
  return value > 0 && Number.isFinite(value) ? { value, table: index, row, column: column.index } : null;
}

/** Collects the facts of a study. Rows of a table that give one model two different values give none. */
export function bookOfModels(readings: readonly TableReading[], rules: ManifestRules | null): ModelBook {
  const pinned = new Map<string, ModelFacts>();
  for (const [name, facts] of rules?.models ?? []) {
    pinned.set(modelKey(name), facts);
    for (const alias of facts.aliases) pinned.set(modelKey(alias), facts);
  }
  const entries = new Map<string, Entry>();
  if (readings.length > 1) {
    readings.forEach((reading, index) => {
      const model = columnFor(reading, 'model');
      if (model === null) return;
      const params = columnFor(reading, 'params') ?? columnFor(reading, 'params-non-embedding');
      const tokens = columnFor(reading, 'tokens');
      const compute = columnFor(reading, 'compute');
      const family = columnFor(reading, 'family');
      if (params === null && tokens === null && compute === null && family === null) return;
      for (let row = 0; row < reading.table.rowCount; row++) {
        const name = reading.table.cell(row, model.index);
        if (name.trim() === '') continue;
        const key = modelKey(name);
        let entry = entries.get(key);
        if (entry === undefined) entries.set(key, (entry = { facts: new Map() }));
        const one = {
          params: fact(reading, params, index, row),
          tokens: fact(reading, tokens, index, row),
          compute: fact(reading, compute, index, row),
          family:
            family === null || reading.table.cell(row, family.index).trim() === ''
              ? null
              : { value: reading.table.cell(row, family.index).trim(), table: index, row, column: family.index },
        };
        const known = entry.facts.get(index);
        if (known === undefined) entry.facts.set(index, one);
        else {
          for (const what of ['params', 'tokens', 'compute'] as const) {
            if (known[what] !== null && one[what] !== null && known[what].value !== one[what].value) known[what] = null;
          }
        }
      }
    });
  }
  const names = new Map<string, NameSizes>();
  const merged = new Map<string, Joined | null>();
  return {
    pinned: (name) => pinned.get(modelKey(name)) ?? null,
    joined: (name, except) => {
      if (entries.size === 0) return null;
      const id = `${except}\u0000${name}`;
      const cached = merged.get(id);
      if (cached !== undefined) return cached;
      const entry = entries.get(modelKey(name));
      let found = null as Joined | null;
      for (const [table, facts] of entry?.facts ?? []) {
        if (table === except) continue;
        found = {
          params: found?.params ?? facts.params,
          tokens: found?.tokens ?? facts.tokens,
          compute: found?.compute ?? facts.compute,
          family: found?.family ?? facts.family,
        };
      }
      merged.set(id, found);
      return found;
    },
    read: (name) => {
      let sizes = names.get(name);
      if (sizes === undefined) {
        sizes = readModelName(name);
        names.set(name, sizes);
      }
      return sizes;
    },
    published: (name) => knownTokens(name),
    family: (name) => familyOfName(name),
  };
}

/** A size that is nothing but a number with a suffix (`13B`), as some tables name their models. */
export function bareSize(name: string): number | null {
  const value = parseNumber(name);
  return /[kmbt]$/i.test(name.trim()) && value >= 1e5 && value <= 5e12 ? value : null;
}
