// Tables of HELM releases: models in rows, scenarios in columns, each with its metric and direction.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf, read, rowsOf } from './shared.ts';

const TABLES = [
  {
    title: 'Accuracy',
    header: [
      { value: 'Model', markdown: false, metadata: {} },
      { value: 'Mean win rate', markdown: false, lower_is_better: false, metadata: {} },
      { value: 'MMLU - EM', lower_is_better: false, metadata: { metric: 'EM', run_group: 'MMLU' } },
      { value: 'WikiText - BPB', lower_is_better: true },
    ],
    rows: [
      [
        { value: 'Pythia (1B)' },
        { markdown: false },
        { value: 0.236, description: 'min=0.2, mean=0.236' },
        { value: 0.9 },
      ],
      [{ value: 'Pythia (6.9B)' }, { value: 0.7 }, { value: 0.321 }, {}],
    ],
    links: [],
  },
  {
    title: 'General information',
    header: [{ value: 'Model' }, { value: 'MMLU - note' }],
    rows: [[{ value: 'a' }, { value: 'none' }]],
  },
];

test('scores with task, metric and direction at their places; missing cells are empty, tables without numbers left out', async () => {
  for (const root of [TABLES, TABLES[0]]) {
    const { tables } = await read('groups/core_scenarios.json', JSON.stringify(root));
    assert.equal(tables.length, 1);
    const [table] = tables;
    assert.ok(table !== undefined);
    assert.equal(table.format, 'helm-groups');
    assert.deepEqual(rowsOf(table), [
      { Model: 'Pythia (1B)', 'MMLU - EM': '0.236', 'WikiText - BPB': '0.9' },
      { Model: 'Pythia (6.9B)', 'Mean win rate': '0.7', 'MMLU - EM': '0.321' },
    ]);
    assert.deepEqual(
      [...table.hints.values()].map(({ role, task, metric, better }) => [role, task, metric, better]),
      [
        ['model', undefined, undefined, undefined],
        ['ignore', undefined, undefined, undefined],
        ['score', 'MMLU', 'EM', 'higher'],
        ['score', 'WikiText', 'BPB', 'lower'],
      ],
    );
    assert.equal(placeOf(table, 1, 2), '0.321');
  }
});

test('tables without a single number are refused', async () => {
  const { failure } = await read('x.json', JSON.stringify(TABLES[1]));
  assert.match(failure?.message ?? '', /HELM tables without a number/);
});
