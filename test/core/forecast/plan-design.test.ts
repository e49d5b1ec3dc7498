import assert from 'node:assert/strict';
import { test } from 'node:test';
import { designWarnings, sixNd, yamlOf } from '../../../src/core/forecast/plan-design.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const run = (params: number, tokens: number) => ({ params, tokens, compute: 6 * params * tokens });
const request = { target: 1e23, budget: 1e22, level: 0.9, seed: 1 };
const seriesOf = (runs: readonly ReturnType<typeof run>[]) =>
  makeSeries(runs.map((r, i) => makePoint(r.compute, 3 - i / 10, i, r)));

test('one budget, one ratio and a far target are each named', () => {
  const flat = seriesOf([run(1e8, 1e10), run(2e8, 5e9), run(5e8, 2e9)]);
  assert.match(designWarnings(flat, flat.points, [run(1e9, 1e9)], request).join('\n'), /one compute budget/);
  const line = seriesOf([1, 3, 10, 30].map((k) => run(k * 1e8, k * 2e9)));
  const said = designWarnings(line, line.points, [run(5e9, 1e11)], request).join('\n');
  assert.match(said, /cannot be told apart/);
  assert.match(said, /1\.5 decades beyond the data/);
  const wide = seriesOf([run(1e8, 2e9), run(3e8, 2e10), run(1e9, 9e9), run(3e9, 2e11), run(6e9, 6e10)]);
  assert.deepEqual(designWarnings(wide, wide.points, [run(8e9, 1e11)], { ...request, target: 3e22 }), []);
});

test('the snippet names the runs and the target on the axis of the series', () => {
  const series = seriesOf([run(1e8, 2e9)]);
  assert.equal(
    yamlOf(series, [run(7.5e8, 1.5e10)], request),
    'models:\n  planned-1: { N: 7.5e8, D: 1.5e10 }\ntargets:\n  - { name: target, C: 1e23 }\n',
  );
  assert.match(yamlOf({ ...series, scale: 'params' }, [], { ...request, target: 7e10 }), /N: 7e10/);
});

test('compute is known where parameters and tokens are', () => {
  assert.equal(sixNd(makePoint(1, 1, 0, { params: 2, tokens: 3 })), 36);
  assert.equal(sixNd(makePoint(1, 1, 0)), null);
});
