import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report } from '../../../src/core/report-model.ts';
import { cli } from '../run-cli.ts';

const LONG = 'examples/study-long.csv';

interface Row {
  readonly law: string;
  readonly count: number;
  readonly meanAbsolute: number | null;
}

test('laws beside the baselines, and the chosen law beats them on a smooth loss', () => {
  const { code, out } = cli(['backtest', LONG, '--series', 'validation/loss', '--bootstrap', '0', '--json']);
  assert.equal(code, 0);
  const [series] = (JSON.parse(out) as Report).series;
  const laws = series?.backtest?.['laws'] as readonly Row[];
  const error = (law: string | null | undefined) => laws.find((row) => row.law === law)?.meanAbsolute ?? Number.NaN;
  for (const baseline of ['last', 'mean-3', 'mean', 'log-linear']) assert.ok(error(baseline) > 0, baseline);
  assert.ok(error(series?.chosen) < error('last') / 3, `${error(series?.chosen)} against ${error('last')}`);
});

test('the readable face has a table per series and nothing on standard error', () => {
  const { code, out, err } = cli(['backtest', LONG, '--bootstrap', '0']);
  assert.equal(code, 0);
  assert.equal(err, '');
  for (const word of ['validation/loss', 'arithmetic/accuracy', 'held out', 'last'])
    assert.ok(out.includes(word), word);
});

test('too few points: said, not invented', () => {
  const few = 'model,params,loss\na,1e8,3\nb,1e9,2.5\nc,1e10,2.2\n';
  const { code, out } = cli(['backtest', '-', '--bootstrap', '0', '--json'], few);
  assert.equal(code, 0);
  assert.equal((JSON.parse(out) as Report).series[0]?.backtest ?? null, null);
});
