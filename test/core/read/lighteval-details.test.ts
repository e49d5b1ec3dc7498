// The questions of lighteval runs, in the three shapes that its versions have written, and next to the results of the run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detailNames } from '../../../src/core/read/lighteval-details.ts';
import { readInput } from '../../../src/core/read/open.ts';
import { readStudy } from '../../../src/core/read-study.ts';
import { readGroupColumns } from '../../../src/core/slice/group-columns.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { type ParquetColumn, writeParquet } from './parquet-sample.ts';
import { rolesOf, rowsOf } from './shared.ts';

const STAMP = '2025-10-28T18-06-36.180125';
const FILE = `out/details/org/m-1b/${STAMP}/details_leaderboard|arc:challenge|25_${STAMP}.parquet`;

const CHOICES = [
  [-1, -2, -3],
  [-4, -0.5, -2],
  [-2, -3, -0.25],
];
const GOLD = [0, 1, 1];
const ACC = [1, 1, 0];

const FLAT: readonly ParquetColumn[] = [
  { name: 'full_prompt', texts: ['q0', 'q1', 'q2'] },
  { name: 'gold_index', lists: GOLD.map((gold) => [gold]) },
  {
    name: 'metrics',
    fields: [
      { name: 'acc', doubles: ACC },
      { name: 'acc_norm', doubles: [1, 0, 0] },
    ],
  },
  { name: 'predictions', lists: CHOICES },
];
const NAMED = (under: string): readonly ParquetColumn[] => [
  {
    name: `${under}doc${under}`,
    fields: [
      { name: 'gold_index', doubles: GOLD },
      { name: 'id', texts: ['0', '1', '2'] },
      { name: 'query', texts: ['q0', 'q1', 'q2'] },
    ],
  },
  {
    name: `${under}metric${under}`,
    fields: [
      { name: 'acc', doubles: ACC },
      { name: 'acc_norm', doubles: [1, 0, 0] },
    ],
  },
  {
    name: `${under}model_response${under}`,
    fields: [
      { name: 'input', texts: ['q0', 'q1', 'q2'] },
      { name: 'logprobs', lists: CHOICES },
    ],
  },
];
const TEXTS: readonly ParquetColumn[] = [
  { name: 'full_prompt', texts: ['q0', 'q1', 'q2'] },
  { name: 'gold_index', texts: GOLD.map((gold) => `[${gold}]`) },
  {
    name: 'metrics',
    texts: ["{'acc': 1, 'acc_norm': True}", "{'acc': 1, 'acc_norm': False}", "{'acc': 0, 'acc_norm': 0.0}"],
  },
  {
    name: 'predictions',
    texts: CHOICES.map((choices) => `[${choices.map((value) => `(${value}, False)`).join(', ')}]`),
  },
];

async function read(columns: readonly ParquetColumn[], name = FILE): Promise<RawTable> {
  const result = await readInput({ name, bytes: writeParquet(columns) }, nodeReadPorts);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value[0] as RawTable;
}

for (const [name, columns] of [
  ['flat columns (up to 0.9)', FLAT],
  ['columns between underscores (0.10 to 0.12)', NAMED('__')],
  ['columns of their names (from 0.13)', NAMED('')],
  ['records written as Python literals', TEXTS],
] as const) {
  test(`${name}: questions, scores and log-likelihoods`, async () => {
    const table = await read(columns);
    assert.equal(table.format, 'lighteval-samples');
    assert.equal(table.layout, 'per-sample');
    assert.deepEqual(rolesOf(table), {
      model: 'model',
      doc_id: 'ignore',
      acc: 'score',
      acc_norm: 'score',
      target: 'ignore',
      logprob_0: 'ignore',
      logprob_1: 'ignore',
      logprob_2: 'ignore',
    });
    assert.deepEqual(rowsOf(table)[1], { model: 'org/m-1b', doc_id: '1', acc: '1', acc_norm: '0', target: '1' });
    assert.deepEqual([...table.numbers(5)], [-1, -4, -2]);
    assert.equal(table.hints.get(2)?.task, 'arc:challenge');
  });
}

test('choices that contradict the scores are not used, and it is said', async () => {
  const table = await read([
    { name: 'full_prompt', texts: ['q0', 'q1', 'q2'] },
    { name: 'gold_index', lists: [[1], [0], [2]] },
    { name: 'metrics', fields: [{ name: 'acc', doubles: [1, 1, 0] }] },
    { name: 'predictions', lists: CHOICES },
  ]);
  assert.match(table.notes.join('\n'), /3 of 3 questions contradict acc/);
  assert.ok(!Object.hasOwn(rolesOf(table), 'target'));
});

test('answers as texts, and several right choices: scores alone', async () => {
  const table = await read([
    { name: 'full_prompt', texts: ['q0', 'q1'] },
    { name: 'gold_index', lists: [[0, 1], []] },
    { name: 'metrics', fields: [{ name: 'em', doubles: [1, 0] }] },
    { name: 'predictions', texts: ["['[1, 2']", '[3, 4'] },
  ]);
  assert.deepEqual(rolesOf(table), { model: 'model', doc_id: 'ignore', em: 'score' });
});

test('model, task, shots and time out of the path, locally and on the hub', () => {
  assert.deepEqual(detailNames(FILE), { task: 'arc:challenge', shots: '25', model: 'org/m-1b', stamp: STAMP });
  assert.deepEqual(detailNames(`details_org__m-1b_private/${STAMP}/details_gsm8k|0_${STAMP}.parquet`), {
    task: 'gsm8k',
    shots: '0',
    model: 'org/m-1b',
    stamp: STAMP,
  });
  assert.equal(detailNames('x/data.parquet').task, undefined);
});

test('beside the results of the run: one point per model, counted question by question, and groups of difficulty', async () => {
  const random = createRandom(7);
  const models = [1, 2, 4, 8, 16].map((size) => ({ name: `org/m-${size}b`, skill: Math.log2(size) }));
  const questions = 400;
  const files = models.flatMap(({ name, skill }, i) => {
    const stamp = `2025-10-2${i}T18-06-36.180125`;
    const choices = Array.from({ length: questions }, (_, q) => {
      const right = (skill - 8 * (q / questions)) / 2 + random.normal() * 0.1;
      return [right, 0].map((value) => value - 3 - Math.abs(right));
    });
    const acc = choices.map(([a = 0, b = 0]) => Number(a >= b));
    const mean = acc.reduce((sum, one) => sum + one, 0) / questions;
    const results = {
      config_general: { model_name: name },
      results: { 'lighteval|pairs|0': { acc: mean, acc_stderr: 0.01 }, all: { acc: mean } },
      config_tasks: {
        'lighteval|pairs': { effective_num_docs: questions, metric: [{ metric_name: 'acc', higher_is_better: true }] },
      },
    };
    return [
      { name: `results/${name}/results_${stamp}.json`, text: JSON.stringify(results) },
      {
        name: `details/${name}/${stamp}/details_lighteval|pairs|0_${stamp}.parquet`,
        bytes: writeParquet([
          { name: 'full_prompt', texts: choices.map((_, q) => `q${q}`) },
          { name: 'gold_index', lists: choices.map(() => [0]) },
          { name: 'metrics', fields: [{ name: 'acc', doubles: acc }] },
          { name: 'predictions', lists: choices },
        ]),
      },
    ];
  });
  const study = await readStudy(files, {}, nodeReadPorts);
  assert.deepEqual(
    study.series.map(({ id, points }) => [id, points.length]),
    [
      ['pairs/acc', models.length],
      ['pairs/tc_brier', models.length],
    ],
  );
  const [accuracy] = study.series;
  assert.ok(accuracy !== undefined);
  assert.ok(accuracy.points.every(({ n }) => n === questions));
  assert.equal(
    accuracy.excluded.filter(({ why }) => why.includes('counted question by question')).length,
    models.length,
  );
  const groups = readGroupColumns([...accuracy.points], study);
  assert.ok(groups.ok);
  const [easy, , hard] = groups.value.groups as [Float64Array, Float64Array, Float64Array];
  for (const [m, value] of easy.entries()) assert.ok(value >= (hard[m] as number));
});
