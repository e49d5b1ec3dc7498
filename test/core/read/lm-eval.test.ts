// lm-evaluation-harness: both generations of its results.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argumentIn } from '../../../src/core/read/lm-eval.ts';
import { placeOf, readOne, rolesOf, rowsOf, sampleFiles, withoutData } from './shared.ts';
import { LM_EVAL } from './texts.ts';

test('0.4: filters, shots, sample counts, sizes, steps, directions', async () => {
  const table = await readOne('out/m/results_2026.json', LM_EVAL);
  assert.equal(table.format, 'lm-eval');
  assert.equal(table.layout, 'long');
  const rows = rowsOf(table);
  assert.deepEqual(rows[0], {
    model: 'EleutherAI/pythia-160m',
    params: '162322944',
    step: '143000',
    task: 'arc_easy',
    shots: '5',
    filter: 'none',
    metric: 'acc',
    score: '0.51',
    stderr: '0.0354',
    n: '200',
  });
  assert.equal(rows[1]?.['stderr'], undefined, 'N/A is no standard error');
  assert.deepEqual(
    rows.filter(({ task }) => task === 'gsm8k').map(({ metric, filter, score }) => [metric, filter, score]),
    [
      ['exact_match', 'strict-match', '0.02'],
      ['exact_match', 'flexible-extract', '0.03'],
    ],
  );
  assert.equal(
    rows.some(({ metric }) => metric === 'bypass'),
    false,
  );
  assert.match(table.notes.join(), /bypass.*limited to 200/s);
  assert.equal(rolesOf(table)['params'], 'params');
  const facts = table.facts.filter(({ task }) => task === 'mmlu');
  assert.ok(
    facts.some(({ aggregate }) => aggregate === true),
    'a group repeats its members',
  );
  assert.ok(
    table.facts.some(({ task, metric, better }) => task === 'arc_easy' && metric === 'acc' && better === 'higher'),
  );
  assert.ok(table.facts.some(({ task, n }) => task === 'arc_easy' && n === 200));
});

test('every cell points at its source', async () => {
  const table = await readOne('results.json', LM_EVAL);
  const column = (name: string): number =>
    Array.from({ length: table.columnCount }, (_, c) => table.header(c)).indexOf(name);
  assert.equal(placeOf(table, 0, column('score')), '0.51');
  assert.equal(placeOf(table, 0, column('task')), '"arc_easy"');
  assert.equal(placeOf(table, 0, column('step')), 'step143000');
});

test('0.3: the model and its step stand in model_args', { skip: withoutData }, async () => {
  const file = sampleFiles('formats/samples/json-lmeval-v03').find(({ name }) =>
    name.includes('1.4b_zero-shot_step63000'),
  );
  const table = await readOne(file?.name ?? '', file?.bytes ?? '');
  assert.equal(table.format, 'lm-eval-0.3');
  const row = rowsOf(table).find(({ task, metric }) => task === 'lambada_openai' && metric === 'acc');
  assert.equal(row?.['model'], 'EleutherAI/pythia-v1.1-1.4b');
  assert.equal(row?.['step'], '63000');
  assert.ok(Math.abs(Number(row?.['score']) - 0.6) < 0.2 && Number(row?.['stderr']) > 0);
});

test('arguments in a printed line', () => {
  assert.deepEqual(argumentIn('hf (pretrained=facebook/opt-2.7b,dtype=float16), limit: None', 'pretrained'), {
    text: 'facebook/opt-2.7b',
    start: 15,
  });
  assert.equal(argumentIn('nothing here', 'pretrained'), null);
});

test('0.4: what only has results is read, too; groups, NaN and averages of other tools', async () => {
  const text = `{"results": {
    "mmlu": {"acc,none": 0.2294, "acc_stderr,none": 0.0036, "alias": "mmlu"},
    "mmlu_formal_logic": {"alias": "  - formal_logic", "acc,none": 0.2777, "acc_stderr,none": 0.0401},
    "ifeval": {"prompt_level_strict_acc,none": 0.27, "prompt_level_strict_acc_stderr,none": "N/A"},
    "broken": {"acc,none": NaN, "acc_stderr,none": NaN},
    "AVERAGE": {"acc,none": 0.33, "acc_stderr,none": 0.01}}}`;
  const table = await readOne('run/results.json', text);
  assert.equal(table.format, 'lm-eval');
  assert.deepEqual(
    rowsOf(table).map(({ task, metric, score, stderr }) => [task, metric, score, stderr]),
    [
      ['mmlu', 'acc', '0.2294', '0.0036'],
      ['mmlu_formal_logic', 'acc', '0.2777', '0.0401'],
      ['ifeval', 'prompt_level_strict_acc', '0.27', undefined],
      ['AVERAGE', 'acc', '0.33', '0.01'],
    ],
  );
});
