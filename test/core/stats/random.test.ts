import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, hashText, resampleCounts } from '../../../src/core/stats/random.ts';

/** PCG32 (XSH-RR) in big integers, straight from the paper. */
function reference(seed: bigint, name: string, count: number): number[] {
  const mask = (1n << 64n) - 1n;
  const increment = (BigInt(hashText(`${name}#`)) << 32n) | ((BigInt(hashText(name)) * 2n) & 0xffffffffn) | 1n;
  let state = 0n;
  const step = (): number => {
    const old = state;
    state = (old * 6364136223846793005n + increment) & mask;
    const mixed = Number((((old >> 18n) ^ old) >> 27n) & 0xffffffffn);
    const turn = Number(old >> 59n);
    return ((mixed >>> turn) | (mixed << (-turn & 31))) >>> 0;
  };
  step();
  state = (state + seed) & mask;
  step();
  return Array.from({ length: count }, step);
}

test('the generator is PCG32, bit for bit', () => {
  for (const [seed, name] of [
    [1, 'a'],
    [42, 'series/power'],
    [2 ** 40 + 7, ''],
  ] as const) {
    const random = createRandom(seed, name);
    assert.deepEqual(
      Array.from({ length: 1000 }, () => random.bits()),
      reference(BigInt(seed), name, 1000),
    );
  }
});

test('uniform and normal numbers have the right moments', () => {
  const random = createRandom(7, 'moments');
  const n = 100_000;
  let sum = 0;
  let square = 0;
  let fourth = 0;
  let mean = 0;
  for (let i = 0; i < n; i++) {
    const z = random.normal();
    sum += z;
    square += z * z;
    fourth += z ** 4;
    mean += random.uniform();
  }
  assert.ok(Math.abs(sum / n) < 0.015);
  assert.ok(Math.abs(square / n - 1) < 0.02);
  assert.ok(Math.abs(fourth / n - 3) < 0.15);
  assert.ok(Math.abs(mean / n - 0.5) < 0.005);
});

test('integers are uniform, counts add up', () => {
  const random = createRandom(3);
  const seen = new Float64Array(7);
  for (let i = 0; i < 70_000; i++) {
    const k = random.integer(7);
    seen[k] = (seen[k] ?? 0) + 1;
  }
  for (const count of seen) assert.ok(Math.abs(count - 10_000) < 400);
  assert.equal(
    resampleCounts(random, new Float64Array(20)).reduce((a, b) => a + b),
    20,
  );
});
