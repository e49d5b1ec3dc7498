import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allocate } from '../../../src/core/law/allocation.ts';
import type { Surface } from '../../../src/core/law/chinchilla-surface.ts';
import { surfaceLoss } from '../../../src/core/law/chinchilla-surface.ts';
import { type BudgetReport, isoflop } from '../../../src/core/law/isoflop.ts';
import { parabolaShift } from '../../../src/core/law/isoflop-bias.ts';
import { qualityControl } from '../../../src/core/law/isoflop-quality.ts';
import type { FitOptions, FittedLaw } from '../../../src/core/law/law.ts';
import type { Point } from '../../../src/core/study/study.ts';
import { absent, referenceCsv } from '../shape/reference-data.ts';
import { input, OPTIONS, point, readReference, relative } from './published-data.ts';

function experiment(name: string, onlyClean = false): { readonly points: Point[]; readonly reasons: string[] } {
  const rows = referenceCsv('isoflop/isoflops.csv').filter(
    (row) => row.experiment === name && !(onlyClean && row.outlier === '1'),
  );
  return {
    points: rows.map((row, i) =>
      point(
        {
          y: Number(row.loss),
          params: Number(row.params),
          tokens: Number(row.tokens),
          compute: Number(row.budget),
          run: 'one',
          model: row.model ?? '',
        },
        i,
      ),
    ),
    reasons: rows.map((row) => row.reason ?? ''),
  };
}

function fitted(points: readonly Point[], options: Partial<FitOptions> = {}): FittedLaw {
  const result = isoflop.fit(input(points), { ...OPTIONS, ...options });
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

const threshold = (name: string): number => (name.startsWith('epoch') ? 3 : 6);

/** What the report says of the surface fits on one side. */
interface Side {
  readonly vpnls: { readonly alpha: number; readonly beta: number; readonly objective: number };
  readonly approach3: { readonly alpha: number; readonly beta: number; readonly objective: number };
}

describe('isoflop on published profiles', { skip: absent('isoflop') }, () => {
  const names = [
    'epochai_chinchilla__massivetext__chinchilla',
    'ml_scalefit__massivetext__chinchilla',
    'marin_202603__comma__llama_2',
    'marin_202603__nemotron__llama_2',
  ];
  for (const name of names) {
    test(`${name}: flags, budgets, lines, surface fits`, () => {
      const reference = readReference('isoflop').results_computed[name];
      const { points, reasons } = experiment(name);
      const flags = qualityControl(
        points.map((p) => ({ compute: p.compute!, params: p.params!, tokens: p.tokens!, loss: p.y })),
        threshold(name),
      );
      assert.deepEqual(
        flags.map((flag) => flag ?? 'none'),
        reasons,
      );
      for (const side of ['raw', 'qc'] as const) {
        const { fit } = fitted(points, side === 'qc' ? { qualityControl: threshold(name) } : {});
        const target = reference[side].approach2;
        const budgets = fit.budgets as readonly BudgetReport[];
        assert.equal(budgets.length, target.budgets.length);
        for (const [i, expected] of target.budgets.entries()) {
          const b = budgets[i] as BudgetReport;
          assert.equal(b.compute, expected.budget);
          assert.equal(b.points, expected.n_points);
          if (expected.error !== undefined) {
            assert.equal(b.status, 'failed');
            assert.match(b.why ?? '', /opens downward/);
            continue;
          }
          assert.ok(
            relative(b.paramsOpt, expected.N_opt) < 1e-8,
            `${expected.budget} N ${relative(b.paramsOpt, expected.N_opt)}`,
          );
          assert.ok(relative(b.tokensOpt, expected.D_opt) < 1e-8);
          assert.ok(relative(b.loss, expected.L_min) < 1e-8);
          assert.equal(b.status === 'ok', expected.N_opt_inside_sampled);
        }
        const a = target.a ?? target.a_skipping_bad;
        const b = target.b ?? target.b_skipping_bad;
        assert.ok(relative(fit.parameters.a, a) < 1e-8);
        assert.ok(relative(fit.parameters.b, b) < 1e-8);
        assert.ok(
          Math.abs(Math.log10(Number(fit.parameters.N0)) - (target.a_intercept ?? target.a_intercept_skipping_bad)) <
            1e-7,
        );
        assert.ok(
          Math.abs(Math.log10(Number(fit.parameters.D0)) - (target.b_intercept ?? target.b_intercept_skipping_bad)) <
            1e-7,
        );
        const surfaces = fit[side] as Side;
        for (const [mine, theirs] of [
          [surfaces.vpnls, reference[side].vpnls_256_lbfgsb],
          [surfaces.approach3, reference[side].approach3_lse_logloss],
        ]) {
          if (theirs.status === 'bound_hit') continue;
          const tolerance = mine === surfaces.vpnls ? 1e-6 : 1e-4;
          assert.ok(
            relative(mine.alpha, theirs.alpha) < tolerance,
            `${side} alpha ${mine.alpha} ${theirs.alpha} ${theirs.status}`,
          );
          assert.ok(
            relative(mine.beta, theirs.beta) < tolerance,
            `${side} beta ${mine.beta} ${theirs.beta} ${theirs.status}`,
          );
        }
        assert.ok(surfaces.vpnls.objective <= reference[side].vpnls_256_lbfgsb.rss * (1 + 1e-8));
        assert.ok(fit.notes?.some((note) => note.startsWith('Known bias')));
      }
    });
  }

  test('bootstrap, interpolation variant and measured compute', () => {
    const { points } = experiment(names[1]!, true);
    const { fit } = fitted(points, { bootstrap: 300 });
    const low = Number(fit.intervals?.a?.low);
    const high = Number(fit.intervals?.a?.high);
    assert.ok(low < 0.5415 && high > 0.5415 && high - low > 0.005 && high - low < 0.3, `${low} ${high}`);
    assert.ok(Number(fit.standardErrors?.a) > 0);
    const variant = fit.interpolation as {
      a: number;
      interval: { low: number; high: number };
      budgets: { paramsOpt: number | null }[];
    };
    assert.ok(
      variant.a > 0.4 && variant.a < 0.65 && variant.interval.low < variant.a && variant.interval.high > variant.a,
      `${variant.a}`,
    );
    const jittered = points.map((p, i) => ({ ...p, compute: p.compute! * (1 + 0.02 * Math.sin(i)) }));
    const measured = fitted(jittered).fit;
    assert.equal((measured.budgets as unknown[]).length, 7);
    assert.ok(Math.abs(Number(measured.parameters.a) - 0.5415) < 0.02);
    assert.ok(measured.notes?.some((note) => /measured/.test(note)));
  });

  test('36 synthetic golden cases', () => {
    for (const c of readReference('isoflop').synthetic_computed) {
      const surface: Surface = { E: c.E, A: c.A, B: c.B, alpha: c.alpha, beta: c.beta };
      const half = Math.log10(Number(c.grid.replace(/[^0-9]/g, '')));
      const points: Point[] = [];
      for (let budget = 0; budget < 5; budget++) {
        const compute = 10 ** (17 + budget);
        const optimum = allocate(surface, compute)!;
        // Centres lie below the optimum by the given factor, and drift down from none at the lowest budget to all at the highest.
        const centre = Math.log10(optimum.paramsOpt / c.center_scale) - (c.drift_log10 * budget) / 4;
        for (let i = 0; i < c.n_points; i++) {
          const params = 10 ** (centre - half + (2 * half * i) / (c.n_points - 1));
          const tokens = compute / (6 * params);
          points.push(point({ y: surfaceLoss(surface, params, tokens), params, tokens, compute }, points.length));
        }
      }
      const { fit } = fitted(points);
      const label = `${c.surface} ${c.grid} drift ${c.drift_log10} scale ${c.center_scale}`;
      assert.ok(Math.abs(Number(fit.parameters.a) - c.a2_a) < 1e-9, `${label}: a ${fit.parameters.a} ${c.a2_a}`);
      assert.ok(Math.abs(Number(fit.parameters.b) - c.a2_b) < 1e-9, label);
      const tokens = 10 ** (Math.log10(Number(fit.parameters.D0)) + 24 * Number(fit.parameters.b));
      const truth = allocate(surface, 1e24)!.tokensOpt;
      assert.ok(
        Math.abs(tokens / truth - 1 - c.relerr_D_1e24) < 1e-9,
        `${label}: ${tokens / truth - 1} ${c.relerr_D_1e24}`,
      );
      const { vpnls } = fit.raw as Side;
      assert.ok(relative(vpnls.alpha, c.alpha) < 1e-6 && relative(vpnls.beta, c.beta) < 1e-6, `${label}: vpnls`);
      if (c.drift_log10 === 0 && c.center_scale === 1) {
        const shift = parabolaShift(c.alpha, c.beta, half, c.n_points);
        assert.ok(Math.abs(10 ** -shift - 1 - c.relerr_D_1e24) < 1e-6, `${label}: bias formula`);
      }
    }
  });
});

describe('isoflop on bad input', () => {
  test('names the budgets without a minimum and refuses when too few are left', () => {
    const profile = (compute: number, bend: number): Point[] =>
      Array.from({ length: 7 }, (_, i) => {
        const params = 10 ** (7 + i / 3);
        return point(
          { y: 3 + bend * (i - 3) ** 2 - 0.1 * Math.log10(compute), params, tokens: compute / (6 * params), compute },
          i,
        );
      });
    const one = fitted([...profile(1e18, 0.1), ...profile(1e19, 0.1), ...profile(1e20, -0.1)]);
    assert.deepEqual(
      (one.fit.budgets as { status: string }[]).map((b) => b.status),
      ['ok', 'ok', 'failed'],
    );
    const none = isoflop.fit(input([...profile(1e18, 0.1), ...profile(1e19, -0.1), ...profile(1e20, 0)]), OPTIONS);
    assert.ok(!none.ok && /1 of 3 compute budgets/.test(none.error.message));
    const flat = isoflop.fit(input(profile(1e18, 0).map((p) => ({ ...p, y: 2 }))), OPTIONS);
    assert.ok(!flat.ok);
    const empty = isoflop.fit(input([]), OPTIONS);
    assert.ok(!empty.ok && empty.error.code === 'fit.too-few');
  });
});
