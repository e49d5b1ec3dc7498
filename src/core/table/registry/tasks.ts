/**
 * What is known of evaluation tasks: the chance level of their accuracy and how many items they have. Chance is evidence
 * with a source, overridable, never a correction of the scores.
 */

export interface TaskEntry {
  readonly id: string;
  /** Normalised spellings. */
  readonly names: readonly string[];
  /** Share right by guessing; null where it varies per item. */
  readonly chance: number | null;
  /** Evaluation items; null where not known. */
  readonly n: number | null;
  readonly source: string;
}

const GAUNTLET = 'llm-foundry eval gauntlet, random_baseline';
const LM_EVAL = 'lm-evaluation-harness, choices of the task';
const FREE = 'free-form answers';
const BBH = 'BIG-Bench-Hard, 1 / number of options';

type Row = readonly [id: string, chance: number | null, n: number | null, source: string, ...names: string[]];

const ROWS: readonly Row[] = [
  ['hellaswag', 0.25, 10042, GAUNTLET],
  [
    'arc_challenge',
    0.25,
    1172,
    `${LM_EVAL} (few items have 3 or 5)`,
    'arc_c',
    'arcc',
    'ai2_arc_challenge',
    'arc_challeng',
  ],
  ['arc_easy', 0.25, 2376, `${LM_EVAL} (few items have 3 or 5)`, 'arc_e', 'ai2_arc_easy'],
  ['arc', 0.25, null, LM_EVAL, 'ai2_arc'],
  [
    'mmlu',
    0.25,
    14042,
    LM_EVAL,
    'hendrycks_test',
    'hendryckstest',
    'mmlu_ours',
    'mmlu_avg',
    'mmlu_stem',
    'mmlu_humanities',
    'mmlu_social_sciences',
    'mmlu_other',
  ],
  ['mmlu_pro', 0.1, null, 'Open LLM Leaderboard: nominal, 17 % of the items have 3–9 options'],
  ['boolq', 0.5, 3270, GAUNTLET],
  ['piqa', 0.5, 1838, GAUNTLET],
  ['winogrande', 0.5, 1267, GAUNTLET],
  ['winograd', 0.5, 273, GAUNTLET, 'wsc273', 'xwinograd', 'x_winograd'],
  ['openbookqa', 0.25, 500, LM_EVAL, 'obqa'],
  ['sciq', 0.25, 1000, LM_EVAL],
  ['race', 0.25, null, LM_EVAL],
  ['logiqa', 0.25, null, LM_EVAL, 'logi_qa'],
  ['math_qa', 0.25, null, `${GAUNTLET} (items are said to have 5 options)`, 'mathqa'],
  ['commonsense_qa', 0.2, 1221, LM_EVAL, 'csqa', 'commonsenseqa'],
  ['social_iqa', 1 / 3, 1954, LM_EVAL, 'siqa', 'socialiqa', 'social_i_qa'],
  ['copa', 0.5, 100, GAUNTLET],
  ['wic', 0.5, 638, LM_EVAL],
  ['rte', 0.5, 277, LM_EVAL],
  ['wsc', 0.5, 104, LM_EVAL],
  ['cb', 1 / 3, 56, `${LM_EVAL}: entailment, contradiction, neutral`],
  ['anli', 1 / 3, null, `${LM_EVAL}: entailment, contradiction, neutral`, 'anli_r1', 'anli_r2', 'anli_r3'],
  ['strategyqa', 0.5, null, GAUNTLET],
  ['misconceptions', 0.5, null, GAUNTLET],
  ['truthfulqa_mc1', null, 817, 'varies per item'],
  ['truthfulqa', null, 817, 'probability mass, no fixed chance', 'truthfulqa_mc2', 'truthfulqa_mc'],
  ['gpqa', 0.25, null, LM_EVAL, 'gpqa_diamond', 'gpqa_main', 'gpqa_extended'],
  ['musr', null, null, '1/2, 1/3 or 1/5 per sub-task'],
  ['bbh', null, null, 'differs per sub-task'],
  ['gsm8k', 0, 1319, FREE],
  ['math', 0, null, FREE, 'math_lvl_5', 'hendrycks_math', 'minerva_math', 'math_500', 'math500'],
  ['humaneval', 0, 164, FREE, 'human_eval'],
  ['mbpp', 0, 500, FREE],
  ['triviaqa', 0, null, FREE, 'trivia_qa'],
  ['nq', 0, null, FREE, 'natural_questions', 'nq_open', 'naturalqs'],
  ['jeopardy', 0, null, FREE],
  ['squad', 0, null, FREE, 'squad2', 'squad_v2', 'squadv2'],
  ['coqa', 0, null, FREE],
  ['drop', 0, null, FREE],
  ['lambada', 0, 5153, FREE, 'lambada_openai', 'lambada_standard'],
  ['ifeval', 0, null, FREE],
  ['boolean_expressions', 0.5, 250, BBH],
  ['causal_judgement', 0.5, 187, BBH, 'causal_judgment'],
  ['date_understanding', 1 / 6, 250, BBH],
  ['disambiguation_qa', 1 / 3, 250, BBH],
  ['dyck_languages', 0, 250, FREE],
  ['formal_fallacies', 0.5, 250, BBH],
  ['geometric_shapes', 1 / 9, 250, BBH],
  ['hyperbaton', 0.5, 250, BBH],
  ['logical_deduction_three_objects', 1 / 3, 250, BBH],
  ['logical_deduction_five_objects', 0.2, 250, BBH],
  ['logical_deduction_seven_objects', 1 / 7, 250, BBH],
  ['movie_recommendation', 0.2, 250, BBH],
  ['multistep_arithmetic_two', 0, 250, FREE],
  ['navigate', 0.5, 250, BBH],
  ['object_counting', 0, 250, FREE],
  ['penguins_in_a_table', 0.2, 146, BBH],
  ['reasoning_about_colored_objects', 1 / 18, 250, BBH],
  ['ruin_names', 0.25, 250, BBH],
  ['salient_translation_error_detection', 1 / 6, 250, BBH],
  ['snarks', 0.5, 178, BBH],
  ['sports_understanding', 0.5, 250, BBH],
  ['temporal_sequences', 0.25, 250, BBH],
  ['tracking_shuffled_objects_three_objects', 1 / 3, 250, BBH],
  ['tracking_shuffled_objects_five_objects', 0.2, 250, BBH],
  ['tracking_shuffled_objects_seven_objects', 1 / 7, 250, BBH],
  ['web_of_lies', 0.5, 250, BBH],
  ['word_sorting', 0, 250, FREE],
  ['arithmetic_3da', 0, null, FREE],
  ['arithmetic_2dm', 0, null, FREE],
  ['ipa_transliterate', 0, null, FREE],
  ['parsinlu_qa_mc', 0.25, 1050, 'tony10101105/ExpEmergence'],
  ['abstract_narrative_understanding', 0.2, 3000, 'BIG-bench: one of five proverbs'],
  [
    'mnli',
    1 / 3,
    null,
    `${LM_EVAL}: entailment, contradiction, neutral`,
    'mnli_m',
    'mnli_mm',
    'xnli',
    'ocnli',
    'cmnli',
  ],
  ['sst2', 0.5, 872, LM_EVAL, 'sst_2'],
  ['cola', null, 1043, 'scored by Matthews correlation', 'stsb', 'sts_b'],
  ['qnli', 0.5, 5463, LM_EVAL],
  ['qqp', 0.5, 40430, LM_EVAL],
  ['mrpc', 0.5, 408, LM_EVAL, 'paws', 'paws_x'],
  ['blimp', 0.5, 67000, LM_EVAL],
  ['ewok', 0.5, null, LM_EVAL, 'blimp_supplement'],
  ['storycloze', 0.5, 1871, LM_EVAL, 'story_cloze', 'xstorycloze', 'xstory_cloze', 'x_story_cloze'],
  ['xcopa', 0.5, 500, LM_EVAL],
  ['mgsm', 0, 250, FREE],
  [
    'dclm_core',
    0,
    null,
    'accuracies of 22 tasks, centred on chance (DCLM)',
    'core',
    'core_metric',
    'core_score',
    'core_centered',
  ],
  ['svamp', 0, 1000, FREE],
  ['aqua_rat', 0.2, 254, 'five options', 'aqua', 'aquarat'],
  // Word problems and competitions, whose item counts differ between releases.
  [
    ...([
      'word_problems',
      0,
      null,
      FREE,
      'asdiv',
      'mawps',
      'gsm_plus',
      'gsm_hard',
      'gsm8k_hard',
      'gsm_symbolic',
    ] as const),
    ...[
      'math401',
      'math_401',
      'math23k',
      'math_23k',
      'ape210k',
      'cmath',
      'multiarith',
      'multi_arith',
      'addsub',
      'add_sub',
    ],
    ...[
      'singleeq',
      'single_eq',
      'simuleq',
      'simul_eq',
      'numglue',
      'tabmwp',
      'tal_scq',
      'tal_scq5k',
      'college_math',
      'mathbench',
    ],
  ],
  [
    ...(['competition_math', 0, null, FREE, 'olympiad_bench', 'olympiadbench', 'olymmath', 'olym_math'] as const),
    ...[
      'omni_math',
      'omnimath',
      'theoremqa',
      'theorem_qa',
      'math_odyssey',
      'aime2024',
      'aime2025',
      'aime2026',
      'beyond_aime',
    ],
    ...[
      'beyondaime',
      'brumo',
      'brumo25',
      'cmimc',
      'cmimc25',
      'hmmt25',
      'usamo',
      'usamo25',
      'imo_answerbench',
      'polymath',
    ],
    ...[
      'putnam',
      'putnambench',
      'putnam_bench',
      'minif2f',
      'proofnet',
      'fimo',
      'ugmathbench',
      'utmath',
      'livemathbench',
    ],
    ...['math_perturb', 'math_hard', 'mathverse', 'dynamath', 'we_math', 'wemath', 'processbench', 'process_bench'],
  ],
  [
    'aime',
    0,
    30,
    FREE,
    'aime24',
    'aime25',
    'aime26',
    'aime_24',
    'aime_25',
    'aime_26',
    'aime_2024',
    'aime_2025',
    'hmmt',
  ],
  ['amc23', 0, 40, FREE, 'amc', 'amc_23'],
  [
    ...([
      'livecodebench',
      0,
      null,
      FREE,
      'live_code_bench',
      'lcb',
      'bigcodebench',
      'big_code_bench',
      'ds1000',
    ] as const),
    ...([
      'ds_1000',
      'multipl_e',
      'multipl',
      'codeforces',
      'evalplus',
      'mbppplus',
      'humanevalplus',
      'cruxeval',
    ] as const),
    ...(['code_contests', 'codecontests', 'sci_code', 'scicode', 'aider', 'aider_polyglot', 'spider', 'bird'] as const),
  ],
  [
    ...(['swe_bench', 0, null, FREE, 'swebench', 'swe_bench_verified', 'swe_bench_lite', 'swe_verified'] as const),
    ...(['terminal_bench', 'terminalbench', 'tau_bench', 'tau2_bench', 'bfcl', 'gaia', 'webarena', 'osworld'] as const),
    ...(['browsecomp', 'browse_comp', 'agentbench', 'toolbench'] as const),
  ],
  [
    ...([
      'simpleqa',
      0,
      null,
      FREE,
      'simple_qa',
      'popqa',
      'pop_qa',
      'hotpotqa',
      'hotpot_qa',
      'webqs',
      'web_qs',
    ] as const),
    ...(['musique', '2wikimultihopqa', 'quac', 'narrativeqa', 'newsqa', 'tydiqa', 'mlqa', 'xquad', 'cmrc'] as const),
    ...(['hle', 'humanitys_last_exam', 'aa_lcr', 'ruler', 'niah', 'longbench', 'infinitebench', 'scrolls'] as const),
  ],
  ['supergpqa', 0.1, null, 'up to ten options', 'super_gpqa'],
  [
    ...([
      'mmlu_redux',
      0.25,
      null,
      LM_EVAL,
      'mmmlu',
      'global_mmlu',
      'kmmlu',
      'jmmlu',
      'arabicmmlu',
      'turkishmmlu',
    ] as const),
    ...(['medqa', 'med_qa', 'medmcqa', 'med_mcqa'] as const),
  ],
  [
    ...(['glue', null, null, 'an average over tasks', 'superglue', 'super_glue', 'helm_lite', 'livebench'] as const),
    ...(['alpacaeval', 'alpaca_eval', 'arena_hard', 'wildbench', 'bbeh', 'ifbench', 'multi_if'] as const),
    ...(['toxigen', 'bbq', 'crows_pairs', 'winogender', 'winobias', 'realtoxicityprompts', 'advglue'] as const),
    ...([
      'agieval',
      'agi_eval',
      'haerae',
      'gaokao',
      'mmmu',
      'mathvista',
      'docvqa',
      'chartqa',
      'textvqa',
      'vqav2',
      'mmbench',
      'pubmedqa',
      'pubmed_qa',
    ] as const),
  ],
  ['ceval', 0.25, null, LM_EVAL, 'c_eval'],
  ['cmmlu', 0.25, null, LM_EVAL],
];

export const TASKS: readonly TaskEntry[] = ROWS.map(([id, chance, n, source, ...names]) => ({
  id,
  names: [id, ...names],
  chance,
  n,
  source,
}));

const BY_NAME = new Map<string, TaskEntry>();
for (const t of TASKS) for (const name of t.names) BY_NAME.set(name, t);

function key(name: string): string {
  return name
    .trim()
    .replace(/([a-z0-9])([A-Z])(?=[a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

/** `5-shot MMLU` */
const SHOTS_FIRST = /^(?:\d+|zero|one|few)_?shots?_/;

const SUFFIX =
  /_(?:\d+_?shot|zero_?shot|few_?shot|one_?shot|zeroshot|fewshot|val|test|train|dev|validation|rc|mc|cot|raw|gen|ppl|ours|avg|acc|easy_acc|\d+)$/;

/**
 * The entry for a task's name as a file spells it (`ARC-C`, `hellaswag_val_5shot`, `hendrycksTest-abstract_algebra`), null
 * if it is not known.
 */
export function findTask(name: string): TaskEntry | null {
  const bare = name
    .replace(/^(?:harness|leaderboard|lighteval|original|helm|community|custom|suite)[|:]/, '')
    .replace(/\|\d+$/, '');
  let k = key(bare.split('|').at(-1) ?? bare).replace(SHOTS_FIRST, '');
  for (let turn = 0; turn < 5; turn++) {
    const hit =
      BY_NAME.get(k) ??
      BY_NAME.get(k.replace(/_/g, '')) ??
      BY_NAME.get(
        k.replace(/^(?:bbh(?:_(?:fewshot|cot_fewshot|cot|zeroshot))?|leaderboard(?:_bbh)?|big_?bench|err|openai)_/, ''),
      );
    if (hit !== undefined) return hit;
    if (/^(?:hendrycks_?test|mmlu)_(?!pro)/.test(k)) return BY_NAME.get('mmlu') ?? null;
    if (/^gpqa_/.test(k)) return BY_NAME.get('gpqa') ?? null;
    const shorter = k.replace(SUFFIX, '');
    if (shorter === k) break;
    k = shorter;
  }
  return null;
}
