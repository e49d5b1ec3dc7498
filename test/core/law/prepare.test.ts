import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseResampling, defaultObjective, preparePoints } from '../../../src/core/law/prepare.ts';
import { makeInput, OPTIONS } from './series.ts';

const RULES = { positiveX: true, minPoints: 3, minDistinctX: 0, refuseDegenerate: true, title: 'A law' };
const x = [1, 10, 100, 1000];
const scores = { isLoss: false, lower: 0, upper: 1 } as const;

test('losses are fitted in ln y, scores in y', () => {
  const loss = makeInput(x, [4, 3, 2, 1]);
  const score = makeInput(x, [0.1, 0.2, 0.3, 0.4], scores);
  assert.equal(defaultObjective(loss.series), 'log-squared');
  assert.equal(defaultObjective(score.series), 'squared');
  const prepared = preparePoints(loss, OPTIONS, RULES);
  assert.ok(prepared.ok && prepared.value.scale === 'ln y' && prepared.value.weights === null);
});

test('weights are 1/stderr²; a stated zero becomes that of a shrunk proportion; gaps switch weights off', () => {
  const y = [0, 0.2, 0.3, 0.4];
  const full = preparePoints(
    makeInput(x, y, scores, (i) => ({ stderr: [0, 0.01, 0.02, 0.05][i] ?? null, n: 98 })),
    OPTIONS,
    RULES,
  );
  assert.ok(full.ok && full.value.weights !== null);
  const p = 1 / 100;
  assert.ok(Math.abs((full.value.weights[0] ?? 0) / (98 / (p * (1 - p))) - 1) < 1e-12);
  assert.ok(Math.abs((full.value.weights[2] ?? 0) / 2500 - 1) < 1e-12);
  const gap = preparePoints(
    makeInput(x, y, scores, (i) => ({ stderr: i === 0 ? null : 0.01 })),
    OPTIONS,
    RULES,
  );
  assert.ok(gap.ok && gap.value.weights === null && /3 of 4/.test(gap.value.notes.join(' ')));
  const off = preparePoints(
    makeInput(x, y, scores, () => ({ stderr: 0.01 })),
    { ...OPTIONS, weights: 'none' },
    RULES,
  );
  assert.ok(off.ok && off.value.weights === null);
});

test('on the log scale the standard error is relative', () => {
  const prepared = preparePoints(
    makeInput(x, [4, 3, 2, 1], {}, () => ({ stderr: 0.1 })),
    { ...OPTIONS, weights: 'stderr' },
    RULES,
  );
  assert.ok(prepared.ok && prepared.value.weights !== null);
  assert.ok(Math.abs((prepared.value.weights[0] ?? 0) - 1600) < 1e-9);
});

test('checkpoints of a run are resampled together when there are runs enough', () => {
  const points = (runs: number) =>
    makeInput(
      Array.from({ length: 40 }, (_, i) => i + 1),
      Array.from({ length: 40 }, (_, i) => i),
      {},
      (i) => ({
        run: `run ${i % runs}`,
      }),
    ).points;
  assert.equal(chooseResampling(points(40), undefined).method, 'residual');
  const many = chooseResampling(points(12), undefined);
  assert.equal(many.method, 'run');
  assert.equal(many.groups?.[12], 0);
  const few = chooseResampling(points(3), undefined);
  assert.equal(few.method, 'residual');
  assert.match(few.note ?? '', /not independent/);
  assert.equal(chooseResampling(points(3), 'run').method, 'case');
  assert.equal(chooseResampling(points(40), 'case').method, 'case');
});
