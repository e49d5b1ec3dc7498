/**
 * What is known of metrics: which direction is better, the range, whether the metric moves smoothly, and whether a chance
 * level applies to it. Data, with a source per entry.
 */
import type { Better } from '../../report-model.ts';
import type { MetricKind } from '../../study/study.ts';

export interface MetricEntry {
  readonly id: string;
  /** Normalised spellings, longest match wins. */
  readonly names: readonly string[];
  /** null: neither direction is better, or it depends on the use. */
  readonly better: Better | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly kind: MetricKind;
  /** Residuals in ln y: losses and perplexities. */
  readonly isLoss: boolean;
  /** A share of right answers, so the task's chance level applies. */
  readonly accuracy: boolean;
  /** Values may also be written 0–100. */
  readonly percentable: boolean;
  readonly unit: string | null;
  readonly source: string;
}

type Row = Partial<Omit<MetricEntry, 'id' | 'names' | 'source'>>;

const LM_EVAL = 'EleutherAI/lm-evaluation-harness, lm_eval/api/metrics.py';
const LIGHTEVAL = 'huggingface/lighteval, src/lighteval/metrics/metrics.py';
const OLMES = 'allenai/DataDecide, scaling_laws/remote/preprocess.py';
const SKLEARN = 'scikit-learn, metrics of classification and ranking';
const HELM = 'stanford-crfm/helm, schema_classic.yaml';

function entry(id: string, names: readonly string[], source: string, row: Row): MetricEntry {
  return {
    id,
    names: [id, ...names],
    better: null,
    lower: null,
    upper: null,
    kind: 'continuous',
    isLoss: false,
    accuracy: false,
    percentable: false,
    unit: null,
    source,
    ...row,
  };
}

const SHARE: Row = { better: 'higher', lower: 0, upper: 1, percentable: true };
const ACCURACY: Row = { ...SHARE, kind: 'discontinuous', accuracy: true };
const LOSS: Row = { better: 'lower', lower: 0, isLoss: true };

export const METRICS: readonly MetricEntry[] = [
  entry(
    'acc',
    [
      'accuracy',
      'acc_raw',
      'rc_acc',
      'mc_acc',
      'acc_mc',
      'acc_rc',
      'correct',
      'top1',
      'top_1',
      'top5',
      'top_5',
      'easy_acc',
      'hard_acc',
      'all_acc',
      'naive_acc',
    ],
    LM_EVAL,
    ACCURACY,
  ),
  entry(
    'acc_norm',
    ['len_norm', 'acc_per_char', 'acc_per_token', 'acc_per_byte', 'acc_uncond', 'acc_bytes', 'norm_acc'],
    OLMES,
    ACCURACY,
  ),
  entry(
    'exact_match',
    [
      'em',
      'quasi_exact_match',
      'quasi_prefix_exact_match',
      'prefix_exact_match',
      'strict_match',
      'flexible_extract',
      'exact_str_match',
      'exact',
    ],
    LM_EVAL,
    ACCURACY,
  ),
  entry(
    'pass@1',
    [
      'pass_1',
      'pass_at_1',
      'pass@10',
      'pass_10',
      'pass_at_10',
      'pass@100',
      'pass_100',
      'maj@8',
      'maj_8',
      'maj@4',
      'maj@5',
      'avg@1',
      'pass_rate',
    ],
    LIGHTEVAL,
    { ...SHARE, kind: 'discontinuous' },
  ),
  entry('mc1', ['truthfulqa_mc1'], LM_EVAL, ACCURACY),
  entry('mc2', ['truthfulqa_mc2'], LM_EVAL, SHARE),
  entry(
    'soft',
    [
      'prob_correct',
      'probability_of_correct',
      'correct_prob',
      'p_correct',
      'prob',
      'normalized_prob',
      'correct_choice_prob',
    ],
    'allenai/OLMo-ladder',
    SHARE,
  ),
  entry('soft_log', ['log_soft', 'log_prob_correct'], 'allenai/OLMo-ladder', { better: 'higher', upper: 0 }),
  entry('f1', ['f1_score', 'token_f1', 'macro_f1', 'micro_f1', 'squad_f1'], LM_EVAL, SHARE),
  entry(
    'rouge',
    ['rouge1', 'rouge2', 'rougel', 'rouge_1', 'rouge_2', 'rouge_l', 'rougelsum', 'bertscore', 'bert_score'],
    LM_EVAL,
    SHARE,
  ),
  entry('bleu', ['sacrebleu', 'chrf', 'chrf++', 'chrf_pp', 'bleu_max', 'bleu_acc'], LM_EVAL, {
    better: 'higher',
    lower: 0,
    upper: 100,
  }),
  entry('ter', [], `${LM_EVAL} (files written before pull request 3993 carry the wrong flag)`, {
    better: 'lower',
    lower: 0,
  }),
  entry('brier', ['brier_score', 'brier_undist', 'brier_redist'], `${LM_EVAL}: sum over classes, 0–2`, {
    better: 'lower',
    lower: 0,
    upper: 2,
  }),
  entry('tc_brier', ['tc'], 'tony10101105/ExpEmergence: sign flipped, 0 is perfect, −1 worst', {
    better: 'higher',
    lower: -1,
    upper: 0,
  }),
  entry('mcc', ['matthews_correlation', 'matthews_corrcoef', 'cohen_kappa'], LM_EVAL, {
    better: 'higher',
    lower: -1,
    upper: 1,
    kind: 'discontinuous',
  }),
  entry(
    'perplexity',
    ['ppl', 'word_perplexity', 'byte_perplexity', 'token_perplexity', 'eval_ppl', 'val_ppl', 'perplexities'],
    LM_EVAL,
    { better: 'lower', lower: 1, isLoss: true },
  ),
  entry(
    'bits_per_byte',
    ['bpb', 'bits_per_byte_corr', 'bpc', 'bits_per_char', 'bits_per_character', 'bpb_ma5', 'bits_byte', 'bits_char'],
    LM_EVAL,
    { ...LOSS, unit: 'bits/byte' },
  ),
  entry(
    'loss',
    [
      'cross_entropy',
      'crossentropy',
      'crossentropyloss',
      'cross_entropy_loss',
      'ce',
      'ce_loss',
      'nll',
      'val_loss',
      'eval_loss',
      'test_loss',
      'validation_loss',
      'final_loss',
      'lm_loss',
      'macro_loss',
      'micro_loss',
      'xent',
      'log_perplexity',
      'avg_loss',
      'max_loss',
      'valid_loss',
      'negative_log_likelihood',
      'nll_per_token',
      'loss_mean',
      'nelbo',
      'neg_elbo',
      'nats',
      'nats_token',
      'nats_per_token',
      'nll_token',
      'heldout_loss',
      'held_out_loss',
      'dev_loss',
    ],
    'nats/token unless the file says otherwise',
    LOSS,
  ),
  entry(
    'logprob',
    [
      'log_prob',
      'logits_per_char_corr',
      'logits_per_byte_corr',
      'logits_per_char',
      'logits_per_byte',
      'logprobs',
      'log_likelihood',
      'loglikelihood',
      'likelihood',
      'target_logprob',
      'normalized_logprob',
    ],
    OLMES,
    { better: 'higher', upper: 0 },
  ),
  entry(
    'logodds_difference',
    [],
    'naimenz/inverse-scaling-eval-pipeline: above 0 the bias of the prompt moved the answer',
    { better: 'lower' },
  ),
  entry('logodds', ['log_odds'], 'naimenz/inverse-scaling-eval-pipeline: log-odds of the right answer', {
    better: 'higher',
  }),
  entry('estimate', [], 'naimenz/inverse-scaling-eval-pipeline: a number the model named', {}),
  entry('likelihood_diff', ['pct_stereotype'], `${LM_EVAL}: bias metrics, no direction is better`, {}),
  entry(
    'edit_similarity',
    ['longest_common_prefix', 'longest_common_prefix_length'],
    `${HELM} (lower) against ${LIGHTEVAL} (higher): depends on the use`,
    {},
  ),
  entry('wer', ['edit_distance', 'word_error_rate', 'cer'], LIGHTEVAL, { better: 'lower', lower: 0 }),
  entry(
    'error',
    ['err', 'error_rate', 'err_rate', 'top1_error', 'errors'],
    'one minus a share of right answers (mlfoundations/scaling)',
    { better: 'lower', lower: 0, upper: 1, kind: 'discontinuous', percentable: true },
  ),
  entry('bits_per_token', ['bits_token', 'bpt'], 'a loss in bits', { ...LOSS, unit: 'bits/token' }),
  entry('recall', ['sensitivity', 'tpr', 'hit_rate', 'hits', 'coverage'], SKLEARN, SHARE),
  entry('precision', ['ppv', 'average_precision', 'mean_average_precision', 'map'], SKLEARN, SHARE),
  entry('ndcg', ['mrr', 'mean_reciprocal_rank'], 'embeddings-benchmark/mteb, retrieval', SHARE),
  entry('auc', ['auroc', 'roc_auc', 'aupr', 'auprc', 'pr_auc'], SKLEARN, SHARE),
  entry('iou', ['miou', 'mean_iou', 'dice', 'jaccard'], SKLEARN, SHARE),
  entry('ece', ['calibration_error', 'expected_calibration_error'], HELM, { better: 'lower', lower: 0, upper: 1 }),
  entry(
    'success_rate',
    [
      ...['success', 'solve_rate', 'solved', 'resolve_rate', 'resolved', 'resolved_rate', 'completion_rate'],
      ...['task_success', 'goal_completion', 'detection_rate', 'agreement', 'accept_rate', 'acceptance_rate'],
    ],
    'agent benchmarks: a share of tasks done',
    { ...SHARE, kind: 'discontinuous' },
  ),
  entry(
    'quality',
    [
      ...['faithfulness', 'groundedness', 'helpfulness', 'harmlessness', 'coherence', 'fluency', 'factuality'],
      ...['completeness', 'correctness', 'relevance', 'answer_relevancy', 'context_precision', 'context_recall'],
    ],
    'a quality that a judge rates, in the scale of the judge',
    { better: 'higher', percentable: true },
  ),
  entry('rating', ['points', 'grade', 'reward', 'mean_reward', 'judge_total'], 'points in the scale of a file', {
    better: 'higher',
  }),
  entry('toxicity', ['attack_success_rate', 'hallucination_rate', 'refusal_rate'], `${HELM}: depends on the use`, {
    lower: 0,
    percentable: true,
  }),
  entry('elo', ['arena_elo', 'elo_rating', 'arena_score', 'glicko', 'trueskill'], 'relative to a pool of models', {
    better: 'higher',
  }),
  entry('mt_bench', ['mtbench', 'single_turn', 'multi_turn'], `${LIGHTEVAL}: 1–10, relative to a judge`, {
    better: 'higher',
  }),
  entry('win_rate', ['winrate', 'mean_win_rate', 'length_controlled_winrate'], 'relative to a pool of models', {
    ...SHARE,
  }),
  entry(
    'normalized',
    [
      'norm',
      'normalised',
      'normalized_score',
      'normalized_aggregate_score',
      'normalized_preferred_metric',
      'score_normalized',
    ],
    'Open LLM Leaderboard, BIG-bench: chance taken out',
    { better: 'higher', kind: 'transformed', percentable: true },
  ),
  entry(
    'score',
    ['value', 'result', 'main_score', 'score_headline_value', 'performance', 'mean_score'],
    'a score of unnamed kind: taken as a share of right answers',
    ACCURACY,
  ),
];

const BY_NAME = new Map<string, MetricEntry>();
for (const m of METRICS) for (const name of m.names) BY_NAME.set(name, m);

/** Spellings without which a header's tail is no metric, longest first. */
export const METRIC_NAMES: readonly string[] = [...BY_NAME.keys()].sort((a, b) => b.length - a.length);

function key(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s\-/,.]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

/** Endings that say how a metric was averaged, not which one it is. */
const SUFFIX = /_(?:ma\d+|last|final|mean|avg|none|raw|micro|macro|undist|redist|score)$/;

/** `recall@10`, `nDCG@10`, `top-5`: what ranking reports at a cut-off. */
const RANKED = /^(recall|r|precision|p|ndcg|mrr|map|hits?|hr|acc|accuracy|f1|em)@\d+$/;
const RANKED_AS: Readonly<Record<string, string>> = { r: 'recall', p: 'precision', hit: 'recall', hr: 'recall' };

/** Names that are words of their own at the end of a longer name (`hard_score`, `norm`): they say nothing there. */
const NO_TAIL: ReadonlySet<string> = new Set([
  ...['value', 'result', 'score', 'norm', 'normalised', 'normalized', 'performance', 'correct', 'exact', 'estimate'],
  ...[
    'prob',
    'soft',
    'err',
    'errors',
    'likelihood',
    'ce',
    'tc',
    'top1',
    'top_1',
    'top5',
    'top_5',
    'main_score',
    'mean_score',
  ],
  ...['success', 'solved', 'resolved', 'points', 'grade', 'reward', 'hits', 'coverage', 'map', 'agreement', 'nats'],
]);

/** Metrics that a longer name may end in, longest first: `LVEval_rouge`, `hellaswag_acc_norm`. */
const TAILS: readonly string[] = METRIC_NAMES.filter((name) => !NO_TAIL.has(name));

/**
 * The entry for a metric's name as a file spells it (`acc,none`, `Accuracy`, `pass@1`), null if it is not known.
 */
export function findMetric(name: string): MetricEntry | null {
  let k = key(name);
  for (let turn = 0; turn < 3; turn++) {
    const hit =
      BY_NAME.get(k) ??
      BY_NAME.get(k.replace(/^(?:eval|test|val|valid|validation|final|mean|avg|average|train|dev)_/, ''));
    if (hit !== undefined) return hit;
    if (/^(?:(?:pass|maj|cons|best)(?:@|_at_|_)|avg@)\d+$/.test(k)) return BY_NAME.get('pass@1') ?? null;
    const ranked = RANKED.exec(k);
    if (ranked !== null) return BY_NAME.get(RANKED_AS[ranked[1] as string] ?? (ranked[1] as string)) ?? null;
    const shorter = k.replace(SUFFIX, '');
    if (shorter === k) break;
    k = shorter;
  }
  const tail = TAILS.find((name) => k.endsWith(`_${name}`));
  return tail === undefined ? null : (BY_NAME.get(tail) ?? null);
}
