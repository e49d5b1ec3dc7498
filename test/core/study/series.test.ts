import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildStudy } from '../../../src/core/study/build.ts';
import { distinguishingFacets } from '../../../src/core/study/series.ts';
import { parseCsv } from '../../../src/core/table/csv.ts';
import { fromText, RULES } from './tables.ts';

test('the fewest facets that tell series apart', () => {
  const group = (facets: Record<string, string>): { task: string; metric: string; facets: Record<string, string> } => ({
    task: 't',
    metric: 'm',
    facets,
  });
  const key = JSON.stringify(['t', 'm']);
  assert.deepEqual(distinguishingFacets([group({ shots: '5' })]).get(key), []);
  assert.deepEqual(distinguishingFacets([group({ a: '1', b: 'x' }), group({ a: '2', b: 'y' })]).get(key), ['a']);
  assert.deepEqual(
    distinguishingFacets([group({ a: '1', b: 'x' }), group({ a: '1', b: 'y' }), group({ a: '2', b: 'x' })]).get(key),
    ['a', 'b'],
  );
});

test('percent per file and metric, chance and errors in units of y', () => {
  const study = fromText('model,params,task,accuracy,n\na,1e8,hellaswag,25.5,1000\nb,1e9,hellaswag,60,1000\n');
  const [only] = study.series;
  assert.deepEqual([only?.upper, only?.chance?.value], [100, 25]);
  assert.ok(Math.abs((only?.points.at(1)?.stderr ?? 0) - 100 * Math.sqrt((0.6 * 0.4) / 1000)) < 1e-12);
});

test('scores at 0 and 1 keep a standard error', () => {
  const [only] = fromText('model,params,task,accuracy,n\na,1e8,t,0,100\nb,1e9,t,1,100\n').series;
  assert.deepEqual(
    only?.points.map((p) => p.stderr),
    [0.01, 0.01],
  );
});

test('items of a task from the manifest give errors', () => {
  const rules = { ...RULES, tasks: new Map([['t', { n: 400, span: null }]]) };
  const [only] = fromText('model,params,task,accuracy\na,1e8,t,0.5\nb,1e9,t,0.8\n', {}, rules).series;
  assert.deepEqual([only?.points.at(0)?.n, only?.points.at(0)?.stderr], [400, 0.025]);
});

test('runs without sizes are curves of their own; several full loss tables stay apart', () => {
  const curves = fromText('run_name,step,loss\nx,1,3\nx,2,2.5\ny,1,3.5\ny,2,3\n');
  assert.deepEqual(
    curves.series.map((s) => s.id),
    ['loss/loss/run=x', 'loss/loss/run=y'],
  );
  const table = (f: string): ReturnType<typeof parseCsv> =>
    parseCsv('N,D,loss\n1e8,1e9,4\n1e9,1e10,3\n2e9,1e11,2.5\n', { file: f });
  assert.deepEqual(
    buildStudy([table('a.csv'), table('b.csv')], null, {}).series.map((s) => s.id),
    ['loss/loss/file=a', 'loss/loss/file=b'],
  );
  const pieces = (f: string): ReturnType<typeof parseCsv> =>
    parseCsv('_step,D,eval/c4/loss\n1,1e8,4\n2,2e8,3\n', { file: f });
  assert.deepEqual(
    buildStudy([pieces('100M.csv'), pieces('1B.csv')], null, {}).series.map((s) => [s.id, s.points.length]),
    [['c4/loss', 4]],
  );
});
