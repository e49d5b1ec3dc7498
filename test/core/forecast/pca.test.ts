import assert from 'node:assert/strict';
import { test } from 'node:test';
import { principalComponents } from '../../../src/core/forecast/pca.ts';
import { correlation } from '../../../src/core/stats/moments.ts';
import { absent } from '../shape/reference-data.ts';
import { fitComponentSigmoid } from './component-sigmoid.ts';
import { normalised, predictability, scoreRows } from './predictability-data.ts';

const TASKS = ['MMLU', 'ARC-C', 'HellaSwag', 'Winograd', 'TruthfulQA', 'GSM8K', 'XWinograd', 'HumanEval'];
const FAMILIES = new Set(
  'Llama-2 Llama Llama-3 Qwen1.5 Qwen Mistral Mixtral Yi Gemma Falcon Phi Pythia BLOOM GPT-Neo/J OPT MPT XGLM CodeLlama StarCoder StarCoder2 DeepSeek-Coder'.split(
    ' ',
  ),
);
/** Released after the 77 models of the first study. */
const LATER = new Set(['Qwen/Qwen1.5-110B', 'mistralai/Mixtral-8x22B-v0.1', 'mistralai/Mistral-Nemo-Base-2407']);

/** Training FLOP up to which models train. */
const CUTOFF = 8.4e22;

interface Reference {
  readonly observational_pca_computed: {
    readonly n_models: number;
    readonly explained_variance_all_models: readonly number[];
    readonly loadings_PC1_to_3: Readonly<Record<string, readonly number[]>>;
    readonly missing_share: number;
    readonly pc1_vs_log10flops_r2_within_family: Readonly<Record<string, number>>;
    readonly pc1_vs_log10flops_r2_pooled: number;
    readonly tasks_cutoff_84e21_sigmoid_fixed_height: Readonly<
      Record<string, Readonly<Record<string, { readonly train_mse: number; readonly test_mse: number }>>>
    >;
  };
}

function study() {
  const rows = scoreRows();
  const std8 = rows.filter((r) => r['benchmark'] === 'std8');
  const models = [...new Set(std8.filter((r) => FAMILIES.has(r['family'] ?? '')).map((r) => r['model'] ?? ''))].filter(
    (m) => !LATER.has(m),
  );
  const score = new Map(std8.map((r) => [`${r['model']}|${r['task']}`, Number(r['score'])]));
  const facts = new Map(std8.map((r) => [r['model'] ?? '', r]));
  const matrix = models.map((m) => Float64Array.from(TASKS, (t) => score.get(`${m}|${t}`) ?? Number.NaN));
  const flops = models.map((m) => (facts.get(m)?.['flops'] === '' ? Number.NaN : Number(facts.get(m)?.['flops'])));
  return { rows, models, matrix, flops, families: models.map((m) => facts.get(m)?.['family'] ?? '') };
}

test('exact rank-one data give one component, gaps filled exactly', () => {
  const axis = [0.6, 0.3, 0.1];
  const rows = Array.from({ length: 12 }, (_, i) => Float64Array.from(axis, (a) => 0.2 + (a * i) / 15));
  const truth = (rows[4] as Float64Array)[1] as number;
  (rows[4] as Float64Array)[1] = Number.NaN;
  const result = principalComponents(rows);
  assert.ok(result !== null);
  assert.ok((result.explained[0] ?? 0) > 1 - 1e-9);
  const filled =
    (result.mean[1] as number) +
    ((result.scores[4] as Float64Array)[0] as number) * ((result.loadings[0] as Float64Array)[1] as number);
  assert.ok(Math.abs(filled - truth) < 1e-6);
});

test('components of the 77 models are the published ones', { skip: absent('predictability') }, () => {
  const reference = predictability<Reference>().observational_pca_computed;
  const { matrix, flops, families } = study();
  assert.equal(matrix.length, reference.n_models);
  const pca = principalComponents(matrix);
  assert.ok(pca !== null);
  assert.ok(Math.abs(pca.missingShare - reference.missing_share) < 1e-6);
  reference.explained_variance_all_models.forEach((theirs, i) => {
    assert.ok(
      Math.abs((pca.explained[i] as number) - theirs) < 1e-4,
      `PC${i + 1}: ${pca.explained[i]} against ${theirs}`,
    );
  });
  for (const [j, task] of TASKS.entries()) {
    reference.loadings_PC1_to_3[task]?.forEach((theirs, i) => {
      assert.ok(Math.abs((pca.loadings[i]?.[j] as number) - theirs) < 2e-3, `${task} PC${i + 1}`);
    });
  }
  const r2 = (keep: (i: number) => boolean): number => {
    const index = flops.map((_, i) => i).filter((i) => keep(i) && Number.isFinite(flops[i] as number));
    const r = correlation(
      index.map((i) => Math.log10(flops[i] as number)),
      index.map((i) => pca.scores[i]?.[0] as number),
    );
    return (r ?? Number.NaN) ** 2;
  };
  for (const [family, theirs] of Object.entries(reference.pc1_vs_log10flops_r2_within_family)) {
    assert.ok(
      Math.abs(r2((i) => families[i] === family) - theirs) < 2e-4,
      `${family} ${r2((i) => families[i] === family)} against ${theirs}`,
    );
  }
  assert.ok(Math.abs(r2(() => true) - reference.pc1_vs_log10flops_r2_pooled) < 1e-4, `pooled ${r2(() => true)}`);
});

test('a task is predicted from the components with the published errors', { skip: absent('predictability') }, () => {
  const reference = predictability<Reference>().observational_pca_computed.tasks_cutoff_84e21_sigmoid_fixed_height;
  const { rows, models, matrix, flops } = study();
  for (const [task, entries] of Object.entries(reference)) {
    const y = new Map(rows.filter((r) => r['task'] === task).map((r) => [r['model'] ?? '', normalised(r)]));
    const index = models.map((_, i) => i).filter((i) => y.has(models[i] ?? ''));
    const train = index.filter((i) => (flops[i] as number) <= CUTOFF);
    const pca = principalComponents(train.map((i) => matrix[i] as Float64Array));
    const held = index.filter((i) => !((flops[i] as number) <= CUTOFF));
    assert.ok(pca !== null);
    for (const [name, entry] of Object.entries(entries)) {
      if (!name.startsWith('PC-')) continue;
      const put = (i: number) => pca.project(matrix[i] as Float64Array).slice(0, Number(name.slice(3)));
      const fit = fitComponentSigmoid(
        train.map(put),
        Float64Array.from(train, (i) => y.get(models[i] ?? '') as number),
      );
      assert.ok(fit !== null);
      // The reference's fits of the arithmetic task stop short of the least squares: ours must not be worse.
      assert.ok(fit.trainMse <= entry.train_mse * 1.001, `${task} ${name}: ${fit.trainMse} against ${entry.train_mse}`);
      const errors = held.map((i) => (fit.predict(put(i)) - (y.get(models[i] ?? '') as number)) ** 2);
      const mse = errors.reduce((sum, e) => sum + e, 0) / errors.length;
      if (task.startsWith('ipa')) assert.ok(Math.abs(mse / entry.test_mse - 1) < 1e-3, `${task} ${name}: ${mse}`);
      else assert.ok(mse <= entry.test_mse, `${task} ${name}: ${mse} against ${entry.test_mse}`);
    }
  }
});
