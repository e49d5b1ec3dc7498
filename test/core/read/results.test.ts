// The result formats of the evaluation tools, each by a file of its own kind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOne, rolesOf, rowsOf, sampleFiles, withoutData } from './shared.ts';
import { BIG_BENCH, HELM_MODELS, MODEL_META, OLMES, SAMPLES, TRAINER_STATE } from './texts.ts';

const sample = async (folder: string, part: string) => {
  const file = sampleFiles(`formats/samples/${folder}`).find(({ name }) => name.includes(part));
  return await readOne(file?.name ?? '', file?.bytes ?? '');
};

test('lm-eval samples: one row per question', async () => {
  const table = await readOne('out/samples_arc_easy_2026-01-02T03-04-05.123.jsonl', SAMPLES);
  assert.equal(table.layout, 'per-sample');
  assert.deepEqual(rowsOf(table)[1], { model: 'out', doc_id: '1', filter: 'none', acc: '1', brier_score: '0.25' });
  assert.ok([...table.hints.values()].some(({ task, metric }) => task === 'arc_easy' && metric === 'acc'));
});

test('OLMES: step and model from the path, suites are averages, primary_score is not read twice', async () => {
  const table = await readOne('metrics-all.jsonl', OLMES);
  const rows = rowsOf(table);
  assert.deepEqual(rows[0], {
    model: 'OLMo2-1B-x',
    step: '23852',
    task: 'arc_easy',
    split: 'test',
    shots: '5',
    metric: 'acc_raw',
    score: '0.5',
    n: '1000',
  });
  assert.deepEqual(
    rows.map(({ metric }) => metric),
    ['acc_raw', 'bits_per_byte_corr', 'macro'],
  );
  assert.ok(table.facts.some(({ task, aggregate }) => task === 'mmlu::suite' && aggregate === true));
});

test('BIG-bench: three parameter counts, chance from low_score, aggregates left out', async () => {
  const table = await readOne('bigbench/navigate.json', BIG_BENCH);
  assert.deepEqual(rowsOf(table)[0], {
    model: '128b',
    family: 'BIG-G T=0',
    params: '128101720064',
    'params non-embedding': '127389892608',
    task: 'navigate',
    shots: '2',
    metric: 'multiple_choice_grade',
    score: '0.4',
    chance: '0.25',
  });
  assert.equal(table.rowCount, 2);
  assert.match(table.notes.join(), /normalized_aggregate_score/);
});

test('a loss of a Trainer log that is no number is left out, at its place', async () => {
  const text = TRAINER_STATE.replace(/"loss": ?[\d.]+/, '"loss": "diverged"');
  const table = await readOne('trainer_state.json', text);
  const [problem] = table.problems;
  assert.match(problem?.message ?? '', /the loss “diverged” is no number/);
  assert.equal(text.slice(problem?.span.start, problem?.span.end), '"diverged"');
});

test('Trainer: evaluation losses by step; total_flos stands for the whole run; 0 tokens means not counted', async () => {
  const table = await readOne('trainer_state.json', TRAINER_STATE);
  assert.equal(table.rowCount, 4);
  const roles = rolesOf(table);
  assert.equal(roles['eval_loss'], 'loss');
  assert.equal(roles['step'], 'step');
  const flos = rowsOf(table).map((row) => row['total_flos of the run']);
  assert.deepEqual(flos, [undefined, undefined, '356267261952000', '356267261952000']);
  assert.match(table.notes.join(), /tokens were not counted/);
});

test('Trainer logs of TRL count tokens in every row, training and evaluation alike', async () => {
  const table = await readOne(
    'trainer_state.json',
    JSON.stringify({
      best_global_step: null,
      global_step: 20,
      num_input_tokens_seen: 0,
      log_history: [
        { epoch: 0.1, grad_norm: 1.2, learning_rate: 5e-5, loss: 3.3, entropy: 2.1, num_tokens: 20480, step: 10 },
        {
          epoch: 0.1,
          eval_loss: 3.2,
          eval_entropy: 2,
          eval_num_tokens: 20480,
          eval_mean_token_accuracy: 0.4,
          step: 10,
        },
        {
          epoch: 0.2,
          eval_loss: 3.0,
          eval_entropy: 2,
          eval_num_tokens: 40960,
          eval_mean_token_accuracy: 0.5,
          step: 20,
        },
      ],
    }),
  );
  assert.deepEqual(
    rowsOf(table).map((row) => row['num_tokens']),
    ['20480', '20480', '40960'],
  );
  const roles = rolesOf(table);
  assert.equal(roles['num_tokens'], 'tokens');
  assert.equal(roles['eval_entropy'], 'ignore');
  assert.equal(roles['eval_mean_token_accuracy'], 'score');
});

test('MTEB model metadata: context length is not D', async () => {
  const table = await readOne('model_meta.json', MODEL_META);
  assert.deepEqual(rolesOf(table), {
    name: 'model',
    n_parameters: 'params',
    'non-embedding': 'params-non-embedding',
    max_tokens: 'ignore',
    memory_usage_mb: 'ignore',
  });
  assert.equal(table.numbers(2)[0], 595776512 - 155309056);
});

test('HELM model metadata is a table of models', async () => {
  const table = await readOne('model_metadata.yaml', HELM_MODELS);
  assert.equal(table.layout, 'metadata');
  assert.deepEqual(rowsOf(table)[0], { name: 'eleutherai/pythia-6.9b', num_parameters: '6444163072' });
});

test('HELM stats: stddev is the spread of the items', { skip: withoutData }, async () => {
  const table = await sample('excerpts', 'helm_stats');
  const row = rowsOf(table)[0] ?? {};
  assert.equal(row['n'], '120');
  assert.ok(Math.abs(Number(row['stderr']) - 0.4703386943415967 / Math.sqrt(119)) < 1e-12);
});

test('lighteval: the average row is dropped, memory is not a size, one sample has no error', {
  skip: withoutData,
}, async () => {
  const table = await sample('json-other', 'lighteval');
  assert.deepEqual(rowsOf(table), [
    { model: 'gpt2', task: 'gsm8k', shots: '0', metric: 'em', score: '0.0', n: '1' },
    { model: 'gpt2', task: 'gsm8k', shots: '0', metric: 'maj@8', score: '0.0', n: '1' },
  ]);
  assert.match(table.notes.join(), /476\.2 MB is memory/);
  const [fault] = table.problems;
  assert.match(fault?.message ?? '', /trailing comma/);
  assert.equal(table.text.slice(fault?.span.start, fault?.span.end), ',');
});

test('Inspect: n is what was completed; stderr is a sibling metric; a log in a zip reads like one in JSON', {
  skip: withoutData,
}, async () => {
  const mmlu = await sample('json-inspect', 'mmlu-summary-choices.eval');
  assert.deepEqual(rowsOf(mmlu), [
    { model: 'openai/gpt-4o', task: 'mmlu_0_shot', metric: 'accuracy', score: '0.0', n: '1', status: 'success' },
  ]);
  assert.match(mmlu.notes.join(), /1 of 14042 samples/);
  const three = await sample('json-inspect', 'no-samples');
  assert.equal(rowsOf(three)[0]?.['stderr'], '0.33333333333333337');
  assert.match(three.notes.join(), /cancelled/);
  const json = await sample('json-inspect', 'log_formats.json');
  const zip = await sample('json-inspect', 'log_formats.eval');
  assert.deepEqual(rowsOf(zip), rowsOf(json));
});

test('MTEB: main_score under the name of its metric', { skip: withoutData }, async () => {
  assert.deepEqual(rowsOf(await sample('json-other', 'mteb_')), [
    { task: 'Banking77Classification', split: 'test', metric: 'accuracy', score: '0.810097' },
  ]);
});

test('open_lm: D one level up, evaluation tokens are not D, 95 % intervals', { skip: withoutData }, async () => {
  const table = await sample('json-other', 'gadre_model_c4_original-open_lm_7b');
  const row = rowsOf(table)[1] ?? {};
  assert.equal(row['params'], '6889410560');
  assert.equal(row['params non-embedding'], '6682841088');
  assert.equal(row['tokens'], '137788211200');
  assert.equal(row['task'], 'c4_val');
  assert.ok(Number(row['low']) < Number(row['score']) && Number(row['score']) < Number(row['high']));
  const scores = await sample('json-other', 'gadre_eval_c4_original-d=96');
  assert.equal(
    rowsOf(scores)[0]?.['model'],
    rowsOf(await sample('json-other', 'gadre_model_c4_original-d=96'))[0]?.['model'],
  );
  const grid = await sample('json-other', 'gadre_grid');
  assert.equal(rowsOf(grid)[0]?.['tokens'], '5149020160');
});

test('model card: the task is the data set with its configuration', { skip: withoutData }, async () => {
  const table = await sample('excerpts', 'hf_model_card');
  assert.deepEqual(
    rowsOf(table).map(({ task, shots, metric, score }) => [task, shots, metric, score]),
    [
      ['ARC-Challenge', '25', 'acc_norm', '70.48'],
      ['mmlu', '5', 'acc', '77.81'],
      ['truthful_qa', '0', 'mc2', '51.08'],
      ['gsm8k', '5', 'acc', '74.15'],
    ],
  );
});

test('model card: a value with its error in the text', async () => {
  const card =
    '---\nmodel-index:\n- name: m-7b\n  results:\n  - dataset: {name: X, type: org/x}\n    metrics:\n    - {type: acc, value: "20.0 ± 1.2"}\n---\n# m\n';
  assert.deepEqual(rowsOf(await readOne('README.md', card)), [
    { model: 'm-7b', task: 'x', metric: 'acc', score: '20.0', stderr: '1.2' },
  ]);
});

test('.eval_results: the model is the repository, nothing is said about the metric', async () => {
  const table = await readOne(
    'org/m-7b/.eval_results/gpqa.yaml',
    '- dataset:\n    id: Idavidrein/gpqa\n    task_id: gpqa_diamond\n  value: 0.412\n',
  );
  assert.deepEqual(rowsOf(table), [{ model: 'm-7b', task: 'gpqa_diamond', score: '0.412' }]);
  assert.match(table.notes.join(), /no metric/);
});
