/**
 * The fields of a run file, one by one: each reader takes a map and a path, gives the value or the default, and notes
 * what is wrong with it, with its line.
 */
import { nodeAt } from '../manifest/check.ts';
import { nearest } from '../manifest/suggest.ts';
import type { Node } from '../read/tree.ts';
import { parseQuantity } from '../table/numbers.ts';

/** A fault of the run file. */
export interface RunFault {
  /** One-based. */
  readonly line: number;
  readonly message: string;
}

export type Path = readonly (string | number)[];
export type FieldMap = Readonly<Record<string, unknown>>;

export class RunFields {
  readonly faults: RunFault[] = [];
  readonly #root: Node;
  readonly #lineAt: (start: number) => number;

  /** @param lineAt one-based line of an offset */
  constructor(root: Node, lineAt: (start: number) => number) {
    this.#root = root;
    this.#lineAt = lineAt;
  }

  fault(path: Path, message: string): void {
    const keys = path.map(String);
    const parent = nodeAt(this.#root, keys.slice(0, -1));
    const entry = parent?.kind === 'map' ? parent.entries.find((e) => e.key === keys.at(-1)) : undefined;
    const span = entry?.keySpan ?? nodeAt(this.#root, keys)?.span ?? parent?.span ?? this.#root.span;
    this.faults.push({ line: this.#lineAt(span.start), message });
  }

  map(value: unknown, path: Path, keys: readonly string[], label: string): FieldMap | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.fault(path, `${label} is a map of ${keys.join(', ')}`);
      return null;
    }
    for (const key of Object.keys(value)) {
      if (keys.includes(key)) continue;
      const near = nearest(key, keys);
      this.fault(
        [...path, key],
        `There is no key ${key} in ${label}; ${near === null ? `known here: ${keys.join(', ')}` : `did you mean ${near}?`}`,
      );
    }
    return value as FieldMap;
  }

  list(value: unknown, path: Path): readonly unknown[] {
    if (Array.isArray(value) && value.length > 0) return value;
    this.fault(value === undefined ? [] : path, `${String(path.at(-1))} is a list with at least one entry`);
    return [];
  }

  /** `fallback` null: the key is required. */
  text(map: FieldMap, path: Path, fallback: string | null): string | null {
    const value = map[String(path.at(-1))];
    if (value === undefined && fallback !== null) return fallback;
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.fault(value === undefined ? path.slice(0, -1) : path, `${String(path.at(-1))} is needed, as text`);
    return null;
  }

  word(map: FieldMap, path: Path, known: readonly string[], fallback: string | null): string | null {
    const value = this.text(map, path, fallback);
    if (value === null || known.includes(value)) return value;
    const near = nearest(value, known);
    this.fault(
      path,
      `${String(path.at(-1))} is one of ${known.join(', ')}${near === null ? '' : `; did you mean ${near}?`}`,
    );
    return null;
  }

  flag(map: FieldMap, path: Path, fallback: boolean): boolean {
    const value = map[String(path.at(-1))] ?? fallback;
    if (typeof value === 'boolean') return value;
    this.fault(path, `${String(path.at(-1))} is true or false`);
    return fallback;
  }

  number(map: FieldMap, path: Path): number | null {
    const value = map[String(path.at(-1))];
    if (value === undefined) return null;
    const number = typeof value === 'number' ? value : parseQuantity(plain(value));
    if (Number.isFinite(number)) return number;
    this.fault(path, `${String(path.at(-1))} is a number`);
    return null;
  }

  /** `fallback` null: the key is required; NaN: it may be left out, and null is returned then. */
  whole(map: FieldMap, path: Path, least: number, fallback: number | null, what: string, most = 1e12): number | null {
    const key = String(path.at(-1));
    if (map[key] === undefined) {
      if (fallback === null) this.fault(path.slice(0, -1), `${key} is needed: ${what}`);
      return fallback === null || Number.isNaN(fallback) ? null : fallback;
    }
    const value = this.number(map, path);
    if (value === null) return null;
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    this.fault(
      path,
      `${key} is a whole number from ${least}${most < 1e12 ? ` to ${most}` : ''}, not ${value} (${what})`,
    );
    return null;
  }

  positive(map: FieldMap, path: Path, fallback: number | null): number | null {
    const value = this.number(map, path);
    if (value === null) return fallback;
    if (value > 0) return value;
    this.fault(path, `${String(path.at(-1))} is a number above 0`);
    return fallback;
  }

  atLeastZero(map: FieldMap, path: Path, fallback: number): number {
    const value = this.number(map, path);
    if (value === null) return fallback;
    if (value >= 0) return value;
    this.fault(path, `${String(path.at(-1))} is a number of at least 0`);
    return fallback;
  }
}

/** A scalar as text; '' for what is none. */
export function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
