import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ShapeLabel } from '../../../src/core/report-model.ts';
import { isTurning } from '../../../src/core/shape/turning.ts';

function turning(label: ShapeLabel): boolean {
  return isTurning({ label, emergent: false, lateRise: false, method: 'contrast', p: null, detail: {} });
}

test('trends that change direction turn, all others and unknown ones do not', () => {
  const turned: readonly ShapeLabel[] = ['u-shaped', 'inverted-u', 'mixed'];
  const straight: readonly ShapeLabel[] = ['positive', 'inverse', 'flat', 'inconclusive'];
  assert.deepEqual(turned.map(turning), [true, true, true]);
  assert.deepEqual(straight.map(turning), [false, false, false, false]);
  assert.equal(isTurning(null), false);
});
