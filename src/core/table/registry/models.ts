/**
 * What is known of published models whose names do not say it: sizes of names without digits, totals of mixtures of
 * experts, exact parameter counts, and training tokens. Data, with a source per table.
 */

/** Names without a size in them; source: model cards and the inverse-scaling pipeline's size table. */
export const ALIASES: ReadonlyMap<string, number> = new Map([
  ['gpt2', 124e6],
  ['gpt2-small', 124e6],
  ['gpt2-medium', 355e6],
  ['gpt2-large', 774e6],
  ['gpt2-xl', 1.5e9],
  ['gpt-2', 124e6],
  ['gpt-2-small', 124e6],
  ['gpt-2-medium', 355e6],
  ['gpt-2-large', 774e6],
  ['gpt-2-xl', 1.5e9],
  ['ada', 350e6],
  ['text-ada-001', 350e6],
  ['babbage', 1.3e9],
  ['text-babbage-001', 1.3e9],
  ['curie', 6.7e9],
  ['text-curie-001', 6.7e9],
  ['davinci', 175e9],
  ['text-davinci-001', 175e9],
  ['gpt3', 175e9],
  ['gpt-3', 175e9],
  ['bloom', 176e9],
  ['bloomz', 176e9],
  ['palm', 540e9],
  ['gopher', 280e9],
  ['chinchilla', 70e9],
  ['phi-1', 1.3e9],
  ['phi-1_5', 1.3e9],
  ['phi-1.5', 1.3e9],
  ['phi-2', 2.7e9],
  ['starcoder', 15.5e9],
  ['starcoderbase', 15.5e9],
  ['amber', 7e9],
  ['mistral-nemo-base-2407', 12e9],
  ['tinyllama_v1.1', 1.1e9],
  ['santacoder', 1.1e9],
  ['glm', 130e9],
  ['yalm', 100e9],
]);

export interface MoeEntry {
  readonly name: string;
  readonly total: number;
  readonly active: number;
}

/** Mixtures of experts; source: model cards. */
export const MOE: readonly MoeEntry[] = [
  { name: 'mixtral-8x7b', total: 46.7e9, active: 12.9e9 },
  { name: 'mixtral-8x22b', total: 141e9, active: 39e9 },
  { name: 'deepseek-v2-lite', total: 15.7e9, active: 2.4e9 },
  { name: 'deepseek-moe-16b', total: 16.4e9, active: 2.8e9 },
  { name: 'deepseek-coder-v2-base', total: 236e9, active: 21e9 },
  { name: 'deepseek-v2', total: 236e9, active: 21e9 },
  { name: 'jamba-v0.1', total: 52e9, active: 12e9 },
  { name: 'dbrx-instruct', total: 132e9, active: 36e9 },
  { name: 'dbrx-base', total: 132e9, active: 36e9 },
];

export interface ExactCount {
  readonly total: number;
  readonly nonEmbedding: number;
}

/** Exact Pythia counts by the size in the name; source: EleutherAI/pythia README (HELM agrees on the non-embedding ones). */
export const PYTHIA: ReadonlyMap<string, ExactCount> = new Map([
  ['14m', { total: 14_067_712, nonEmbedding: 1_189_888 }],
  ['31m', { total: 30_494_720, nonEmbedding: 4_739_072 }],
  ['70m', { total: 70_426_624, nonEmbedding: 18_915_328 }],
  ['160m', { total: 162_322_944, nonEmbedding: 85_056_000 }],
  ['410m', { total: 405_334_016, nonEmbedding: 302_311_424 }],
  ['1b', { total: 1_011_781_632, nonEmbedding: 805_736_448 }],
  ['1.4b', { total: 1_414_647_808, nonEmbedding: 1_208_602_624 }],
  ['2.8b', { total: 2_775_208_960, nonEmbedding: 2_517_652_480 }],
  ['6.9b', { total: 6_857_302_016, nonEmbedding: 6_444_163_072 }],
  ['12b', { total: 11_846_072_320, nonEmbedding: 11_327_027_200 }],
]);

/** Tokens per step of the Pythia runs; source: EleutherAI/pythia README. */
export const PYTHIA_TOKENS_PER_STEP = 2_097_152;

export interface KnownTokens {
  readonly pattern: RegExp;
  readonly tokens: number;
  readonly source: string;
}

/** Training tokens of published models, by name; the first match counts. GPT-2's are not published and stay unknown. */
export const KNOWN_TOKENS: readonly KnownTokens[] = [
  { pattern: /^pythia-/, tokens: 299_892_736_000, source: 'EleutherAI/pythia README' },
  { pattern: /^olmo-2-\d+-7b/, tokens: 4e12, source: 'OLMo README' },
  { pattern: /^olmo-2-\d+-13b/, tokens: 5e12, source: 'OLMo README' },
  { pattern: /^olmo-7b(?:-hf)?$/, tokens: 2.5e12, source: 'OLMo README' },
  { pattern: /^olmo-1b(?:-hf)?$/, tokens: 3e12, source: 'OLMo README' },
  { pattern: /^(?:meta-)?llama-3(?:\.1)?-\d/, tokens: 15e12, source: 'ObsScaling base table' },
  { pattern: /^llama-2-\d/, tokens: 2e12, source: 'ObsScaling base table' },
  { pattern: /^llama-(?:7|13)b/, tokens: 1e12, source: 'ObsScaling base table' },
  { pattern: /^llama-(?:30|33|65)b/, tokens: 1.4e12, source: 'ObsScaling base table' },
  { pattern: /^opt-\d/, tokens: 0.18e12, source: 'ObsScaling base table' },
  { pattern: /^gpt-j-6b/, tokens: 0.402e12, source: 'ObsScaling base table' },
  { pattern: /^gpt-neox-20b/, tokens: 0.472e12, source: 'ObsScaling base table' },
  { pattern: /^falcon-7b/, tokens: 1.5e12, source: 'ObsScaling base table' },
  { pattern: /^falcon-40b/, tokens: 1e12, source: 'ObsScaling base table' },
  { pattern: /^falcon-180b/, tokens: 3.5e12, source: 'ObsScaling base table' },
  { pattern: /^mpt-\d/, tokens: 1e12, source: 'ObsScaling base table' },
  { pattern: /^gemma-2-2b/, tokens: 2e12, source: 'ObsScaling base table' },
  { pattern: /^gemma-2-9b/, tokens: 8e12, source: 'ObsScaling base table' },
  { pattern: /^gemma-2-27b/, tokens: 13e12, source: 'ObsScaling base table' },
  { pattern: /^gemma-(?:2|7)b/, tokens: 6e12, source: 'ObsScaling base table' },
  { pattern: /^yi-\d/, tokens: 3e12, source: 'ObsScaling base table' },
  { pattern: /^starcoderbase/, tokens: 1e12, source: 'ObsScaling base table' },
  { pattern: /^stablelm-2-/, tokens: 2e12, source: 'ObsScaling base table' },
  { pattern: /^qwen2\.5-\d/, tokens: 18e12, source: 'Qwen2.5 technical report' },
  { pattern: /^qwen3-\d/, tokens: 36e12, source: 'Qwen3 technical report' },
];
