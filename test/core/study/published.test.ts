import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Papa from 'papaparse';
import { DATA, fromFiles, series } from './tables.ts';

const skip = existsSync(DATA) ? false : 'no shared data here';
const at = (path: string): string => join(DATA, path);

test('per-question folders: means and errors of the published table', { skip }, () => {
  const published = Papa.parse<Record<string, string>>(readFileSync(at('inverse-scaling/all_results.csv'), 'utf8'), {
    header: true,
  }).data;
  let compared = 0;
  for (const folder of readdirSync(at('inverse-scaling/samples'))) {
    const path = at(`inverse-scaling/samples/${folder}`);
    const study = fromFiles(
      readdirSync(path)
        .filter((f) => f.endsWith('.csv'))
        .map((f) => join(path, f)),
    );
    for (const row of published.filter((r) => r['experiment'] === folder)) {
      const found = series(study, `${folder}/${row['metric']}`);
      const point = found.points.find((p) => p.model === row['model']);
      assert.ok(point !== undefined, `${folder} ${row['model']} ${row['metric']}`);
      const near = (got: number | null | undefined, want: string | undefined): void =>
        assert.ok(Math.abs((got ?? Number.NaN) - Number(want)) < 1e-12, `${folder} ${row['model']}: ${got} ${want}`);
      near(point.y, row['mean']);
      near(point.stderr, row['sem_sample']);
      near(point.stderrPopulation, row['sem_pop']);
      assert.equal(point.n, Number(row['n_valid']));
      assert.equal(point.params, Number(row['params']));
      if (row['chance'] !== '' && row['metric'] !== 'logodds_difference') near(found.chance?.value, row['chance']);
      compared++;
    }
  }
  assert.equal(compared, 18);
});

test('the inverse-scaling results: one series per experiment, metric and family', { skip }, () => {
  const study = fromFiles([at('inverse-scaling/all_results.csv')]);
  assert.equal(study.series.length, 62);
  const loss = series(study, 'lambada-1k_gpt3/loss');
  assert.deepEqual([loss.scale, loss.better, loss.points.length, loss.family], ['params', 'lower', 4, 'gpt-3']);
  assert.ok(study.findings.every((f) => f.code === 'data.missing'));
  assert.deepEqual(study.questions, []);
});

test('benchmark scores of many families share one series over compute', { skip }, () => {
  const study = fromFiles([at('predictability/scores_long.csv')]);
  assert.equal(study.series.length, 40);
  const mmlu = series(study, 'MMLU/score');
  assert.deepEqual([mmlu.scale, mmlu.chance?.value, mmlu.points.length], ['compute', 0.25, 123]);
  assert.ok(study.series.some((s) => s.id === 'date_understanding/score/benchmark=bbh_cot'));
  assert.equal(study.findings.filter((f) => f.code === 'data.unit').length, 1);
});

test('loss tables, isoFLOP groups, ladders and learning curves', { skip }, () => {
  const chinchilla = fromFiles([at('chinchilla/chinchilla_svg.csv')]);
  assert.deepEqual(
    chinchilla.series.map((s) => [s.id, s.scale, s.points.length]),
    [['loss/loss', 'compute', 245]],
  );
  const svg = fromFiles([at('formats/samples/csv-long-loss/epoch_svg_extracted_data.csv')]);
  for (const p of svg.series[0]?.points ?? [])
    assert.ok(Math.abs((p.tokens ?? 0) / ((p.compute ?? 0) / (6 * (p.params ?? 1))) - 1) < 1e-12);
  const isoflop = fromFiles([at('isoflop/isoflops.csv')]);
  assert.deepEqual(
    isoflop.series.map((s) => s.points.length).sort((a, b) => a - b),
    [85, 88, 123, 124],
  );
  const models = fromFiles([at('overtraining/models.csv')]);
  const c4 = series(models, 'c4_val/loss/dataset=c4_original');
  assert.equal(c4.points.length, 34);
  const err = series(models, 'hellaswag_zeroshot/err/dataset=rpj');
  assert.deepEqual([err.better, err.chance?.value, err.points.length], ['lower', 0.75, 35]);
  assert.equal(
    err.points.at(0)?.loss,
    series(models, 'c4_val/loss/dataset=rpj').points.find((p) => p.model === err.points.at(0)?.model)?.y,
  );
  const ladder = fromFiles([at('ladder/ladder_final.csv')]);
  const arc = series(ladder, 'arc_easy_test_5shot/rc_acc_ma5');
  assert.deepEqual([arc.points.length, arc.chance?.value], [18, 0.25]);
  assert.equal(arc.points.at(0)?.loss, series(ladder, 'arc_easy_test_5shot/bpb_ma5').points.at(0)?.y);
  const curves = [
    ...fromFiles([at('revisiting/benchmark.lang.tidy.csv')]).series,
    ...fromFiles([at('revisiting/benchmark.vision.tidy.csv')]).series,
  ];
  assert.equal(curves.length, 46);
  assert.ok(curves.every((s) => s.scale === 'steps'));
});

test('difficulty groups and BIG-bench tables', { skip }, () => {
  const groups = fromFiles([at('slice-and-sandwich/tidy/mmlu_g3.csv')]);
  assert.deepEqual(
    groups.series.map((s) => s.id),
    ['mmlu/acc', 'mmlu/tc_brier', 'mmlu/tc/group=g1', 'mmlu/tc/group=g2', 'mmlu/tc/group=g3'],
  );
  assert.ok(groups.series.every((s) => s.points.length === 59));
  const bbh = fromFiles([at('bigbench/bbh_per_task_obsscaling.csv')]);
  const strict = bbh.findings.filter((f) => f.code === 'data.degenerate-metric');
  assert.ok(strict.length >= 10 && strict.every((f) => f.message.includes('strict-match')));
});

test('the errors of published tables are found at their places', { skip }, () => {
  const base = fromFiles([at('formats/samples/csv-wide/obsscaling_base_llm_benchmark_eval.csv')]);
  const btlm = base.findings.find((f) => f.code === 'data.unit');
  assert.match(btlm?.message ?? '', /btlm-3b.*(?:2\.09e5|209,000) tokens per parameter/);
  const line =
    readFileSync(at('formats/samples/csv-wide/obsscaling_base_llm_benchmark_eval.csv'), 'utf8').split('\n')[
      btlm?.range.start.line ?? 0
    ] ?? '';
  assert.equal(line.slice(btlm?.range.start.character, btlm?.range.end.character), '627.0');
  assert.ok(base.findings.some((f) => f.code === 'data.outlier' && f.message.includes('open_llama_7b_v2')));
  const mixed = base.findings.filter((f) => f.code === 'data.mixed-params').map((f) => f.data['kind']);
  assert.ok(mixed.includes('total') && mixed.includes('active'));
  const sheet = fromFiles([at('formats/samples/csv-long-loss/misfitting_data_spreadsheet.csv')]);
  const wrong = sheet.findings.find((f) => f.code === 'data.compute-mismatch' && f.range.start.line === 303);
  assert.match(wrong?.message ?? '', /C\/6ND is 0\.011/);
  for (const name of ['comma', 'nemotron']) {
    const marin = fromFiles([at(`formats/samples/csv-wandb/marin_runs_isoflop-${name}.csv`)]);
    const names = marin.findings.find((f) => f.code === 'data.compute-mismatch');
    assert.ok(Math.abs(Number(names?.data['factor']) - 3) < 0.01, name);
  }
});

test('no published CSV makes the study throw, and every number is finite', { skip }, () => {
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((e) =>
      e.isDirectory() ? walk(join(folder, e.name)) : e.name.endsWith('.csv') ? [join(folder, e.name)] : [],
    );
  for (const file of walk(DATA)) {
    const study = fromFiles([file]);
    assert.equal(new Set(study.series.map((s) => s.id)).size, study.series.length, `${file}: ids repeat`);
    for (const s of study.series)
      for (const p of s.points) assert.ok(Number.isFinite(p.x) && Number.isFinite(p.y), file);
  }
});
