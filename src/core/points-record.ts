/** What a series' report repeats of its points: columns beside each other, for charts and for scripts. */
import type { StudySeries } from './study/study.ts';

export function pointsRecord(series: StudySeries) {
  const points = [...series.points];
  return {
    x: points.map((p) => p.x),
    y: points.map((p) => p.y),
    stderr: points.some((p) => p.stderr !== null) ? points.map((p) => p.stderr) : null,
    /** With n in place of n − 1, where the means are of single questions (the Inverse Scaling Prize's convention). */
    ...(points.some((p) => p.stderrPopulation !== undefined)
      ? { stderrPopulation: points.map((p) => p.stderrPopulation ?? null) }
      : {}),
    models: points.map((p) => p.model),
    families: points.map((p) => p.family),
    /** Data row of each point in its table. */
    rows: points.map((p) => p.row),
  };
}
