/**
 * The metric decides the label: one task may rise by its accuracy and fall by its log-odds. Where the metrics of a task
 * disagree, each shape carries what the others say.
 */
import type { Shape, ShapeLabel } from '../report-model.ts';
import type { StudySeries } from '../study/study.ts';

/** Another metric of the same task, family and facets. */
export interface OtherMetric {
  readonly metric: string;
  readonly kind: StudySeries['kind'];
  readonly label: ShapeLabel;
}

const SAYS_NOTHING: ReadonlySet<ShapeLabel> = new Set(['inconclusive']);

type Measured = Pick<StudySeries, 'task' | 'metric' | 'family' | 'facets' | 'kind'>;

/** Shapes with `detail.otherMetrics` where a conclusive label of the same task under another metric is a different one. */
export function withOtherMetrics(series: readonly Measured[], shapes: readonly (Shape | null)[]): (Shape | null)[] {
  const groups = new Map<string, number[]>();
  for (const [i, { task, family, facets }] of series.entries()) {
    const key = JSON.stringify([task, family, Object.entries(facets).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  }
  const found = [...shapes];
  for (const group of groups.values()) {
    for (const i of group) {
      const shape = shapes[i] ?? null;
      if (shape === null || SAYS_NOTHING.has(shape.label)) continue;
      const otherMetrics = group.flatMap((j): OtherMetric[] => {
        const label = shapes[j]?.label;
        const { metric, kind } = series[j] as Measured;
        return j === i || label === undefined || label === shape.label || SAYS_NOTHING.has(label)
          ? []
          : [{ metric, kind, label }];
      });
      if (otherMetrics.length > 0) found[i] = { ...shape, detail: { ...shape.detail, otherMetrics } };
    }
  }
  return found;
}
