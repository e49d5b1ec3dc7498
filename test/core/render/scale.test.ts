import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Axis, axisFor, showable, ticks, toPixel } from '../../../src/core/render/scale.ts';

const labels = (axis: Axis, count?: number) =>
  ticks(axis, count)
    .filter(({ major }) => major)
    .map(({ label }) => label);

test('a value falls at its share of the axis, by its logarithm on a log axis', () => {
  const log = { type: 'log', min: 1e18, max: 1e25 } as const;
  const linear = { type: 'linear', min: -2, max: 7 } as const;
  for (const share of [0, 0.2, 0.5, 1]) {
    const pixel = 40 + share * 400;
    assert.ok(Math.abs(toPixel(log, 10 ** (18 + 7 * share), 40, 440) - pixel) < 1e-9);
    assert.ok(Math.abs(toPixel(linear, -2 + 9 * share, 40, 440) - pixel) < 1e-9);
    assert.ok(Math.abs(toPixel(linear, -2 + 9 * share, 440, 40) - (480 - pixel)) < 1e-9, 'upwards');
  }
  assert.equal(toPixel({ type: 'log', min: 1, max: 1e4 }, 100, 0, 100), 50);
});

test('an axis shows all values with a margin and survives none, one and impossible ones', () => {
  assert.deepEqual(axisFor([], 'linear'), { type: 'linear', min: 0, max: 1 });
  assert.deepEqual(axisFor([-1, 0, null, Number.NaN], 'log'), { type: 'log', min: 1, max: 10 });
  const one = axisFor([5], 'linear');
  assert.ok(one.min < 5 && one.max > 5);
  const flat = axisFor([0, 0], 'linear');
  assert.ok(flat.min < 0 && flat.max > 0);
  const log = axisFor([1e20, 1e24, -3], 'log', 0.1);
  assert.ok(Math.abs(Math.log10(log.min) - 19.6) < 1e-9 && Math.abs(Math.log10(log.max) - 24.4) < 1e-9);
  const bounded = axisFor([0.01, 0.99], 'linear', 0.1, { lower: 0, upper: 1 });
  assert.ok(bounded.min > -0.03 && bounded.min < 0.01 && bounded.max < 1.03 && bounded.max > 0.99);
  const beyond = axisFor([-0.5, 1.4], 'linear', 0.1, { lower: 0, upper: 1 });
  assert.ok(beyond.min <= -0.5 && beyond.max >= 1.4);
  assert.equal(showable('log', 0), false);
  assert.equal(showable('linear', 0), true);
  assert.equal(showable('linear', null), false);
});

test('decades are labelled as powers of ten, with minor ticks between while there is room', () => {
  const axis = { type: 'log', min: 5e19, max: 2e24 } as const;
  assert.deepEqual(labels(axis), ['10²⁰', '10²¹', '10²²', '10²³', '10²⁴']);
  const minor = ticks(axis).filter(({ major }) => !major);
  assert.ok(minor.length > 30 && minor.every(({ label }) => label === ''));
  assert.deepEqual(labels({ type: 'log', min: 1e-30, max: 1e30 }, 6).length, 6);
});

test('short logarithmic axes get mantissas, very short ones plain steps', () => {
  assert.deepEqual(labels({ type: 'log', min: 1e20, max: 1e22 }, 5), ['10²⁰', '3×10²⁰', '10²¹', '3×10²¹', '10²²']);
  assert.deepEqual(labels({ type: 'log', min: 1.9, max: 4.2 }, 6), ['2.0', '2.5', '3.0', '3.5', '4.0']);
  assert.deepEqual(labels({ type: 'log', min: 0.1, max: 1 }, 5), ['0.1', '0.2', '0.5', '1']);
});

test('linear ticks are multiples of 1, 2 or 5, alike in decimals, without float dust', () => {
  assert.deepEqual(labels({ type: 'linear', min: 0, max: 1 }, 5), ['0', '0.2', '0.4', '0.6', '0.8', '1.0']);
  assert.deepEqual(labels({ type: 'linear', min: -0.1, max: 0.32 }, 4), ['−0.1', '0', '0.1', '0.2', '0.3']);
  assert.deepEqual(labels({ type: 'linear', min: 0, max: 60000 }, 3), ['0', '20,000', '40,000', '60,000']);
  assert.deepEqual(labels({ type: 'linear', min: 0, max: 4e22 }, 2), ['0', '2×10²²', '4×10²²']);
});

test('over many random axes: ticks lie inside, rise, are labelled apart and never say NaN', () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let i = 0; i < 3000; i++) {
    const type = random() < 0.5 ? 'log' : 'linear';
    const a = type === 'log' ? 10 ** (random() * 60 - 30) : (random() - 0.5) * 10 ** (random() * 16 - 6);
    const span = 10 ** (random() * 5 - 3);
    const axis: Axis = { type, min: a, max: type === 'log' ? a * 10 ** span : a + Math.abs(a) * span };
    const found = ticks(axis, 3 + Math.floor(random() * 7));
    const shown = found.filter(({ label }) => label !== '');
    for (const [k, tick] of found.entries()) {
      assert.ok(
        tick.value >= axis.min - 1e-9 * Math.abs(axis.min) - (axis.max - axis.min) * 1e-6,
        JSON.stringify({ axis, tick }),
      );
      assert.ok(
        tick.value <= axis.max + 1e-9 * Math.abs(axis.max) + (axis.max - axis.min) * 1e-6,
        JSON.stringify({ axis, tick }),
      );
      if (k > 0) assert.ok(tick.value > (found[k - 1] as { value: number }).value);
      assert.doesNotMatch(tick.label, /NaN|Inf|undefined/);
    }
    assert.ok(shown.length <= 14, `${shown.length} labels on ${JSON.stringify(axis)}`);
    assert.equal(new Set(shown.map(({ label }) => label)).size, shown.length, JSON.stringify({ axis, shown }));
  }
});

test('parameters and tokens are counted, compute keeps its powers', () => {
  const axis = { type: 'log', min: 1e7, max: 1e11 } as const;
  const named = (kind: string) => ticks(axis, 7, kind).flatMap(({ label }) => (label === '' ? [] : [label]));
  assert.deepEqual(named('params'), ['10M', '100M', '1B', '10B', '100B']);
  assert.deepEqual(named('compute'), ['10⁷', '10⁸', '10⁹', '10¹⁰', '10¹¹']);
});
