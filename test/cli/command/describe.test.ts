import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report } from '../../../src/core/report-model.ts';
import { cli } from '../run-cli.ts';

for (const [path, format, layout] of [
  ['examples/study-long.csv', 'csv', 'long'],
  ['examples/study-wide.csv', 'csv', 'wide'],
] as const) {
  test(`${path}: format, layout and how every role was decided`, () => {
    const { code, out } = cli(['describe', path, '--json']);
    assert.equal(code, 0);
    const { sources, series } = JSON.parse(out) as Report;
    const [source] = sources;
    assert.equal(source?.format, format);
    assert.equal(source?.layout, layout);
    assert.equal(source?.rows, layout === 'long' ? 96 : 12);
    for (const role of ['model', 'params', 'tokens', 'compute']) {
      const column = source?.columns.find((c) => c.role === role);
      assert.ok(column !== undefined, role);
      assert.notEqual(column.how, '');
      assert.ok(column.range !== null && column.range.start.line === 0, 'the header cell');
    }
    assert.ok(
      series.every((s) => s.fits.length === 0 && s.shape === null && s.chosen === null),
      'nothing is fitted',
    );
  });
}

test('units: a header in units of 10^18 FLOP', () => {
  const { sources } = JSON.parse(cli(['describe', 'examples/study-wide.csv', '--json']).out) as Report;
  assert.equal(sources[0]?.columns.find((c) => c.role === 'compute')?.unit, 1e18);
});

test('the readable face names every column', () => {
  const { out } = cli(['describe', 'examples/study-wide.csv']);
  const { sources } = JSON.parse(cli(['describe', 'examples/study-wide.csv', '--json']).out) as Report;
  for (const { header } of sources[0]?.columns ?? []) assert.ok(out.includes(header), header);
});

test('from standard input, a table without a law in it is still described', () => {
  const { code, out } = cli(['describe', '-', '--json'], 'model,params,accuracy\na,1e9,0.5\n');
  assert.equal(code, 0);
  assert.deepEqual(
    (JSON.parse(out) as Report).sources[0]?.columns.map((c) => c.role),
    ['model', 'params', 'score'],
  );
});
