import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMetric, METRICS } from '../../../../src/core/table/registry/metrics.ts';
import { findTask, TASKS } from '../../../../src/core/table/registry/tasks.ts';

test('a metric that ends a longer name is known by its ending', () => {
  assert.equal(findMetric('LVEval_rouge')?.id, 'rouge');
  assert.equal(findMetric('summ_rougeL')?.id, 'rouge');
  assert.equal(findMetric('mytask_acc_norm')?.id, 'acc_norm');
  for (const name of ['std_err', 'hard_norm', 'total_prob', 'some_value']) assert.equal(findMetric(name), null, name);
});

test('metrics by the spellings of files', () => {
  const better = (name: string): string | null | undefined => findMetric(name)?.better;
  assert.deepEqual(
    [
      'acc,none',
      'Accuracy',
      'pass@10',
      'CrossEntropyLoss',
      'word_perplexity',
      'ter',
      'brier_score',
      'bpb_ma5',
      'soft_log',
    ].map(better),
    ['higher', 'higher', 'higher', 'lower', 'lower', 'lower', 'lower', 'lower', 'higher'],
  );
  assert.equal(findMetric('likelihood_diff')?.better, null);
  assert.equal(findMetric('zork'), null);
  assert.equal(findMetric('__proto__'), null);
  assert.equal(findMetric('correct')?.accuracy, true);
  for (const m of METRICS) assert.ok(m.source.length > 5, m.id);
});

test('tasks by the spellings of files', () => {
  const chance = (name: string): number | null | undefined => findTask(name)?.chance;
  assert.deepEqual(
    [
      'ARC-C',
      'hellaswag_val_5shot',
      'hendrycksTest-abstract_algebra',
      'mmlu_pro',
      'XWinograd',
      'CSQA',
      'harness|gsm8k|5',
      'TruthfulQA',
    ].map(chance),
    [0.25, 0.25, 0.25, 0.1, 0.5, 0.2, 0, null],
  );
  assert.equal(findTask('my own task'), null);
  assert.equal(findTask('constructor'), null);
  for (const t of TASKS) assert.ok(t.source.length > 5, t.id);
});
