import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fit, SeriesReport } from '../../src/core/report-model.ts';
import { MOST_HINTS, outliersOf, residualHints } from '../../src/language/hints.ts';
import type { Outcome } from '../../src/language/ports.ts';

const fit = { law: 'power', parameters: { A: 1, alpha: 0.1 } } as unknown as Fit;

/** A series of which the law expects 0.5 everywhere. */
function series(residuals: readonly (number | null)[], more: Partial<SeriesReport> = {}): SeriesReport {
  return {
    id: 'task/accuracy',
    chosen: 'power',
    fits: [fit],
    y: residuals.map((e) => 0.5 + (e ?? 0.4)),
    predicted: residuals.map((e) => (e === null ? null : { y: 0.5, low: null, high: null })),
    ...more,
  } as SeriesReport;
}

const small = [0.01, -0.01, 0.012, -0.008, 0.009, -0.011, 0.007, -0.009];

test('a score far from the law stands out by the scatter of the others, not by its own', () => {
  const residuals = [...small, -0.2];
  const [only, ...more] = outliersOf(series(residuals));
  assert.equal(more.length, 0);
  assert.equal(only?.index, 8);
  const others = Math.sqrt(small.reduce((sum, e) => sum + e * e, 0) / (small.length - 2));
  assert.ok(Math.abs((only?.sigma ?? 0) + 0.2 / others) < 1e-9, `${only?.sigma}`);
  // With its own residual among them it would be 2.6 standard deviations off, and never more than √7 in nine scores.
  const all = Math.sqrt(residuals.reduce((sum, e) => sum + e * e, 0) / (residuals.length - 2));
  assert.ok(0.2 / all < 3);
  assert.equal(only?.text.label, '−0.2 (18 σ)');
  assert.match(only?.text.tooltip ?? '', /measured 0\.3, power expects 0\.5\. .* of the other 8 residuals\.$/);
});

test('three standard deviations told by few scores are not enough, of many they are', () => {
  const far = (n: number): number => {
    const scatter = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 0.01 : -0.01));
    const sd = Math.sqrt((n * 1e-4) / (n - 2));
    return outliersOf(series([...scatter, 3.2 * sd])).length;
  };
  assert.equal(far(6), 0);
  assert.equal(far(200), 1);
});

test('what was not fitted, exact fits and too few scores stay silent', () => {
  assert.deepEqual(outliersOf(series([...small, null])), []);
  assert.deepEqual(outliersOf(series([0, 0, 0, 0, 0, 0, 0, 0, 0])), []);
  assert.deepEqual(outliersOf(series([0, 0, 0, 0, 0, 0, 0, 0, 0.2])), [], 'no scatter to measure by');
  assert.deepEqual(outliersOf(series([0.01, -0.01, 0.3])), []);
  assert.deepEqual(outliersOf(series([...small, -0.2], { chosen: null })), []);
});

test('residuals of losses are differences of logarithms', () => {
  const loss = series([...small, -0.2], { isLoss: true });
  const logs = small.map((e) => Math.log((0.5 + e) / 0.5));
  const others = Math.sqrt(logs.reduce((sum, e) => sum + e * e, 0) / (small.length - 2));
  assert.ok(Math.abs((outliersOf(loss)[0]?.sigma ?? 0) - Math.log(0.3 / 0.5) / others) < 1e-9);
  assert.match(outliersOf(loss)[0]?.text.tooltip ?? '', /residuals, in ln\.$/);
});

test('a hint stands behind its cell; cells of other files and lost places have none; the farthest come first', () => {
  const range = (line: number) => ({ start: { line, character: 4 }, end: { line, character: 9 } });
  const one = series([...small, -0.2]);
  const two = { ...series([...small, -0.4]), id: 'other' };
  const outcome = (places: Outcome['places']): Outcome =>
    ({ report: { series: [one, two] }, places }) as unknown as Outcome;
  const own = [...small, 0].map((_, i) => ({ uri: null, range: range(i) }));
  const found = residualHints(outcome({ 'task/accuracy': own, other: own }));
  assert.deepEqual(
    found.map(({ position, label }) => [position, label]),
    [
      [{ line: 8, character: 9 }, '−0.4 (36 σ)'],
      [{ line: 8, character: 9 }, '−0.2 (18 σ)'],
    ],
  );
  const elsewhere = own.map((place) => ({ ...place, uri: 'file:///b.csv' }));
  assert.deepEqual(residualHints(outcome({ 'task/accuracy': elsewhere })), []);
  assert.deepEqual(residualHints(outcome(null)), []);
  const many = Array.from({ length: MOST_HINTS + 5 }, (_, i) => ({ ...one, id: `${i}` }));
  const places = Object.fromEntries(many.map(({ id }) => [id, own]));
  assert.equal(residualHints({ report: { series: many }, places } as unknown as Outcome).length, MOST_HINTS);
});
