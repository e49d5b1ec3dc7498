import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Counts, holdsCounts, readCounts } from '../../../src/core/passuntil/counts.ts';
import { readStudyTables } from '../../../src/core/read/collect.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';

async function counts(text: string, name = 'task.csv'): Promise<Counts> {
  const { tables, problems } = await readStudyTables([{ name, text }], nodeReadPorts);
  assert.deepEqual(problems, []);
  assert.ok(tables.every(holdsCounts));
  return readCounts(tables);
}
const short = ({ rows }: Counts) => rows.map((r) => [r.instance, r.params, r.wanted, r.passes, r.trials, r.capped]);
const said = ({ findings }: Counts) =>
  findings.map((f) => `${f.range.start.line + 1} ${f.code} ${f.message}`).join('\n');

test('a long CSV with plan and cap', async () => {
  const found = await counts(`instance,params_b,r,k_max,trials,passes,capped,ref_token_loss
a,0.03,2,1000,745,2,0,0.3
a,0.1,2,1000,1000,1,1,0.2
b,0.03,2,1000,1000,0,1,
`);
  assert.deepEqual(short(found), [
    ['a', 30e6, 2, 2, 745, false],
    ['a', 100e6, 2, 1, 1000, true],
    ['b', 30e6, 2, 0, 1000, true],
  ]);
  assert.deepEqual(
    found.rows.map((r) => [r.task, r.loss]),
    [
      ['task', 0.3],
      ['task', 0.2],
      ['task', null],
    ],
  );
  assert.equal(said(found), '');
});

test('JSONL, with sizes from model names', async () => {
  const found = await counts(
    [
      '{"instance": "a", "model": "pythia-70m", "r": 3, "trials": 12, "passes": 3}',
      '{"instance": "a", "model": "pythia-160m", "r": 3, "trials": 7, "passes": 3}',
    ].join('\n'),
    'counts.jsonl',
  );
  assert.deepEqual(short(found), [
    ['a', 70e6, 3, 3, 12, false],
    ['a', 160e6, 3, 3, 7, false],
  ]);
});

test('one row per trial: passes and fails in any spelling', async () => {
  const found = await counts(`question,model,passed
q1,m-10M,true
q1,m-10M,FALSE
q1,m-10M,pass
q2,m-10M,0
q2,m-10M,maybe
q1,m-20M,1
`);
  assert.deepEqual(short(found), [
    ['q1', 10e6, 3, 2, 3, true],
    ['q2', 10e6, 1, 0, 1, true],
    ['q1', 20e6, 2, 1, 1, true],
  ]);
  assert.match(said(found), /^6 data\.missing “maybe” is neither a pass nor a fail/);
  assert.match(found.notes.join(), /One row per trial/);
});

test('without r, the common number of passes is the plan; with none, trials are fixed in advance', async () => {
  const planned = await counts('instance,params,trials,passes\na,1e6,40,2\nb,1e6,7,2\nc,1e6,100,1\nd,1e6,100,0\n');
  assert.deepEqual(
    planned.rows.map((r) => [r.wanted, r.capped]),
    [
      [2, false],
      [2, false],
      [2, true],
      [2, true],
    ],
  );
  assert.match(planned.notes.join(), /ended with 2 passes/);
  const fixed = await counts('instance,params,trials,passes\na,1e6,50,3\nb,1e6,50,7\nc,1e6,50,0\n');
  assert.ok(fixed.rows.every((r) => r.capped && r.trials === 50));
  assert.match(fixed.notes.join(), /fixed in advance/);
});

test('bad rows are named at their place and left out: r = 0, K below r, no size, halves', async () => {
  const found = await counts(`instance,params,r,trials,passes,capped
a,1e6,0,10,0,0
b,1e6,3,2,3,0
c,,3,9,3,0
d,1e6,3,9,1,0
e,1e6,3,9.5,3,0
f,1e6,3,9,3,1
g,1e6,3,9,3,0
`);
  assert.deepEqual(
    found.rows.map((r) => r.instance),
    ['g'],
  );
  const text = said(found);
  assert.match(text, /2 data\.unit r must be at least 1/);
  assert.match(text, /3 data\.unit 3 passes in 2 trials are impossible/);
  assert.match(text, /4 data\.missing No model size/);
  assert.match(text, /5 data\.unit stopped with 1 of 3 passes/);
  assert.match(text, /6 data\.unit .*whole numbers/);
  assert.match(text, /7 data\.unit marked as capped although it reached/);
});

test('r = 1 is read (and left out of PU by the estimator), duplicates keep the first', async () => {
  const found = await counts('instance,params,r,trials,passes\na,1e6,1,4,1\na,1e6,1,9,1\n');
  assert.deepEqual(short(found), [['a', 1e6, 1, 1, 4, false]]);
  assert.match(said(found), /3 data\.duplicate A second count for instance a/);
});

test('tables of other things are said to be so', async () => {
  const { tables } = await readStudyTables(
    [{ name: 'e.csv', text: 'model,params,accuracy\nm,1e6,0.5\nn,2e6,0.6\n' }],
    nodeReadPorts,
  );
  assert.equal(holdsCounts(tables[0] as (typeof tables)[number]), false);
  const found = readCounts(tables);
  assert.equal(found.rows.length, 0);
  assert.match(said(found), /file\.unrecognised No pass counts here/);
});

test('more trials than the cap allows contradict the plan', async () => {
  const found = await counts('instance,params,r,k_max,trials,passes\na,1e6,3,100,200,3\nb,1e6,3,100,100,2\n');
  assert.deepEqual(short(found), [['b', 1e6, 3, 2, 100, true]]);
  assert.match(said(found), /^2 data\.unit 200 trials are more than k_max 100 allows; the row is left out/);
});
