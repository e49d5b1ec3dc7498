// Sample logs as lm-evaluation-harness 0.4 writes them with --log_samples: strings for numbers, arguments by name, one
// record per question and filter. A multiple-choice task with three to five options and a generated one with two filters.
import { createRandom } from '../../../src/core/stats/random.ts';

const STAMP = '2026-03-04T05-06-07.089101';

export interface LoggedModel {
  /** As in `pretrained=`. */
  readonly name: string;
  /** log10 of the parameters. */
  readonly size: number;
}

export const LOGGED_MODELS: readonly LoggedModel[] = [
  ['14m', 7.15],
  ['31m', 7.49],
  ['70m', 7.85],
  ['160m', 8.21],
  ['410m', 8.61],
  ['1b', 9.01],
  ['1.4b', 9.15],
  ['2.8b', 9.44],
  ['6.9b', 9.84],
  ['12b', 10.08],
].map(([size, lg]) => ({ name: `EleutherAI/pythia-${size}`, size: Number(lg) }));

const logistic = (t: number): number => 1 / (1 + Math.exp(-t));

/** One record of a multiple-choice task: log-likelihoods of whole answers, far below what a double holds as e^x. */
export function choiceRecord(model: LoggedModel, id: number, length = 900): Record<string, unknown> {
  const random = createRandom(7, `choice/${id}`);
  const count = 3 + (id % 3);
  const target = random.integer(count);
  const hard = (id % 60) / 60;
  const skill = 0.9 * Math.max(0, model.size - 7.6) - 1.2 * (hard - 0.5);
  const noise = createRandom(7, `${model.name}/${id}`);
  const lls = Array.from({ length: count }, (_, o) => (o === target ? skill : 0) + 0.6 * noise.normal() - length);
  const top = lls.indexOf(Math.max(...lls));
  return {
    doc_id: id,
    doc: {
      question: `Which one is ${id}?`,
      choices: { text: lls.map((_, o) => `answer ${o}`), label: ['A', 'B', 'C', 'D', 'E'].slice(0, count) },
      answerKey: 'ABCDE'[target],
    },
    target: String(target),
    arguments: Object.fromEntries(
      lls.map((_, o) => [`gen_args_${o}`, { arg_0: `Question: Which one is ${id}?\nAnswer:`, arg_1: ` answer ${o}` }]),
    ),
    resps: lls.map((ll) => [[String(ll), 'False']]),
    filtered_resps: lls.map((ll) => [String(ll), 'False']),
    filter: 'none',
    metrics: ['acc', 'acc_norm'],
    doc_hash: `d${id}`,
    prompt_hash: `p${id}`,
    target_hash: `t${id}`,
    acc: top === target ? 1 : 0,
    acc_norm: top === target ? 1 : 0,
  };
}

/** Both records of a generated answer. */
export function generatedRecords(model: LoggedModel, id: number): Record<string, unknown>[] {
  const random = createRandom(9, `${model.name}/${id}`);
  const right = random.uniform() < logistic(1.5 * (model.size - 9) - 3 * ((id % 60) / 60 - 0.5));
  const record = (filter: string, ok: boolean) => ({
    doc_id: id,
    doc: { question: `How many are ${id}?`, answer: `#### ${id}` },
    target: `#### ${id}`,
    arguments: { gen_args_0: { arg_0: `Question: ${id}\nAnswer:`, arg_1: { until: ['Question:'], do_sample: false } } },
    resps: [[` So it is ${ok ? id : id + 1}.`]],
    filtered_resps: [ok ? String(id) : '[invalid]'],
    filter,
    metrics: ['exact_match'],
    doc_hash: `g${id}`,
    prompt_hash: `p${id}`,
    target_hash: `t${id}`,
    exact_match: ok ? 1 : 0,
  });
  return [record('strict-match', right && id % 4 !== 0), record('flexible-extract', right)];
}

const lines = (records: readonly object[]): string => `${records.map((one) => JSON.stringify(one)).join('\n')}\n`;

/** `--output_path out --log_samples`: a folder per model with its results and one log per task. */
export function loggedFolder(
  questions = 120,
  models: readonly LoggedModel[] = LOGGED_MODELS,
): { readonly name: string; readonly text: string }[] {
  return models.flatMap((model) => {
    const folder = `out/${model.name.replace('/', '__')}`;
    const ids = Array.from({ length: questions }, (_, id) => id);
    const choice = ids.map((id) => choiceRecord(model, id));
    const generated = ids.flatMap((id) => generatedRecords(model, id));
    const mean = (of: readonly Record<string, unknown>[], metric: string, filter: string) => {
      const own = of.filter((one) => one['filter'] === filter);
      return own.reduce((sum, one) => sum + Number(one[metric]), 0) / own.length;
    };
    const results = {
      results: {
        quiz: { alias: 'quiz', 'acc,none': mean(choice, 'acc', 'none'), 'acc_stderr,none': 0.04 },
        sums: {
          alias: 'sums',
          'exact_match,strict-match': mean(generated, 'exact_match', 'strict-match'),
          'exact_match,flexible-extract': mean(generated, 'exact_match', 'flexible-extract'),
        },
      },
      'n-shot': { quiz: 0, sums: 5 },
      'n-samples': {
        quiz: { original: questions, effective: questions },
        sums: { original: questions, effective: questions },
      },
      config: {
        model: 'hf',
        model_args: `pretrained=${model.name}`,
        model_num_parameters: Math.round(10 ** model.size),
      },
      model_name: model.name,
      model_name_sanitized: model.name.replace('/', '__'),
    };
    return [
      { name: `${folder}/results_${STAMP}.json`, text: JSON.stringify(results, null, 2) },
      { name: `${folder}/samples_quiz_${STAMP}.jsonl`, text: lines(choice) },
      { name: `${folder}/samples_sums_${STAMP}.jsonl`, text: lines(generated) },
    ];
  });
}
