/**
 * Names that look right and are wrong: settings, costs, differences, remarks and the results of fits. Sources: as those of the
 * dictionary.
 */

/** Names that look right and are wrong, and columns that hold settings. Matched on the normalised header. */
export const DENY: readonly (readonly [RegExp, string])[] = [
  [/memory|(?:^|_)(?:[kmgt]i?b|bytes|v?ram|disk|footprint|artifact)(?:_|$)/, 'memory, not a size in parameters'],
  [
    /max_(?:new_)?(?:tokens|length|len)|max_completion|seq(?:uence)?_?len|context|max_position/,
    'a length limit, not training data',
  ],
  [
    /(?:^|_)per(?:_|$)|(?:^|_)(?:sec|secs|s)(?:_|$)|(?:^|_)second|(?:^|_)update(?!s)|wps|tok_s|(?:^|_)t_s$|throughput_(?!total)|(?:^|_)util|tflop_s_|tflops_gpu|(?:^|_)(?:mfu|hfu|occupancy|tgs|tps|tpot|ttft|itl|rps|qps|it_s)(?:_|$)|^rate$|(?:^|_)(?:learning|sampl\w*|frame|refresh|mask\w*|noise|drop\w*|growth|corruption|mutation|token|data|bit|clock|ema|spawn)_rate(?:_|$)/,
    'a rate, not a total',
  ],
  [
    /batch|(?:^|_)bsz?(?:_|$)|local_bsz|learning_rate|(?:^|_)lr(?:_|$)|warmup|weight_decay|(?:^|_)wd(?:_|$)|dropout|momentum|(?:^|_)beta\d?(?:_|$)|epsilon|grad_clip|optim(?!al)|trainer|scheduler|(?:^|_)decay|sparsity|(?:^|_)(?:pruned|pruning|prune|masking|noise_level|compression)(?:_|$)|(?:^|_)accum|clip_norm|(?:^|_)schedule|(?:^|_)(?:compress|quant(?:ization)?|dtype|bits|bf16|fp16)$|(?:^|_)(?:rank|data|train|keep|mask|drop|sample|subset|mix(?:ture)?|warm_?(?:up|down)|cool_?down|rotary|rope|unique|replay)_(?:fraction|frac|prob(?:ability)?)(?:_|$)|init_std|(?:^|_)sigma$|(?:^|_)alpha$/,
    'a training setting',
  ],
  [
    /hidden|(?:^|_)layers?(?:_|$)|(?:^|_)heads?(?:_|$)|(?:^|_)dim(?:_|$)|d_model|ffn|(?:^|_)vocab|embedding_size|(?:^|_)width|(?:^|_)depth|experts|(?:^|_)moe(?:_|$)|head_size|(?:^|_)n?_?(?:embd|ctx|vocab)(?:_|$)|window|(?:^|_)tied?_|(?:^|_)norm_type|n_(?:layer|head|embd|ctx|kv_head)|kv_heads?|norm_params|emb_params|new_n_params|rope|(?:^|_)arch$/,
    'an architecture setting',
  ],
  [
    /gpus?(?:_|$)|(?:^|_)nodes?(?:_|$)|runtime|duration|created|updated|(?:^|_)date|(?:^|_)time(?:_|$)|timestamp|(?:^|_)days?(?:_|$)|hours|elapsed|wall_?clock|(?:^|_)wall$|(?:^|_)epochs?$|portion|(?:^|_)year$|(?:^|_)month$|progress|(?:^|_)eta$/,
    'when and how long, not what',
  ],
  [
    /(?:^|_)user(?:_|$)|(?:^|_)url|(?:^|_)path$|(?:^|_)notes?$|(?:^|_)tags?$|comment|description|(?:^|_)reasons?(?:_|$)|(?:^|_)source(?:_|$)|provenance|platform|(?:^|_)sha$|hash|git_|licen[cs]e|(?:^|_)link$|directory|revision|author|hub_|(?<!mean_|avg_)precision$|weight_type|(?:^|_)why$|(?:^|_)(?:sha|sha\d+|md5|digest|checksum|commit)(?:_|$)|(?:^|_)(?:device|hardware|sponsor|contact|remarks?|details|desc|stat(?:us)?_message|log_file|file(?:name)?|changelog|verdict|decision|takeaway|interpretation|meaning|purpose|use_case|recommended|best_for|highlights?|key_\w+|expected_use)$/,
    'a remark',
  ],
  [
    /^unnamed|^index$|^idx$|^id$|^row$|^row_id$|^[xy]$|colou?r|pixel|^doc_id$|^rank$|^column_\d+$/,
    'an index, a position or a colour',
  ],
  [
    /(?<!(?:^|_)n_)(?<![a-z])p(?:_?val(?:ue)?s?)?$|(?:^|_)p_(?:perm|adj|raw|corr)|(?:^|_)pvals?(?:ue)?(?:_|$)|significan|(?:^|_)(?:t|z|f|chi2?)_?(?:stat|score|test)(?:istic)?$|(?:^|_)(?:cohens?_d|effect_size|fdr|n_boot\w*|dof)(?:_|$)/,
    'a test statistic, derived from the scores',
  ],
  [
    /(?:^|_)(?:gap|delta|δ|diff|difference|vs|versus|improvements?|gain|uplift|speed_?up|reduction|savings?|overhead|regret|penalty|degradation|relative_change)(?:_|$)|(?:^|_)change(?:_(?:pct|percent|rel|abs|points?))?$|^change_(?!my)|^rel(?:ative)?_to_|^n?_?x_faster/,
    'a difference, derived from other columns',
  ],
  [
    /^(?:n_)?(?:params?|tokens?|flops?)_\w*(?:err|error|diff|match|mismatch|ratio|pct|share|frac\w*)(?:_|$)/,
    'derived from or about other columns',
  ],
  [/(?:^|_)pred(?:icted|iction)?(?:_|$)|resid|rel_err|abs_err|_err_pct$|pct_err|fitted|forecast/, 'a result of a fit'],
  [/^log10_|^log2_|^log_(?:n|d|c|params|flops?|tokens|compute)$|^ln_/, 'the logarithm of another column'],
  [
    /(?:^|_)latency|(?:^|_)(?:ms|msecs?|secs|mins?|minutes|h|hrs?|fps|watts?|joules?|k?wh|co2|usd|eur|dollars?)(?:_?\d+[mkb]?)?$|carbon|energy|emission|(?:^|_)(?:cost|price|speed|throughput)s?$/,
    'time, energy or money',
  ],
  [
    /^(?:pct|percent|share|fraction|ratio)_of_|threshold|ratio|_over_|^m$|tokens?_per_param|^tok(?:en)?s?_params?$|^[ndcl]_[ndcl]$|multipl|chinchilla|implied_|^lambda$|higher_is_better|lower_is_better|class_mass|total_logprob|option_mass|(?:^|_)san$|is_preferred|(?<!^core_)centered/,
    'derived from or about other columns',
  ],
  [
    /(?:^|_)(?:teacher|judge(?!_(?:score|total|rating|mean|avg|grade|points|acc))|reference_model|reward_model|draft_model|tokenizer|annotator)(?:_|$)/,
    'another model than the one that is evaluated',
  ],
  [
    /(?:^|_)(?:kl|entropy|advantages?|temperature|temp|top_p|top_k|clip_frac|(?:gradient|grad|param(?:eter)?|weight|update|activation|feature|logit)s?_norm)(?:_|$)/,
    'a setting or a by-product',
  ],
  [/attn|proj|logits?_flops|body_flops|flops_(?:proj|ffn|logit|attn)|n_chars|n_words/, 'one part of the cost'],
];

/** Headers of tables that report on fits. */
export const DIAGNOSTIC =
  /^(?:r2|r_2|r_squared|mre|mae|rmse|mse|rss|aicc?|bic|daicc|slope|slope_p|quad_p|intercept|p_value|spearman)$|(?:^|_)(?:abs_error|rel_error)|_err_pct$|_err$|(?:^|_)pred(?:icted)?(?:_|$)|n_iter|maxiter|n_fail|^failures$|abnormal|bound_hit|residual|dip_z|bump_z|^gmean$|^pow_(?:size|tokens)$|^bias_(?:size|tokens)$/;

/** Tasks and columns that average over others. */
export const AGGREGATE =
  /^(?:all|average|avg|mean|overall|macro_avg|micro_avg|naive_average|weighted_average|harmonic_mean|standard_deviation|sum|total|acc_avg|average_score|mean_score|avg_\d+|core|n_avg)$/;
