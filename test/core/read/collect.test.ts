// Several kinds of files as one study.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStudy } from '../../../src/core/read-study.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';

const MODELS = [
  ['m-70m', 7e7, 3e11, 0.25, 0.3],
  ['m-160m', 1.6e8, 3e11, 0.27, 0.35],
  ['m-410m', 4.1e8, 3e11, 0.3, 0.4],
  ['m-1b', 1e9, 3e11, 0.36, 0.5],
  ['m-3b', 3e9, 3e11, 0.41, 0.6],
] as const;

const essence = (series: readonly StudySeries[]): unknown =>
  series.map(({ id, task, metric, scale, better, points }) => ({
    id,
    task,
    metric,
    scale,
    better,
    points: points.map(({ model, x, y, stderr, params, tokens, compute }) => ({
      model,
      x,
      y,
      stderr,
      params,
      tokens,
      compute,
    })),
  }));

test('lm-eval JSON per model, a table of models and a manifest give the series of one tidy CSV', async () => {
  const results = MODELS.map(([model, , , arc, piqa]) => ({
    name: `results/${model}/results_2026-01-01T00-00-00.json`,
    text: JSON.stringify({
      results: {
        arc_easy: { 'acc,none': arc, 'acc_stderr,none': 0.01 },
        piqa: { 'acc,none': piqa, 'acc_stderr,none': 0.02 },
      },
      'n-shot': { arc_easy: 0, piqa: 0 },
      versions: {},
      config: { model_args: `pretrained=${model}` },
      model_name: model,
    }),
  }));
  const models = {
    name: 'models.csv',
    text: `model,params,tokens\n${MODELS.map(([model, n, d]) => `${model},${n},${d}`).join('\n')}\n`,
  };
  const manifest = {
    name: 'scaling.yaml',
    text: 'version: 1\nsources:\n  - files: results/**/*.json\nmodels: models.csv\n',
  };
  const joined = await readStudy([...results, models], { manifest }, nodeReadPorts);
  const rows = MODELS.flatMap(([model, n, d, arc, piqa]) => [
    `${model},${n},${d},arc_easy,0,none,acc,${arc},0.01`,
    `${model},${n},${d},piqa,0,none,acc,${piqa},0.02`,
  ]);
  const tidy = {
    name: 'tidy.csv',
    text: `model,params,tokens,task,shots,filter,metric,score,stderr\n${rows.join('\n')}\n`,
  };
  const alone = await readStudy([tidy], {}, nodeReadPorts);
  assert.equal(joined.series.length, 2);
  assert.deepEqual(essence(joined.series), essence(alone.series));
  assert.deepEqual(joined.questions, []);
});

test('the same by an inline table of models', async () => {
  const results = MODELS.map(([model, , , arc]) => ({
    name: `out/${model}.json`,
    text: JSON.stringify({
      results: { arc_easy: { acc: arc, acc_stderr: 0.01 } },
      versions: { arc_easy: 0 },
      config: { model_args: `pretrained=${model}`, num_fewshot: 0 },
    }),
  }));
  const table = MODELS.map(([model, n, d]) => `  ${model}: {N: ${n}, D: ${d}}\n`).join('');
  const manifest = { name: 'scaling.yaml', text: `version: 1\nsources:\n  - files: out/*.json\nmodels:\n${table}` };
  const { series } = await readStudy(results, { manifest }, nodeReadPorts);
  assert.deepEqual(
    series[0]?.points.map(({ params, y }) => [params, y]),
    MODELS.map(([, n, , arc]) => [n, arc]),
  );
});

test('an unreadable file in a folder is named; the others are read', async () => {
  const { series, sources, findings } = await readStudy(
    [
      {
        name: 'd/a.csv',
        text: `model,params,mmlu\n${MODELS.map(([model, n, , arc]) => `${model},${n},${arc}`).join('\n')}\n`,
      },
      { name: 'd/broken.csv', bytes: Uint8Array.from({ length: 300 }, (_, i) => (i * 53) % 256) },
    ],
    {},
    nodeReadPorts,
  );
  assert.equal(series.length, 1);
  assert.ok(sources.some(({ file }) => file === 'd/broken.csv'));
  assert.ok(findings.some(({ file, code }) => file === 'd/broken.csv' && code === 'file.unrecognised'));
});
