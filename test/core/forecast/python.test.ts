import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { pythonScript } from '../../../src/core/forecast/python.ts';
import { lawById } from '../../../src/core/law/registry.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const OPTIONS = { bootstrap: 0, seed: 1, level: 0.9 };
const python = spawnSync('python3', ['-c', 'import scipy']);
const SKIP = { skip: python.status === 0 ? false : 'python3 with scipy is not present' };
const wobble = (i: number): number => 0.01 * Math.sin(7.3 * i + 1);

const x = Array.from({ length: 16 }, (_, i) => 1e18 * 10 ** (i / 4));
const losses = makeSeries(
  x.map((at, i) => makePoint(at, (1.7 + 900 * at ** -0.15) * Math.exp(wobble(i)), i)),
  { isLoss: true },
);
const surface = makeSeries(
  x.map((at, i) => {
    const params = Math.sqrt(at / 6 / (5 + 5 * (i % 5)));
    const tokens = at / 6 / params;
    const y = (1.7 + 400 / params ** 0.34 + 410 / tokens ** 0.28) * Math.exp(wobble(i));
    return makePoint(at, y, i, { params, tokens, compute: at });
  }),
  { isLoss: true },
);
const scores = makeSeries(
  x.map((at, i) =>
    makePoint(at, 0.25 + 0.75 / (1 + Math.exp(-1.3 * (Math.log10(at) - 20))) + wobble(i), i, {
      stderr: 0.01 + 0.001 * i,
    }),
  ),
  {
    isLoss: false,
    better: 'higher',
    lower: 0,
    upper: 1,
    chance: { value: 0.25, how: 'test', table: null, range: null },
  },
);

/** Two breaks of moderate sharpness, seen by sixty points. */
const dense = Array.from({ length: 60 }, (_, i) => 10 ** (2 + i / 10));
const bent = makeSeries(
  dense.map((at, i) => {
    const bends = (1 + (at / 3e3) ** 2) ** -0.1 * (1 + (at / 1e6) ** 2.5) ** 0.08;
    return makePoint(at, (0.4 + 6 * at ** -0.1 * bends) * Math.exp(0.1 * wobble(i)), i);
  }),
  { isLoss: true },
);
/** Stays at its starting error, then falls and levels off. */
const late = makeSeries(
  dense.map((at, i) => {
    const free = 900 * at ** -0.9;
    return makePoint(at, (0.05 + 0.95 * (free / (1 + free)) ** 0.6) * Math.exp(0.1 * wobble(i)), i);
  }),
  { isLoss: true, upper: 1.1, lower: 0 },
);
/** Runs of several sizes and token counts with a loss and an error rate. */
const chain = makeSeries(
  x.map((at, i) => {
    const params = Math.sqrt(at / 6 / (5 + 5 * (i % 5)));
    const tokens = at / 6 / params;
    const loss = (1.7 + 400 / params ** 0.34 + 410 / tokens ** 0.34) * Math.exp(0.2 * wobble(i));
    const error = 0.8 - 0.9 * Math.exp(-0.6 * loss) + 0.1 * wobble(i + 5);
    return makePoint(at, error, i, { params, tokens, compute: at, loss });
  }),
  { isLoss: false, better: 'lower', lower: 0, upper: 1 },
);
const ladder = makeSeries(
  x.flatMap((at, i) => {
    const params = Math.sqrt(at / 6 / (5 + 5 * (i % 5)));
    const tokens = at / 6 / params;
    const loss = (0.5 + 120 / params ** 0.3 + 150 / tokens ** 0.3) * Math.exp(0.3 * wobble(i));
    const accuracy = 0.95 - 0.7 / (1 + Math.exp(-4 * (loss - 1))) + 0.2 * wobble(i + 3);
    return [makePoint(at, accuracy, i, { params, tokens, compute: at, loss, run: `run-${i}` })];
  }),
  { isLoss: false, better: 'higher', lower: 0, upper: 1 },
);

const CASES: readonly (readonly [string, StudySeries])[] = [
  ['power', losses],
  ['power-offset', losses],
  ['log-linear', scores],
  ['sigmoid', scores],
  ['chinchilla', surface],
  ['kaplan', surface],
  ['shifted-power', losses],
  ['m4', late],
  ['bnsl1', bent],
  ['bnsl2', bent],
  ['over-training', makeSeries(chain.points.map((p) => ({ ...p, y: p.loss as number })))],
  ['loss-to-error', chain],
  ['over-training-chain', chain],
  ['two-step', ladder],
];

for (const [id, series] of CASES) {
  test(`the script of ${id} finds the reported parameters to six digits`, SKIP, () => {
    const outcome = lawById(id)?.fit({ series, points: [...series.points], study: null }, OPTIONS);
    assert.ok(outcome?.ok);
    const script = pythonScript(series, [...series.points], outcome.value, OPTIONS);
    assert.ok(script.ok);
    const run = spawnSync('python3', ['-'], { input: script.value, encoding: 'utf8' });
    assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
    assert.match(run.stdout, /"agrees_to_six_digits": true/);
  });
}

test('a law without an export is refused by name', () => {
  const outcome = lawById('last')?.fit({ series: losses, points: [...losses.points], study: null }, OPTIONS);
  assert.ok(outcome?.ok);
  const script = pythonScript(losses, [...losses.points], outcome.value, OPTIONS);
  assert.ok(!script.ok);
  assert.match(script.error.message, /last has no export/);
});
