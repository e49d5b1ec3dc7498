import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report } from '../../../src/core/report-model.ts';
import { cli } from '../run-cli.ts';

const COUNTS = 'examples/passuntil/coins-counts.csv';
const estimate = (...args: readonly string[]): Report => {
  const { code, out, err } = cli(['passuntil', 'estimate', COUNTS, ...args, '--bootstrap', '0', '--json']);
  assert.equal(code, 0, err);
  return JSON.parse(out) as Report;
};

test('sizes from --fit-below on are held out and forecast, asked for or not', () => {
  const [series] = estimate('--fit-below', '1e9', '--x', 'params', '--at', 'held-out').series;
  assert.equal(series?.fits[0]?.n, 4);
  assert.deepEqual(
    series.forecast.map((f) => f.x),
    [1e9, 3e9],
  );
  assert.deepEqual(estimate('--fit-below', '1e9').series[0]?.forecast, series.forecast);
  const bare = cli(['passuntil', 'estimate', COUNTS, '--at', 'held-out']);
  assert.equal(bare.code, 2);
  assert.match(bare.err, /needs --fit-below/);
});

test('--where keeps rows', () => {
  const [series] = estimate('--where', 'params < 1e9').series;
  assert.deepEqual(series?.x, [1e7, 3e7, 1e8, 3e8]);
  const { code, err } = cli(['passuntil', 'estimate', COUNTS, '--where', 'colour = red']);
  assert.equal(code, 2);
  assert.match(err, /--where names “colour”/);
});
