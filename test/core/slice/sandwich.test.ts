/** Slice-and-Sandwich against the authors' code on every public task, its variants, and what bad input does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitPolynomial, turningPoints } from '../../../src/core/slice/polynomial.ts';
import {
  fitSandwich,
  fitSigmoidBaseline,
  resampleSandwich,
  type SandwichOptions,
} from '../../../src/core/slice/sandwich.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { absent, column, type Row, referenceCsv, referenceJson } from '../shape/reference-data.ts';
import { coefficientsAbout } from './coefficients-about.ts';

interface Task {
  readonly chance_used_in_sigmoid: number;
  readonly easy_coef_ascending: readonly number[];
  readonly hard_coef_ascending: readonly number[];
  readonly x_train_range: readonly [number, number];
  readonly easy_turning_points_in_train: readonly { readonly x: number; readonly y: number; readonly kind: string }[];
  readonly sigmoid_coef: { readonly a: number; readonly b: number };
  readonly test_error: Readonly<Record<string, { readonly mse: number }>>;
}
interface Reference {
  readonly tasks: Readonly<Record<string, Task>>;
  readonly variants: Readonly<Record<string, Readonly<Record<string, { readonly mse: number }>>>>;
}
const FOLDER = 'slice-and-sandwich';
const skip = absent(FOLDER);

function split(task: string): { readonly train: Row[]; readonly held: Row[] } {
  const rows = referenceCsv(`${FOLDER}/predictions.csv`).filter((row) => row.task === task);
  return { train: rows.filter((row) => row.split === 'train'), held: rows.filter((row) => row.split === 'test') };
}

function fit(rows: readonly Row[], options: SandwichOptions = {}) {
  const outcome = fitSandwich(
    {
      x: column(rows, 'log10_flop_1e21'),
      accuracy: column(rows, 'acc'),
      tc: column(rows, 'tc_brier'),
      easy: column(rows, 'easy_tc'),
      hard: column(rows, 'hard_tc'),
    },
    options,
  );
  assert.ok(outcome.ok);
  return outcome.value;
}

function close(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} for ${expected}`);
}

function meanSquare(rows: readonly Row[], predict: (x: number) => number): number {
  return rows.reduce((s, row) => s + (predict(Number(row.log10_flop_1e21)) - Number(row.acc)) ** 2, 0) / rows.length;
}

test('predictions, sigmoid baseline and coefficients equal the authors on every task', { skip }, () => {
  const reference = referenceJson<Reference>(`${FOLDER}/reference.json`);
  assert.equal(Object.keys(reference.tasks).length, 5);
  for (const [name, task] of Object.entries(reference.tasks)) {
    const { train, held } = split(name);
    const sandwich = fit(train);
    const sigmoid = fitSigmoidBaseline(
      column(train, 'log10_flop_1e21'),
      column(train, 'acc'),
      task.chance_used_in_sigmoid,
    );
    for (const row of [...train, ...held]) {
      const x = Number(row.log10_flop_1e21);
      close(sandwich.accuracyAt(x), Number(row.acc_pred), 1e-8, `${name} acc_pred`);
      close(sandwich.tcAt(x), Number(row.tc_pred), 1e-8, `${name} tc_pred`);
      close(sigmoid.accuracyAt(x), Number(row.acc_sigmoid), 1e-8, `${name} acc_sigmoid`);
    }
    coefficientsAbout(sandwich.easy, 0).forEach((value, k) => {
      const expected = task.easy_coef_ascending[k] as number;
      close(value, expected, 1e-6 * Math.abs(expected), `${name} easy coefficient ${k}`);
    });
    coefficientsAbout(sandwich.hard, 0).forEach((value, k) => {
      const expected = task.hard_coef_ascending[k] as number;
      close(value, expected, 1e-6 * Math.abs(expected), `${name} hard coefficient ${k}`);
    });
    const turns = turningPoints(sandwich.easy, ...task.x_train_range);
    assert.equal(turns.length, task.easy_turning_points_in_train.length);
    for (const [i, turn] of turns.entries()) {
      close(turn.x, task.easy_turning_points_in_train[i]?.x as number, 1e-8, `${name} turning point`);
      assert.equal(turn.kind, task.easy_turning_points_in_train[i]?.kind);
    }
    const expected = task.test_error.slice_and_sandwich?.mse as number;
    close(meanSquare(held, sandwich.accuracyAt), expected, 1e-8 * expected, `${name} MSE`);
  }
});

test('degree 3, hard-lift and no shift equal the reference variants', { skip }, () => {
  const reference = referenceJson<Reference>(`${FOLDER}/reference.json`);
  const variants: Readonly<Record<string, SandwichOptions>> = {
    easy3_hard2: { easyDegree: 3 },
    easy5_hard4: { hardDegree: 4 },
    hard_lift: { hardLift: true },
    no_calibration: { shift: false },
    easy3_no_calibration: { easyDegree: 3, shift: false },
  };
  for (const name of Object.keys(reference.tasks)) {
    const { train, held } = split(name);
    for (const [variant, options] of Object.entries(variants)) {
      const expected = reference.variants[name]?.[variant]?.mse as number;
      close(meanSquare(held, fit(train, options).accuracyAt), expected, 1e-7 * expected, `${name} ${variant}`);
    }
  }
});

test('descriptive polynomials of the ten groups', { skip }, () => {
  interface Group {
    readonly coef_descending: readonly number[];
  }
  const fits = referenceJson<Record<string, { readonly degree: number; readonly groups: readonly Group[] }>>(
    `${FOLDER}/group_fits_10.json`,
  );
  let checked = 0;
  for (const [key, { degree, groups }] of Object.entries(fits)) {
    const [task = '', kind] = key.split('|');
    if (kind !== 'tc_redist') continue;
    const rows = referenceCsv(`${FOLDER}/tidy/${task}_g10.csv`).filter((row) => row.excluded === '');
    for (const [g, group] of groups.entries()) {
      const p = fitPolynomial(column(rows, 'log10_flop_1e21'), column(rows, `g${g + 1}_tc`), degree);
      assert.ok(p);
      const ours = coefficientsAbout(p, 0);
      const size = Math.max(...group.coef_descending.map(Math.abs));
      group.coef_descending.forEach((value, k) => close(ours[degree - k] as number, value, 1e-6 * size, `${key} ${g}`));
      checked++;
    }
  }
  assert.equal(checked, 50);
});

test('the turning point follows the cut-off as in the sweep', { skip }, () => {
  let checked = 0;
  for (const row of referenceCsv(`${FOLDER}/cutoff_sweep.csv`)) {
    const rows = referenceCsv(`${FOLDER}/tidy/${row.task}_g3.csv`)
      .filter((model) => model.excluded === '' && Number(model.log10_flop_1e21) < Number(row.cutoff))
      .sort((a, b) => Number(a.log10_flop_1e21) - Number(b.log10_flop_1e21));
    assert.equal(rows.length, Number(row.n), `${row.task} ${row.cutoff}`);
    const x = column(rows, 'log10_flop_1e21');
    const p = fitPolynomial(x, column(rows, 'g1_tc'), Number(row.degree_easy));
    if (p === null) continue;
    const minima = turningPoints(p, x[0] as number, x[x.length - 1] as number).filter((turn) => turn.kind === 'min');
    const last = minima[minima.length - 1];
    if (row.last_interior_min === '') assert.equal(last, undefined, `${row.task} ${row.cutoff}`);
    else
      close(last?.x ?? Number.NaN, Number(row.last_interior_min), 1e-6, `${row.task} ${row.cutoff} ${row.degree_easy}`);
    checked++;
  }
  assert.ok(checked > 50);
});

test('bad input is refused with a typed message', () => {
  const x = [1, 2, 3, 4, 5, 6, 7, 8];
  const y = [0.1, 0.2, 0.15, 0.3, 0.25, 0.4, 0.35, 0.5];
  const codes = [
    fitSandwich({ x: [1], accuracy: [0.2], tc: [-0.5], easy: [-0.4], hard: [-0.6] }),
    fitSandwich({ x: x.map(() => 1), accuracy: y, tc: y, easy: y, hard: y }),
    fitSandwich({ x, accuracy: x.map(() => 0.25), tc: y, easy: y, hard: y }),
    fitSandwich({ x, accuracy: y, tc: y, easy: y.slice(1), hard: y }),
    fitSandwich({ x, accuracy: y, tc: y, easy: y.map((v, i) => (i === 3 ? Number.NaN : v)), hard: y }),
  ].map((outcome) => (outcome.ok ? 'fitted' : outcome.error.code));
  assert.deepEqual(codes, ['too-few-models', 'too-few-models', 'flat-accuracy', 'lengths-differ', 'not-finite']);
});

test('resamples that carry no polynomial are left out, the others are fits of the same degrees', () => {
  const x = [1, 2, 3, 4, 5, 6, 7];
  const wavy = (phase: number) => x.map((at) => -0.5 + 0.1 * Math.sin(at + phase));
  const data = { x, accuracy: wavy(1), tc: wavy(2), easy: wavy(3), hard: wavy(4) };
  const of = (easyDegree: number) =>
    resampleSandwich(data, { easyDegree, hardDegree: 1 }, 100, createRandom(1, 'resamples'));
  // Seven draws of seven models rarely hold six different ones.
  assert.ok(of(1).length > 95 && of(5).length > 5 && of(5).length < 60, `${of(1).length}, ${of(5).length}`);
  for (const refit of of(5)) assert.equal(refit.easy.coefficients.length, 6);
});
