import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paletteFor } from '../../../src/core/render/palette.ts';
import { frameOf, grid, leftOf, yTicksOf } from '../../../src/core/render/svg-frame.ts';

const x = { type: 'log', min: 1e8, max: 1e10 } as const;
const y = { type: 'linear', min: 0, max: 1 } as const;

test('a long y title takes a second line and the frame makes room for it', () => {
  const yTicks = yTicksOf(y, 220);
  const input = { x, y, width: 400, height: 220, above: 40, yTicks };
  const long = 'mean normalised accuracy over all 57 subjects, higher is better';
  const [short, wrapped] = [frameOf({ ...input, yTitle: 'acc' }), frameOf({ ...input, yTitle: long })];
  assert.equal(wrapped.left - short.left, 14);
  assert.ok(leftOf(yTicks, long, 220) > leftOf(yTicks, 'acc', 220));
  const palette = paletteFor('light');
  const drawn = grid(wrapped, { x, xKind: 'params', xTitle: 'Model size (parameters)', yTitle: long, yTicks, palette });
  assert.equal(drawn.match(/rotate\(-90/g)?.length, 2);
  assert.ok(drawn.includes('>1B<'), 'parameters are counted');
  assert.equal(wrapped.px(1e8), wrapped.left);
  assert.equal(wrapped.py(0), wrapped.bottom);
});
