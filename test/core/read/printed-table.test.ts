// Tables as tools print them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf, readOne, rowsOf, sampleFiles, withoutData } from './shared.ts';

const LM_EVAL = `hf (pretrained=facebook/opt-125m,dtype=float16), gen_kwargs: (None), limit: None
|    Tasks    |Version|Filter|n-shot| Metric |   |Value |   |Stderr|
|-------------|------:|------|-----:|--------|---|-----:|---|------|
|arc          |      1|none  |     0|acc     |↑  |0.3000|±  |0.0100|
| - arc_easy  |      1|none  |     0|acc     |↑  |0.4000|±  |0.0200|
|             |       |none  |     0|acc_norm|↑  |0.4100|±  |   N/A|
`;

test('lm-eval: ditto cells, sub-tasks, the model line, arrows as directions', async () => {
  const table = await readOne('log.txt', LM_EVAL);
  assert.equal(table.format, 'lm-eval-table');
  assert.deepEqual(
    rowsOf(table).map(({ Tasks, Metric, Value, Stderr, model }) => [Tasks, Metric, Value, Stderr, model]),
    [
      ['arc', 'acc', '0.3000', '0.0100', 'facebook/opt-125m'],
      ['arc_easy', 'acc', '0.4000', '0.0200', 'facebook/opt-125m'],
      ['arc_easy', 'acc_norm', '0.4100', undefined, 'facebook/opt-125m'],
    ],
  );
  assert.ok(table.facts.some(({ task, aggregate }) => task === 'arc' && aggregate === true));
  assert.ok(table.facts.some(({ metric, better }) => metric === 'acc_norm' && better === 'higher'));
  assert.equal(placeOf(table, 2, 0), '- arc_easy', 'a ditto cell points at what it repeats');
});

test('a table in comments, with the model after it', async () => {
  const text = `${LM_EVAL.split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => `# ${line}`)
    .join('\n')}\n# hf (pretrained=facebook/opt-2.7b), limit: None\n`;
  const table = await readOne('some_results', text);
  assert.equal(table.rowCount, 3);
  assert.equal(rowsOf(table)[0]?.['model'], 'facebook/opt-2.7b');
});

const OPENCOMPASS = `20260101_000000
tabulate format
^^^^^^^^^^^^^^^^
dataset    version    metric         mode      opt350m    opt125m
---------  ---------  -------------  ------  ---------  ---------
siqa       e78df3     accuracy       gen         21.55      12.44
--------- All ---------   -          -              -       -          -
race       -          naive_average  ppl         76.23      -
$$$$$$$$$$$$$$$$$$$$$

csv format
^^^^^^^^^^
dataset,version,metric,mode,opt350m,opt125m
siqa,e78df3,accuracy,gen,21.55,12.44
$$$$$$$$$$$$$$$$$$$$$

markdown format
^^^^^^^^^^^^^^^
| dataset | version | metric | mode | opt350m | opt125m |
|----- | ----- | ----- | ----- | ----- | -----|
| siqa | e78df3 | accuracy | gen | 21.55 | 12.44 |
`;

test('OpenCompass: the first of several renderings, separators dropped, averages marked', async () => {
  const { read } = await import('./shared.ts');
  const { tables } = await read('summary.txt', OPENCOMPASS);
  assert.equal(tables.length, 1);
  const [table] = tables;
  assert.equal(table?.layout, 'transposed');
  assert.deepEqual(rowsOf(table as NonNullable<typeof table>), [
    { dataset: 'siqa', version: 'e78df3', metric: 'accuracy', mode: 'gen', opt350m: '21.55', opt125m: '12.44' },
    { dataset: 'race', metric: 'naive_average', mode: 'ppl', opt350m: '76.23' },
  ]);
  assert.ok(table?.facts.some(({ task, aggregate }) => task === 'race' && aggregate === true));
});

test('OpenCompass CSV is the same table', async () => {
  const table = await readOne(
    'summary.csv',
    'dataset,version,metric,mode,opt350m,opt125m\nsiqa,e78df3,accuracy,gen,21.55,12.44\nrace,-,naive_average,ppl,76.23,-\n',
  );
  assert.equal(table.format, 'opencompass');
  assert.equal(rowsOf(table)[1]?.['opt125m'], undefined);
  assert.equal(table.hints.get(4)?.unit, '%');
});

test('any Markdown table of numbers; averages are marked', async () => {
  const table = await readOne(
    'README.md',
    '# Model\n\n|Metric|Value|\n|---|---:|\n|Avg.|74.46|\n|**HellaSwag**|88.73|\n',
  );
  assert.deepEqual(rowsOf(table), [
    { Metric: 'Avg.', Value: '74.46' },
    { Metric: 'HellaSwag', Value: '88.73' },
  ]);
  assert.equal(table.facts[0]?.aggregate, true);
});

test('the published tables', { skip: withoutData }, async () => {
  const files = sampleFiles('formats/samples/md-tables');
  const rows: Record<string, number> = {};
  for (const { name, bytes } of files) rows[name] = (await readOne(name, bytes)).rowCount;
  assert.deepEqual(rows, {
    'lm-eval_lambada_openai_10_pythia-14m.md': 2,
    'lm-eval_mmlu_stem_10_pythia-14m.md': 20,
    'lm-eval_wikitext_10_pythia-14m.md': 3,
    'opencompass_korbench_summary.md': 13,
    'opencompass_lveval_summary.txt': 72,
    'opencompass_mgsm_summary.txt': 14,
    'opencompass_quickstart_summary.txt': 2,
    'opencompass_race_summary.txt': 3,
  });
});

test('numbers only as prose writes them are a table where the header says what they are; looks are taken off', async () => {
  const table = await readOne(
    'README.md',
    'Text.\n\n| Model | N (params) | Tokens | C (FLOPs) |\n|---|---|---|---|\n| [alpha](https://x.org/a) | 175B | ~300B | 3.1×10²³ |\n| **`beta`** | **70B** (dense) | 1.4 Trillion | 5.8×10²³ |\n',
  );
  assert.deepEqual([table.cell(0, 0), table.cell(1, 0)], ['alpha', 'beta']);
  assert.deepEqual([...table.numbers(1)], [175e9, 70e9]);
  assert.deepEqual([...table.numbers(2)], [300e9, 1.4e12]);
  assert.deepEqual([...table.numbers(3)], [3.1e23, 5.8e23]);
});
