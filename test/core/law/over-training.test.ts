import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FitOptions, FittedLaw, Law } from '../../../src/core/law/law.ts';
import { lossToError } from '../../../src/core/law/loss-to-error.ts';
import { overTraining } from '../../../src/core/law/over-training.ts';
import { overTrainingChain } from '../../../src/core/law/over-training-chain.ts';
import type { Point } from '../../../src/core/study/study.ts';
import { absent, referenceCsv } from '../shape/reference-data.ts';
import { at, input, OPTIONS, point, readReference, relative } from './published-data.ts';

const SETS = { C4: 'c4_original', RedPajama: 'rpj' } as const;
const STAGE_ONE = { first: [{ column: 'params', op: '<', value: '1e9' }] } as const;

function rows(set: keyof typeof SETS): Record<string, string>[] {
  return referenceCsv('overtraining/models.csv').filter((row) => row.dataset === SETS[set]);
}

/** The five runs of the loss law, or those and the 1.4B run at M = 20. */
function selected(set: keyof typeof SETS, withLarge: boolean): Record<string, string>[] {
  const sizes = [10569312, 78914048, 153668352, 411616256];
  return rows(set).filter((row) => {
    const N = Number(row.N);
    const M = Number(row.M);
    const small = sizes.some((size) => Math.abs(N / size - 1) < 0.01);
    if (N < 1.1e7) return M === 20 || M === 320;
    return M === 20 && (small || (withLarge && N > 1e9 && N < 2e9));
  });
}

function points(from: readonly Record<string, string>[], column: string): Point[] {
  return from.map((row, i) =>
    point(
      {
        y: Number(row[column]),
        params: Number(row.N),
        tokens: Number(row.D),
        loss: Number(row.loss_c4_val),
        model: row.name ?? '',
      },
      i,
    ),
  );
}

function fitted(law: Law, from: readonly Point[], options: Partial<FitOptions> = {}): FittedLaw {
  const result = law.fit(input(from, { aggregate: true, upper: 1, lower: 0 }), { ...OPTIONS, ...options });
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

interface Prediction {
  readonly name: string;
  readonly dataset: string;
  readonly N: number;
  readonly M: number;
  readonly loss_pred: number;
}

interface Target {
  readonly name: string;
  readonly N: number;
  readonly D: number;
  readonly err17_relerr: number;
  readonly err46_relerr: number;
  readonly err17_true: number;
  readonly err46_true: number;
  readonly c4_loss_true: number;
  readonly c4_loss_relerr: number;
}

interface Published {
  readonly params: { readonly true: number };
  readonly paper_percent: number;
}

describe('over-training laws of Gadre et al.', { skip: absent('overtraining') }, () => {
  for (const set of ['C4', 'RedPajama'] as const) {
    test(`${set}: loss law, every validation set`, () => {
      const reference = readReference('overtraining').loss_law[set];
      assert.equal(selected(set, false).length, 5);
      const check = (column: string, target: Readonly<Record<string, number>>): void => {
        const law = fitted(overTraining, points(selected(set, false), column));
        for (const name of ['E', 'a', 'b', 'eta'])
          assert.ok(
            relative(law.fit.parameters[name], Number(target[name])) < 1e-5,
            `${column} ${name} ${law.fit.parameters[name]} ${target[name]}`,
          );
        assert.ok(relative(law.fit.objective.value, Number(target.rss)) < 1e-8);
        assert.ok(relative(law.fit.Mstar as number, Number(target.M_star)) < 1e-4);
      };
      check('loss_c4_val', reference.ran);
      const others: Readonly<Record<string, Readonly<Record<string, number>>>> = reference.other_validation_sets_ran;
      for (const [name, target] of Object.entries(others)) check(`loss_${name}`, target);
      const law = fitted(overTraining, points(selected(set, false), 'loss_c4_val'));
      assert.equal(law.fit.MstarInsideFittedRange, false);
      const models: readonly Prediction[] = readReference('overtraining').all_predictions;
      for (const model of models.filter((m) => m.dataset === SETS[set])) {
        assert.ok(relative(law.predict(at(model.N, model.N * model.M)), model.loss_pred) < 1e-7, model.name);
      }
    });

    test(`${set}: error law and chain, Tables 2, 6 and 7`, () => {
      const reference = readReference('overtraining');
      for (const [withLarge, key] of [
        [true, 'ran_17_tasks'],
        [false, 'ran_17_without_1p4B'],
      ] as const) {
        const target = reference.err_law[set][key];
        const law = fitted(lossToError, points(selected(set, withLarge), 'err_avg_17'));
        assert.equal(law.fit.n, withLarge ? 6 : 5);
        assert.ok(relative(law.fit.parameters.k, target.k) < 1e-4);
        assert.ok(relative(law.fit.parameters.gamma, target.gamma) < 1e-4);
        assert.ok(relative(law.fit.parameters.epsilon, target.eps) < 1e-4);
      }
      const targets: Readonly<Record<string, Target>> = reference.targets[set];
      for (const target of Object.values(targets)) {
        for (const [column, error] of [
          ['err_avg_17', target.err17_relerr],
          ['err_avg_46', target.err46_relerr],
        ] as const) {
          const truth = column === 'err_avg_17' ? target.err17_true : target.err46_true;
          const law = fitted(overTrainingChain, points(selected(set, true), column), { stages: STAGE_ONE });
          assert.ok(
            Math.abs(100 * (relative(law.predict(at(target.N, target.D)), truth) - error)) < 0.01,
            `${target.name} ${column}`,
          );
        }
        const loss = fitted(overTraining, points(selected(set, false), 'loss_c4_val')).predict(at(target.N, target.D));
        assert.ok(Math.abs(100 * (relative(loss, target.c4_loss_true) - target.c4_loss_relerr)) < 0.0001);
      }
      const big = reference.targets[set].compute_optimal_6p9B_138B;
      for (const [which, withLarge] of [
        ['with', true],
        ['without', false],
      ] as const) {
        for (const [column, target] of Object.entries<Published>(reference.table2_table7[set][which])) {
          const law = fitted(overTrainingChain, points(selected(set, withLarge), column), { stages: STAGE_ONE });
          const percent = 100 * relative(law.predict(at(big.N, big.D)), target.params.true);
          assert.ok(
            Math.abs(percent - target.paper_percent) < 0.0051,
            `${which} ${column}: ${percent} against ${target.paper_percent}`,
          );
        }
      }
    });
  }

  test('the chain says which rows fed which stage, and its intervals hold both', () => {
    const chosen = points(selected('C4', true), 'err_avg_17');
    const law = fitted(overTrainingChain, chosen, { stages: STAGE_ONE, bootstrap: 200 });
    const stages = law.fit.stages as { loss: { n: number }; error: { n: number } };
    assert.deepEqual([stages.loss.n, stages.error.n], [5, 6]);
    const place = at(6889410560, 137788211200);
    const draws = law.draws(place).slice().sort();
    assert.ok(draws.length >= 150);
    const width = draws[Math.floor(0.95 * draws.length)]! - draws[Math.floor(0.05 * draws.length)]!;
    const errorOnly = fitted(lossToError, chosen, { bootstrap: 200 }).draws({ x: 1, loss: 2.28 }).slice().sort();
    assert.ok(width > 0 && width > 0.8 * (errorOnly[190]! - errorOnly[10]!));
    assert.ok(Number(law.deltaError(place)?.mean) > 0);
    assert.deepEqual(
      fitted(overTrainingChain, chosen, { stages: STAGE_ONE, bootstrap: 50 }).fit.intervals,
      fitted(overTrainingChain, chosen, { stages: STAGE_ONE, bootstrap: 50 }).fit.intervals,
    );
  });
});

describe('over-training laws on made runs', () => {
  const truth = { E: 1.6, a: 150, b: 220, eta: 0.125 };
  const made = (noise = 0): Point[] =>
    [1e7, 8e7, 1.5e8, 4e8, 1e9].flatMap((N, i) =>
      [20, 80, 320].map((M, j) => {
        const C = 6 * N * N * M;
        const loss = truth.E + (truth.a * M ** truth.eta + truth.b * M ** -truth.eta) * C ** -truth.eta;
        const y = loss * (1 + noise * Math.sin(5 * i + 3 * j));
        return point({ y, params: N, tokens: N * M, loss: y }, 3 * i + j);
      }),
    );

  test('recovers its parameters, also under robust objectives and with E held', () => {
    for (const objective of ['squared', 'log-squared', 'log-huber', 'lad'] as const) {
      const { fit } = fitted(overTraining, made(), { objective });
      for (const [name, value] of Object.entries(truth))
        assert.ok(relative(fit.parameters[name], value) < 1e-6, `${objective} ${name}`);
    }
    const held = fitted(overTraining, made(0.01), { fix: { E: 1.6 }, bootstrap: 60 }).fit;
    assert.equal(held.parameters.E, 1.6);
    assert.equal(held.intervals?.E, null);
    assert.ok(Number(held.standardErrors?.eta) > 0);
  });

  test('refuses one ratio, too few runs and unknown names', () => {
    const oneRatio = overTraining.fit(
      input(
        made()
          .filter((p) => p.tokens === 20 * p.params!)
          .concat(made().filter((p) => p.tokens === 20 * p.params!)),
      ),
      OPTIONS,
    );
    assert.ok(!oneRatio.ok && /tokens per parameter/.test(oneRatio.error.message));
    const delta = overTraining.fit(input(made()), { ...OPTIONS, objective: 'huber', delta: -1 });
    assert.ok(!delta.ok && /switch point must be positive/.test(delta.error.message));
    const few = overTraining.fit(input(made().slice(0, 4)), OPTIONS);
    assert.ok(!few.ok && few.error.code === 'fit.too-few');
    const name = overTraining.fit(input(made()), { ...OPTIONS, fix: { alpha: 1 } });
    assert.ok(!name.ok && name.error.code === 'fit.unsupported');
    const noLoss = overTrainingChain.fit(input(made().map((p) => ({ ...p, loss: null }))), OPTIONS);
    assert.ok(!noLoss.ok && noLoss.error.code === 'fit.too-few');
    const flat = lossToError.fit(input(made().map((p) => ({ ...p, y: 0.5 }))), OPTIONS);
    assert.ok(!flat.ok && flat.error.code === 'data.degenerate-metric');
  });

  test('an error in percent of unknown range is not held against an end of 1', () => {
    const percent = made().map((p) => ({ ...p, y: 85 - 200 * Math.exp(-0.75 * p.loss!) }));
    const notes = (more: object) => {
      const result = overTrainingChain.fit(input(percent, { better: 'lower', isLoss: false, ...more }), OPTIONS);
      assert.ok(result.ok);
      return (result.value.fit.notes ?? []).join(' ');
    };
    assert.doesNotMatch(notes({ lower: null, upper: null }), /largest possible error/);
    assert.match(notes({ lower: 0, upper: 80 }), /epsilon = 85 lies above the largest possible error 80/);
  });

  test('accuracies are turned into errors and back', () => {
    const accuracies = made().map((p) => ({ ...p, y: 1 - (0.85 - 2 * Math.exp(-0.75 * p.loss!)) }));
    const result = overTrainingChain.fit(
      input(accuracies, { better: 'higher', upper: 1, lower: 0, isLoss: false }),
      OPTIONS,
    );
    assert.ok(result.ok);
    const { fit } = result.value;
    assert.ok(relative(fit.parameters.epsilon, 0.85) < 1e-6 && relative(fit.parameters.gamma, 0.75) < 1e-6);
    for (const p of accuracies) assert.ok(Math.abs(result.value.predict(p) - p.y) < 1e-8);
  });
});
