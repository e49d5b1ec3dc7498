// Small files of formats that publish no sample of their own size, written after the formats' sources.

export const RUNS_YAML = `# runs of a small ladder
runs:
  - model: tiny-70m
    params: 70M
    tokens: 739_328_000
    compute: 5 ZFLOP
    loss: 3.2
    results:
      mmlu: {acc: 0.25, acc_stderr: 0.01, n: 14042}
      hellaswag: {acc_norm: 0.30}
  - model: tiny-1.4b
    params: 1.4e9
    tokens: 1.4T
    compute: 3e22
    loss: 2.2
    results:
      mmlu: {acc: 0.35, acc_stderr: 0.01, n: 14042}
      hellaswag: {acc_norm: 0.45}
`;

export const LM_EVAL = JSON.stringify(
  {
    results: {
      arc_easy: {
        alias: 'arc_easy',
        'acc,none': 0.51,
        'acc_stderr,none': 0.0354,
        'acc_norm,none': 0.545,
        'acc_norm_stderr,none': 'N/A',
      },
      mmlu: { alias: 'mmlu', 'acc,none': 0.3, 'acc_stderr,none': 0.004 },
      mmlu_law: { alias: ' - law', 'acc,none': 0.31, 'acc_stderr,none': 0.01 },
      gsm8k: {
        alias: 'gsm8k',
        'exact_match,strict-match': 0.02,
        'exact_match_stderr,strict-match': 0.001,
        'exact_match,flexible-extract': 0.03,
        'exact_match_stderr,flexible-extract': 0.001,
      },
      odd: { alias: 'odd', 'bypass,none': 999, 'bypass_stderr,none': 'N/A' },
    },
    groups: { mmlu: { alias: 'mmlu', 'acc,none': 0.3 } },
    group_subtasks: { mmlu: ['mmlu_law'] },
    configs: {},
    versions: { arc_easy: 1 },
    'n-shot': { arc_easy: 5 },
    higher_is_better: { arc_easy: { acc: true, acc_norm: true } },
    'n-samples': { arc_easy: { original: 2376, effective: 200 } },
    config: {
      model: 'hf',
      model_args: 'pretrained=EleutherAI/pythia-160m,revision=step143000',
      model_num_parameters: 162322944,
      limit: 200,
    },
    model_name: 'EleutherAI/pythia-160m',
  },
  null,
  2,
);

export const SAMPLES = [0, 1, 2]
  .map((id) =>
    JSON.stringify({
      doc_id: id,
      doc: { question: 'q' },
      target: '1',
      arguments: {},
      resps: [['-1.5', 'False']],
      filtered_resps: ['-1.5'],
      filter: 'none',
      metrics: ['acc'],
      doc_hash: 'x',
      acc: id % 2,
      brier_score: 0.25 * id,
    }),
  )
  .join('\n');

export const OLMES = [
  {
    task_name: 'arc_easy',
    model_config: { model: '../ckpt/OLMo2-1B-x/step23852-unsharded' },
    task_config: { task_name: 'arc_easy', split: 'test', num_shots: 5, limit: 1000, primary_metric: 'acc_raw' },
    num_instances: 1000,
    metrics: { acc_raw: 0.5, bits_per_byte_corr: 0.9, primary_score: 0.5 },
  },
  {
    task_name: 'mmlu::suite',
    model_config: { model: '../ckpt/OLMo2-1B-x/step23852-unsharded' },
    task_config: { task_name: 'mmlu::suite', num_shots: 5, primary_metric: 'macro' },
    metrics: { macro: 0.3 },
  },
]
  .map((record) => JSON.stringify(record))
  .join('\n');

export const BIG_BENCH = JSON.stringify({
  scores: [
    {
      score_dict: { multiple_choice_grade: 0.4, calibration_multiple_choice_brier_score: 0.8 },
      preferred_score: 'multiple_choice_grade',
      number_of_shots: 2,
      subtask_description: 'navigate',
      low_score: 0.25,
      high_score: 1,
    },
    {
      score_dict: { normalized_aggregate_score: 12 },
      preferred_score: 'normalized_aggregate_score',
      number_of_shots: 2,
      subtask_description: 'all',
      low_score: 0,
      high_score: 100,
    },
  ],
  task: 'navigate',
  model: {
    model_family: 'BIG-G T=0',
    model_name: '128b',
    non_embedding_params: 127389892608,
    flop_matched_non_embedding_params: 127389892608,
    total_params: 128101720064,
  },
});

export const TRAINER_STATE = JSON.stringify({
  global_step: 20,
  num_input_tokens_seen: 0,
  total_flos: 356267261952000,
  log_history: [
    { epoch: 0.1, loss: 3.1, learning_rate: 1e-4, step: 10 },
    { epoch: 0.1, eval_loss: 3.0, eval_accuracy: 0.2, eval_runtime: 1.5, step: 10 },
    { epoch: 0.2, loss: 2.9, learning_rate: 9e-5, step: 20 },
    { epoch: 0.2, eval_loss: 2.8, eval_accuracy: 0.25, eval_runtime: 1.5, step: 20 },
    { epoch: 0.2, step: 20, total_flos: 356267261952000, train_loss: 3.0, train_runtime: 10 },
  ],
});

export const HELM_MODELS = `models:
  - name: eleutherai/pythia-6.9b
    display_name: Pythia (6.9B)
    creator_organization_name: EleutherAI
    num_parameters: 6444163072
    release_date: 2023-02-13
  - name: openai/gpt-4o
    display_name: GPT-4o
    creator_organization_name: OpenAI
    release_date: 2024-05-13
`;

export const MODEL_META = JSON.stringify({
  name: 'Qwen/Qwen3-Embedding-0.6B',
  n_parameters: 595776512,
  n_embedding_parameters: 155309056,
  max_tokens: 32768,
  memory_usage_mb: 1136,
  embed_dim: 1024,
});
