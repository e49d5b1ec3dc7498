// Records of OpenAI evals: what the report says, with the count of its questions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read, readOne, rolesOf, rowsOf } from './shared.ts';

const SPEC = {
  spec: {
    completion_fns: ['org/m-1b'],
    eval_name: 'riddles.dev.v0',
    base_eval: 'riddles',
    split: 'dev',
    run_id: '260101ABC',
    created_at: '2026-01-01',
  },
};
const event = (id: number, type: string, data: object): object => ({
  run_id: '260101ABC',
  event_id: id,
  sample_id: `riddles.dev.${id >> 1}`,
  type,
  data,
});
const EVENTS = [
  event(0, 'sampling', { prompt: 'a', sampled: ['b'] }),
  event(1, 'match', { correct: true, expected: 'b', picked: 'b' }),
  event(2, 'sampling', { prompt: 'c', sampled: ['d'] }),
  event(3, 'match', { correct: false, expected: 'e', picked: null }),
];
const REPORT = { final_report: { accuracy: 0.5, boostrap_std: 0.35, f1: 0.4 }, run_id: '260101ABC' };
const lines = (...values: readonly object[]): string => `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;

test('the scores of the report, the error of the accuracy, the questions counted', async () => {
  const table = await readOne('260101ABC_m_riddles.jsonl', lines(SPEC, ...EVENTS, REPORT));
  assert.equal(table.format, 'openai-evals');
  assert.deepEqual(rowsOf(table), [
    { model: 'org/m-1b', task: 'riddles', split: 'dev', metric: 'accuracy', score: '0.5', stderr: '0.35', n: '2' },
    { model: 'org/m-1b', task: 'riddles', split: 'dev', metric: 'f1', score: '0.4', n: '2' },
  ]);
  assert.equal(rolesOf(table)['n'], 'n');
});

test('a run without its report has not ended', async () => {
  const { failure } = await read('x.jsonl', lines(SPEC, ...EVENTS));
  assert.equal(failure?.code, 'file.unrecognised');
  assert.match(failure?.message ?? '', /without a final report/);
});
