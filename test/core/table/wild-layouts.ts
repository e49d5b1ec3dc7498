/**
 * Headers as they stand in public repositories of scaling studies that nobody tuned the rules to. The numbers are made up
 * here; of every column it is judged what a researcher would call it. `-` is no role (or `ignore`).
 */

export const SIZES = [14e6, 70e6, 160e6, 410e6, 1.01e9, 2.77e9, 6.86e9, 11.8e9];

type Cell = (size: number, row: number) => string | number;

const N: Cell = (n) => Math.round(n * 1.013);
const D: Cell = (n) => Math.round(n * 20.7);
const C: Cell = (n) => (6 * n * n * 20.97).toExponential(5);
const LOSS: Cell = (n) => (1.7 + 400 / n ** 0.34).toFixed(6);
const BPB: Cell = (n) => (0.6 + 90 / n ** 0.3).toFixed(6);
const ACC: Cell = (n) => (0.25 + 0.06 * Math.log10(n / 1e7)).toFixed(4);
const PERCENT: Cell = (n) => (25 + 6 * Math.log10(n / 1e7)).toFixed(1);
const NAME: Cell = (_n, row) => `run_${'abcdefgh'[row % 8] ?? ''}`;
const SIZED: Cell = (n) => `lm-${n >= 1e9 ? `${(n / 1e9).toFixed(1)}B` : `${Math.round(n / 1e6)}M`}`;
const SHORT: Cell = (n) => (n >= 1e9 ? `${(n / 1e9).toFixed(1)}B` : `${Math.round(n / 1e6)}M`);
const is =
  (value: string | number): Cell =>
  () =>
    value;
const times =
  (of: Cell, factor: number, digits = 3): Cell =>
  (n, row) =>
    (Number(of(n, row)) * factor).toFixed(digits);
const one =
  (...values: readonly (string | number)[]): Cell =>
  (_n, row) =>
    values[row % values.length] as string | number;

/** Header, cells, the roles that are right, and the unit where it matters. */
export type WildColumn = readonly [header: string, cell: Cell, roles: string, unit?: number | string];

export const LAYOUTS: Readonly<Record<string, readonly WildColumn[]>> = {
  'sweep by FLOP budget': [
    ['flops_budget', one(1e18, 3e18, 1e19, 3e19), 'compute'],
    ['depth', one(8, 10, 12, 14), '-'],
    ['model_dim', one(512, 640, 768, 896), '-'],
    ['params_wte', times(N, 0.2, 0), '-'],
    ['params_value_embeds', times(N, 0.21, 0), '-'],
    ['params_lm_head', times(N, 0.2, 0), '-'],
    ['params_transformer', times(N, 0.5, 0), '- params-non-embedding'],
    ['params_scalars', one(16, 20, 24, 28), '-'],
    ['params_total', N, 'params'],
    ['num_iterations', times(D, 1 / 524288, 0), 'step -'],
    ['tokens_trained', D, 'tokens'],
    ['val_bpb', BPB, 'loss score'],
    ['core_score', ACC, 'score'],
    ['train_time_sec', times(D, 1e-5, 1), '-'],
  ],
  'sweep, scaling parameters': [
    ['flops_budget', one(1e18, 3e18, 1e19, 3e19), 'compute'],
    ['depth', one(8, 10, 12, 14), '-'],
    ['num_params', N, 'params'],
    ['num_scaling_params', times(N, 0.7, 0), '- params params-non-embedding'],
    ['tokens_trained', D, 'tokens'],
    ['param_data_ratio', one(10.2, 20.1, 8.7), '-'],
    ['val_loss', LOSS, 'loss'],
    ['train_time_sec', times(D, 1e-5, 1), '-'],
  ],
  'sizes and speed': [
    ['model_name', SIZED, 'model'],
    ['num_params', N, 'params'],
    ['perplexity', (n) => Math.exp(Number(LOSS(n, 0))).toFixed(4), 'score loss'],
    ['tokens_per_second', one(23.7, 21.6, 17.5, 13.3), '-'],
    ['peak_memory_mb', one(701.7, 1181.8, 1739.3, 2559.1), '-'],
    ['wall_clock_seconds', one(85.8, 74.6, 123.6, 174.4), '-'],
  ],
  'mixtures of experts': [
    ['num_params', N, 'params'],
    ['activated_params', times(N, 0.3, 0), 'params-active'],
    ['num_tokens', D, 'tokens'],
    ['flops', C, 'compute'],
    ['val_loss', LOSS, 'loss'],
  ],
  'results of a class project': [
    ['run_name', (n, row) => `model_${Math.round(n / 1e6)}m_tok_${Number(D(n, row))}`, 'model'],
    ['n_params', N, 'params'],
    ['n_tokens', D, 'tokens'],
    ['flops', C, 'compute'],
    ['val_loss', LOSS, 'loss'],
    ['device', is('cuda'), '-'],
    ['context_length', is(128), '-'],
    ['batch_size', is(16), '-'],
    ['max_steps', times(D, 1e-3, 0), '- step'],
    ['seed', is(42), 'seed'],
  ],
  'summary of training curves': [
    ['run_name', (n) => `model_${Math.round(n / 1e6)}m`, 'model'],
    ['first_train_loss', is(9.002), '- loss'],
    ['last_train_loss', LOSS, 'loss'],
    ['n_steps', times(D, 1e-3, 0), 'step -'],
  ],
  'evaluated checkpoints': [
    ['checkpoint_path', (_n, row) => `checkpoints/trained/checkpoint_step_${5 * row + 5}.pt`, 'model'],
    ['step', (_n, row) => 5 * row + 5, 'step'],
    ['epoch', (_n, row) => row + 1, '- step'],
    ['model_params', is(110144), 'params'],
    ['d_model', is(64), '-'],
    ['n_layers', is(2), '-'],
    ['n_heads', is(4), '-'],
    ['val_loss', (_n, row) => (3.3 - 0.03 * row).toFixed(5), 'loss'],
    ['val_perplexity', (_n, row) => Math.exp(3.3 - 0.03 * row).toFixed(5), 'score loss'],
    ['val_accuracy', (_n, row) => (0.1 + 0.01 * row).toFixed(2), 'score'],
    ['test_loss', (_n, row) => (3.4 - 0.03 * row).toFixed(5), 'loss'],
    ['test_perplexity', (_n, row) => Math.exp(3.4 - 0.03 * row).toFixed(5), 'score loss'],
    ['test_accuracy', (_n, row) => (0.1 + 0.01 * row).toFixed(2), 'score'],
  ],
  'leaderboard processed by pandas': [
    ['', (_n, row) => row, '-'],
    ['model', SIZED, 'model'],
    ['base_model', SIZED, '- model'],
    ['family', one('lm', 'lm-2'), 'family'],
    ...['arc', 'hellaswag', 'mmlu', 'truthfulqa', 'winogrande', 'gsm8k', 'ifeval', 'bbh', 'math', 'mmlu-pro'].map(
      (task): WildColumn => [task, ACC, 'score', 'fraction'],
    ),
  ],
  'parameters in millions': [
    ['config', one('dense', 'moe-8', 'moe-16'), 'model -'],
    ['total_params_M', times(N, 1e-6), 'params', 1e6],
    ['active_params_M', times(N, 3e-7), 'params-active', 1e6],
    ['val_loss', LOSS, 'loss'],
  ],
  'two axes in one table': [
    ['axis', one('params', 'tokens'), '-'],
    ['label', NAME, 'model -'],
    ['n_layer', one(2, 4, 6), '-'],
    ['n_embd', one(64, 128, 256), '-'],
    ['params', N, 'params'],
    ['params_non_embedding', times(N, 0.8, 0), 'params-non-embedding'],
    ['steps', times(D, 1e-4, 0), 'step'],
    ['tokens', D, 'tokens'],
    ['compute_flops', C, 'compute'],
    ['loss', LOSS, 'loss'],
  ],
  'comparison of models': [
    ['model', SIZED, 'model'],
    ['params', N, 'params'],
    ['tokens', D, 'tokens'],
    ...['mmlu', 'arc_c', 'hellaswag', 'winogrande', 'piqa', 'gsm8k', 'humaneval'].map(
      (task): WildColumn => [task, PERCENT, 'score', '%'],
    ),
  ],
  'CLIP towers': [
    ['model', (_n, row) => `ViT-${'SMBLH'[row % 5] ?? ''}-${[32, 16, 14][row % 3] ?? ''}`, 'model'],
    ['image_size', is(224), '-'],
    ['mparams', times(N, 1e-6, 2), 'params', 1e6],
    ['image_mparams', times(N, 5e-7, 2), '-'],
    ['text_mparams', times(N, 5e-7, 2), '-'],
    ['gflops', one(3.45, 9.74, 39.51, 168.6), '- compute-per-token'],
    ['imagenet1k_acc1', ACC, 'score'],
  ],
  'W&B table with one metric': [
    ['Name', (n) => `lm-3072x12_lr5e-02_${Math.round(n / 1e6)}m`, 'model'],
    ['_wandb', is(''), '-'],
    ['scaling/global_loss', LOSS, 'loss'],
  ],
  'per budget and step': [
    ['flops_budget', one(1e18, 3e18), 'compute'],
    ['depth', one(8, 10, 12), '-'],
    ['model_tag', one('d8', 'd10', 'd12'), 'model'],
    ['step', (_n, row) => 1000 * (row + 1), 'step'],
    ['val_bpb', BPB, 'loss score'],
    ['core_metric', ACC, 'score'],
    ['train_bpb', BPB, 'loss score'],
    ['eval_time_sec', one(12.5, 13.1), '-'],
  ],
  'table of a paper': [
    ['Model', one('Mamba', 'Pythia', 'RWKV'), 'model'],
    ['#Params', SHORT, 'params'],
    ['Train Tokens', is('300B'), 'tokens'],
    ['Pile ppl ↓', (n) => Math.exp(Number(LOSS(n, 0))).toFixed(2), 'score loss'],
    ['LAMBADA acc ↑', PERCENT, 'score', '%'],
    ['HellaSwag ↑', PERCENT, 'score', '%'],
    ['Arc-E', PERCENT, 'score', '%'],
    ['Average ↑', PERCENT, 'score', '%'],
  ],
  'accuracy with an interval': [
    ['size', SHORT, 'params'],
    ['seed', one(1, 2, 3), 'seed'],
    ['task', one('boolq', 'copa'), 'task'],
    ['n_shots', is(5), 'shots'],
    ['accuracy', ACC, 'score'],
    ['ci_lower', times(ACC, 0.9, 4), 'interval-low'],
    ['ci_upper', times(ACC, 1.1, 4), 'interval-high'],
    ['n_examples', is(500), 'n'],
  ],
  'means with their errors': [
    ['params_b', times(N, 1e-9), 'params', 1e9],
    ['dataset', one('triviaqa', 'nq'), 'task'],
    ['prompt_style', one('cot', 'direct'), '-'],
    ['acc_mean', ACC, 'score'],
    ['acc_sem', is(0.013), 'stderr'],
    ['num_questions', is(1200), 'n'],
  ],
  'history of one run': [
    ['step', (_n, row) => 100 * (row + 1), 'step'],
    ['tokens_seen', (_n, row) => 52428800 * (row + 1), 'tokens'],
    ['train/loss', (_n, row) => (4 - 0.1 * row).toFixed(4), 'loss'],
    ['val/loss', (_n, row) => (4.1 - 0.1 * row).toFixed(4), 'loss'],
    ['lr', one(3e-4, 2.9e-4), '-'],
    ['grad_norm', one(0.31, 0.4), '-'],
    ['tokens_per_sec', one(51000, 52000), '-'],
  ],
  'spreadsheet with words': [
    ['timestamp', one('2024-05-01 12:00', '2024-05-02 09:30'), '-'],
    ['experiment_name', NAME, 'model family -'],
    ['N (non-embedding)', N, 'params-non-embedding'],
    ['D (tokens)', D, 'tokens'],
    ['FLOPs', C, 'compute'],
    ['final val loss', LOSS, 'loss'],
    ['lr', one(3e-4, 6e-4), '-'],
    ['wd', is(0.1), '-'],
    ['bs', one(256, 512), '-'],
  ],
  'long benchmark table': [
    ['benchmark', one('mmlu', 'gsm8k'), 'task'],
    ['model', SIZED, 'model'],
    ['size_b', times(N, 1e-9), 'params', 1e9],
    ['score', PERCENT, 'score', '%'],
    ['std_err', is(1.1), 'stderr'],
    ['num_fewshot', one(5, 8), 'shots'],
    ['date', one('2024-05-01', '2024-06-01'), '-'],
  ],
  'petaflop/s-days': [
    ['width', one(128, 256, 512), '-'],
    ['n_params_non_emb', N, 'params-non-embedding'],
    ['petaflop_days', (n) => ((6 * n * n * 20) / 8.64e19).toExponential(4), 'compute', 8.64e19],
    ['test_loss', LOSS, 'loss'],
  ],
  'data-constrained runs': [
    ['model_size', SHORT, 'params'],
    ['unique_tokens', is('100M'), '- tokens'],
    ['train_tokens', D, 'tokens'],
    ['epochs', one(1, 2, 4, 8), '-'],
    ['validation_loss', LOSS, 'loss'],
  ],
  // The second batch was written after the rules had been mended by the first.
  'parameter-golf log': [
    ['commit', one('a1b2c3d', 'd4e5f6a'), '-'],
    ['val_bpb', BPB, 'loss score'],
    ['memory_gb', one(44.1, 44.3), '-'],
    ['status', one('keep', 'discard'), 'status'],
    ['description', one('baseline', 'wider'), '-'],
  ],
  'state-space models': [
    ['arch', one('mamba', 'transformer'), 'family - model'],
    ['d_model', one(512, 768), '-'],
    ['Params (M)', times(N, 1e-6), 'params', 1e6],
    ['Tokens (B)', times(D, 1e-9), 'tokens', 1e9],
    ['Val. loss', LOSS, 'loss'],
    ['HellaSwag (acc_norm)', PERCENT, 'score'],
    ['LAMBADA (ppl)', (n) => Math.exp(Number(LOSS(n, 0))).toFixed(2), 'score loss'],
    ['GPU hours', one(12, 40), '-'],
  ],
  distillation: [
    ['teacher', one('lm-7B', 'lm-1B'), '-'],
    ['student_params', N, 'params'],
    ['distill_tokens', D, 'tokens'],
    ['temperature', one(1, 2), '-'],
    ['student_cross_entropy', LOSS, 'loss'],
    ['mmlu_acc', ACC, 'score'],
    ['mmlu_stderr', is(0.004), 'stderr'],
  ],
  'precision study': [
    ['N', N, 'params'],
    ['D', D, 'tokens'],
    ['w_bits', one(4, 8, 16), '-'],
    ['a_bits', one(8, 16), '-'],
    ['loss', LOSS, 'loss'],
    ['loss_ptq', LOSS, 'loss'],
  ],
  'learning rate sweep': [
    ['non_embedding_params', N, 'params-non-embedding'],
    ['training_tokens', D, 'tokens'],
    ['peak_lr', one(1e-3, 3e-4), '-'],
    ['global_batch_tokens', one(524288, 1048576), '-'],
    ['smooth_train_loss', LOSS, 'loss'],
    ['final_eval_loss', LOSS, 'loss'],
    ['diverged', one('False', 'True'), '- exclude-flag'],
  ],
  'harness table by hand': [
    ['Model', SIZED, 'model'],
    ['Size', SHORT, 'params'],
    ['Tokens', one('300B', '1T'), 'tokens'],
    ['FLOPs', C, 'compute'],
    ['arc_challenge_acc_norm', ACC, 'score'],
    ['arc_challenge_acc_norm_stderr', is(0.014), 'stderr'],
    ['lambada_openai_perplexity', one(10.1, 8.3, 7.2), 'score loss'],
    ['avg', ACC, 'score'],
  ],
  'vision and language': [
    ['vlm', SIZED, 'model'],
    ['llm_params', N, 'params'],
    ['image_tokens', one(16, 64, 256), '-'],
    ['mmmu', PERCENT, 'score'],
    ['textvqa', PERCENT, 'score'],
  ],
  'reinforcement learning': [
    ['base_model', SIZED, 'model'],
    ['n_params', N, 'params'],
    ['rl_steps', (_n, row) => 100 * (row + 1), 'step'],
    ['train_reward', ACC, 'score -'],
    ['pass@1', ACC, 'score'],
    ['pass@8', ACC, 'score'],
    ['response_length', one(512, 1024), '-'],
    ['kl', one(0.01, 0.02), '-'],
  ],
  multilingual: [
    ['lang', one('de', 'fr', 'ja'), '-'],
    ['params_non_emb', N, 'params-non-embedding'],
    ['n_train_tokens', D, 'tokens'],
    ['heldout_nll', LOSS, 'loss'],
    ['bits_per_char', BPB, 'loss score'],
  ],
  // A third batch, after the second.
  'optimizer comparison': [
    ['optimizer', one('adamw', 'muon'), '-'],
    ['model_scale', SHORT, 'params'],
    ['chinchilla_ratio', one(1, 2, 4), '-'],
    ['muon_lr', one(0.02, 0.01), '-'],
    ['c4_loss', LOSS, 'loss'],
    ['hellaswag_acc_norm', ACC, 'score'],
    ['wall_time_h', one(3.1, 5.2), '-'],
  ],
  'protein models': [
    ['Model', one('esm-8M', 'esm-35M', 'esm-150M', 'esm-650M', 'esm-3B'), 'model'],
    ['# parameters', N, 'params'],
    ['# residues seen', D, '- tokens'],
    ['training FLOPs', C, 'compute'],
    ['validation perplexity', (n) => Math.exp(Number(LOSS(n, 0))).toFixed(3), 'score loss'],
    ['contact P@L', ACC, 'score'],
  ],
  'downstream by checkpoint': [
    ['model', SIZED, 'model'],
    ['revision', (_n, row) => `step${1000 * (row + 1)}`, '-'],
    ['tokens (B)', (_n, row) => (2.1 * (row + 1)).toFixed(1), 'tokens', 1e9],
    ['task_name', one('arc_easy', 'piqa'), 'task'],
    ['metric', is('acc'), 'metric'],
    ['value', ACC, 'score'],
    ['stderr', is(0.01), 'stderr'],
    ['n_shot', is(0), 'shots'],
    ['n_samples', is(2376), 'n'],
  ],
  'sparse models': [
    ['exp_id', NAME, 'model -'],
    ['sparsity', one(0.5, 0.75, 0.875), '-'],
    ['num_nonzero_params', N, 'params params-active -'],
    ['num_dense_params', times(N, 4, 0), '- params'],
    ['train_tokens', D, 'tokens'],
    ['final_train_loss', LOSS, 'loss'],
    ['final_val_loss', LOSS, 'loss'],
  ],
  'compute in several units': [
    ['name', SIZED, 'model'],
    ['params_millions', times(N, 1e-6), 'params', 1e6],
    ['tokens_billions', times(D, 1e-9), 'tokens', 1e9],
    ['train_exaflops', (n) => ((6 * n * n * 20) / 1e18).toFixed(4), 'compute', 1e18],
    ['loss_val', LOSS, 'loss'],
    ['gpu', is('A100'), '-'],
  ],
  'human baseline beside models': [
    ['model_family', one('gpt', 'human'), 'family'],
    ['model_name', SIZED, 'model'],
    ['n_parameters', N, 'params'],
    ['task', one('navigate', 'snarks'), 'task'],
    ['exact_str_match', ACC, 'score'],
    ['normalized_aggregate_score', PERCENT, 'score'],
    ['random_baseline', is(0.5), 'chance'],
    ['num_examples', is(250), 'n'],
  ],
  'speech recognition': [
    ['encoder', one('small', 'medium'), '-'],
    ['Params', SHORT, 'params'],
    ['Hours', one(1000, 10000), '-'],
    ['WER (clean)', one(5.1, 4.2, 3.3, 2.7), 'score'],
    ['WER (other)', one(11.2, 9.1, 7.4, 5.9), 'score'],
  ],
  'evaluation log': [
    ['eval_time', one('2024-05-01', '2024-05-02'), '-'],
    ['ckpt_step', (_n, row) => 500 * (row + 1), 'step'],
    ['n_tokens_trained', (_n, row) => 1e9 * (row + 1), 'tokens'],
    ['eval/mmlu_5shot_acc', ACC, 'score'],
    ['eval/mmlu_5shot_acc_stderr', is(0.004), 'stderr'],
    ['eval/pile_bpb', BPB, 'loss score'],
    ['system/gpu_util', one(93, 95), '-'],
  ],
};
