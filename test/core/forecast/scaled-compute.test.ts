import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onScaledCompute, reducibleLoss, scaledCompute } from '../../../src/core/forecast/scaled-compute.ts';
import { makePoint, makeSeries } from '../law/series.ts';
import { absent } from '../shape/reference-data.ts';
import { scoreRows } from './predictability-data.ts';

test('a model with 20 tokens per parameter is its own reference', () => {
  assert.ok(Math.abs(scaledCompute(1e9, 2e10) / 1.2e20 - 1) < 1e-12);
});

test('an over-trained model counts less than its compute, at the same reducible loss', () => {
  const scaled = scaledCompute(1e9, 2e12);
  assert.ok(scaled < 6 * 1e9 * 2e12);
  const n = Math.sqrt(scaled / 120);
  assert.ok(Math.abs(reducibleLoss(n, 20 * n) / reducibleLoss(1e9, 2e12) - 1) < 1e-12);
});

test('what is not positive has none', () => {
  assert.ok(Number.isNaN(scaledCompute(0, 1e9)));
  assert.ok(Number.isNaN(scaledCompute(1e9, Number.NaN)));
});

test('a series moves to scaled compute whole or not at all', () => {
  // Over-trained by 100: dearer than the model with 20 tokens per parameter, though it learned less than its compute says.
  const small = makePoint(1.2e22, 0.5, 0, { params: 1e9, tokens: 2e12 });
  const large = makePoint(1.08e21, 0.4, 1, { params: 3e9, tokens: 6e10 });
  const series = makeSeries([large, small], { scale: 'compute' });
  const [moved] = onScaledCompute([series]) ?? [];
  assert.deepEqual(
    moved?.points.map((p) => p.x),
    [large, small].map((p) => scaledCompute(p.params ?? 0, p.tokens ?? 0)).sort((a, b) => a - b),
  );
  assert.ok((moved?.points.at(-1)?.x ?? 0) < small.x);
  assert.equal(onScaledCompute([series, makeSeries([{ ...small, tokens: null }], { scale: 'compute' })]), null);
  assert.equal(onScaledCompute([makeSeries([small], { scale: 'params' })]), null);
});

test('the column of the reference data is reproduced to its nine digits', { skip: absent('predictability') }, () => {
  const rows = scoreRows().filter((r) => r['tokens'] !== '' && r['scaled_compute_flop'] !== '');
  assert.ok(rows.length > 3000);
  for (const r of rows) {
    assert.ok(
      Math.abs(scaledCompute(Number(r['params']), Number(r['tokens'])) / Number(r['scaled_compute_flop']) - 1) < 1e-8,
    );
  }
});
