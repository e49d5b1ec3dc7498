import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reducibleLoss, scaledCompute } from '../../../src/core/forecast/scaled-compute.ts';
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

test('the column of the reference data is reproduced to its nine digits', { skip: absent('predictability') }, () => {
  const rows = scoreRows().filter((r) => r['tokens'] !== '' && r['scaled_compute_flop'] !== '');
  assert.ok(rows.length > 3000);
  for (const r of rows) {
    assert.ok(
      Math.abs(scaledCompute(Number(r['params']), Number(r['tokens'])) / Number(r['scaled_compute_flop']) - 1) < 1e-8,
    );
  }
});
