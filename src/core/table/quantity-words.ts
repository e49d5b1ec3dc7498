/**
 * Sizes, tokens, compute and steps by the words of a header, whatever their order: `params_total`, `num_trained_tokens`,
 * `flops_budget`, `n_params_non_emb`. A header counts only if every word of it belongs: one that names a part
 * (`params_lm_head`), a rate or another thing is none.
 */
import type { Role } from '../report-model.ts';

const COUNTING = [
  ...[
    'n',
    'num',
    'number',
    'of',
    'count',
    'counts',
    'total',
    'all',
    'overall',
    'the',
    'final',
    'size',
    'optimal',
    'nr',
  ],
  ...['no', 'approx', 'est', 'estimated', 'reported', 'in', 'at', 'exact'],
  // Where the number was taken from.
  ...['csv', 'json', 'yaml', 'paper', 'table', 'wandb', 'hf', 'epochai', 'raw', 'official', 'stated', 'claimed'],
  ...['calculated', 'computed', 'derived', 'measured', 'logged', 'config'],
];
const TRAINING = [
  ...['train', 'training', 'trained', 'pretrain', 'pretraining', 'pretrained', 'pre', 'model', 'llm', 'lm'],
  ...[
    'network',
    'net',
    'backbone',
    'transformer',
    'decoder',
    'student',
    'distill',
    'distillation',
    'sft',
    'rl',
    'finetune',
    'finetuning',
  ],
];

const PARAMS = new Set(['param', 'params', 'parameter', 'parameters']);
const PARAMS_WITH = new Set([...COUNTING, ...TRAINING, 'trainable', 'full', 'nominal', 'actual', 'exact', 'effective']);
const NOT_WORDS = new Set([
  'w',
  'o',
  'non',
  'no',
  'wo',
  'without',
  'excl',
  'excluding',
  'ex',
  'minus',
  'not',
  'nonemb',
]);
const EMBEDDING = new Set(['emb', 'embs', 'embed', 'embeds', 'embedding', 'embeddings', 'nonembedding', 'nonemb']);
const ACTIVE = new Set(['active', 'activated', 'act']);
const PER_TOKEN = new Set(['per', 'token', 'tok', 'forward']);

const TOKENS = new Set(['token', 'tokens', 'toks']);
const TOKENS_WITH = new Set([
  ...COUNTING,
  ...TRAINING,
  'seen',
  'consumed',
  'processed',
  'used',
  'data',
  'dataset',
  'corpus',
  'd',
  'target',
  'cumulative',
  'unique',
  'so',
  'far',
]);

const COMPUTE = new Set(['isoflop', 'isoflops', 'flop', 'flops', 'flos', 'compute', 'computation']);
const COMPUTE_WITH = new Set([
  ...COUNTING,
  ...TRAINING,
  'budget',
  'target',
  'estimated',
  'est',
  'approx',
  'approximate',
  'used',
  'spent',
  'cumulative',
  'consumed',
  'actual',
  'c',
  '6nd',
  'flop',
  'flops',
  'compute',
]);

const STEPS = new Set(['step', 'steps', 'iteration', 'iterations', 'iter', 'iters', 'updates']);
const STEPS_WITH = new Set([
  ...COUNTING,
  ...TRAINING,
  'global',
  'current',
  'optimizer',
  'optim',
  'opt',
  'gradient',
  'grad',
  'ckpt',
  'checkpoint',
  'end',
  'start',
  'seen',
  'run',
  'cooldown',
  'last',
  'best',
  'completed',
  'done',
  'taken',
]);

function all(words: readonly string[], ...sets: readonly ReadonlySet<string>[]): boolean {
  return words.every((word) => sets.some((set) => set.has(word)));
}

/**
 * The quantity that a normalised header spells out, null if it is none.
 * @param key as `snake` gives it
 */
export function quantityOfWords(key: string): Role | null {
  const words = key.split('_').filter((word) => word !== '');
  if (words.length > 7) return null;
  const has = (set: ReadonlySet<string>): boolean => words.some((word) => set.has(word));
  // Of a single word the dictionary says everything.
  if (words.length < 2) return null;
  // `active/token`, `active params per token`
  if (words.includes('token') && has(ACTIVE) && all(words, PARAMS, PARAMS_WITH, ACTIVE, PER_TOKEN))
    return 'params-active';
  if (has(PARAMS) || ((words[0] === 'n' || words.includes('size')) && has(EMBEDDING))) {
    if (has(EMBEDDING)) {
      if (!has(NOT_WORDS) && !words.includes('nonembedding')) return null;
      return all(words, PARAMS, PARAMS_WITH, NOT_WORDS, EMBEDDING) ? 'params-non-embedding' : null;
    }
    if (has(ACTIVE)) return all(words, PARAMS, PARAMS_WITH, ACTIVE) ? 'params-active' : null;
    return all(words, PARAMS, PARAMS_WITH) ? 'params' : null;
  }
  if (has(TOKENS)) return all(words, TOKENS, TOKENS_WITH) ? 'tokens' : null;
  if (has(COMPUTE)) return all(words, COMPUTE, COMPUTE_WITH) ? 'compute' : null;
  if (has(STEPS)) return all(words, STEPS, STEPS_WITH) ? 'step' : null;
  return null;
}

const MODEL = new Set(['model', 'models', 'checkpoint', 'ckpt', 'llm', 'run', 'exp', 'experiment', 'job', 'network']);
const NAMING = new Set([
  'name',
  'id',
  'tag',
  'label',
  'key',
  'slug',
  'string',
  'path',
  'file',
  'dir',
  'alias',
  'hf',
  'repo',
]);

/** True for headers that name the seed of a run: `rng_seed`, `shuffle_seed`. */
export function namesSeed(key: string): boolean {
  return /_seed$/.test(key);
}

/** True for headers that name models: `model_tag`, `checkpoint_path`, `hf_model_id`. */
export function namesModels(key: string): boolean {
  const words = key.split('_').filter((word) => word !== '');
  return words.some((word) => MODEL.has(word)) && all(words, MODEL, NAMING);
}
