/** L and B against the reference ladders, and their edge cases. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearityOf } from '../../../src/core/shape/linearity.ts';
import { absent, referenceJson } from './reference-data.ts';

interface Ladder {
  readonly n: number;
  readonly y: readonly number[];
  readonly I: number;
  readonly L: number;
  readonly B: number | null;
  readonly B_infinite?: boolean;
}

test('linearity and breakthroughness of the published ladders', { skip: absent('emergent') }, () => {
  const reference = referenceJson<Record<string, Ladder>>('emergent/linearity_breakthroughness.json');
  let checked = 0;
  for (const [name, ladder] of Object.entries(reference)) {
    if (!Array.isArray(ladder.y)) continue;
    const found = linearityOf(ladder.y);
    assert.ok(Math.abs(found.improvement - ladder.I) < 1e-9, name);
    assert.ok(Math.abs((found.linearity ?? Number.NaN) - ladder.L) < 1e-9, name);
    if (ladder.B === null) {
      assert.equal(found.breakthroughness, null, name);
      assert.match(found.reason ?? '', /∞/);
    } else assert.ok(Math.abs((found.breakthroughness ?? Number.NaN) - ladder.B) < 1e-9, name);
    checked++;
  }
  assert.equal(checked, 17);
});

test('equal scores give zero, one model gives null with a reason, ties take the first index', () => {
  assert.deepEqual(linearityOf([0.5, 0.5, 0.5]), { improvement: 0, linearity: 0, breakthroughness: 0, reason: null });
  assert.equal(linearityOf([0.5]).linearity, null);
  assert.equal(linearityOf([0.2, 0.5, 0.5, 0.2]).improvement, 0.5 - 0.2);
});
