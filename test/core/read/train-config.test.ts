// Training configurations: N by the architecture, D by steps × batch × sequence, against published counts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findArchitecture } from '../../../src/core/read/architecture.ts';
import { parseJson } from '../../../src/core/read/json.ts';
import type { Node } from '../../../src/core/read/tree.ts';
import { parseYaml } from '../../../src/core/read/yaml-tree.ts';
import { readOne, rowsOf, sampleFiles, withoutData } from './shared.ts';

const EXPECTED: readonly (readonly [
  file: string,
  params: number | null,
  nonEmbedding: number | null,
  tokens: number | null,
])[] = [
  // Published: Pythia 1 414 647 808 / 1 208 602 624 and 299 892 736 000 tokens; Cerebras-GPT 111M and 1.3B, 20 tokens per parameter.
  ['pythia-1.4b.neox.yml', 1_414_647_808, 1_208_602_624, 299_892_736_000],
  ['cerebras-gpt_111m.yaml', 111_050_496, 70_880_256, 2_220_933_120],
  ['cerebras-gpt_1p3b.yaml', 1_315_723_264, 1_208_602_624, 26_313_424_896],
  ['llm-foundry_mpt-1b.yaml', 1_311_213_568, 1_208_059_904, 26_004_684_800],
  ['litgpt_tinyllama.yaml', null, null, 3_000_000_000_000],
];

for (const [file, params, nonEmbedding, tokens] of EXPECTED) {
  test(`${file}`, { skip: withoutData }, async () => {
    const found = sampleFiles('formats/samples/yaml-configs').find(({ name }) => name === file);
    const table = await readOne(file, found?.bytes ?? '');
    const row = rowsOf(table)[0] ?? {};
    const number = (text: string | undefined): number | null => (text === undefined ? null : Number(text));
    assert.equal(table.layout, 'metadata');
    assert.equal(number(row['params']), params);
    assert.equal(number(row['params without embeddings']), nonEmbedding);
    assert.equal(number(row['tokens']), tokens);
    assert.deepEqual(table.problems, []);
  });
}

test('open_lm: the counts of the published model files', () => {
  const count = (d: number, l: number): unknown => {
    const { root } = parseJson(
      `{"hidden_dim": ${d}, "n_layers": ${l}, "n_heads": 8, "seq_len": 2048, "vocab_size": 50432, "post_embed_norm": false, "weight_tying": false}`,
    );
    const found = findArchitecture(root as Node);
    return [found?.params, found?.nonEmbedding];
  };
  assert.deepEqual(count(96, 8), [10_569_312, 5_727_840]);
  assert.deepEqual(count(576, 24), [153_677_376, 124_628_544]);
});

test('OLMo: steps, tokens and epochs of max_duration', async () => {
  const config = (duration: string): string =>
    `run_name: OLMo-1B\nmodel:\n  d_model: 2048\n  n_heads: 16\n  n_layers: 16\n  mlp_ratio: 8\n  weight_tying: true\n  activation_type: swiglu\n  layer_norm_with_affine: false\n  vocab_size: 50280\n  embedding_size: 50304\n  max_sequence_length: 2048\nmax_duration: ${duration}\nglobal_train_batch_size: 2048\n`;
  const tokens = async (duration: string): Promise<string | undefined> =>
    rowsOf(await readOne('OLMo-1B.yaml', config(duration)))[0]?.['tokens'];
  assert.equal(await tokens('739_328'), String(739_328 * 2048 * 2048));
  assert.equal(await tokens('2e12T'), '2000000000000');
  assert.equal(await tokens('1ep'), undefined);
  const row = rowsOf(await readOne('OLMo-1B.yaml', config('1')))[0] ?? {};
  assert.equal(row['model'], 'OLMo-1B');
  assert.equal(row['params'], '1176764416');
});

test('Llama-style Hugging Face configuration: TinyLlama-1.1B has 1 100 048 384 parameters', () => {
  const { root } = parseYaml(
    'model_type: llama\nhidden_size: 2048\nintermediate_size: 5632\nnum_attention_heads: 32\nnum_key_value_heads: 4\nnum_hidden_layers: 22\nvocab_size: 32000\ntie_word_embeddings: false\n',
  );
  assert.equal(findArchitecture(root as Node)?.params, 1_100_048_384);
});
