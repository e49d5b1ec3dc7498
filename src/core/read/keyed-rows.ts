/**
 * The rows of nested maps: which values share one. A row is told by the keys of the levels that name rows; what ends at an
 * outer level (`"family"` beside the checkpoints of a model) belongs to all rows that go on from there.
 */
import type { Part } from './keyed-leaves.ts';

/** Keys by number of level; undefined where a way does not reach so far, or the level names no row. */
export interface RowKeys {
  readonly parts: readonly (Part | undefined)[];
  /** Equal for equal keys. */
  readonly key: string;
  /** Which levels are there, as a word of `x` and `-`. */
  readonly mask: string;
}

/** Keys hold no such characters, but for those that somebody put there: then two rows may be one. */
const BETWEEN = '\u0001';
const ABSENT = '\u0002';

export function rowKeys(parts: readonly (Part | undefined)[]): RowKeys {
  let key = '';
  let mask = '';
  for (const part of parts) {
    key += (part?.key ?? ABSENT) + BETWEEN;
    mask += part === undefined ? '-' : 'x';
  }
  return { parts, key, mask };
}

/** Cells that values of outer levels may fill. */
const MOST_SPREAD = 5_000_000;

export class RowBook {
  /** Keys of every row. */
  readonly rows: RowKeys[] = [];
  readonly #byKey = new Map<string, number[]>();
  #spread = 0;

  constructor(all: readonly RowKeys[]) {
    const byMask = new Map<string, RowKeys[]>();
    for (const one of all) {
      const list = byMask.get(one.mask);
      if (list === undefined) byMask.set(one.mask, [one]);
      else list.push(one);
    }
    const reach = (mask: string): number => mask.replaceAll('-', '').length;
    const order = [...byMask.keys()].sort((a, b) => reach(b) - reach(a));
    // Whether a shorter way leads into rows of a longer one is known once those are there.
    for (const mask of order) {
      const outer = order.filter(
        (other) => other !== mask && [...other].every((sign, d) => sign === '-' || mask[d] === 'x'),
      );
      for (const one of byMask.get(mask) ?? []) {
        if (this.#byKey.has(one.key)) continue;
        const row = this.rows.push(one) - 1;
        this.#byKey.set(one.key, [row]);
        for (const wider of outer) {
          const { key } = rowKeys(one.parts.map((part, d) => (wider[d] === 'x' ? part : undefined)));
          const list = this.#byKey.get(key);
          if (list === undefined) this.#byKey.set(key, [row]);
          else list.push(row);
        }
      }
    }
  }

  /** The rows that a value belongs to; none when values of outer levels would fill more cells than a table has. */
  of({ key }: RowKeys): readonly number[] {
    const rows = this.#byKey.get(key) ?? [];
    if (rows.length < 2) return rows;
    this.#spread += rows.length;
    return this.#spread > MOST_SPREAD ? [] : rows;
  }
}
