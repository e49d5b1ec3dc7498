/** A series with its report, as small as a rule needs; every part can be replaced. */
import type { RuleInput } from '../../../src/core/finding/rule.ts';
import type { SeriesReport, Shape } from '../../../src/core/report-model.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const RANGE = { start: { line: 3, character: 7 }, end: { line: 3, character: 14 } };

export function shapeOf(label: Shape['label'], change: Partial<Shape> = {}): Shape {
  return { label, emergent: false, lateRise: false, method: 'regression', p: 0.001, detail: {}, ...change };
}

/** Ten models from 1e18 to 1e22.5 FLOP with the given scores. */
export function ruleInput(
  y: readonly number[],
  report: Partial<SeriesReport> = {},
  series: Partial<StudySeries> = {},
): RuleInput {
  const x = y.map((_, i) => 10 ** (18 + i / 2));
  const models = y.map((_, i) => `m${i}`);
  const points = y.map((value, i) =>
    makePoint(x[i] as number, value, i, {
      n: 1000,
      model: models[i] as string,
      run: models[i] as string,
      compute: x[i] as number,
      column: 4,
    }),
  );
  return {
    file: 'evals.csv',
    name: 'task (accuracy)',
    series: makeSeries(points, {
      id: 'task/accuracy',
      task: 'task',
      metric: 'accuracy',
      better: 'higher',
      betterHow: 'registry',
      kind: 'discontinuous',
      isLoss: false,
      lower: 0,
      upper: 1,
      scaleHow: 'column',
      anchor: { table: 0, range: RANGE },
      ...series,
    }),
    report: {
      id: 'task/accuracy',
      task: 'task',
      metric: 'accuracy',
      family: null,
      better: 'higher',
      scale: 'compute',
      x,
      y: [...y],
      stderr: null,
      models,
      chance: null,
      ceiling: null,
      shape: shapeOf('positive'),
      threshold: null,
      linearity: null,
      breakthroughness: null,
      fits: [],
      chosen: null,
      backtest: null,
      forecast: [],
      ...report,
    },
  };
}
