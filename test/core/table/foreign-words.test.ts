import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../../../src/core/table/foreign-words.ts';
import { readWideHeader } from '../../../src/core/table/header-grammar.ts';
import { readHeader } from '../../../src/core/table/headers.ts';

test('headers of other languages get the English key, and keep what they say', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['参数量', 'params'],
    ['训练损失', 'train_loss'],
    ['验证损失', 'val_loss'],
    ['学习率', 'learning_rate'],
    ['モデル名', 'model_name'],
    ['パラメータ数', 'params'],
    ['파라미터', 'params'],
    ['Parâmetros', 'params'],
    ['Perplexidade', 'perplexity'],
    ['Modèle', 'model'],
    ["FLOPs d'entraînement", 'flops_train'],
    ['Größe', 'size'],
    ['Параметры', 'params'],
    ['Params 参数量', 'params'],
    ['Nombre de paramètres', 'number_of_params'],
  ];
  for (const [header, key] of cases) {
    assert.equal(readHeader(header).key, key, header);
    assert.equal(readHeader(header).raw, header);
  }
});

test('English headers are left as they are', () => {
  for (const header of ['Model', 'Params (B)', 'eval/loss', 'D (tokens)', 'α', 'Δ loss'])
    assert.equal(inEnglish(header), header);
});

test('languages that name a task are no words to translate', () => {
  for (const header of ['loss_val_de-en_100', 'xnli_de_acc', 'wmt16-de-en/bleu', 'mgsm_des', 'du'])
    assert.equal(inEnglish(header), header);
  assert.equal(readWideHeader('xnli_de_acc', null)?.task, 'xnli_de');
});

test('a pattern that scaling.yaml pins is held against the header as it stands', () => {
  const read = readWideHeader('Genauigkeit mmlu', /^Genauigkeit (?<task>.+)$/);
  assert.equal(read?.task, 'mmlu');
});
