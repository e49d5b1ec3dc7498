import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix, solve } from 'ml-matrix';
import { normalEquations } from '../../../src/core/forecast/joint-posterior.ts';
import { jointStep } from '../../../src/core/forecast/joint-step.ts';
import { CONSTANTS, cellsOf, FAMILIES, jacobianOf, residualsOf, someState, vectorOf } from './joint-cells.ts';

for (const [tasks, damping] of [
  [4, 1e-3],
  [4, 2],
  [1, 1e-3],
] as const) {
  test(`${tasks} task(s), damping ${damping}: the step by elimination is that of the whole system`, () => {
    const cells = cellsOf(tasks);
    const s = someState(tasks);
    const step = jointStep(normalEquations(cells, s, FAMILIES, tasks, CONSTANTS), FAMILIES, tasks, damping);
    assert.ok(step !== null);
    const jacobian = new Matrix(jacobianOf(cells, s, tasks));
    const h = jacobian.transpose().mmul(jacobian);
    const g = jacobian.transpose().mmul(Matrix.columnVector(residualsOf(cells, s, tasks)));
    for (let i = 0; i < h.rows; i++) h.set(i, i, h.get(i, i) * (1 + damping));
    const own = 2 * tasks + FAMILIES;
    // One task: offsets of the families on it are held.
    for (let i = own; tasks === 1 && i < own + FAMILIES; i++) {
      for (let j = 0; j < h.rows; j++) {
        h.set(i, j, i === j ? 1 : 0);
        h.set(j, i, i === j ? 1 : 0);
      }
      g.set(i, 0, 0);
    }
    const whole = solve(h, g.mul(-1)).to1DArray();
    const mine = vectorOf({
      slope: step.slope,
      height: step.height,
      family: step.shared.slice(0, FAMILIES),
      own: step.own,
      trait: step.shared[FAMILIES] as number,
      common: step.shared[FAMILIES + 1] as number,
    });
    assert.equal(mine.length, whole.length);
    assert.ok(whole.some((v) => Math.abs(v) > 0.1));
    for (const [i, v] of whole.entries()) assert.ok(Math.abs((mine[i] as number) - v) < 1e-6, `${i}: ${mine[i]}, ${v}`);
  });
}

test('a system that is not positive definite has no step', () => {
  const n = normalEquations(cellsOf(2), someState(2), FAMILIES, 2, CONSTANTS);
  assert.equal(jointStep({ ...n, shared: n.shared.map((v) => -v) }, FAMILIES, 2, 1e-3), null);
  assert.equal(jointStep({ ...n, block: n.block.map((v) => -v) }, FAMILIES, 2, 1e-3), null);
});
