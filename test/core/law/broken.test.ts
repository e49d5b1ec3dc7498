import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bnsl1, bnsl2 } from '../../../src/core/law/broken.ts';
import { absent, referenceJson } from '../shape/reference-data.ts';
import { curveOf, recover, scenarioOf } from './recovery.ts';
import { checkRevisiting } from './revisiting.ts';
import { makeInput, OPTIONS } from './series.ts';

test('a curve with a break is recovered from exact values', () => {
  const given = curveOf('bnsl1');
  const x = Array.from({ length: 40 }, (_, i) => 10 ** (3 + (6 * i) / 39));
  const result = bnsl1.fit(makeInput(x, x.map(given.value)), OPTIONS);
  assert.ok(result.ok && result.value.fit.converged);
  for (const [name, value] of Object.entries(given.truth))
    assert.ok(Math.abs((result.value.fit.parameters[name] ?? 0) / value - 1) < 1e-5, name);
});

test('intervals hold the truth about as often as they say', () => {
  for (const row of recover(scenarioOf('bnsl1'), 20, 60))
    assert.ok(row.covered >= 13, `${row.parameter}: ${row.covered} of 20`);
});

test('two breaks: a curve that falls, rises and falls again', () => {
  const value = (x: number): number =>
    0.3 + 8 * x ** -0.2 * (1 + (x / 1e5) ** (1 / 0.3)) ** (0.5 * 0.3) * (1 + (x / 1e7) ** (1 / 0.2)) ** (-0.8 * 0.2);
  const x = Array.from({ length: 60 }, (_, i) => 10 ** (3 + (6 * i) / 59));
  const result = bnsl2.fit(makeInput(x, x.map(value)), OPTIONS);
  assert.ok(result.ok);
  assert.ok((result.value.fit.rmsle ?? 1) < 1e-6, `rmsle ${result.value.fit.rmsle}`);
});

test('a metric with negative values turns too: its limit begins at the floor of the metric, or far below', () => {
  const x = Array.from({ length: 30 }, (_, i) => 10 ** (20 + i / 8));
  // TC Brier of easy questions: from −0.42 down to −0.55 and up to −0.2.
  const y = x.map((at) => -0.55 + 0.1 * Math.abs(Math.log10(at / 3e22)) ** 1.3 * (at < 3e22 ? 0.45 : 3));
  for (const range of [{ lower: -1, upper: 0 }, {}]) {
    const result = bnsl1.fit(makeInput(x, y, { isLoss: false, better: 'higher', ...range }), OPTIONS);
    assert.ok(result.ok);
    assert.ok((result.value.fit.r2 ?? 0) > 0.97, `R² ${result.value.fit.r2}`);
    assert.ok((result.value.fit.parameters['a'] ?? 0) <= Math.min(...y));
  }
});

test('two breaks never fit worse than one', () => {
  const x = Array.from({ length: 24 }, (_, i) => 10 ** (3 + i / 4));
  const y = x.map((at, i) => (0.4 + 6 * at ** -0.1 * (1 + (at / 1e6) ** 2.5) ** -0.2) * (1 + 0.01 * Math.sin(5 * i)));
  const one = bnsl1.fit(makeInput(x, y), OPTIONS);
  const two = bnsl2.fit(makeInput(x, y), OPTIONS);
  assert.ok(one.ok && two.ok);
  assert.ok((two.value.fit.rmsle ?? 1) <= (one.value.fit.rmsle ?? 0) * 1.0001);
});

/** The parts of the reference that are compared. */
interface Reference {
  readonly figure4_left_4_digit_addition: {
    readonly data: { readonly x: number[]; readonly y: number[]; readonly n_fit: number };
  };
  readonly figure4_right_noiseless: {
    readonly truth: Readonly<Record<'a' | 'b' | 'c0' | 'c1' | 'd1' | 'f1', number>>;
  };
}
const reference = (): Reference => referenceJson<Reference>('bnsl/reference.json');

test("the authors' example: four-digit addition", { skip: absent('bnsl') }, () => {
  const { data } = reference().figure4_left_4_digit_addition;
  const { n_fit } = data;
  const result = bnsl1.fit(makeInput(data.x.slice(0, n_fit), data.y.slice(0, n_fit)), OPTIONS);
  assert.ok(result.ok);
  assert.ok((result.value.fit.rmsle ?? 1) <= 0.00061);
  let sum = 0;
  for (let i = n_fit; i < 17; i++)
    sum += Math.log(result.value.predict({ x: data.x[i] as number }) / (data.y[i] as number)) ** 2;
  assert.ok(Math.sqrt(sum / 3) <= 0.013);
});

test('without noise the break is found before the data reach it', { skip: absent('bnsl') }, () => {
  const { truth } = reference().figure4_right_noiseless;
  const value = (x: number): number =>
    truth.a +
    truth.b *
      Math.exp(-truth.c0 * Math.log(x) - truth.c1 * truth.f1 * Math.log1p(Math.exp(Math.log(x / truth.d1) / truth.f1)));
  const x = Array.from({ length: 405 }, (_, i) => i + 1);
  const result = bnsl1.fit(makeInput(x, x.map(value)), OPTIONS);
  assert.ok(result.ok);
  for (const name of ['a', 'b', 'c0', 'c1', 'd1', 'f1'] as const)
    assert.ok(Math.abs((result.value.fit.parameters[name] ?? 0) / truth[name] - 1) < 1e-4, name);
  let sum = 0;
  for (let at = 406; at <= 4095; at++) sum += Math.log(result.value.predict({ x: at }) / value(at)) ** 2;
  assert.ok(Math.sqrt(sum / 3690) < 1.8e-5);
});

test('all curves of the benchmark', { skip: absent('revisiting') }, () => {
  checkRevisiting('bnsl1', 'BNSL1', 1.01, 0.032);
});
