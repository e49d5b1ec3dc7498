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

/** Shapes of many series with `detail.q`, the q value of each shape's own p over all of them. One test alone needs none. */
export function withQValues(shapes: readonly (Shape | null)[]): (Shape | null)[] {
  const q = benjaminiHochberg(shapes.map((shape) => shape?.p ?? null));
  if (q.filter((value) => value !== null).length < 2) return [...shapes];
  return shapes.map((shape, i) => (shape === null ? null : { ...shape, detail: { ...shape.detail, q: q[i] ?? null } }));
}
