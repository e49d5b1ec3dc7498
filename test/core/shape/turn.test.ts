/** "Would more scale turn it?": one verdict and one plain sentence per falling task. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyShape } from '../../../src/core/shape/classify.ts';
import type { TurnEvidence } from '../../../src/core/shape/turn.ts';

function turnOf(
  y: readonly number[],
  n: readonly number[] | null = null,
  better: 'higher' | 'lower' = 'higher',
): { readonly label: string; readonly turn: TurnEvidence } {
  const { shape } = classifyShape({
    x: y.map((_, i) => 10 ** (20 + i * 0.3)),
    y,
    stderr: null,
    n,
    better,
    chance: null,
    ceiling: null,
    lower: 0,
    upper: 1,
  });
  return { label: shape.label, turn: shape.detail.turn as TurnEvidence };
}
const wiggle = (i: number) => 0.008 * (((i * 5) % 7) - 3);

test('regression: still falling, a hint of a turn, turned', () => {
  const falling = turnOf(Array.from({ length: 20 }, (_, i) => 0.8 - 0.02 * i + wiggle(i)));
  assert.deepEqual([falling.label, falling.turn.verdict], ['inverse', 'still-falling']);
  assert.match(falling.turn.statement, /no sign of a turn.*Nothing here says what happens above/);
  const turned = turnOf(Array.from({ length: 20 }, (_, i) => 0.5 + 0.004 * (i - 10) ** 2 * 0.5 + wiggle(i)));
  assert.deepEqual([turned.label, turned.turn.verdict], ['u-shaped', 'turned']);
  const hint = turnOf(
    Array.from({ length: 20 }, (_, i) => (i < 14 ? 0.8 - 0.03 * i : 0.39 + 0.004 * (i - 14)) + 2 * wiggle(i)),
  );
  assert.equal(hint.label, 'inverse');
  assert.equal(hint.turn.verdict, 'hint-of-a-turn');
  assert.ok((hint.turn.slopeAfter ?? -1) > 0 && (hint.turn.slopeAfterP ?? 0) > 0.05);
});

test('contrasts: the largest model is the lowest, or the recovery is within noise', () => {
  const n = [300, 300, 300, 300];
  const falling = turnOf([0.7, 0.6, 0.5, 0.4], n);
  assert.deepEqual([falling.label, falling.turn.verdict], ['inverse', 'still-falling']);
  const hint = turnOf([0.7, 0.5, 0.4, 0.43], n);
  assert.deepEqual([hint.label, hint.turn.verdict], ['inverse', 'hint-of-a-turn']);
  assert.match(hint.turn.statement, /within the noise/);
  assert.ok(Math.abs(hint.turn.decades - 0.9) < 1e-9);
  assert.equal(hint.turn.modelsAfterLowest, 1);
});

test('a rising task has no such question', () => {
  assert.equal(turnOf(Array.from({ length: 12 }, (_, i) => 0.3 + 0.02 * i + wiggle(i))).turn, undefined);
});

test('the sentence is true of an error that rises as it is of a score that falls', () => {
  const score = Array.from({ length: 20 }, (_, i) => 0.8 - 0.02 * i + wiggle(i));
  const error = score.map((v) => 1 - v);
  const said = turnOf(error, null, 'lower').turn.statement;
  assert.equal(said, turnOf(score).turn.statement);
  assert.match(said, /^It gets worse over 1\.0e20 to 5\.0e25 .* still getting worse/);
});
