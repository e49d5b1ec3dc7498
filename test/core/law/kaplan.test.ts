import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kaplan, kaplanAllocation, kaplanLoss } from '../../../src/core/law/kaplan.ts';
import type { FitOptions, FittedLaw } from '../../../src/core/law/law.ts';
import type { Point } from '../../../src/core/study/study.ts';
import { absent, referenceCsv } from '../shape/reference-data.ts';
import { at, input, OPTIONS, point, relative } from './published-data.ts';

/** The constants printed by Kaplan et al.: Nc 6.4e13, Dc 1.8e13, aN 0.076, aD 0.103. */
const TRUTH = { Nc: 6.4e13, Dc: 1.8e13, aN: 0.076, aD: 0.103 };
const THETA = Float64Array.of(Math.log(TRUTH.Nc), Math.log(TRUTH.Dc), TRUTH.aN, TRUTH.aD);

function made(noise = 0): Point[] {
  return [1e6, 1e7, 1e8, 1e9].flatMap((params, i) =>
    [2e7, 2e8, 2e9, 2e10].map((tokens, j) =>
      point(
        { y: kaplanLoss(THETA, params, tokens) * Math.exp(noise * Math.sin(7 * i + 3 * j)), params, tokens },
        4 * i + j,
      ),
    ),
  );
}

function fitted(points: readonly Point[], options: Partial<FitOptions> = {}): FittedLaw {
  const result = kaplan.fit(input(points), { ...OPTIONS, ...options });
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

describe('kaplan', () => {
  test('recovers the published constants from noise-free losses under every objective', () => {
    for (const objective of ['log-squared', 'log-huber', 'squared', 'huber', 'lad'] as const) {
      const { fit } = fitted(made(), { objective });
      assert.ok(relative(fit.parameters.aN, TRUTH.aN) < 1e-4, `${objective} aN ${fit.parameters.aN}`);
      assert.ok(relative(fit.parameters.aD, TRUTH.aD) < 1e-4, `${objective} aD ${fit.parameters.aD}`);
      assert.ok(
        relative(fit.parameters.Nc, TRUTH.Nc) < 1e-2 && relative(fit.parameters.Dc, TRUTH.Dc) < 1e-2,
        objective,
      );
    }
  });

  test('its optimum is a minimum along the budget, N* growing faster than D*', () => {
    const low = kaplanAllocation(THETA, 1e20)!;
    const high = kaplanAllocation(THETA, 1e22)!;
    for (const best of [low, high]) {
      assert.ok(Math.abs(6 * best.paramsOpt * best.tokensOpt - best.compute) < 1e-9 * best.compute);
      for (const f of [0.9, 1.1]) assert.ok(kaplanLoss(THETA, best.paramsOpt * f, best.tokensOpt / f) > best.loss);
    }
    assert.ok(Math.log(high.paramsOpt / low.paramsOpt) / Math.log(100) > 0.5);
    assert.equal(kaplanAllocation(Float64Array.of(1, 1, -0.1, 0.1), 1e20), null);
  });

  test('intervals, held parameters and refusals', () => {
    const law = fitted(made(0.01), { bootstrap: 80 });
    assert.ok(
      Number(law.fit.intervals?.aN?.low) < TRUTH.aN * 1.1 && Number(law.fit.intervals?.aN?.high) > TRUTH.aN * 0.9,
    );
    assert.equal(law.draws(at(1e9, 1e10)).length, (law.fit.bootstrap as { used: number }).used);
    assert.equal(fitted(made(0.01), { fix: { aD: 0.103 } }).fit.parameters.aD, 0.103);
    assert.equal(kaplan.fit(input(made()), { ...OPTIONS, tie: [['aN', 'aD']] }).ok, false);
    for (const delta of [-1e-3, 0, Number.NaN]) {
      const refused = kaplan.fit(input(made()), { ...OPTIONS, objective: 'log-huber', delta });
      assert.ok(!refused.ok && /switch point must be positive/.test(refused.error.message), `${delta}`);
    }
    const few = kaplan.fit(input(made().slice(0, 4)), OPTIONS);
    assert.ok(!few.ok && few.error.code === 'fit.too-few');
    const line = kaplan.fit(input(made().map((p) => ({ ...p, tokens: 20 * p.params! }))), OPTIONS);
    assert.ok(!line.ok && line.error.code === 'fit.ill-determined');
    const flat = kaplan.fit(input(made().map((p) => ({ ...p, y: 3 }))), OPTIONS);
    assert.ok(!flat.ok && flat.error.code === 'data.degenerate-metric');
  });
});

describe('kaplan on the Epoch extraction', { skip: absent('chinchilla') }, () => {
  test('fits worse than the Chinchilla surface and says that it has no floor', () => {
    const points = referenceCsv('chinchilla/chinchilla_svg.csv')
      .filter((row) => row.excluded_by_epoch === '0')
      .map((row, i) => point({ y: Number(row.loss), params: Number(row.params), tokens: Number(row.tokens) }, i));
    const { fit } = fitted(points);
    // The surface reaches 0.01146 in the same sum of squared log residuals.
    assert.ok(Number(fit.objective.value) > 0.01147 && Number(fit.objective.value) < 0.2, `${fit.objective.value}`);
    assert.ok(fit.starts.atOptimum >= 2);
    assert.ok(fit.notes?.some((note) => /no irreducible loss/.test(note)));
  });
});
