import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BareForm,
  lastBare,
  lastThreeBare,
  linearBare,
  meanBare,
  sigmoidBare,
  sigmoidPlain,
} from '../../../src/core/forecast/form.ts';
import { averageB, cutoffBacktest, leaveRightmostOut, summariseA } from '../../../src/core/forecast/protocol.ts';
import { absent } from '../shape/reference-data.ts';
import { predictability, scoreRows, tasksOf } from './predictability-data.ts';

interface Reference {
  readonly computed: { readonly results: Readonly<Record<string, Result>> };
}
interface Result {
  readonly tasks: Readonly<
    Record<
      string,
      {
        readonly n: number;
        readonly A: Readonly<Record<string, Readonly<Record<string, number>>>>;
        readonly B_mae_npm_pp: Readonly<Record<string, number>>;
        readonly B_n_cutoffs: number;
      }
    >
  >;
  readonly individual_A: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly individual_B_mean_over_tasks: Readonly<Record<string, number>>;
  readonly average_A: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly average_B: Readonly<Record<string, { readonly mae_npm_pp: number }>>;
}

const BASELINES: readonly (readonly [BareForm, string])[] = [
  [lastBare, 'last_value'],
  [lastThreeBare, 'last3_mean'],
  [meanBare, 'mean'],
  [linearBare, 'linear'],
];
const LONG = process.env['SCALING_LENS_LONG'] === '1';
const SKIP = { skip: absent('predictability') };
const near = (mine: number | null | undefined, theirs: number | undefined, relative: number, what: string): void => {
  assert.ok(mine !== null && mine !== undefined && theirs !== undefined, what);
  assert.ok(Math.abs(mine / theirs - 1) <= relative, `${what}: ${mine} against ${theirs}`);
};

test('leaving the rightmost points out keeps four and counts every distance', () => {
  const x = Float64Array.from({ length: 10 }, (_, i) => i / 2);
  const held = leaveRightmostOut(meanBare, { task: 't', x, y: Float64Array.from(x, () => 0.5) });
  // h = 1 … 6 (7 would leave three): 1 + 2 + … + 6 points.
  assert.equal(held.error.length, 21);
  assert.ok(held.error.every((e) => Math.abs(e) < 1e-15));
  assert.equal(Math.max(...held.distance), 3);
});

test('cutoffs start at ten models and score one order of magnitude', () => {
  const x = Float64Array.from({ length: 14 }, (_, i) => i * 0.4);
  const result = cutoffBacktest(lastBare, { task: 't', x, y: Float64Array.from(x, (_, i) => i / 100) });
  assert.equal(result.cutoffs, 4);
  // Two points within one decade (0.4, 0.8), one at the last cutoff: 1.5, 1.5, 1.5, 1 points.
  assert.ok(Math.abs((result.mean ?? 0) - 1.375) < 1e-12);
  // Always too low.
  assert.ok(Math.abs((result.signed ?? 0) + 1.375) < 1e-12);
  const falling = cutoffBacktest(lastBare, {
    task: 't',
    x,
    y: Float64Array.from(x, (_, i) => (i === 13 ? 0.2 : -i / 100)),
  });
  // Too high by a point and a half twice, then by one and too low by 32, then too low by 32.
  assert.ok(Math.abs((falling.signed ?? 0) - (1.5 + 1.5 + (1 - 31) / 2 - 32) / 4) < 1e-9, `${falling.signed}`);
});

for (const key of ['bbh_fewshot|scaled_compute_flop', 'std8|scaled_compute_flop', 'emergent|scaled_compute_flop']) {
  const [benchmark = '', axis = ''] = key.split('|');
  test(`baselines of ${key} agree with the reference to 1e-4`, SKIP, () => {
    const reference = predictability<Reference>().computed.results[key] as Result;
    const { tasks, average } = tasksOf(scoreRows(), benchmark, axis);
    for (const [form, name] of BASELINES) {
      const parts = tasks.map((task) => leaveRightmostOut(form, task));
      const within = summariseA(form.id, parts);
      near(within.withinOne?.mean, reference.individual_A[name]?.['<=1OOM']?.[0], 1e-4, `${name} single`);
      near(within.withinOne?.median, reference.individual_A[name]?.['<=1OOM']?.[1], 1e-4, `${name} single median`);
      for (const bin of within.byDistance) {
        const theirs = reference.individual_A[name]?.[bin.distance.toFixed(2)];
        near(bin.mean, theirs?.[0], 1e-4, `${name} at ${bin.distance}`);
        assert.equal(bin.count, theirs?.[2]);
      }
      tasks.forEach((task, i) => {
        const theirs = reference.tasks[task.task];
        const own = summariseA(form.id, [parts[i] as (typeof parts)[number]]).withinOne?.mean;
        near(own, theirs?.A[name]?.['<=1OOM_mae_npm_pp'], 1e-4, `${name} ${task.task}`);
        const cut = cutoffBacktest(form, task);
        assert.equal(cut.cutoffs, theirs?.B_n_cutoffs);
        // The reference orders models of equal compute differently in protocol B, which the mean of three can see.
        near(cut.mean, theirs?.B_mae_npm_pp[name], name === 'last3_mean' ? 1e-2 : 1e-4, `${name} ${task.task} B`);
      });
      near(
        summariseA(form.id, [leaveRightmostOut(form, average)]).withinOne?.mean,
        reference.average_A[name]?.['<=1OOM']?.[0],
        1e-4,
        `${name} average`,
      );
      near(
        cutoffBacktest(form, average).mean,
        reference.average_B[name]?.mae_npm_pp,
        name === 'last3_mean' ? 5e-3 : 1e-4,
        `${name} average B`,
      );
    }
  });
}

test('the plain sigmoid agrees with the reference: averages and pooled means within 3 %', SKIP, () => {
  const rows = scoreRows();
  for (const key of LONG
    ? ['bbh_fewshot|scaled_compute_flop', 'std8|scaled_compute_flop', 'bbh_cot|scaled_compute_flop']
    : ['bbh_fewshot|scaled_compute_flop']) {
    const [benchmark = '', axis = ''] = key.split('|');
    const reference = predictability<Reference>().computed.results[key] as Result;
    const { tasks, average } = tasksOf(rows, benchmark, axis);
    const parts = tasks.map((task) => leaveRightmostOut(sigmoidPlain, task));
    near(
      summariseA('', parts).withinOne?.mean,
      reference.individual_A['sigmoid']?.['<=1OOM']?.[0],
      0.03,
      `${key} single`,
    );
    const whole = summariseA('', [leaveRightmostOut(sigmoidPlain, average)]);
    near(whole.withinOne?.mean, reference.average_A['sigmoid']?.['<=1OOM']?.[0], 1e-3, `${key} average`);
    near(
      cutoffBacktest(sigmoidPlain, average).mean,
      reference.average_B['sigmoid']?.mae_npm_pp,
      1e-3,
      `${key} average B`,
    );
    const b = averageB(
      '',
      tasks.map((task) => cutoffBacktest(sigmoidPlain, task)),
    );
    near(b.mean, reference.individual_B_mean_over_tasks['sigmoid'], 0.03, `${key} B`);
    // Near-chance tasks have a step between two models among their optima: those depend on the optimiser's path.
    const off = tasks.filter((task, i) => {
      const own = summariseA('', [parts[i] as (typeof parts)[number]]).withinOne?.mean ?? 0;
      return Math.abs(own / (reference.tasks[task.task]?.A['sigmoid']?.['<=1OOM_mae_npm_pp'] ?? 0) - 1) > 0.1;
    });
    assert.ok(off.length <= 2, `${key}: ${off.map((t) => t.task).join(', ')}`);
  }
});

test('the slope prior gives the published 9.3 and 5.0 points', SKIP, () => {
  const { tasks, average } = tasksOf(scoreRows(), 'bbh_fewshot', 'scaled_compute_flop');
  near(
    summariseA(
      '',
      tasks.map((t) => leaveRightmostOut(sigmoidBare, t)),
    ).withinOne?.mean,
    9.3,
    0.01,
    'single',
  );
  near(summariseA('', [leaveRightmostOut(sigmoidBare, average)]).withinOne?.mean, 5.0, 0.01, 'average');
});

test('over tasks, those without a cutoff do not count', () => {
  const task = (mean: number | null, signed: number | null, cutoffs: number) => ({ form: 'f', mean, signed, cutoffs });
  assert.deepEqual(averageB('f', [task(2, -1, 3), task(null, null, 0), task(4, 2, 5)]), task(3, 0.5, 8));
  assert.deepEqual(averageB('f', [task(null, null, 0)]), task(null, null, 0));
});
