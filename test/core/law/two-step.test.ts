import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { surfaceLoss } from '../../../src/core/law/chinchilla-surface.ts';
import type { FitOptions, FittedLaw } from '../../../src/core/law/law.ts';
import { twoStep } from '../../../src/core/law/two-step.ts';
import type { Fit } from '../../../src/core/report-model.ts';
import type { Point } from '../../../src/core/study/study.ts';
import { absent, referenceCsv } from '../shape/reference-data.ts';
import { at, input, OPTIONS, point, readReference } from './published-data.ts';

const TASKS = ['mmlu_avg_test_5shot', 'hellaswag_val_5shot', 'arc_easy_test_5shot', 'openbookqa_test_5shot'];
let cache: Record<string, string>[] | null = null;

function checkpoints(task: string, byMultiple = true): Point[] {
  cache ??= referenceCsv('ladder/ladder_checkpoints_step2.csv');
  return cache
    .map((row, i) => ({ row, i }))
    .filter(({ row }) => row.task === task && row.mode === 'train')
    .map(({ row, i }) =>
      point(
        {
          y: Number(row.rc_acc_ma5),
          loss: Number(row.task_bpb_ma5),
          params: Number(row.N),
          tokens: Number(row.D),
          model: row.model ?? '',
          run: byMultiple ? `${row.model} ${row.chinchilla_multiple}` : (row.model ?? ''),
        },
        i,
      ),
    );
}

function fitted(points: readonly Point[], options: Partial<FitOptions> = {}): FittedLaw {
  const result = twoStep.fit(input(points, { better: 'higher', isLoss: false, lower: 0, upper: 1 }), {
    ...OPTIONS,
    ...options,
  });
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

describe('two-step on the OLMo ladder', { skip: absent('ladder') }, () => {
  test('both steps and the chain equal the reference on four tasks', () => {
    const reference = readReference('ladder').computed.tasks;
    for (const task of TASKS) {
      const law = fitted(checkpoints(task));
      const target = reference[task];
      const step1 = law.fit.step1 as Fit;
      const step2 = law.fit.step2 as Fit;
      assert.equal(step1.n, 16);
      assert.equal(step2.rowsWithAnchor, target.step2.n_points_incl_ideal);
      assert.ok(
        Number(step1.objective.value) <= target.step1.huber_objective * (1 + 1e-5),
        `${task} ${step1.objective.value}`,
      );
      assert.ok(Math.abs(Number(step1.meanAbsoluteRelativeError) - target.step1.mean_abs_rel_fit_error) < 1e-5);
      for (const [name, t] of Object.entries(target.targets) as [string, any][]) {
        const place = at(t.N, t.D);
        const { E = 0, A = 0, B = 0, alpha = 0, beta = 0 } = step1.parameters as Record<string, number>;
        const loss = surfaceLoss({ E, A, B, alpha, beta }, t.N, t.D);
        assert.ok(Math.abs(loss - t.pred_task_loss) < 1e-5, `${task} ${name} loss`);
        assert.ok(
          Math.abs(law.predict(place) - t.chained_acc) < 1e-5,
          `${task} ${name} ${law.predict(place)} ${t.chained_acc}`,
        );
        const { a, b, k, L0 } = step2.parameters as Record<string, number>;
        const fromLoss = b! + a! / (1 + Math.exp(-k! * (t.actual_task_loss - L0!)));
        assert.ok(Math.abs(fromLoss - t.step2_acc_from_actual_loss) < 1e-5, `${task} ${name} step 2`);
      }
      const free = (target.step2.b as number) < 1;
      assert.equal(step2.atBound.includes('b'), !free);
    }
  });

  test('one bootstrap over runs carries both steps', () => {
    const law = fitted(checkpoints(TASKS[1]!), { bootstrap: 60 });
    const counts = law.fit.bootstrap as { method: string; used: number };
    assert.equal(counts.method, 'run');
    assert.ok(counts.used >= 50);
    const draws = law.draws(at(6887575552, 3945065873408)).slice().sort();
    assert.ok(draws.at(-1)! - draws[0]! > 0.001 && draws.at(-1)! - draws[0]! < 0.3);
    assert.ok(draws.every((d) => d >= 0 && d <= 1));
    const delta = law.deltaError(at(6887575552, 3945065873408));
    assert.ok(delta !== null && delta.mean > 1e-4 && delta.mean < 0.2, `${delta?.mean}`);
  });

  test('runs that share a name are told apart, and stages can be chosen', () => {
    const merged = fitted(checkpoints(TASKS[0]!, false));
    const apart = fitted(checkpoints(TASKS[0]!));
    assert.equal(merged.fit.runs, 16);
    const nameless = fitted(checkpoints(TASKS[0]!).map((p) => ({ ...p, run: `row ${p.row}` })));
    assert.equal(nameless.fit.runs, 16);
    assert.ok(nameless.fit.notes?.some((note) => /name no runs/.test(note)));
    const finals = referenceCsv('ladder/ladder_final.csv')
      .filter((row) => row.task === TASKS[0] && row.mode === 'train')
      .map((row, i) =>
        point(
          { y: Number(row.rc_acc_ma5), loss: Number(row.task_bpb_ma5), params: Number(row.N), tokens: Number(row.D) },
          i,
        ),
      );
    assert.equal(fitted(finals).fit.runs, 16);
    assert.equal(merged.predict(at(7e9, 4e12)), apart.predict(at(7e9, 4e12)));
    const smaller = fitted(checkpoints(TASKS[0]!), {
      stages: { first: [{ column: 'params', op: '<', value: '1e9' }] },
    });
    assert.equal(smaller.fit.runs, 12);
    assert.equal(smaller.fit.rows, apart.fit.rows);
  });
});

describe('two-step on made ladders', () => {
  const made = (percent = false): Point[] =>
    [1e8, 2e8, 4e8, 8e8].flatMap((params, i) =>
      [20, 60, 200].flatMap((ratio, j) =>
        [0.3, 0.6, 1].map((share, c) => {
          const tokens = params * ratio * share;
          const loss = 0.6 + 40 * params ** -0.24 + 90 * tokens ** -0.24;
          const y = 0.99 - 0.74 / (1 + Math.exp(-6 * (loss - 0.8)));
          return point({ y: percent ? 100 * y : y, loss, params, tokens, run: `${i} ${j}` }, (i * 3 + j) * 3 + c);
        }),
      ),
    );

  test('recovers its own chain, in fractions, per cent and as an error', () => {
    const place = at(7e9, 1e12);
    const loss = 0.6 + 40 * 7e9 ** -0.24 + 90 * 1e12 ** -0.24;
    const truth = 0.99 - 0.74 / (1 + Math.exp(-6 * (loss - 0.8)));
    assert.ok(Math.abs(fitted(made()).predict(place) - truth) < 0.01);
    const percent = twoStep.fit(input(made(true), { better: 'higher', upper: 100, lower: 0 }), OPTIONS);
    assert.ok(percent.ok && Math.abs(percent.value.predict(place) / 100 - truth) < 0.01);
    const error = twoStep.fit(
      input(
        made().map((p) => ({ ...p, y: 1 - p.y })),
        { better: 'lower', upper: 1, lower: 0 },
      ),
      OPTIONS,
    );
    assert.ok(error.ok && Math.abs(1 - error.value.predict(place) - truth) < 0.01);
  });

  test('refuses few runs, constant accuracy and missing losses', () => {
    const few = twoStep.fit(input(made().slice(0, 12), { better: 'higher' }), OPTIONS);
    assert.ok(!few.ok && few.error.code === 'fit.too-few');
    const flat = twoStep.fit(
      input(
        made().map((p) => ({ ...p, y: 0.25 })),
        { better: 'higher' },
      ),
      OPTIONS,
    );
    assert.ok(!flat.ok && flat.error.code === 'data.degenerate-metric');
    const none = twoStep.fit(
      input(
        made().map((p) => ({ ...p, loss: null })),
        { better: 'higher' },
      ),
      OPTIONS,
    );
    assert.ok(!none.ok);
    const line = twoStep.fit(
      input(
        made()
          .filter((p) => p.tokens === 20 * p.params!)
          .concat(made().map((p) => ({ ...p, tokens: 20 * p.params!, run: `x${p.row}` }))),
        { better: 'higher' },
      ),
      OPTIONS,
    );
    assert.ok(!line.ok && line.error.code === 'fit.ill-determined');
  });
});
