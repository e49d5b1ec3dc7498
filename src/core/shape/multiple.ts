/** Many tasks, many tests: q values that keep the share of false discoveries. */
import type { Shape } from '../report-model.ts';

/**
 * Benjamini-Hochberg q values (1995, step-up), in the order given. Null p values (no test was made) stay null and do not
 * count.
 */
export function benjaminiHochberg(p: readonly (number | null)[]): (number | null)[] {
  const order = p
    .map((value, index) => ({ value, index }))
    .filter((item): item is { value: number; index: number } => item.value !== null && !Number.isNaN(item.value))
    .sort((a, b) => a.value - b.value);
  const q: (number | null)[] = p.map(() => null);
  let least = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const item = order[rank - 1] as { value: number; index: number };
    least = Math.min(least, (item.value * order.length) / rank);
    q[item.index] = least;
  }
  return q;
}

/**
 * Shapes of many series with `detail.q`, the q value of each shape's own p over all of them, and `detail.qFamily`, over
 * those of its model family where there are several. One test alone needs none.
 * @param families of the models behind each shape; null where they are mixed or not known
 */
export function withQValues(
  shapes: readonly (Shape | null)[],
  families: readonly (string | null)[] = [],
): (Shape | null)[] {
  const q = benjaminiHochberg(shapes.map((shape) => shape?.p ?? null));
  if (q.filter((value) => value !== null).length < 2) return [...shapes];
  const within = new Map<number, number>();
  const names = new Set(families);
  if (names.size > 1) {
    for (const name of names) {
      const members = [...shapes.keys()].filter((i) => (families[i] ?? null) === name);
      const own = benjaminiHochberg(members.map((i) => shapes[i]?.p ?? null));
      if (own.filter((value) => value !== null).length < 2) continue;
      for (const [k, i] of members.entries()) if (own[k] !== null) within.set(i, own[k] as number);
    }
  }
  return shapes.map((shape, i) => {
    if (shape === null) return null;
    const qFamily = within.get(i);
    return {
      ...shape,
      detail: { ...shape.detail, q: q[i] ?? null, ...(qFamily === undefined ? {} : { qFamily }) },
    };
  });
}
