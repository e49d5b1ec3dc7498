/** The slice ensemble as a law: units, threshold, draws, refusals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FitOptions } from '../../../src/core/law/law.ts';
import { sliceEnsemble } from '../../../src/core/law/slice-ensemble.ts';
import { tableSeries } from '../slice/table-series.ts';

const options: FitOptions = { bootstrap: 0, seed: 1, level: 0.8 };

function rows(n: number): Record<string, string>[] {
  return Array.from({ length: n }, (_, i) => ({
    model: `m${i}`,
    flop: String(10 ** (20 + (3 * i) / (n - 1))),
    acc: String(0.25 + Math.max(0, (3 * i) / (n - 1) - 2) * 0.3 + 0.005 * ((i * 7) % 5)),
    g1_tc: String(-0.45 + Math.max(0, (3 * i) / (n - 1) - 2) * 0.2 - 0.002 * ((i * 3) % 4)),
    g2_tc: String(-0.65 + Math.max(0, (3 * i) / (n - 1) - 2) * 0.2 + 0.002 * ((i * 5) % 3)),
  }));
}

test('predicts in the units of the series, and percent gives the same as fractions', () => {
  const fraction = tableSeries(rows(20), { x: 'flop', unit: 1, y: 'acc' });
  const a = sliceEnsemble.fit({ ...fraction, points: [...fraction.series.points] }, options);
  const percent = tableSeries(
    rows(20).map((row) => ({ ...row, acc: String(100 * Number(row.acc)) })),
    { x: 'flop', unit: 1, y: 'acc' },
  );
  const series = { ...percent.series, upper: 100 };
  const b = sliceEnsemble.fit({ series, study: percent.study, points: [...series.points] }, options);
  assert.ok(a.ok && b.ok);
  const at = { x: 3e23 };
  assert.ok(a.value.predict(at) > 0.5 && a.value.predict(at) <= 1);
  assert.ok(Math.abs(b.value.predict(at) - 100 * a.value.predict(at)) < 1e-6);
  assert.equal(a.value.draws(at).length, 400);
  const threshold = a.value.fit.threshold as { readonly x: number; readonly low: number; readonly high: number };
  assert.ok(threshold.low < 1e22 && 1e22 < threshold.high && Math.abs(Math.log10(threshold.x) - 22) < 0.5);
  assert.ok(Number.isFinite(a.value.fit.rmse));
});

test('a rise that has not begun is not identifiable, and the fit says why', () => {
  const flat = tableSeries(
    rows(20).map((row, i) => ({ ...row, acc: String(0.25 + 0.002 * ((i * 7) % 5)), g1_tc: String(-0.45 - 0.002 * i) })),
    { x: 'flop', unit: 1, y: 'acc' },
  );
  const outcome = sliceEnsemble.fit({ ...flat, points: [...flat.series.points] }, options);
  assert.ok(outcome.ok);
  assert.equal(outcome.value.fit.identifiable, false);
  assert.match(String(outcome.value.fit.why), /supposed, not measured/);
});

test('losses, too few models and tables without groups are refused', () => {
  const { series, study } = tableSeries(rows(20), { x: 'flop', unit: 1, y: 'acc' });
  const code = (outcome: ReturnType<typeof sliceEnsemble.fit>) => (outcome.ok ? 'fitted' : outcome.error.code);
  const points = [...series.points];
  assert.equal(
    code(sliceEnsemble.fit({ series: { ...series, better: 'lower' }, study, points }, options)),
    'fit.unsupported',
  );
  assert.equal(code(sliceEnsemble.fit({ series, study, points: points.slice(0, 4) }, options)), 'fit.too-few');
  assert.equal(code(sliceEnsemble.fit({ series, study: null, points }, options)), 'fit.unsupported');
});
