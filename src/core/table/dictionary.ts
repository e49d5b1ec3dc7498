/**
 * The names under which published tables keep each role, best name first, and the names that look right and are wrong.
 * Sources per name: ObsScaling, open_lm, OLMo ladder, W&B, lm-eval, lighteval, HELM, MTEB, Inspect, BIG-bench, marin,
 * Open-Athena, misfitting, Epoch.
 */
import type { Role } from '../report-model.ts';

/** Role → normalised names, in order of preference. */
export const NAMES: Readonly<Partial<Record<Role, readonly string[]>>> = {
  model: ['model', 'model_name', 'models', 'name', 'fullname', 'full_name', 'eval_name', 'run_name', 'run', 'run_id', 'base_model', 'mapped_base_model', 'checkpoint', 'model_id', 'model_path', 'curve_id'],
  family: ['model_family', 'family', 'families', 'series', 'architecture', 'company', 'organization', 'org', 'sweep'],
  params: ['params', 'parameters', 'parameter_count', 'num_parameters', 'n_parameters', 'num_params', 'n_params', 'param_count', 'params_count', 'total_params', 'total_parameters', 'n_total', 'model_num_parameters', 'model_size', 'model_params', 'model_parameters', 'size', 'n_param', 'number_of_parameters'],
  'params-non-embedding': ['n_no_emb', 'n_no_embed', 'params_no_embed', 'params_no_emb', 'non_embedding_params', 'non_embedding_parameters', 'flop_matched_non_embedding_params', 'total_non_emb_params', 'params_non_embedding', 'n_non_embedding', 'model_size_non_embedding'],
  'params-active': ['active_params', 'active_parameters', 'act_param', 'act_params', 'n_active_parameters', 'n_active_parameters_override', 'params_active', 'activated_params'],
  tokens: ['tokens', 'train_tokens', 'training_tokens', 'total_tokens', 'n_tokens', 'num_tokens', 'num_train_tokens', 'pretraining_tokens', 'pretraining_data_size', 'pretrain_tokens', 'tokens_seen', 'train_tokens_seen', 'total_train_tokens', 'num_input_tokens_seen', 'tokens_trained', 'dataset_tokens', 'data_size', 'training_data_size', 'goal_train_tokens', 'dataset_size_tokens', 'training_dataset_size'],
  compute: ['flops', 'flop', 'compute', 'budget', 'training_flop', 'training_flops', 'train_flops', 'train_flop', 'total_flops', 'total_training_flops', 'total_train_flops', 'total_flos', 'training_compute', 'train_compute', 'compute_flops', 'compute_flop', 'pretraining_flops', 'pretraining_compute', 'compute_budget', 'flop_budget', 'c_6nd', 'approx_c', 'scaled_compute', 'scaled_compute_flop', 'scaled_compute_flops'],
  'compute-per-token': ['flops_per_token', 'flop_per_token', 'num_flop_per_token'],
  task: ['task', 'tasks', 'task_name', 'eval_task', 'ability', 'benchmark', 'benchmark_name', 'subtask', 'dataset', 'dataset_name', 'eval', 'evaluation', 'eval_name', 'test', 'experiment', 'eval_dataset'],
  metric: ['metric', 'metrics', 'metric_name', 'metric_type', 'measure'],
  score: ['score', 'value', 'actual', 'main_score', 'score_headline_value', 'result', 'mean', 'performance', 'mean_score', 'metric_value'],
  stderr: ['stderr', 'std_err', 'standard_error', 'se', 'sem', 'sem_sample', 'score_stderr', 'value_stderr', 'score_headline_stderr', 'sem_pop', 'acc_stderr', 'score_se', 'std_error', 'error_bar'],
  'interval-low': ['ci_low', 'ci_lower', 'lower', 'low', 'lower_95', 'ci95_low', 'lower_ci', 'conf_low'],
  'interval-high': ['ci_high', 'ci_upper', 'upper', 'high', 'upper_95', 'ci95_high', 'upper_ci', 'conf_high'],
  n: ['n_valid', 'effective_num_docs', 'n_samples_effective', 'n_samples', 'num_samples', 'sample_len', 'samples', 'n_datapoints', 'num_instances', 'completed_samples', 'n_questions', 'num_questions', 'n_examples', 'num_examples', 'n_items', 'n_q', 'n_eval', 'count', 'n_rows', 'n_dataset', 'n', 'num_docs', 'n_docs', 'total_samples'],
  'n-correct': ['n_correct', 'num_correct', 'n_passes', 'correct_count', 'passes'],
  chance: ['chance', 'random_baseline', 'chance_level', 'random_chance', 'chance_accuracy', 'low_score', 'random_guess', 'baseline_random'],
  seed: ['seed', 'torch_seed', 'random_seed', 'train_seed', 'data_seed', 'init_seed', 'replicate', 'rep', 'trial'],
  step: ['step', 'train_step', 'global_step', 'current_steps', 'steps', 'training_step', 'training_steps', 'total_steps', 'iteration', 'iter', 'train_steps', 'seen_examples', 'examples_seen', 'samples_seen'],
  shots: ['n_shot', 'n_shots', 'num_fewshot', 'num_shots', 'number_of_shots', 'shots', 'shot', 'fewshot', 'few_shot', 'num_few_shot', 'k_shot'],
  filter: ['filter', 'extraction', 'filter_name'],
  split: ['split', 'eval_split', 'data_split'],
  status: ['state', 'status', 'run_state'],
  'exclude-flag': ['excluded', 'exclude', 'outlier', 'is_outlier', 'flagged', 'act_check'],
};

/** Exact capitals of the scaling-law literature. */
export const CAPITALS: Readonly<Record<string, Role>> = { N: 'params', D: 'tokens', C: 'compute', L: 'loss' };

/** Standard deviations, not standard errors: of instances (HELM) or of evaluations (OLMo ladder). */
export const SD_NAMES: ReadonlySet<string> = new Set(['sd', 'std', 'stddev', 'std_dev', 'loss_sd', 'standard_deviation', 'score_std', 'score_sd']);

/** Columns whose values tell prompts, versions or conditions apart: rows that differ there are never pooled. */
export const FACET_NAMES: ReadonlySet<string> = new Set([
  'mode', 'version', 'prompt_version', 'hf_subset', 'subset', 'condition', 'metric_variant', 'variant', 'prompting', 'prompt', 'prompt_format', 'template', 'format',
  'brier_mode', 'conditional', 'language', 'lang', 'perturbation', 'sub_split', 'dataset', 'benchmark', 'experiment', 'subtask', 'group', 'mix', 'data_mix', 'data', 'corpus',
  'normalization', 'aggregation', 'method', 'decoding', 'cot', 'chat_template', 'domain', 'category', 'subdomain', 'question_group', 'difficulty', 'bin',
]);

/** Columns that tell runs of one model apart; not a difference in the measurement. */
export const RUN_NAMES: ReadonlySet<string> = new Set([
  'chinchilla_multiple', 'chinchilla', 'chinchilla_multiplier', 'multiple', 'multiplier', 'ingredient', 'run', 'run_id', 'run_name', 'curve_id', 'config', 'revision',
]);

/** Names that look right and are wrong, and columns that hold settings. Matched on the normalised header. */
export const DENY: readonly (readonly [RegExp, string])[] = [
  [/memory|(?:^|_)(?:mb|gb|gib|bytes)(?:_|$)/, 'memory, not a size in parameters'],
  [/max_(?:new_)?(?:tokens|length|len)|max_completion|seq(?:uence)?_?len|context|max_position/, 'a length limit, not training data'],
  [/(?:^|_)per(?:_|$)|(?:^|_)sec(?:_|$)|(?:^|_)second|(?:^|_)update|wps|tok_s|throughput_(?!total)|(?:^|_)util|tflop_s_|tflops_gpu|(?:^|_)rate(?:_|$)(?<!error_rate)/, 'a rate, not a total'],
  [/batch|(?:^|_)bsz?(?:_|$)|local_bsz|learning_rate|(?:^|_)lr(?:_|$)|warmup|weight_decay|(?:^|_)wd(?:_|$)|dropout|momentum|(?:^|_)beta\d?(?:_|$)|epsilon|grad_clip|optim|trainer|scheduler|(?:^|_)decay/, 'a training setting'],
  [/hidden|(?:^|_)layers?(?:_|$)|(?:^|_)heads?(?:_|$)|(?:^|_)dim(?:_|$)|d_model|ffn|(?:^|_)vocab|embedding_size|(?:^|_)width|(?:^|_)depth|experts|(?:^|_)moe(?:_|$)|head_size|norm_params|emb_params|new_n_params|rope|(?:^|_)arch$/, 'an architecture setting'],
  [/gpus?(?:_|$)|(?:^|_)nodes?(?:_|$)|runtime|duration|created|updated|(?:^|_)date|(?:^|_)time(?:_|$)|timestamp|(?:^|_)days?(?:_|$)|hours|elapsed|(?:^|_)epochs?$|portion/, 'when and how long, not what'],
  [/(?:^|_)user(?:_|$)|(?:^|_)url|(?:^|_)path$|(?:^|_)notes?$|(?:^|_)tags?$|comment|description|reason|(?:^|_)source(?:_|$)|provenance|platform|(?:^|_)sha$|hash|git_|licen[cs]e|(?:^|_)link$|directory|revision|author|hub_|precision|weight_type|(?:^|_)why$/, 'a remark'],
  [/^unnamed|^index$|^idx$|^id$|^row$|^row_id$|^[xy]$|colou?r|pixel|^doc_id$|^rank$|^column_\d+$/, 'an index, a position or a colour'],
  [/(?:^|_)pred(?:icted|iction)?(?:_|$)|resid|rel_err|abs_err|_err_pct$|pct_err|fitted|forecast/, 'a result of a fit'],
  [/^log10_|^log2_|^log_(?:n|d|c|params|flops?|tokens|compute)$|^ln_/, 'the logarithm of another column'],
  [/threshold|ratio|_over_|^m$|tokens_per_param|multipl|chinchilla|implied_|^lambda$|higher_is_better|lower_is_better|class_mass|total_logprob|option_mass|(?:^|_)san$|is_preferred|centered/, 'derived from or about other columns'],
  [/attn|proj|logits?_flops|body_flops|flops_(?:proj|ffn|logit|attn)|n_chars|n_words/, 'one part of the cost'],
];

/** Headers of tables that report on fits. */
export const DIAGNOSTIC =
  /^(?:r2|r_2|r_squared|mre|mae|rmse|mse|rss|aicc?|bic|daicc|slope|slope_p|quad_p|intercept|p_value|spearman)$|(?:^|_)(?:abs_error|rel_error)|_err_pct$|_err$|(?:^|_)pred(?:icted)?(?:_|$)|n_iter|maxiter|n_fail|^failures$|abnormal|bound_hit|residual|dip_z|bump_z|^gmean$|^pow_(?:size|tokens)$|^bias_(?:size|tokens)$/;

/** Tasks and columns that average over others. */
export const AGGREGATE = /^(?:all|average|avg|mean|overall|macro_avg|micro_avg|naive_average|weighted_average|harmonic_mean|standard_deviation|sum|total|acc_avg|average_score|mean_score|avg_\d+|core|n_avg)$/;
