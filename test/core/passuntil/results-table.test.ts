import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceCount } from '../../../src/core/passuntil/counts.ts';
import { resultsTable } from '../../../src/core/passuntil/results-table.ts';

const row = (task: string, instance: string, params: number, trials: number): InstanceCount => ({
  task,
  instance,
  model: `m, ${params}`,
  params,
  wanted: 3,
  passes: 3,
  trials,
  capped: false,
  loss: null,
  table: 0,
  row: 0,
});

test('one row per task and size, quoted where needed', () => {
  const text = resultsTable([
    row('t', 'a', 2e6, 5),
    row('t', 'a', 1e6, 21),
    row('t', 'b', 1e6, 11),
    row('u', 'a', 1e6, 3),
  ]);
  assert.deepEqual(text.split('\n'), [
    'model,params,task,metric,score,stderr,chance',
    '"m, 1000000",1000000,t,pass_rate,0.15000000000000002,0.049999999999999996,0',
    '"m, 2000000",2000000,t,pass_rate,0.5,,0',
    '"m, 1000000",1000000,u,pass_rate,1,,0',
    '',
  ]);
});
