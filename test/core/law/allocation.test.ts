import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allocate, computeForLoss, frontier } from '../../../src/core/law/allocation.ts';
import { absent } from '../shape/reference-data.ts';
import { readReference, relative } from './published-data.ts';

describe('compute-optimal allocation', () => {
  test('published constants, rounded and unrounded', { skip: absent('chinchilla') }, () => {
    const { hoffmann, huber_fit, headline_fit } = readReference('chinchilla');
    for (const fit of [hoffmann.rounded, hoffmann.unrounded, huber_fit.global_optimum_ran, headline_fit.ran]) {
      const line = frontier(fit)!;
      assert.ok(relative(line.a, fit.a) < 1e-12 && relative(Math.exp(line.lnG), fit.G) < 1e-11);
      for (const [compute, target] of Object.entries(fit.optimal) as [string, any][]) {
        const best = allocate(fit, Number(compute))!;
        assert.ok(relative(best.paramsOpt, target.N_opt) < 1e-10, compute);
        assert.ok(relative(best.tokensOpt, target.D_opt) < 1e-10);
        assert.ok(relative(best.tokensPerParam, target.D_over_N) < 1e-10);
        assert.ok(relative(best.loss, target.loss) < 1e-12);
      }
    }
  });

  const surface = { E: 1.69, A: 406.4, B: 410.7, alpha: 0.34, beta: 0.28 };

  test('compute for a loss inverts the frontier', () => {
    for (const compute of [1e15, 1e20, 1e27]) {
      assert.ok(relative(computeForLoss(surface, allocate(surface, compute)!.loss), compute) < 1e-9);
    }
    assert.equal(computeForLoss(surface, 1.69), null);
    assert.equal(computeForLoss(surface, 1), null);
  });

  test('no frontier without two falling terms', () => {
    for (const bad of [{ alpha: 0 }, { beta: -0.1 }, { A: 0 }, { B: Number.NaN }]) {
      assert.equal(frontier({ ...surface, ...bad }), null);
      assert.equal(allocate({ ...surface, ...bad }, 1e20), null);
    }
    assert.equal(allocate(surface, 0), null);
    assert.equal(allocate({ ...surface, alpha: 1e-9, beta: 1e-9 }, 1e300), null);
  });
});
