// Headers as they stand in public repositories of scaling studies that nobody tuned the rules to. The numbers are made up
// here; of every column it is judged what a researcher would call it. `-` is no role (or `ignore`).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../../../src/core/table/csv.ts';
import { understandTable } from '../../../src/core/table/understand.ts';

const SIZES = [14e6, 70e6, 160e6, 410e6, 1.01e9, 2.77e9, 6.86e9, 11.8e9];

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
type Column = readonly [header: string, cell: Cell, roles: string, unit?: number | string];

const LAYOUTS: Readonly<Record<string, readonly Column[]>> = {
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
      (task): Column => [task, ACC, 'score', 'fraction'],
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
      (task): Column => [task, PERCENT, 'score', '%'],
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
};

function csvOf(columns: readonly Column[]): string {
  const rows = [columns.map(([header]) => header).join(',')];
  for (let row = 0; row < 24; row++) {
    const size = (SIZES[row % SIZES.length] as number) * (1 + 0.05 * Math.floor(row / SIZES.length));
    rows.push(columns.map(([, cell]) => cell(size, row)).join(','));
  }
  return rows.join('\n');
}

const wrong: string[] = [];
let columnsJudged = 0;
for (const [name, columns] of Object.entries(LAYOUTS)) {
  const reading = understandTable(parseCsv(csvOf(columns), { file: `${name}.csv` }), null);
  columns.forEach(([header, , roles, unit], index) => {
    columnsJudged++;
    const column = reading.columns[index];
    const role = column?.role == null || column.role === 'ignore' ? '-' : column.role;
    const right = roles.split(' ').includes(role) && (unit === undefined || column?.unit === unit);
    if (!right)
      wrong.push(`${name}: “${header}” is ${role} (${column?.unit ?? ''}; ${column?.how ?? ''}), not ${roles}`);
  });
}

test('columns of tables that the rules have not seen: at least 95 in 100 right', () => {
  const share = 1 - wrong.length / columnsJudged;
  assert.ok(columnsJudged > 150 && share >= 0.95, `${(100 * share).toFixed(1)} %:\n${wrong.join('\n')}`);
});
