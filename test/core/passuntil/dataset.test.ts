import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPrompts } from '../../../src/core/passuntil/dataset.ts';
import type { PromptSource } from '../../../src/core/passuntil/run-plan.ts';

const source = (change: Partial<PromptSource & { kind: 'dataset' }>): PromptSource => ({
  kind: 'dataset',
  file: 'd.jsonl',
  prompt: 'question',
  template: null,
  answer: 'answer',
  id: null,
  limit: null,
  ...change,
});
const JSONL = '{"id":"a","question":"1+1?","answer":2}\n\n{"id":"b","question":"2+2?","answer":"4"}\n';

test('JSONL, a JSON list, and CSV give the same prompts', () => {
  const expected = [
    { id: 'a', prompt: '1+1?', answer: '2' },
    { id: 'b', prompt: '2+2?', answer: '4' },
  ];
  const list = `[${JSONL.trim().split(/\n+/).join(',')}]`;
  const csv = 'id,question,answer\na,1+1?,2\nb,2+2?,4\n';
  for (const text of [JSONL, list, csv]) assert.deepEqual(loadPrompts(source({}), text), { ok: true, value: expected });
});

test('templates, ids and limits', () => {
  const filled = loadPrompts(source({ prompt: null, template: 'Q: {{question}}\nA:', limit: 1 }), JSONL);
  assert.deepEqual(filled, { ok: true, value: [{ id: 'a', prompt: 'Q: 1+1?\nA:', answer: '2' }] });
  const named = loadPrompts(source({ id: 'answer' }), JSONL);
  assert.ok(named.ok && named.value[1]?.id === '4');
});

test('what is wrong is named', () => {
  for (const [change, text, words] of [
    [{ prompt: 'prompt' }, JSONL, /entry 1: no prompt \(there are id, question, answer\)/],
    [{ prompt: null, template: '{{x}}' }, JSONL, /template needs x/],
    [{}, '{"id":"a","question":"q"}\n{"id":"a","question":"q"}', /id a stands there twice/],
    [{}, '{"id":"a"\n', /line 1 of the dataset is no JSON/],
    [{}, '[]', /holds no prompts/],
    [{}, '', /./],
  ] as const) {
    const loaded = loadPrompts(source(change), text);
    assert.ok(!loaded.ok && words.test(loaded.error), JSON.stringify(loaded));
  }
});
