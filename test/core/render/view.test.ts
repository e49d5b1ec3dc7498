import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveAt, residualSigma, seriesTitle, seriesView, shapeTitle, viewOf } from '../../../src/core/render/view.ts';
import type { Curve, SeriesReport } from '../../../src/core/report-model.ts';
import { fitOf } from '../../fixture/fit.ts';

const fit = fitOf('power', {
  parameters: { b: 10, c: 0.1 },
  intervals: { b: { low: 9, high: 11, level: 0.9, method: 'bootstrap' }, c: null },
  n: 4,
  rmsle: 0.05,
  r2: 0.98,
  excluded: [{ row: 2, why: 'left out' }],
});
const curve: Curve = {
  law: 'power',
  x: [1, 10, 100, 1000],
  y: [10, 8, null, 5],
  low: [9, 7, null, null],
  high: [11, 9, null, null],
  level: 0.9,
  lastFitted: 10,
};
const series: SeriesReport = {
  id: 'mmlu/acc/pythia/5-shot',
  task: 'mmlu',
  metric: 'acc',
  family: 'pythia',
  better: 'higher',
  scale: 'compute',
  x: [1e18, 1e19, 1e20],
  y: [0.3, 0.4, 0.5],
  stderr: [0.01, null, 0.02],
  models: ['a', 'b', 'c'],
  rows: [0, 1, 2],
  chance: 0.25,
  ceiling: null,
  shape: { label: 'positive', emergent: false, lateRise: false, method: 'regression', p: 0.01, detail: {} },
  threshold: { x: 2e19, low: 1e19, high: null, level: 0.9, method: 'hinge' },
  linearity: null,
  breakthroughness: null,
  fits: [fit],
  chosen: 'power',
  backtest: null,
  forecast: [],
  curve,
  predicted: [{ y: 0.31, low: 0.2, high: 0.4 }, { y: 0.4, low: null, high: null }, null],
  isLoss: false,
  range: { lower: 0, upper: 1 },
};

test('a series becomes points, curve, shape and threshold', () => {
  const view = seriesView(series, []);
  assert.equal(view.title, 'mmlu, acc, pythia, 5-shot');
  assert.deepEqual(view.curves[0]?.xs, [1, 10, 1000], 'places without a value are left out');
  assert.deepEqual(view.curves[0]?.low, [9, 7, null]);
  assert.equal(view.curves[0]?.equation, 'y = 10·x^−0.1');
  assert.deepEqual(view.curves[0]?.parameters, [
    { name: 'b', value: 10, low: 9, high: 11, level: 0.9 },
    { name: 'c', value: 0.1, low: null, high: null, level: null },
  ]);
  assert.deepEqual(
    view.points.map(({ predicted, excluded, stderr }) => [predicted, excluded, stderr]),
    [
      [0.31, null, 0.01],
      [0.4, null, null],
      [null, 'left out', 0.02],
    ],
  );
  assert.equal(view.x.log, true);
  assert.equal(view.y.log, false);
  assert.deepEqual([view.y.lower, view.y.upper], [0, 1]);
  assert.match(view.shape?.evidence ?? '', /regression, p = 0.01/);
  assert.match(view.threshold?.text ?? '', /2×10¹⁹.FLOP .*at least/);
  assert.match(view.summary, /^mmlu, acc, pythia, 5-shot: 3 points/);
  assert.equal(view.noCurve, null);
});

test('a series without a fit says why', () => {
  const bare = {
    ...series,
    fits: [],
    chosen: null,
    curve: null,
    refused: [{ law: 'power', code: 'fit.too-few', message: '2 points.' }],
  };
  const view = seriesView(bare, []);
  assert.deepEqual(view.curves, []);
  assert.equal(view.noCurve, '2 points.');
  assert.match(seriesView({ ...bare, refused: [], x: [1], y: [1] }, []).noCurve ?? '', /too few/);
});

test('nothing in a view is NaN or undefined, whatever the series lacks', () => {
  const empty: SeriesReport = {
    ...series,
    x: [],
    y: [],
    models: [],
    stderr: null,
    fits: [],
    chosen: null,
    curve: null,
    shape: null,
    threshold: null,
  };
  const { predicted: _, rows: __, range: ___, isLoss: ____, ...least } = empty;
  const text = JSON.stringify(seriesView(least, []));
  assert.ok(!text.includes('NaN') && !text.includes('undefined'), text);
  assert.equal(seriesView(least, []).x.logPossible, false);
});

test('residuals are in standard deviations of the fit, in ln y for losses', () => {
  assert.ok(Math.abs((residualSigma(series, fit, 0.5, 0.4) as number) - 0.1 / (0.1 * Math.sqrt(4 / 2))) < 1e-12);
  const loss = { ...series, isLoss: true };
  assert.ok(Math.abs((residualSigma(loss, fit, 2, 1) as number) - Math.LN2 / (0.05 * Math.sqrt(2))) < 1e-12);
  assert.equal(residualSigma(series, { ...fit, rmse: 0 }, 0.5, 0.4), null);
  assert.equal(residualSigma(series, { ...fit, n: 2 }, 0.5, 0.4), null, 'no degrees of freedom');
  assert.equal(residualSigma(series, null, 0.5, 0.4), null);
});

test('curves are read between their samples in ln x', () => {
  assert.equal(curveAt(curve, curve.y, 1), 10);
  assert.ok(Math.abs((curveAt(curve, curve.y, Math.sqrt(10)) as number) - 9) < 1e-12);
  assert.equal(curveAt(curve, curve.y, 50), null);
  assert.equal(curveAt(curve, curve.y, 0.5), null);
  assert.equal(curveAt(curve, curve.y, 5000), null);
});

test('titles', () => {
  assert.equal(seriesTitle({ id: 'loss/loss', task: 'loss', metric: 'loss', family: null }), 'loss');
  assert.equal(seriesTitle({ id: 'mmlu/acc', task: 'mmlu', metric: 'acc', family: 'all of one family' }), 'mmlu, acc');
  assert.equal(shapeTitle({ label: 'positive', emergent: true, lateRise: false }), 'emergent');
  assert.equal(shapeTitle({ label: 'flat', emergent: false, lateRise: true }), 'flat, then a late rise');
});

test('averages over tasks go last', () => {
  const report = {
    version: 1,
    tool: 't',
    sources: [{ file: 'a', format: 'csv', layout: 'wide', rows: 1, columns: [], notes: ['n', 'n'] }],
    series: [{ ...series, id: 'average', aggregate: true }, series],
    findings: [
      {
        code: 'trend.inverse',
        severity: 'warning',
        message: 'm',
        file: 'a',
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
        series: series.id,
        data: {},
      },
    ],
  } as const;
  const view = viewOf({ uri: 'u', title: 't', version: 1, state: 'ready', message: null, report });
  assert.deepEqual(
    view.series.map(({ id }) => id),
    [series.id, 'average'],
  );
  assert.deepEqual(view.notes, ['n']);
  assert.deepEqual(view.series[0]?.findings, [{ code: 'trend.inverse', severity: 'warning', message: 'm' }]);
});

test('targets are forecasts with their names; the verdict is theirs, else that of a decade beyond the data', () => {
  const forecast = {
    x: 1e22,
    y: 0.6,
    low: 0.5,
    high: 0.7,
    level: 0.9,
    law: 'power',
    horizon: 2,
    verdict: 'tested',
    why: 'Held out.',
  } as const;
  const outlook = { ...forecast, x: 1e21, verdict: 'beyond-tested-range', why: 'Too far.' } as const;
  const own = seriesView({ ...series, outlook, targets: [{ ...forecast, target: 'next run' }] }, []);
  assert.deepEqual(
    own.forecasts.map(({ name, x }) => [name, x]),
    [['next run', 1e22]],
  );
  assert.equal(own.verdict?.verdict, 'tested');
  const only = seriesView({ ...series, outlook }, []);
  assert.equal(only.forecasts.length, 0);
  assert.equal(only.outlook?.x, 1e21);
  assert.match(only.verdict?.why ?? '', /^One decade beyond the data \(10²¹\u00a0FLOP\): Too far\.$/);
});
