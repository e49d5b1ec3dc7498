import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chinchilla } from '../../../src/core/law/chinchilla.ts';
import type { FitOptions, FittedLaw } from '../../../src/core/law/law.ts';
import type { Point } from '../../../src/core/study/study.ts';
import { absent, referenceCsv } from '../shape/reference-data.ts';
import { at, input, OPTIONS, point, readReference, relative } from './published-data.ts';

function epochPoints(all = false): Point[] {
  return referenceCsv('chinchilla/chinchilla_svg.csv')
    .filter((row) => all || row.excluded_by_epoch === '0')
    .map((row) =>
      point({ y: Number(row.loss), params: Number(row.params), tokens: Number(row.tokens) }, Number(row.row)),
    );
}

function fitted(points: readonly Point[], options: Partial<FitOptions> = {}): FittedLaw {
  const result = chinchilla.fit(input(points), { ...OPTIONS, ...options });
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

/** Noise-free points on a surface: budgets, sizes around the optimum. */
function surfacePoints(
  E: number,
  A: number,
  B: number,
  alpha: number,
  beta: number,
  noise: (i: number) => number = () => 0,
): Point[] {
  const points: Point[] = [];
  for (let c = 17; c <= 21; c++) {
    for (let j = -7; j <= 7; j++) {
      const params = 10 ** ((c - 0.8) / 2 + (0.9 * j) / 7);
      const tokens = 10 ** c / (6 * params);
      const y = (E + A * params ** -alpha + B * tokens ** -beta) * Math.exp(noise(points.length));
      points.push(point({ y, params, tokens }, points.length));
    }
  }
  return points;
}

describe('chinchilla on the Epoch extraction', { skip: absent('chinchilla') }, () => {
  test('log-huber reaches the global optimum of 4,500 starts', () => {
    const reference = readReference('chinchilla').huber_fit.global_optimum_ran;
    const law = fitted(epochPoints());
    const { fit } = law;
    assert.equal(fit.n, 240);
    assert.ok((fit.objective.value ?? 1) <= reference.fun * (1 + 1e-6), `${fit.objective.value}`);
    assert.ok(Math.abs(Number(fit.parameters.alpha) - reference.alpha) < 1e-4);
    assert.ok(Math.abs(Number(fit.parameters.beta) - reference.beta) < 1e-4);
    assert.ok(Math.abs(Number(fit.parameters.E) - reference.E) < 1e-3);
    assert.ok(relative(fit.parameters.A, reference.A) < 2e-3);
    assert.ok(relative(fit.parameters.B, reference.B) < 5e-3);
    assert.equal(fit.converged, true);
    assert.ok(fit.starts.atOptimum >= 1 && fit.starts.tried >= 2);
    assert.ok(
      relative(
        law.predict(at(1e9, 2e10)),
        1.8172180990135236 +
          477.8258682426763 * 1e9 ** -0.34731049888332116 +
          2143.4173632404463 * 2e10 ** -0.36717243262496435,
      ) < 1e-7,
    );
  });

  test('lad, log-squared and squared reach their references', () => {
    const reference = readReference('chinchilla');
    const lad = fitted(epochPoints(), { objective: 'lad' }).fit;
    assert.ok(
      (lad.objective.value ?? 9) <= reference.headline_fit.ran.objectives.l1_log * (1 + 1e-6),
      `${lad.objective.value}`,
    );
    assert.ok(Math.abs(Number(lad.parameters.alpha) - reference.headline_fit.ran.alpha) < 1e-4);
    assert.ok(Math.abs(Number(lad.parameters.beta) - reference.headline_fit.ran.beta) < 1e-4);

    const runs = reference.vpnls_ran;
    for (const [points, name] of [
      [epochPoints(), '240_points_5_outliers_dropped'],
      [epochPoints(true), 'all_245_points'],
    ] as const) {
      const target = runs[`${name}|vpnls_default_32x32_nelder_mead`];
      const squared = fitted(points, { objective: 'squared' }).fit;
      assert.ok(Number(squared.objective.value) <= target.rss * (1 + 1e-8), `${squared.objective.value}`);
      for (const p of ['E', 'A', 'B', 'alpha', 'beta']) assert.ok(relative(squared.parameters[p], target[p]) < 1e-5, p);
      const logs = fitted(points, { objective: 'log-squared' }).fit;
      const logTarget = runs[`${name}|approach3_lse_logloss_mse`];
      for (const p of ['E', 'alpha', 'beta']) assert.ok(relative(logs.parameters[p], logTarget[p]) < 1e-4, p);
    }
    const all = fitted(epochPoints(true)).fit;
    assert.ok(Number(all.objective.value) <= reference.all_245_points_ran.huber.fun * (1 + 1e-6));
  });

  test('allocation and the table of objectives', () => {
    const { fit } = fitted(epochPoints());
    const reference = readReference('chinchilla');
    const exponent = fit.allocationExponent as { a: number };
    assert.ok(Math.abs(exponent.a - reference.huber_fit.global_optimum_ran.a) < 1e-6);
    const table = fit.objectives as { objective: string; allocation: { tokensPerParam: number } }[];
    const ratio = Object.fromEntries(table.map((row) => [row.objective, row.allocation.tokensPerParam]));
    assert.ok(
      Number(ratio['log-huber']) > Number(ratio['log-squared']) && Number(ratio['log-squared']) > Number(ratio.squared),
    );
    assert.equal((fit.objectivesSpread as { disagree: boolean }).disagree, true);
    assert.ok(fit.notes?.some((note) => note.startsWith('Objectives disagree')));
  });

  test('bootstrap: standard errors within 15 % of the published ones', () => {
    const published = readReference('chinchilla').bootstrap.notebook_se_4000;
    const long = process.env.SCALING_LENS_LONG === '1';
    const { fit } = fitted(epochPoints(), { bootstrap: long ? 4000 : 1500, level: 0.95 });
    for (const p of ['A', 'B', 'E', 'alpha', 'beta']) {
      assert.ok(
        relative(fit.standardErrors?.[p], published[p]) < 0.15,
        `${p}: ${fit.standardErrors?.[p]} against ${published[p]}`,
      );
    }
    const exponent = fit.allocationExponent as { standardError: number; interval: { low: number; high: number } };
    assert.ok(relative(exponent.standardError, published.a_exponent) < 0.15);
    assert.ok(exponent.interval.low < 0.5139 && exponent.interval.high > 0.5139);
    const counts = fit.bootstrap as { used: number; failed: number; requested: number };
    assert.equal(counts.used + counts.failed, counts.requested);
    assert.ok(counts.failed < 0.01 * counts.requested);
  });

  test('held and tied parameters', () => {
    const fixed = fitted(epochPoints(), { fix: { E: 1.69 } }).fit;
    assert.equal(fixed.parameters.E, 1.69);
    assert.ok(Number(fixed.objective.value) > 0.0010182740178);
    const tied = fitted(epochPoints(), { tie: [['alpha', 'beta']] }).fit;
    assert.equal(tied.parameters.alpha, tied.parameters.beta);
    // The optimum under the tie cannot be beaten by untying a little around it, nor beat the free optimum.
    assert.ok(Number(tied.objective.value) > 0.0010182740178 && Number(tied.objective.value) < 0.00103);
    const both = fitted(epochPoints(), { fix: { E: 1.8, alpha: 0.35 }, objective: 'squared' }).fit;
    assert.equal(both.parameters.alpha, 0.35);
    assert.equal(chinchilla.fit(input(epochPoints()), { ...OPTIONS, fix: { gamma: 1 } }).ok, false);
    assert.equal(chinchilla.fit(input(epochPoints()), { ...OPTIONS, tie: [['A', 'alpha']] }).ok, false);
  });
});

describe('chinchilla on made surfaces', () => {
  test('recovers a noise-free surface to nine digits under every objective', () => {
    const truth = { E: 1.69, A: 406.4, B: 410.7, alpha: 0.465, beta: 0.155 };
    const points = surfacePoints(truth.E, truth.A, truth.B, truth.alpha, truth.beta);
    for (const objective of ['squared', 'log-squared', 'huber', 'log-huber', 'lad'] as const) {
      const { fit } = fitted(points, { objective });
      for (const [name, value] of Object.entries(truth)) {
        assert.ok(relative(fit.parameters[name], value) < 1e-6, `${objective} ${name} ${fit.parameters[name]}`);
      }
    }
  });

  test('is indifferent to the units of N and D and to the order of rows', () => {
    const points = surfacePoints(1.8, 480, 2100, 0.35, 0.37, (i) => 0.01 * Math.sin(7 * i));
    const plain = fitted(points).fit;
    const scaled = fitted(
      points
        .map((p) => point({ y: p.y, params: Number(p.params) / 1e6, tokens: Number(p.tokens) / 1e9 }, p.row))
        .toReversed(),
    ).fit;
    for (const name of ['E', 'alpha', 'beta'])
      assert.ok(relative(scaled.parameters[name], Number(plain.parameters[name])) < 1e-6, name);
    assert.ok(relative(scaled.objective.value, Number(plain.objective.value)) < 1e-9);
  });

  test('a surface without irreducible loss ends at E = 0 and says so', () => {
    const points = surfacePoints(0, 40, 300, 0.12, 0.2, (i) => 0.002 * Math.cos(11 * i));
    for (const objective of ['squared', 'log-huber'] as const) {
      const { fit } = fitted(points, { objective });
      assert.ok(Number(fit.parameters.E) < 0.35, `${fit.parameters.E}`);
      if (Number(fit.parameters.E) === 0) assert.ok(fit.atBound.includes('E'));
    }
  });

  test('wild outliers are named and do not move the robust fit', () => {
    const points = surfacePoints(1.8, 480, 2100, 0.35, 0.37, (i) => 0.004 * Math.sin(7 * i));
    points[3] = { ...points[3]!, y: 40 };
    points[50] = { ...points[50]!, y: 0.01 };
    const { fit } = fitted(points);
    assert.ok(Math.abs(Number(fit.parameters.E) - 1.8) < 0.1, `${fit.parameters.E}`);
    assert.deepEqual(
      (fit.outliers as { row: number }[]).map((o) => o.row).sort((a, b) => a - b),
      [3, 50],
    );
  });

  test('refuses what cannot be identified, in a sentence', () => {
    const few = chinchilla.fit(input(surfacePoints(1.8, 480, 2100, 0.35, 0.37).slice(0, 5)), OPTIONS);
    assert.ok(!few.ok && few.error.code === 'fit.too-few' && /at least 6/.test(few.error.message));
    const line = Array.from({ length: 12 }, (_, i) => {
      const params = 1e7 * 2 ** i;
      return point({ y: 1.7 + 400 * params ** -0.34, params, tokens: 20 * params }, i);
    });
    const collinear = chinchilla.fit(input(line), OPTIONS);
    assert.ok(
      !collinear.ok && collinear.error.code === 'fit.ill-determined' && /collinear/.test(collinear.error.message),
    );
    const oneSize = chinchilla.fit(
      input(line.map((p, i) => point({ y: p.y, params: 1e8, tokens: Number(p.tokens) }, i))),
      OPTIONS,
    );
    assert.ok(!oneSize.ok && oneSize.error.code === 'fit.ill-determined');
    const flat = chinchilla.fit(input(surfacePoints(1.8, 480, 2100, 0.35, 0.37).map((p) => ({ ...p, y: 2 }))), OPTIONS);
    assert.ok(!flat.ok && flat.error.code === 'data.degenerate-metric');
    const bad = surfacePoints(1.8, 480, 2100, 0.35, 0.37).map((p, i) =>
      i % 9 === 0 ? { ...p, y: i % 2 ? Number.NaN : -1 } : i === 1 ? { ...p, params: null } : p,
    );
    const kept = chinchilla.fit(input(bad), OPTIONS);
    assert.ok(kept.ok && kept.value.fit.excluded.length === 10);
  });

  test('weights of zero and infinite ones exclude the row', () => {
    const points = surfacePoints(1.8, 480, 2100, 0.35, 0.37, (i) => 0.004 * Math.sin(7 * i)).map((p, i) => ({
      ...p,
      stderr: i === 0 ? 0 : i === 1 ? null : 0.01 + 0.001 * (i % 3),
    }));
    const { fit } = fitted(points, { weights: 'stderr' });
    assert.equal(fit.n, points.length - 2);
    assert.ok(Number.isFinite(fit.objective.value));
  });

  test('exact duplicates of a row are left out, and the order of rows does not matter to the bootstrap', () => {
    const points = surfacePoints(1.8, 480, 2100, 0.35, 0.37, (i) => 0.01 * Math.sin(7 * i));
    const doubled = fitted([...points, ...points.slice(0, 5).map((p) => ({ ...p, row: p.row + 1000 }))]).fit;
    assert.equal(doubled.n, points.length);
    assert.equal(doubled.excluded[0]?.why, 'exact duplicate of row 0');
    const forward = fitted(points, { bootstrap: 60 }).fit.standardErrors;
    const backward = fitted(points.toReversed(), { bootstrap: 60 }).fit.standardErrors;
    for (const name of ['E', 'alpha', 'beta'])
      assert.ok(relative(forward?.[name], Number(backward?.[name])) < 1e-3, name);
  });

  test('the same seed gives the same intervals', () => {
    const points = surfacePoints(1.8, 480, 2100, 0.35, 0.37, (i) => 0.01 * Math.sin(7 * i));
    const one = fitted(points, { bootstrap: 60 });
    const two = fitted(points, { bootstrap: 60 });
    const other = fitted(points, { bootstrap: 60, seed: 2 });
    assert.deepEqual(one.fit.intervals, two.fit.intervals);
    assert.notDeepEqual(one.fit.intervals, other.fit.intervals);
    assert.equal(one.draws(at(1e10, 2e11)).length, 60);
    for (const resample of ['residual', 'run', 'family'] as const) {
      const { fit } = fitted(points, { bootstrap: 50, resample });
      assert.equal((fit.bootstrap as { method: string }).method, resample);
    }
    assert.ok(Number(one.deltaError(at(1e10, 2e11))?.mean) > 0);
  });
});
