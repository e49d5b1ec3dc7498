import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { surfaceData, surfaceLoss } from '../../../src/core/law/chinchilla-surface.ts';
import { ENVELOPE_WEIGHT, fitEnvelope, fitFrontierLoss } from '../../../src/core/law/envelope.ts';
import { absent, referenceCsv } from '../shape/reference-data.ts';
import { readReference, relative } from './published-data.ts';

describe('lower envelope', () => {
  test('equals the published fit of kyo-takano/chinchilla', {
    skip: absent('isoflop') || absent('formats'),
  }, () => {
    const rows = referenceCsv('formats/samples/csv-long-loss/kyo-takano_df.csv');
    const numbers = (name: string): number[] => rows.map((row) => Number(row[name]));
    const [N, D, loss] = [numbers('N'), numbers('D'), numbers('loss')] as const;
    const fit = fitEnvelope(surfaceData(N, D, loss));
    assert.ok(fit !== null);
    const reference = readReference('isoflop').kyo_takano_computed;
    assert.ok(fit.value <= reference.polished_fun * (1 + 1e-5), `${fit.value}`);
    assert.ok(relative(fit.surface.E, reference.polished.E) < 1e-4);
    assert.ok(relative(fit.surface.A, reference.polished.A) < 1e-3);
    assert.ok(relative(fit.surface.B, reference.polished.B) < 1e-3);
    assert.ok(relative(fit.surface.alpha, reference.polished.alpha) < 1e-4);
    assert.ok(relative(fit.surface.beta, reference.polished.beta) < 1e-4);
    // The value is what the definition says, and most points lie above the surface.
    const misses = N.map((n, i) => loss[i]! - surfaceLoss(fit.surface, n, D[i]!));
    const direct = misses.reduce((sum, e) => sum + (e >= 0 ? e : -ENVELOPE_WEIGHT * e), 0) / misses.length;
    assert.ok(relative(fit.value, direct) < 1e-9);
    assert.ok(misses.filter((e) => e < 0).length < 0.15 * misses.length);
  });

  test('frontier loss recovers its own curve', () => {
    const compute = [1e18, 1e19, 1e20, 1e21, 1e22];
    const fit = fitFrontierLoss(
      compute,
      compute.map((c) => 1.7 + 300 * c ** -0.13),
    );
    assert.ok(fit !== null);
    assert.ok(relative(fit.E, 1.7) < 1e-6 && relative(fit.alpha, 0.13) < 1e-6 && relative(fit.A, 300) < 1e-4);
    assert.ok(fit.starts.tried === 120 && fit.starts.atOptimum > 10);
    assert.equal(fitFrontierLoss([1, 2, 3], [1, 1, 1]), null);
    assert.equal(fitFrontierLoss([1, 2, 3, 4], [1, Number.NaN, 1, 1]), null);
  });
});
