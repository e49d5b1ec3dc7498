import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceCount } from '../../../src/core/passuntil/counts.ts';
import { lossMap, throughLoss } from '../../../src/core/passuntil/loss-assisted.ts';

/** ln(−ln p) = 1 + 2 ln(loss) exactly, loss = 3·(N/1e6)^−0.2. */
function row(instance: string, params: number, hard: number, withPasses: boolean): InstanceCount {
  const loss = hard * 3 * (params / 1e6) ** -0.2;
  const p = Math.exp(-Math.exp(1 + 2 * Math.log(loss)));
  const trials = 1e9;
  return {
    instance,
    task: 't',
    model: 'm',
    params,
    loss,
    wanted: trials,
    passes: withPasses ? Math.round(p * trials) : 0,
    trials,
    capped: true,
    table: 0,
    row: 0,
  };
}

test('the map from loss to pass rate, and a hard instance taken through its loss', () => {
  const rows = [0.2, 0.3, 0.4].flatMap((hard, i) => [1e6, 1e7, 1e8].map((params) => row(`q${i}`, params, hard, true)));
  const map = lossMap(rows);
  assert.ok(map !== null && map.points === 9 && map.r2 > 0.999);
  assert.ok(Math.abs(map.intercept - 1) < 1e-3 && Math.abs(map.slope - 2) < 1e-3, JSON.stringify(map));
  const hard = [1e6, 1e7].map((params) => row('hard', params, 1, false));
  const expected = Math.exp(-Math.exp(1 + 2 * Math.log(3 * 1000 ** -0.2)));
  const found = throughLoss(map, hard, 1e9) ?? 0;
  assert.ok(Math.abs(found / expected - 1) < 0.01, `${found} for ${expected}`);
});

test('too few passes or losses: nothing is made up', () => {
  const rows = [1e6, 1e7].map((params) => row('q', params, 0.2, true));
  assert.equal(lossMap(rows), null);
  assert.equal(lossMap(rows.map((r) => ({ ...r, loss: null }))), null);
  assert.equal(throughLoss({ intercept: 0, slope: 1, points: 5, r2: 1 }, rows.slice(0, 1), 1e9), null);
  assert.equal(throughLoss({ intercept: 0, slope: 1, points: 5, r2: 1 }, [rows[0]!, rows[0]!], 1e9), null);
});
