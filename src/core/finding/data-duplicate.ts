/** `data.duplicate`: the same model, scale, task and metric twice in one series. */
import type { Finding } from '../report-model.ts';
import { fieldAt, valuesOf } from '../study/column-points.ts';
import { NO_RANGE } from '../table/span.ts';
import type { DataCheck } from './data-check.ts';
import { rangeFinding } from './data-check.ts';

export const duplicates: DataCheck = {
  find: ({ built, tables, place }) => {
    const findings: Finding[] = [];
    for (const { series, columns } of built) {
      if (series.notes.some((n) => n.startsWith('Everything but the grouped'))) continue;
      let equal = 0;
      let different = 0;
      let at = -1;
      // Points are sorted by x: repeats are neighbours.
      const { length, numbers, texts } = columns;
      const xs = valuesOf(numbers.x, length);
      for (let from = 0, to = 1; from < length; from = to, to = from + 1) {
        while (to < length && xs[to] === xs[from]) to++;
        if (to === from + 1) continue;
        const seen = new Map<string, number>();
        for (let i = from; i < to; i++) {
          const key = `${fieldAt(texts.run, i)}|${fieldAt(numbers.tokens, i)}|${fieldAt(numbers.step, i)}`;
          const before = seen.get(key);
          if (before === undefined) {
            seen.set(key, i);
            continue;
          }
          if (fieldAt(numbers.y, before) === fieldAt(numbers.y, i)) equal++;
          else different++;
          if (at < 0) at = i;
        }
      }
      const total = equal + different;
      if (total === 0) continue;
      const point = series.points.at(at);
      const what =
        different === 0
          ? 'with the same score'
          : equal === 0
            ? 'with different scores'
            : `(${equal} with the same score)`;
      findings.push({
        ...rangeFinding(
          tables[point?.table ?? series.anchor.table]?.file ?? '',
          'data.duplicate',
          (point === undefined ? null : place(point)) ?? series.anchor.range ?? NO_RANGE,
          `${total} point${total === 1 ? '' : 's'} of ${series.task} (${series.metric}) repeat${total === 1 ? 's' : ''} a model at the same scale ${what}: say in scaling.yaml which count (select.seeds, select.checkpoints, select.where).`,
          { repeats: total, equal, different, model: point?.model ?? null },
        ),
        series: series.id,
        // Replicates are information; only identical repeats look like a copying mistake.
        severity: equal > 0 ? 'warning' : 'information',
      });
    }
    return findings;
  },
};
