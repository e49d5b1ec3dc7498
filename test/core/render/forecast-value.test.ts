import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownValue, shownWhy } from '../../../src/core/render/forecast-value.ts';
import type { Forecast } from '../../../src/core/report-model.ts';

const forecast = (y: number | null, more: object = {}): Forecast => ({
  x: 1e25,
  y,
  low: 0,
  high: 1,
  level: 0.9,
  law: 'slice-and-sandwich',
  horizon: 1,
  verdict: 'beyond-tested-range',
  why: 'Because.',
  ...more,
});

test('a value that the metric cannot have is shown as the end of its range, and said', () => {
  const wild = forecast(-3.1221, { bounded: 0 });
  assert.equal(shownValue(wild), 0);
  assert.equal(
    shownWhy(wild),
    'Because. The law itself says −3.122, which the metric cannot be: the end of its range is shown.',
  );
});

test('inside the range the published value stands as it is', () => {
  assert.equal(shownValue(forecast(0.7, { bounded: 0.7 })), 0.7);
  assert.equal(shownWhy(forecast(0.7, { bounded: 0.7 })), 'Because.');
  assert.equal(shownValue(forecast(0.7)), 0.7);
  assert.equal(shownValue(forecast(null)), null);
});
