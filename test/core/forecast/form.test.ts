import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BARE_FORMS,
  FURTHER_FORMS,
  lastBare,
  lastThreeBare,
  linearBare,
  meanBare,
  sigmoidBare,
  sigmoidPlain,
} from '../../../src/core/forecast/form.ts';

const x = Float64Array.from({ length: 12 }, (_, i) => 20 + i / 4);
const of = (f: (at: number) => number): Float64Array => x.map(f);
const [sigmoidOffset, clippedLinear] = FURTHER_FORMS;
const close = (actual: number | undefined, expected: number, within: number): void => {
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) <= within, `${actual} against ${expected}`);
};

test('baselines: the last, the mean of the last three, the mean of all', () => {
  const y = of((at) => at - 20);
  assert.equal(lastBare.fit(x, y)?.(30), 2.75);
  close(lastThreeBare.fit(x, y)?.(30), 2.5, 1e-15);
  close(meanBare.fit(x, y)?.(30), 1.375, 1e-15);
});

test('the last of several models at one scale is the first of them in the file', () => {
  assert.equal(lastBare.fit(Float64Array.of(1, 2, 2, 2), Float64Array.of(0, 0.3, 0.4, 0.5))?.(3), 0.3);
});

test('a line goes on as it was; at one scale it is the mean', () => {
  close(
    linearBare.fit(
      x,
      of((at) => 0.1 * at - 1.7),
    )?.(25),
    0.8,
    1e-12,
  );
  close(linearBare.fit(Float64Array.of(21, 21), Float64Array.of(0.2, 0.4))?.(25), 0.3, 1e-15);
});

test('each further form finds the truth that has its shape, beyond the data too', () => {
  const s = (t: number): number => 1 / (1 + Math.exp(-t));
  for (const form of [sigmoidPlain, sigmoidBare])
    close(
      form.fit(
        x,
        of((at) => s(1.2 * (at - 22))),
      )?.(25),
      s(3.6),
      2e-3,
    );
  close(
    sigmoidOffset?.fit(
      x,
      of((at) => s(1.5 * (at - 22)) - 0.1),
    )?.(25),
    s(4.5) - 0.1,
    1e-4,
  );
  const clipped = clippedLinear?.fit(
    x,
    of((at) => Math.min(1, Math.max(0, 0.3 * (at - 21)))),
  );
  close(clipped?.(24), 0.9, 1e-3);
  assert.deepEqual([clipped?.(18), clipped?.(30)], [0, 1]);
});

test('the slope prior holds back a step between two neighbours that the plain fit believes', () => {
  const step = of((at) => (at < 22.6 ? 0.02 : 0.3));
  const plain = sigmoidPlain.fit(x, step)?.(24) ?? Number.NaN;
  const held = sigmoidBare.fit(x, step)?.(24) ?? Number.NaN;
  assert.ok(held < plain, `${held} and ${plain}`);
});

test('nothing is made of no points, and every form has a name of its own', () => {
  const all = [...BARE_FORMS, ...FURTHER_FORMS];
  for (const form of all) assert.equal(form.fit(new Float64Array(), new Float64Array()), null, form.id);
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
});
