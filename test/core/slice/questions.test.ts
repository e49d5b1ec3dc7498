/** Aligning per-question answers of several models. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assembleQuestions, type ModelAnswers } from '../../../src/core/slice/questions.ts';

const answer = (id: string, p: number) => ({ id, probabilities: [p, 1 - p], target: 0 });
const file = (model: string, answers: ModelAnswers['answers']): ModelAnswers => ({ model, x: 1, answers });

test('questions are aligned by id whatever their order; what one model lacks is left out and said', () => {
  const outcome = assembleQuestions([
    file('a', [answer('q1', 0.9), answer('q2', 0.4), answer('q3', 0.5)]),
    file('b', [answer('q2', 0.6), answer('q1', 0.8)]),
  ]);
  assert.ok(outcome.ok);
  const { ids, scores, accuracy, notes } = outcome.value;
  assert.deepEqual(ids, ['q1', 'q2']);
  assert.deepEqual(
    Array.from(scores, (s) => Math.round(s * 1e6) / 1e6),
    [-0.01, -0.36, -0.04, -0.16],
  );
  assert.deepEqual([...accuracy], [0.5, 1]);
  assert.match(notes[0] ?? '', /1 of 3 questions/);
});

test('bad input is refused with a typed message', () => {
  const codes = [
    assembleQuestions([]),
    assembleQuestions([file('a', [answer('q', 0.5)]), file('a', [answer('q', 0.5)])]),
    assembleQuestions([file('a', [answer('q', 0.5), answer('q', 0.6)])]),
    assembleQuestions([file('a', [answer('q', 0.5)]), file('b', [answer('r', 0.5)])]),
    assembleQuestions([file('a', [{ id: 'q', probabilities: [0.8, 0.8], target: 0 }])]),
  ].map((outcome) => (outcome.ok ? 'assembled' : outcome.error.code));
  assert.deepEqual(codes, ['no-models', 'duplicate-model', 'duplicate-question', 'nothing-shared', 'bad-question']);
});
