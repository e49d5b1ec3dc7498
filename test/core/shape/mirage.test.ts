/** The mirage check on the public exact-match and BLEU pair, and on made-up pairs of every kind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { averageRanks, mirageCheck, spearman } from '../../../src/core/shape/mirage.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { tableSeries } from '../slice/table-series.ts';
import { absent, referenceCsv, referenceJson } from './reference-data.ts';

interface Side {
  readonly n: number;
  readonly tau: number;
  readonly daicc: number;
  readonly n_zero: number;
}

test('IPA transliteration: earlier and softer', { skip: absent('emergent') }, () => {
  const { mirage_ipa: expected } = referenceJson<{
    readonly mirage_ipa: { readonly exact_match: Side; readonly bleu: Side };
  }>('emergent/linearity_breakthroughness.json');
  const rows = referenceCsv('emergent/obsscaling_bigbench_emergent.csv');
  const read = (y: string, upper: number): StudySeries => {
    const kept = rows.filter((row) => row.flop_1e21 !== '' && row[y] !== '');
    return { ...tableSeries(kept, { x: 'flop_1e21', unit: 1e21, y }).series, upper };
  };
  const found = mirageCheck(read('ipa_transliterate_2_exact_match', 1), read('ipa_transliterate_2_bleu', 100));
  assert.equal(found.verdict, 'earlier and softer');
  assert.equal(found.models, expected.exact_match.n);
  assert.equal(found.zeros, expected.exact_match.n_zero);
  assert.ok(Math.abs((found.discontinuousTau ?? 0) - 21 - expected.exact_match.tau) < 1e-9);
  assert.ok(Math.abs((found.continuousTau ?? 0) - 21 - expected.bleu.tau) < 1e-9);
  assert.ok(Math.abs((found.discontinuousDeltaAicc ?? 0) - expected.exact_match.daicc) < 1e-6);
  assert.ok(Math.abs((found.continuousDeltaAicc ?? 0) - expected.bleu.daicc) < 1e-6);
  assert.equal(found.unresolvedZeros, null);
});

function pair(
  sharp: (u: number) => number,
  smooth: (u: number) => number,
  n: number | null = null,
): [StudySeries, StudySeries] {
  const make = (value: (u: number) => number, phase: number): StudySeries => {
    const rows = Array.from({ length: 30 }, (_, i) => ({
      model: `m${i}`,
      flop: String(10 ** (20 + 0.1 * i)),
      acc: String(value(i / 29) + 0.004 * (((i * 7 + phase) % 5) - 2)),
    }));
    const { series } = tableSeries(rows, { x: 'flop', unit: 1, y: 'acc' });
    return { ...series, points: series.points.map((point) => ({ ...point, n, y: Math.max(0, point.y) })) };
  };
  return [make(sharp, 0), make(smooth, 3)];
}
const jump = (u: number) => 0.02 + Math.max(0, u - 0.6) * 1.5;

test('gradual underneath, sharp in both, cannot tell', () => {
  assert.equal(mirageCheck(...pair(jump, (u) => 0.2 + 0.5 * u)).verdict, 'gradual underneath');
  assert.equal(mirageCheck(...pair(jump, (u) => 0.3 + Math.max(0, u - 0.6) * 1.2)).verdict, 'sharp in both');
  const steady = mirageCheck(
    ...pair(
      (u) => 0.2 + 0.4 * u,
      (u) => 0.2 + 0.5 * u,
    ),
  );
  assert.equal(steady.verdict, 'cannot tell');
  assert.match(steady.why, /no late rise/);
  const [one, other] = pair(jump, jump);
  const few = mirageCheck({ ...one, points: [...one.points].slice(0, 5) }, other);
  assert.deepEqual([few.verdict, few.models], ['cannot tell', 5]);
});

test('zeros that the number of questions cannot resolve are counted', () => {
  // The rate falls tenfold per 0.2 of the continuous score: below about 1e-3 a hundred questions see nothing.
  const rate = (u: number) => 10 ** (-5 * (1 - u));
  const [sharp, smooth] = pair(
    (u) => (rate(u) < 0.005 ? 0 : rate(u)),
    (u) => 0.2 + 0.6 * u,
    100,
  );
  const clean = {
    ...sharp,
    points: sharp.points.map((point, i) => ({ ...point, y: rate(i / 29) < 0.005 ? 0 : rate(i / 29) })),
  };
  const found = mirageCheck(clean, smooth);
  assert.ok(found.zeros > 10);
  assert.equal(found.unresolvedZeros, found.zeros);
  assert.equal(found.smallestStep, 0.01);
  const many = { ...clean, points: clean.points.map((point) => ({ ...point, n: 1_000_000_000 })) };
  assert.equal(mirageCheck(many, smooth).unresolvedZeros, 0);
});

test('ranks and their correlation', () => {
  assert.deepEqual([...averageRanks([10, 20, 20, 30])], [1, 2.5, 2.5, 4]);
  assert.equal(spearman([1, 2, 3, 4], [2, 4, 6, 8])?.rho, 1);
  assert.equal(spearman([1, 2, 3], [5, 5, 5]), null);
  const found = spearman([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5]);
  assert.ok(
    Math.abs((found?.rho ?? 0) - 0.8285714285714286) < 1e-12 && Math.abs((found?.p ?? 0) - 0.04156268221574334) < 1e-9,
  );
});
