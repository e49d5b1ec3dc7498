// Run lists as people write them, in YAML and JSON.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf, readOne, rolesOf, rowsOf } from './shared.ts';
import { RUNS_YAML } from './texts.ts';

test('a list of runs: quantities in plain units, one column per task and metric', async () => {
  const table = await readOne('runs.yaml', RUNS_YAML);
  assert.equal(table.format, 'yaml-runs');
  const headers = Array.from({ length: table.columnCount }, (_, c) => table.header(c));
  assert.deepEqual(headers, [
    'model',
    'params',
    'tokens',
    'compute',
    'loss',
    'mmlu/acc',
    'mmlu/acc_stderr',
    'mmlu/acc_n',
    'hellaswag/acc_norm',
  ]);
  const numbers = (name: string): number[] => [...table.numbers(headers.indexOf(name))];
  assert.deepEqual(numbers('params'), [7e7, 1.4e9]);
  assert.deepEqual(numbers('tokens'), [739_328_000, 1.4e12]);
  assert.deepEqual(numbers('compute'), [5e21, 3e22]);
  assert.deepEqual(numbers('mmlu/acc_n'), [14042, 14042]);
  assert.deepEqual(table.hints.get(headers.indexOf('mmlu/acc')), {
    role: 'score',
    how: 'the results of a run list',
    task: 'mmlu',
    metric: 'acc',
  });
  assert.equal(placeOf(table, 0, headers.indexOf('compute')), '5 ZFLOP');
});

const SAME: readonly (readonly [name: string, text: string])[] = [
  ['a map from model to run', 'a:\n  N: 1B\n  mmlu: 0.3\nb:\n  N: 2B\n  mmlu: 0.4\n'],
  [
    'runs under a key, sizes nested',
    'experiments:\n  - {name: a, config: {N: 1B}, metrics: {mmlu: 0.3}}\n  - {name: b, config: {N: 2B}, metrics: {mmlu: 0.4}}\n',
  ],
  [
    'a JSON list',
    '[{"model": "a", "N": 1e9, "results": {"mmlu": 0.3}}, {"model": "b", "N": 2e9, "results": {"mmlu": 0.4}}]',
  ],
  ['a map of runs under a key', 'runs:\n  a: {N: 1B, results: {mmlu: 0.3}}\n  b: {N: 2B, results: {mmlu: 0.4}}\n'],
  [
    'values with their errors',
    'runs:\n- model: a\n  N: 1B\n  results: {mmlu: {value: 0.3, stderr: 0.01, n: 100}}\n- model: b\n  N: 2B\n  results: {mmlu: {value: 0.4, stderr: 0.01, n: 100}}\n',
  ],
];

for (const [name, text] of SAME) {
  test(`${name} gives the same numbers`, async () => {
    const table = await readOne('runs', text);
    assert.equal(table.format, 'yaml-runs');
    const rows = rowsOf(table);
    assert.deepEqual(
      rows.map((row) => row['model'] ?? row['name']),
      ['a', 'b'],
    );
    const columns = Array.from({ length: table.columnCount }, (_, c) => table.header(c));
    const column = (suffix: RegExp): number[] => [...table.numbers(columns.findIndex((header) => suffix.test(header)))];
    assert.deepEqual(column(/(?:^|\/)N$/), [1e9, 2e9]);
    assert.deepEqual(column(/mmlu$/), [0.3, 0.4]);
  });
}

test('results that state shots are kept apart: one row per score', async () => {
  const table = await readOne(
    'x.json',
    '[{"model": "a", "params": 1e9, "results": [{"task": "t", "metric": "acc", "value": 0.3, "stderr": 0.1, "n": 50, "shots": 0}, {"task": "t", "metric": "acc", "value": 0.5, "shots": 5}]}]',
  );
  assert.equal(table.layout, 'long');
  assert.deepEqual(rowsOf(table), [
    { model: 'a', params: '1e9', task: 't', metric: 'acc', shots: '0', score: '0.3', stderr: '0.1', n: '50' },
    { model: 'a', params: '1e9', task: 't', metric: 'acc', shots: '5', score: '0.5' },
  ]);
  assert.equal(rolesOf(table)['shots'], 'shots');
});

test('a map of tasks with metrics is no list of runs: its tasks are no models', async () => {
  const table = await readOne('x.json', '{"mmlu": {"acc": 0.3}, "arc": {"acc": 0.4}}');
  assert.equal(table.format, 'json-maps');
  assert.equal(rolesOf(table)['task'], 'task');
  assert.deepEqual(rowsOf(table), [
    { task: 'mmlu', acc: '0.3' },
    { task: 'arc', acc: '0.4' },
  ]);
});

test('one run that states its architecture and how it came out is a run, not a configuration', async () => {
  const table = await readOne(
    'metrics.json',
    JSON.stringify({
      model_name: 'medium',
      n_params: 8_654_208,
      config: { n_layer: 4, n_head: 6, n_embd: 384, d_ff: 1536 },
      tokens_per_step: 524_288,
      total_steps: 281,
      val_losses: [
        [49, 2.2],
        [280, 1.48],
      ],
      final_val_loss: 1.4835,
    }),
  );
  assert.equal(table.format, 'yaml-runs');
  const row = rowsOf(table)[0] as Record<string, string>;
  assert.deepEqual([row['model_name'], row['n_params'], row['final_val_loss']], ['medium', '8654208', '1.4835']);
});
