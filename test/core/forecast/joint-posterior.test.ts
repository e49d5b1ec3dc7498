import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, jointCost, normalEquations, OWN } from '../../../src/core/forecast/joint-posterior.ts';
import { CONSTANTS, cellsOf, FAMILIES, jacobianOf, residualsOf, someState } from './joint-cells.ts';

const near = (actual: number, expected: number, what: string): void => {
  assert.ok(Math.abs(actual - expected) <= 1e-6 * (1 + Math.abs(expected)), `${what}: ${actual} against ${expected}`);
};

for (const tasks of [1, 4]) {
  test(`with ${tasks} task(s) the cost is the sum of squares of scores and priors`, () => {
    const cells = cellsOf(tasks);
    const s = someState(tasks);
    const sum = residualsOf(cells, s, tasks).reduce((total, r) => total + r * r, 0);
    near(jointCost(cells, s, tasks, CONSTANTS), sum, 'cost');
  });
}

test('the normal equations are those of the residuals, piece by piece', () => {
  const tasks = 4;
  const cells = cellsOf(tasks);
  const s = someState(tasks);
  const residuals = residualsOf(cells, s, tasks);
  const jacobian = jacobianOf(cells, s, tasks);
  const gradient = (i: number): number =>
    jacobian.reduce((sum, row, r) => sum + (row[i] ?? 0) * (residuals[r] ?? 0), 0);
  const curvature = (i: number, j: number): number =>
    jacobian.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0);
  const n = normalEquations(cells, s, FAMILIES, tasks, CONSTANTS);
  const family = 2 * tasks;
  const own = family + FAMILIES;
  const trait = own + FAMILIES * tasks;
  // Place in the whole vector of each shared parameter: families, trait, common slope.
  const shared = [...Array.from({ length: FAMILIES }, (_, f) => family + f), trait, trait + 1];
  const size = shared.length;
  for (let t = 0; t < tasks; t++) {
    const height = tasks + t;
    const block = [curvature(t, t), curvature(t, height), curvature(height, height), gradient(t), gradient(height)];
    for (const [i, value] of block.entries()) near(n.block[BLOCK * t + i] as number, value, `task ${t}, ${i}`);
    for (const [i, at] of shared.entries()) {
      near(n.border[2 * t * size + i] as number, curvature(t, at), `slope ${t} with ${i}`);
      near(n.border[(2 * t + 1) * size + i] as number, curvature(height, at), `height ${t} with ${i}`);
    }
    for (let f = 0; f < FAMILIES; f++) {
      const at = own + f * tasks + t;
      const piece = [curvature(at, at), curvature(at, t), curvature(at, trait), gradient(at), curvature(at, height)];
      for (const [i, value] of piece.entries())
        near(n.own[OWN * (f * tasks + t) + i] as number, value, `family ${f} on task ${t}, ${i}`);
      near(curvature(at, family + f), curvature(at, height), 'a family couples as the height does');
    }
  }
  for (const [i, a] of shared.entries()) {
    near(n.gradient[i] as number, gradient(a), `gradient ${i}`);
    for (const [j, b] of shared.entries()) near(n.shared[i * size + j] as number, curvature(a, b), `shared ${i}, ${j}`);
  }
});
