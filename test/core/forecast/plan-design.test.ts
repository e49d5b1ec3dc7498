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
  assert.match(designWarnings(flat, [...flat.points], [run(1e9, 1e9)], request).join('\n'), /one compute budget/);
  const line = seriesOf([1, 3, 10, 30].map((k) => run(k * 1e8, k * 2e9)));
  const said = designWarnings(line, [...line.points], [run(5e9, 1e11)], request).join('\n');
  assert.match(said, /cannot be told apart/);
  assert.match(said, /1\.5 decades beyond the data/);
  const wide = seriesOf([run(1e8, 2e9), run(3e8, 2e10), run(1e9, 9e9), run(3e9, 2e11), run(6e9, 6e10)]);
  assert.deepEqual(designWarnings(wide, [...wide.points], [run(8e9, 1e11)], { ...request, target: 3e22 }), []);
});

test('a span of less than a decade is told with what it becomes, or that it stays short', () => {
  const near = seriesOf([run(1e8, 2e9), run(1.2e8, 3e9), run(1.5e8, 2e9), run(1.4e8, 3.5e9)]);
  const said = (added: ReturnType<typeof run>): string =>
    designWarnings(near, [...near.points], [added], { ...request, target: 1e20 }).join('\n');
  assert.match(
    said(run(1e9, 2e10)),
    /measured runs alone span 0\.39 decades of compute; the plan widens them to 2\.00/,
  );
  assert.match(said(run(2e8, 3e9)), /^The runs span 0\.48 decades of compute; a law needs at least one/);
  assert.doesNotMatch(said(run(2e8, 3e9)), /alone span/);
});

test('one variable alone is told', () => {
  const sizes = makeSeries(
    [1e8, 1e9, 1e10].map((params, i) => makePoint(params, 3 - i, i, { params, compute: 1e18 * 10 ** i })),
  );
  assert.match(
    designWarnings(sizes, [...sizes.points], [], request).join('\n'),
    /only a law of one variable can be fitted/,
  );
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
  assert.equal(sixNd(makePoint(1, 1, 0, { params: 2 })), null);
  assert.equal(sixNd(makePoint(1, 1, 0, { tokens: 3 })), null);
});
