import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasetEstimate } from '../../../src/core/passuntil/estimators.ts';
import { curvatureTest, fitTaskLine, puAt, type SizeEstimate } from '../../../src/core/passuntil/task-law.ts';
import { fixtureRows, MISSING, reference } from './fixture.ts';

interface Line {
  ln_c: number;
  alpha: number;
  pred_2p4: number;
}

function sizes(): SizeEstimate[] {
  const rows = fixtureRows();
  return [...new Set(rows.map((r) => r.params))].map((params) => {
    const one = datasetEstimate(rows.filter((r) => r.params === params));
    assert.ok(one !== null);
    return { params, pu: one.pu, stderr: one.stderr };
  });
}

const close = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);

test('per-size unbiased means and standard errors equal the fixture', { skip: MISSING }, () => {
  const expected = reference('fixture_reference.json')['by_N'] as { params_b: number; PU_umvue: number; se: number }[];
  const found = sizes();
  assert.equal(found.length, expected.length);
  for (const [i, e] of expected.entries()) {
    close((found[i] as SizeEstimate).pu, e.PU_umvue);
    close((found[i] as SizeEstimate).stderr as number, e.se);
  }
});

test('the dataset line, plain and weighted, and its curvature equal the fixture', { skip: MISSING }, () => {
  const { ols, wls, curvature } = reference('fixture_reference.json')['dataset_level_PU_umvue'] as {
    ols: Line;
    wls: Line;
    curvature: { b2: number; p: number };
  };
  const fitted = sizes().filter((s) => s.params <= 1.5e9);
  for (const [weighted, e] of [
    [false, ols],
    [true, wls],
  ] as const) {
    const line = fitTaskLine(fitted, weighted);
    assert.ok(line !== null);
    close(line.alpha, e.alpha);
    // The fixture's c is for N in billions.
    close(line.lnC - line.alpha * Math.log(1e9), e.ln_c);
    close(puAt(line.lnC, line.alpha, Math.log(2.4e9)), e.pred_2p4);
  }
  const bend = curvatureTest(fitted);
  assert.ok(bend !== null);
  close(bend.b2, curvature.b2);
  close(bend.p, curvature.p, 1e-7);
  assert.equal(bend.label, 'law');
});

test('an exact law is a line; mixtures bend down and products bend up', () => {
  const params = [0.03, 0.1, 0.2, 0.3, 0.5, 0.8, 1.5, 2.4].map((b) => b * 1e9);
  const of = (pu: (n: number) => number) => params.map((n) => ({ params: n, pu: pu(n / 1e9), stderr: null }));
  const law = (c: number, alpha: number) => (n: number) => Math.exp(-c * n ** -alpha);
  const line = fitTaskLine(of(law(2, 0.4)), false);
  close(line?.alpha ?? Number.NaN, 0.4);
  const product = curvatureTest(of((n) => law(2, 0.7)(n) * law(0.5, 0.1)(n)));
  assert.equal(product?.label, 'sub-scaling');
  const best = curvatureTest(of((n) => Math.max(law(1, 0.7)(n), law(1.5, 0.1)(n))));
  assert.equal(best?.label, 'accelerated');
});

test('sizes with PU of 0 or 1 are left out, and one size gives no line', () => {
  assert.equal(fitTaskLine([{ params: 1e9, pu: 0.5, stderr: null }], false), null);
  assert.equal(
    fitTaskLine(
      [
        { params: 1e8, pu: 0, stderr: null },
        { params: 1e9, pu: 0.5, stderr: null },
        { params: 2e9, pu: 1, stderr: null },
      ],
      false,
    ),
    null,
  );
});
