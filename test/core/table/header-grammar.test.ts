import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWideHeader } from '../../../src/core/table/header-grammar.ts';

const cases: readonly (readonly [string, string, string, Record<string, string>])[] = [
  [
    'eval/downstream/hellaswag_val_rc_5shot_len_norm',
    'hellaswag',
    'len_norm',
    { split: 'val', format: 'rc', shots: '5' },
  ],
  ['winogrande/acc', 'winogrande', 'acc', {}],
  ['gsm8k_5_exact_match,strict-match', 'gsm8k', 'exact_match', { shots: '5', filter: 'strict-match' }],
  ['eval/ppl//data/text_eval/c4.jsonl', 'c4', 'ppl', {}],
  ['0_1404_acc', '', 'acc', { questions: '0-1404' }],
  ['C4 Perplexity（PP）', 'c4', 'perplexity', {}],
  ['g1_tc', '', 'tc', { group: 'g1' }],
  ['MMLU', 'MMLU', 'acc', {}],
  ['C4 Eval Loss', 'c4', 'eval_loss', {}],
  ['err_hellaswag_zeroshot', 'hellaswag_zeroshot', 'err', {}],
  ['task_bpb_ma5', '', 'bpb_ma5', {}],
  ['ipa_transliterate_2_bleu', 'ipa_transliterate', 'bleu', { shots: '2' }],
  ['train/max_loss_MAX', 'train', 'max_loss', {}],
];

test('wide headers name task, metric and facets', () => {
  for (const [header, task, metric, facets] of cases) {
    const read = readWideHeader(header, null);
    assert.ok(read !== null, header);
    assert.deepEqual([read.task, read.metric, { ...read.facets }, read.part], [task, metric, facets, 'score'], header);
  }
});

test('siblings belong to their score', () => {
  assert.deepEqual(
    [readWideHeader('hellaswag_acc_stderr', null)?.part, readWideHeader('hellaswag_acc_stderr', null)?.stem],
    ['stderr', 'hellaswag_acc'],
  );
  assert.deepEqual(
    [readWideHeader('loss_lower95_c4_val', null)?.part, readWideHeader('loss_lower95_c4_val', null)?.stem],
    ['low', 'loss_c4_val'],
  );
  const chart = readWideHeader('brisk-pond-1 - train/loss__MIN', null);
  assert.deepEqual([chart?.run, chart?.part], ['brisk-pond-1', 'low']);
});

test('what names no score, and a pinned pattern', () => {
  for (const header of ['lr', 'params_B', 'model', 'n_layers', '0_1404_san'])
    assert.equal(readWideHeader(header, null), null, header);
  const pinned = readWideHeader('T-arith@M-acc', /^T-(?<task>.+)@M-(?<metric>.+)$/);
  assert.deepEqual([pinned?.task, pinned?.metric], ['arith', 'acc']);
});
