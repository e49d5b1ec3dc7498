import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { FitOptions } from '../../../src/core/law/law.ts';
import { LAWS, lawById } from '../../../src/core/law/registry.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makeInput, OPTIONS } from './series.ts';

const oneVariable = [
  'power',
  'power-offset',
  'shifted-power',
  'm4',
  'bnsl1',
  'bnsl2',
  'sigmoid',
  'log-linear',
  'last',
  'mean-3',
  'mean',
] as const;

test('ids are unique and found', () => {
  assert.equal(new Set(LAWS.map((law) => law.id)).size, LAWS.length);
  for (const id of [...oneVariable, 'custom']) assert.equal(lawById(id)?.id, id);
  assert.equal(lawById('no-such-law'), undefined);
});

/** No NaN anywhere in a record. */
function assertClean(value: unknown, path: string): void {
  if (typeof value === 'number') assert.ok(Number.isFinite(value), `${path} is ${value}`);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inside] of Object.entries(value)) assertClean(inside, `${path}.${key}`);
}

const decades = (n: number): number[] => Array.from({ length: n }, (_, i) => 10 ** (18 + i / 2));
const scores: Partial<StudySeries> = { isLoss: false, better: 'higher', lower: 0, upper: 1 };

const bad: Readonly<
  Record<string, { x: number[]; y: number[]; series?: Partial<StudySeries>; options?: Partial<FitOptions> }>
> = {
  'no points': { x: [], y: [] },
  'one point': { x: [1e20], y: [2] },
  'two points': { x: [1e20, 1e21], y: [2, 1.9] },
  'three points': { x: [1e20, 1e21, 1e22], y: [2, 1.9, 1.85] },
  'all x equal': { x: Array(10).fill(1e20), y: decades(10).map((_, i) => 2 + 0.01 * i) },
  'all y equal': { x: decades(10), y: Array(10).fill(0.5) },
  'all y zero': { x: decades(10), y: Array(10).fill(0), series: scores },
  'one y not zero': { x: decades(30), y: [...Array(29).fill(0), 1], series: scores },
  'not finite': {
    x: [...decades(8), Number.NaN, Infinity, 1e30],
    y: [...decades(8).map((v) => v ** -0.1), 1, 1, Number.NaN],
  },
  'negative losses': { x: decades(10), y: decades(10).map((_, i) => 1 - i / 3) },
  'negative x': { x: decades(10).map((v, i) => (i < 5 ? -v : v)), y: decades(10).map((_, i) => 3 - i / 9) },
  'wild outlier': { x: decades(12), y: decades(12).map((v, i) => (i === 5 ? 1e12 : v ** -0.05)) },
  'huge values': { x: decades(12), y: decades(12).map((v) => 1e200 * v ** -0.05) },
  'tiny values': { x: decades(12), y: decades(12).map((v) => 1e-200 * v ** -0.05) },
  'tiny x range': {
    x: decades(12).map((_, i) => 1e20 * (1 + i * 1e-9)),
    y: decades(12).map((_, i) => 2 - 0.01 * Math.sin(i)),
  },
  rising: { x: decades(12), y: decades(12).map((v) => v ** 0.05) },
  zigzag: { x: decades(12), y: decades(12).map((_, i) => 1 + (i % 2)) },
  'below the floor': { x: decades(12), y: decades(12).map((_, i) => -0.2 + 0.01 * i), series: scores },
  'no weight': { x: decades(12), y: decades(12).map((v) => v ** -0.05), options: { delta: 0, objective: 'log-huber' } },
};

for (const id of oneVariable) {
  test(`${id}: bad input is refused or flagged, never NaN, never thrown`, () => {
    for (const [name, { x, y, series, options }] of Object.entries(bad)) {
      const result = lawById(id)?.fit(makeInput(x, y, series), { ...OPTIONS, bootstrap: 20, ...options });
      assert.ok(result !== undefined);
      if (result.ok) {
        assertClean(result.value.fit, `${id} on ${name}`);
        assert.doesNotThrow(() => result.value.deltaError({ x: 1e30 }));
      } else
        assert.ok(
          result.error.message.length > 10 && !/NaN|undefined/.test(result.error.message),
          `${name}: ${result.error.message}`,
        );
    }
  });
}

test('refusals carry the right code', () => {
  const code = (id: string, name: keyof typeof bad): string => {
    const entry = bad[name];
    assert.ok(entry !== undefined);
    const result = lawById(id)?.fit(makeInput(entry.x, entry.y, entry.series), { ...OPTIONS, ...entry.options });
    return result === undefined || result.ok ? 'fitted' : result.error.code;
  };
  assert.equal(code('power', 'no points'), 'fit.too-few');
  assert.equal(code('power-offset', 'three points'), 'fit.too-few');
  assert.equal(code('power', 'all x equal'), 'fit.too-few');
  assert.equal(code('power', 'all y equal'), 'data.degenerate-metric');
  assert.equal(code('sigmoid', 'one y not zero'), 'data.degenerate-metric');
  assert.equal(code('mean', 'all y equal'), 'fitted');
  assert.equal(code('power', 'no weight'), 'fit.unsupported');
});

test('rows that cannot be used are listed with the reason', () => {
  const result = lawById('power')?.fit(
    makeInput([...decades(6), -1, 1e24], [...decades(6).map((v) => v ** -0.1), 1, 0]),
    OPTIONS,
  );
  assert.ok(result?.ok);
  assert.deepEqual(
    result.value.fit.excluded.map((entry) => entry.row),
    [6, 7],
  );
  assert.match(result.value.fit.excluded[1]?.why ?? '', /not positive/);
});

test('a copy of a row is left out', () => {
  const x = decades(6);
  const input = makeInput([...x, x[0] ?? 0], [...x.map((v) => v ** -0.1), (x[0] ?? 0) ** -0.1], {}, (i) => ({
    model: `m${i % 6}`,
    run: `m${i % 6}`,
    params: 1e9,
  }));
  const result = lawById('power')?.fit(input, OPTIONS);
  assert.ok(result?.ok);
  assert.deepEqual(result.value.fit.excluded, [{ row: 6, why: 'exact duplicate of row 0' }]);
});

test('a million points are fitted, and what the time budget cut off is said', { timeout: 60_000 }, async () => {
  const n = 1e6;
  const x = Float64Array.from({ length: n }, (_, i) => 10 ** (18 + (6 * i) / n));
  const y = x.map((v, i) => (1.5 + 300 * v ** -0.13) * (1 + 0.01 * Math.sin(i * 12.9898)));
  const input = makeInput(x, y, {}, () => ({ model: '', run: '' }));
  const result = lawById('power-offset')?.fit(input, { ...OPTIONS, bootstrap: 200, timeBudget: 2500 });
  // A fit does not wait for anything: the timeout is looked at after it.
  await turn();
  assert.ok(result?.ok);
  assert.ok(Math.abs((result.value.fit.parameters['c'] ?? 0) - 0.13) < 0.002);
  const { notes } = result.value.fit;
  const bootstrap = result.value.fit.bootstrap as { readonly used: number } | undefined;
  const said = notes?.some((note) => /time budget/.test(note)) ?? false;
  assert.ok(bootstrap?.used === 200 || said, JSON.stringify({ bootstrap, notes }));
  assertClean(result.value.fit, 'fit');
});

test('cancelled work ends at once, with a reason', () => {
  const controller = new AbortController();
  controller.abort();
  const result = lawById('bnsl2')?.fit(
    makeInput(
      decades(30),
      decades(30).map((v) => v ** -0.1),
    ),
    {
      ...OPTIONS,
      bootstrap: 200,
      signal: controller.signal,
    },
  );
  assert.ok(result !== undefined);
  if (result.ok) {
    assert.equal(result.value.fit.converged, false);
    assert.ok(result.value.fit.notes?.some((note) => note.includes('time budget')));
  } else assert.equal(result.error.code, 'fit.timeout');
});
