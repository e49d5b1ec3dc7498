import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familyOfName, knownTokens, readModelName } from '../../../src/core/table/sizes.ts';

/** Names seen in published tables, with N and D as they must be read (null: must not be guessed; k xC: a multiple). */
const NAMES: readonly (readonly [string, number | null, number | string | null])[] = [
  ['EleutherAI/pythia-70m-deduped', 7.0e7, null],
  ['EleutherAI/pythia-160m', 1.6e8, null],
  ['pythia-410m', 4.1e8, null],
  ['EleutherAI/pythia-1.4b-deduped', 1.4e9, null],
  ['EleutherAI/pythia-6.9b', 6.9e9, null],
  ['pretrained=EleutherAI/pythia-v1.1-1.4b', 1.4e9, null],
  ['EleutherAI/pythia-12b', 1.2e10, null],
  ['openai-community/gpt2', 1.24e8, null],
  ['gpt2-medium', 3.55e8, null],
  ['gpt2-large', 7.74e8, null],
  ['gpt2-xl', 1.5e9, null],
  ['EleutherAI/gpt-neo-125m', 1.25e8, null],
  ['EleutherAI/gpt-j-6b', 6.0e9, null],
  ['EleutherAI/gpt-neox-20b', 2.0e10, null],
  ['ada', 3.5e8, null],
  ['babbage', 1.3e9, null],
  ['curie', 6.7e9, null],
  ['davinci', 1.75e11, null],
  ['facebook/opt-125m', 1.25e8, null],
  ['facebook/opt-6.7b', 6.7e9, null],
  ['meta/opt-175b', 1.75e11, null],
  ['opt350m', 3.5e8, null],
  ['bigscience/bloom-560m', 5.6e8, null],
  ['bigscience/bloom-1b1', 1.1e9, null],
  ['bigscience/bloom-7b1', 7.1e9, null],
  ['bigscience/bloom', 1.76e11, null],
  ['huggyllama/llama-7b', 7.0e9, null],
  ['huggyllama/llama-30b', 3.0e10, null],
  ['meta-llama/Llama-2-70b-hf', 7.0e10, null],
  ['meta-llama/Meta-Llama-3-8B', 8.0e9, null],
  ['meta-llama/Meta-Llama-3.1-405B-FP8', 4.05e11, null],
  ['llama-3_1-8b-instruct-turbomind', 8.0e9, null],
  ['meta/llama-3.2-11b-vision-instruct-turbo', 1.1e10, null],
  ['Qwen/Qwen1.5-0.5B', 5.0e8, null],
  ['Qwen/Qwen1.5-110B', 1.1e11, null],
  ['Qwen/Qwen2-57B-A14B', 5.7e10, null],
  ['Qwen/Qwen3-Embedding-0.6B', 6.0e8, null],
  ['qwen1.5-72b-chat-hf', 7.2e10, null],
  ['allenai/OLMo-1B-hf', 1.0e9, null],
  ['allenai/OLMo-7B-0424-hf', 7.0e9, null],
  ['allenai/OLMo-2-1124-7B', 7.0e9, null],
  ['allenai/OLMo-2-0325-32B', 3.2e10, null],
  ['OLMo2-1B-stage2-seed42-SEXMH-L5', 1.0e9, null],
  ['google/palm', 5.4e11, null],
  ['deepmind/chinchilla', 7.0e10, null],
  ['deepmind/gopher', 2.8e11, null],
  ['google/gemma-7b', 7.0e9, null],
  ['google/gemma-2-27b', 2.7e10, null],
  ['google/gemma-2-2b', 2.0e9, null],
  ['mistralai/Mistral-7B-v0.1', 7.0e9, null],
  ['mistralai/Mixtral-8x7B-v0.1', 4.67e10, null],
  ['mistralai/Mixtral-8x22B-v0.1', 1.41e11, null],
  ['mistralai/Mistral-Nemo-Base-2407', 1.2e10, null],
  ['tiiuae/falcon-rw-1b', 1.0e9, null],
  ['tiiuae/falcon-40b', 4.0e10, null],
  ['tiiuae/falcon-180B', 1.8e11, null],
  ['cerebras/Cerebras-GPT-111M', 1.11e8, null],
  ['cerebras/Cerebras-GPT-1.3B', 1.3e9, null],
  ['1p3b.yaml', 1.3e9, null],
  ['cerebras/btlm-3b-8k-base', 3.0e9, null],
  ['RWKV/rwkv-4-169m-pile', 1.69e8, null],
  ['RWKV/rwkv-4-1b5-pile', 1.5e9, null],
  ['stabilityai/stablelm-2-1_6b', 1.6e9, null],
  ['internlm2_5-1_8b-chat-turbomind', 1.8e9, null],
  ['internlm2-chat-1.8b-hf', 1.8e9, null],
  ['togethercomputer/RedPajama-INCITE-Base-3B-v1', 3.0e9, null],
  ['01-ai/Yi-34B-200K', 3.4e10, null],
  ['microsoft/phi-2', 2.7e9, null],
  ['microsoft/phi-1_5', 1.3e9, null],
  ['bigcode/starcoderbase', 1.55e10, null],
  ['bigcode/starcoder2-15b', 1.5e10, null],
  ['TinyLlama/TinyLlama_v1.1', 1.1e9, null],
  ['HuggingFaceTB/SmolLM-135M', 1.35e8, null],
  ['facebook/xglm-564M', 5.64e8, null],
  ['Salesforce/codegen-16B-nl', 1.6e10, null],
  ['deepseek-ai/deepseek-coder-1.3b-base', 1.3e9, null],
  ['h2oai/h2o-danube3-4b-base', 4.0e9, null],
  ['mosaicml/mpt-30b', 3.0e10, null],
  ['openlm-research/open_llama_7b_v2', 7.0e9, null],
  ['h2oai/h2o-danube-1.8b-base', 1.8e9, null],
  ['zhenting/evolm-1B-160BT', 1.0e9, 1.6e11],
  ['stage1-step928646-tokens3896B', null, 3.896e12],
  ['stage2-ingredient1-step23852-tokens51B', null, 5.1e10],
  ['allenai/olmo-7b-twin-2t', 7.0e9, 2.0e12],
  ['falcon_and_cc_tulu_qc_top10-60M-5xC', 6.0e7, '5xC'],
  ['dolma17-25p-DCLM-baseline-75p-150M-5xC-2', 1.5e8, '5xC'],
  ['190M-0.5xC', 1.9e8, '0.5xC'],
  ['DataDecide-dclm-baseline-qc-fw-3p-20M', 2.0e7, null],
  ['pythia-70m-0.25MtokBS', 7.0e7, null],
  ['misfitting_35m', 3.5e7, null],
  ['open_lm_7b', 7.0e9, null],
  ['exp2166-scaling-ladder-comma-validation-optimal-3e+19-5b04fb', null, null],
  ['isoflop-6e+19-d2304-L23-B64-dclm-default', null, null],
  ['moe_bsz1M.ngpu16_20240225-094706.model-12m.moe-gshard.lr_4e-3,number_of_experts_4', 1.2e7, null],
  ['gpt-4-0613', null, null],
  ['claude-2.0', null, null],
  ['vicuna-13b-16k', 1.3e10, null],
  ['oasst-sft-4-pythia-12b-epoch-3.5', 1.2e10, null],
  ['openai/gpt-4o', null, null],
];

test('the surveyed names read as published', () => {
  assert.equal(NAMES.length, 99);
  for (const [name, params, tokens] of NAMES) {
    const read = readModelName(name);
    if (params === null) assert.equal(read.params, null, name);
    else
      assert.ok(
        read.params !== null && Math.abs(read.params.value / params - 1) < 1e-9,
        `${name}: ${read.params?.value}`,
      );
    if (tokens === null) {
      assert.equal(read.tokens, null, name);
      assert.equal(read.multiple, null, name);
    } else if (typeof tokens === 'string') assert.equal(`${read.multiple?.value}xC`, tokens, name);
    else assert.equal(read.tokens?.value, tokens, name);
    for (const place of [read.params, read.tokens, read.multiple]) {
      if (place !== null) assert.equal(name.slice(place.start, place.end), place.text, name);
    }
  }
});

test('the characters that say the size', () => {
  assert.equal(readModelName('EleutherAI/pythia-1.4b-deduped').params?.start, 18);
  assert.equal(readModelName('pretrained=EleutherAI/pythia-v1.1-1.4b').params?.start, 34);
  assert.equal(readModelName('stabilityai/stablelm-2-1_6b').params?.text, '1_6b');
  assert.equal(readModelName('llama_2_7b').params?.value, 7e9);
});

test('mixtures of experts, exact counts, ambiguity', () => {
  assert.deepEqual(
    [readModelName('mistralai/Mixtral-8x7B-v0.1').active, readModelName('x/Qwen2-57B-A14B').active],
    [12.9e9, 14e9],
  );
  assert.equal(readModelName('foo-8x3B').ask, true);
  assert.equal(readModelName('EleutherAI/pythia-70m').exact?.total, 70_426_624);
  assert.equal(readModelName('pythia-12b').exact?.nonEmbedding, 11_327_027_200);
  assert.deepEqual(readModelName('moe_bsz1M.model-12m.moe').rivals, ['1M']);
});

test('published tokens and families', () => {
  assert.equal(knownTokens('EleutherAI/pythia-1.4b')?.value, 299_892_736_000);
  assert.equal(knownTokens('pythia-1.4b-step1000')?.value, 2_097_152_000);
  assert.equal(knownTokens('gpt2-xl'), null);
  assert.equal(familyOfName('EleutherAI/pythia-1.4b'), 'pythia');
  assert.equal(familyOfName('text-davinci-001'), 'gpt-3');
  assert.equal(familyOfName('gpt2-xl'), 'gpt-2');
  assert.equal(familyOfName('claude-2.0'), null);
});
