/** The learning curves of `../shared/data/revisiting` as series, with the place where the test stretch begins. */
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';
import { type Row, referenceCsv } from '../shape/reference-data.ts';

export interface Curve {
  /** IC, NMT, LM or BB. */
  readonly group: string;
  readonly curve: string;
  readonly series: StudySeries;
  /** Points at or above are the test stretch. */
  readonly cut: number;
}

export function curveSeries(): Curve[] {
  const rows = [
    ...referenceCsv('revisiting/benchmark.vision.tidy.csv'),
    ...referenceCsv('revisiting/benchmark.lang.tidy.csv'),
  ];
  const byCurve = new Map<string, Row[]>();
  for (const row of rows) {
    const id = row['curve_id'] ?? '';
    byCurve.set(id, [...(byCurve.get(id) ?? []), row]);
  }
  return [...byCurve].map(([curve, mine]): Curve => {
    const points = mine
      .map((r, i) => makePoint(Number(r['seen_examples']), Number(r['loss']), i, { run: curve }))
      .sort((a, b) => a.x - b.x);
    const cut = Math.min(...mine.filter((r) => r['split'] === 'test').map((r) => Number(r['seen_examples'])));
    return {
      group: mine[0]?.['domain'] ?? '',
      curve,
      cut,
      series: makeSeries(points, { isLoss: true, lower: 0, id: curve }),
    };
  });
}
