/** Builds series and inputs for the tests of laws. */
import type { FitInput, FitOptions } from '../../../src/core/law/law.ts';
import type { Point, StudySeries } from '../../../src/core/study/study.ts';

export const OPTIONS: FitOptions = { bootstrap: 0, seed: 1, level: 0.9 };

export function makePoint(x: number, y: number, row: number, more: Partial<Point> = {}): Point {
  return {
    x,
    y,
    stderr: null,
    n: null,
    model: `model-${row}`,
    family: null,
    run: `model-${row}`,
    params: null,
    tokens: null,
    compute: null,
    step: null,
    loss: null,
    table: 0,
    row,
    column: 1,
    ...more,
  };
}

export function makeSeries(points: readonly Point[], more: Partial<StudySeries> = {}): StudySeries {
  const zero = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return {
    id: 'test/metric',
    task: 'test',
    metric: 'metric',
    family: null,
    facets: {},
    better: 'lower',
    betterHow: 'test',
    kind: 'continuous',
    isLoss: true,
    lower: null,
    upper: null,
    scale: 'compute',
    scaleHow: 'test',
    points,
    chance: null,
    ceiling: null,
    excluded: [],
    anchor: { table: 0, range: zero },
    aggregate: false,
    notes: [],
    ...more,
  };
}

export function makeInput(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  more: Partial<StudySeries> = {},
  perPoint: (i: number) => Partial<Point> = () => ({}),
): FitInput {
  const points = Array.from({ length: x.length }, (_, i) => makePoint(x[i] as number, y[i] as number, i, perPoint(i)));
  return { series: makeSeries(points, more), points, study: null };
}
