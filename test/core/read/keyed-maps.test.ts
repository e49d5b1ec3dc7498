// Runs and scores under keys of the author's own: the same table as the same numbers in CSV.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInput } from '../../../src/core/read/open.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { placeOf, readOne, rolesOf, rowsOf } from './shared.ts';

const headers = (table: RawTable): string[] => Array.from({ length: table.columnCount }, (_, c) => table.header(c));

interface Case {
  readonly name: string;
  readonly text: string;
  readonly roles: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

const CASES: readonly Case[] = [
  {
    name: 'model → task → metric',
    text: '{"pythia-70m": {"lambada": {"acc": 0.18, "acc_stderr": 0.01}}, "pythia-1b": {"lambada": {"acc": 0.56, "acc_stderr": 0.02}}}',
    roles: { model: 'model', task: 'task' },
    rows: [
      { model: 'pythia-70m', task: 'lambada', acc: '0.18', acc_stderr: '0.01' },
      { model: 'pythia-1b', task: 'lambada', acc: '0.56', acc_stderr: '0.02' },
    ],
  },
  {
    name: 'the same in YAML, under a key of its own, beside what holds no results',
    text: 'made:\n  by: me\n  version: 3\nmy sweep:\n  pythia-70m:\n    lambada: {acc: 0.18}\n  pythia-1b:\n    lambada: {acc: 0.56}\n',
    roles: { model: 'model', task: 'task' },
    rows: [
      { model: 'pythia-70m', task: 'lambada', acc: '0.18' },
      { model: 'pythia-1b', task: 'lambada', acc: '0.56' },
    ],
  },
  {
    name: 'task → model → score: models are rows, tasks are columns',
    text: '{"hellaswag": {"pythia-70m": 0.27, "pythia-1b": 0.4}, "my task": {"pythia-70m": 0.1, "pythia-1b": 0.3}, "mmlu": {"pythia-70m": 0.25}}',
    roles: { model: 'model', 'my task': 'score' },
    rows: [
      { model: 'pythia-70m', hellaswag: '0.27', 'my task': '0.1', mmlu: '0.25' },
      { model: 'pythia-1b', hellaswag: '0.4', 'my task': '0.3' },
    ],
  },
  {
    name: 'task → model → metric',
    text: '{"mmlu": {"pythia-70m": {"acc": 0.25}, "pythia-1b": {"acc": 0.26}}}',
    roles: { model: 'model', task: 'task' },
    rows: [
      { task: 'mmlu', model: 'pythia-70m', acc: '0.25' },
      { task: 'mmlu', model: 'pythia-1b', acc: '0.26' },
    ],
  },
  {
    name: 'names without a size, by elimination',
    text: '{"sweep": {"a": {"N": 1e8, "D": 2e9, "L": 3.4}, "b": {"N": 2e8, "D": 4e9, "L": 3.2}}}',
    roles: { model: 'model' },
    rows: [
      { model: 'a', N: '1e8', D: '2e9', L: '3.4' },
      { model: 'b', N: '2e8', D: '4e9', L: '3.2' },
    ],
  },
  {
    name: 'model → checkpoint',
    text: 'olmo-1b:\n  step1000: {tokens: 2B, loss: 3.9}\n  step2000: {tokens: 4B, loss: 3.6}\n',
    roles: { model: 'model', step: 'step' },
    rows: [
      { model: 'olmo-1b', step: '1000', tokens: '2B', loss: '3.9' },
      { model: 'olmo-1b', step: '2000', tokens: '4B', loss: '3.6' },
    ],
  },
  {
    name: 'shots are kept apart',
    text: '{"pythia-70m": {"zero-shot": {"piqa": 0.59}, "5-shot": {"piqa": 0.6}}}',
    roles: { model: 'model', shots: 'shots' },
    rows: [
      { model: 'pythia-70m', shots: '0', piqa: '0.59' },
      { model: 'pythia-70m', shots: '5', piqa: '0.6' },
    ],
  },
  {
    name: 'a curve per run, as a list of records',
    text: '{"pythia-70m": [{"step": 1000, "loss": 4.0}, {"step": 2000, "loss": 3.5}], "pythia-1b": [{"step": 1000, "loss": 3.4}]}',
    roles: { model: 'model' },
    rows: [
      { model: 'pythia-70m', step: '1000', loss: '4.0' },
      { model: 'pythia-70m', step: '2000', loss: '3.5' },
      { model: 'pythia-1b', step: '1000', loss: '3.4' },
    ],
  },
  {
    name: 'a curve per run, as lists side by side',
    text: '{"small": {"steps": [1, 2], "loss": [4, 3.5]}, "big": {"steps": [1, 2], "loss": [3.9, 3.3]}}',
    roles: { model: 'model' },
    rows: [
      { model: 'small', steps: '1', loss: '4' },
      { model: 'small', steps: '2', loss: '3.5' },
      { model: 'big', steps: '1', loss: '3.9' },
      { model: 'big', steps: '2', loss: '3.3' },
    ],
  },
  {
    name: 'a data frame saved column by column with names as its index',
    text: '{"params": {"a": 1e8, "b": 2e8}, "loss": {"a": 3.4, "b": 3.2}}',
    roles: { model: 'model' },
    rows: [
      { model: 'a', params: '1e8', loss: '3.4' },
      { model: 'b', params: '2e8', loss: '3.2' },
    ],
  },
  {
    name: 'families outside of sizes: the names differ',
    text: 'llama:\n  7b: {tokens: 1T, loss: 1.9}\npythia:\n  7b: {tokens: 300B, loss: 2.2}\n',
    roles: { model: 'model', family: 'family' },
    rows: [
      { family: 'llama', model: 'llama-7b', tokens: '1T', loss: '1.9' },
      { family: 'pythia', model: 'pythia-7b', tokens: '300B', loss: '2.2' },
    ],
  },
  {
    name: 'what stands outside belongs to all rows inside, a value with its error and count',
    text: '{"model": "pythia-70m", "mmlu": {"acc": {"value": 0.25, "stderr": 0.01, "n": 14042}}, "piqa": {"acc": {"value": 0.6, "stderr": 0.02, "n": 1838}}}',
    roles: { task: 'task' },
    rows: [
      { task: 'mmlu', model: 'pythia-70m', acc: '0.25', acc_stderr: '0.01', acc_n: '14042' },
      { task: 'piqa', model: 'pythia-70m', acc: '0.6', acc_stderr: '0.02', acc_n: '1838' },
    ],
  },
  {
    name: 'budgets as keys',
    text: '{"1e18": {"70m": {"loss": 3.9}, "160m": {"loss": 3.7}}, "1e19": {"160m": {"loss": 3.4}}}',
    roles: { compute: 'compute', model: 'model' },
    rows: [
      { compute: '1e18', model: '70m', loss: '3.9' },
      { compute: '1e18', model: '160m', loss: '3.7' },
      { compute: '1e19', model: '160m', loss: '3.4' },
    ],
  },
];

for (const { name, text, roles, rows } of CASES) {
  test(`maps: ${name}`, async () => {
    const table = await readOne('results.json', text);
    assert.equal(table.format, 'json-maps');
    assert.deepEqual(rowsOf(table), rows);
    const found = rolesOf(table);
    for (const [header, role] of Object.entries(roles)) assert.equal(found[header], role, header);
    // Every cell knows its place, the keys included.
    for (let row = 0; row < table.rowCount; row++) {
      for (let column = 0; column < table.columnCount; column++)
        if (table.cell(row, column) !== '') assert.ok(table.cellSpan(row, column) !== null, headers(table)[column]);
    }
  });
}

test('maps: places are those of the keys and values', async () => {
  const table = await readOne('results.json', CASES[0]?.text ?? '');
  assert.equal(placeOf(table, 1, 0), '"pythia-1b"');
  assert.equal(placeOf(table, 1, headers(table).indexOf('acc')), '0.56');
});

test('maps: sizes under one key and scores under another are two tables of one study', async () => {
  const result = await readInput(
    {
      name: 'study.json',
      text: '{"models": {"small": {"params": 1e8, "tokens": 2e9}, "big": {"params": 1e9, "tokens": 2e10}}, "scores": {"small": {"mmlu": 0.25}, "big": {"mmlu": 0.29}}}',
    },
    nodeReadPorts,
  );
  assert.ok(result.ok);
  assert.deepEqual(result.value.map(rowsOf), [
    [
      { model: 'small', params: '1e8', tokens: '2e9' },
      { model: 'big', params: '1e9', tokens: '2e10' },
    ],
    [
      { model: 'small', mmlu: '0.25' },
      { model: 'big', mmlu: '0.29' },
    ],
  ]);
});

test('maps: a map of runs names its column by its keys', async () => {
  const steps = await readOne('runs.yaml', '1000: {loss: 4.2, hellaswag: 0.26}\n2000: {loss: 3.9, hellaswag: 0.27}\n');
  assert.equal(rolesOf(steps)['step'], 'step');
  const named = await readOne('runs.json', '{"step1000": {"loss": 4.2}, "step2000": {"loss": 3.9}}');
  assert.deepEqual([...named.numbers(0)], [1000, 2000]);
});

test('maps: guesses are noted, and numbers without a name are not taken for scores', async () => {
  const guessed = await readOne('x.json', CASES[4]?.text ?? '');
  assert.match(guessed.notes.join('\n'), /“a”, “b” are taken for models/);
  const bare = await readOne('x.json', '{"1e18": {"70m": 3.9, "160m": 3.7}}');
  assert.ok(headers(bare).includes('numbers'));
  assert.match(
    bare.problems.map(({ message }) => message).join('\n'),
    /Nothing in the file says what these numbers are/,
  );
});

const NOT_RESULTS: readonly (readonly [name: string, text: string])[] = [
  [
    'a package manifest',
    '{"name": "x", "version": "1.0.0", "scripts": {"test": "node"}, "dependencies": {"yaml": "^2"}}',
  ],
  ['compiler options', '{"compilerOptions": {"strict": true, "lib": ["es2024"], "target": 99}, "include": ["src"]}'],
  ['a vocabulary', JSON.stringify(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`tok${i}`, i])))],
  ['settings of tasks', '{"hellaswag": {"num_fewshot": 10, "limit": 100}, "mmlu": {"num_fewshot": 5, "limit": 50}}'],
  ['shots by task', '{"hellaswag": 10, "mmlu": 5, "arc_challenge": 25}'],
  [
    'an optimiser',
    '{"optimizer": {"name": "adamw", "lr": 3e-4, "betas": [0.9, 0.95]}, "scheduler": {"warmup": 100, "t_max": 10}}',
  ],
  ['names that say nothing', '{"alpha": {"x1": 0.2, "x2": 0.3}, "beta": {"x1": 0.3, "x2": 0.4}}'],
];

for (const [name, text] of NOT_RESULTS) {
  test(`maps: ${name} is no study`, async () => {
    const result = await readInput({ name: 'x.json', text }, nodeReadPorts);
    assert.ok(!result.ok, result.ok ? JSON.stringify(result.value.map(rowsOf)) : '');
    assert.equal(result.error.code, 'file.unrecognised');
  });
}

test('maps: more values than are held are refused with what to do, and quickly', async () => {
  const curve = Array.from({ length: 30_000 }, (_, step) => ({ step, loss: 3 }));
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: 9 }, (_, m) => [`pythia-${m + 1}b`, curve])));
  const result = await readInput({ name: 'x.json', text }, nodeReadPorts);
  assert.ok(!result.ok);
  assert.equal(result.error.code, 'file.too-large');
  assert.match(result.error.message, /500,000 values: save them as CSV/);
});
