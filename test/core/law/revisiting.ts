/** The learning-curve benchmark: fits a law to the training half of all 46 curves and scores it on the rest. */
import assert from 'node:assert/strict';
import { lawById } from '../../../src/core/law/registry.ts';
import type { Fit } from '../../../src/core/report-model.ts';
import { referenceCsv, referenceJson } from '../shape/reference-data.ts';
import { makeInput, OPTIONS } from './series.ts';

interface Curve {
  readonly x: number[];
  readonly y: number[];
  readonly testX: number[];
  readonly testY: number[];
}

/** The fits of the reference, by curve and law. */
interface Reference {
  readonly per_curve: Readonly<Record<string, { readonly independent_fit: Readonly<Record<string, KnownFit>> }>>;
}

interface KnownFit {
  readonly params: readonly number[];
  readonly train_rmsle: number;
}

function readCurves(): Map<string, Curve> {
  const curves = new Map<string, Curve>();
  for (const file of ['benchmark.vision.tidy.csv', 'benchmark.lang.tidy.csv'])
    for (const row of referenceCsv(`revisiting/${file}`)) {
      const id = row['curve_id'] ?? '';
      const curve = curves.get(id) ?? { x: [], y: [], testX: [], testY: [] };
      curves.set(id, curve);
      const train = row['split'] === 'train';
      (train ? curve.x : curve.testX).push(Number(row['seen_examples']));
      (train ? curve.y : curve.testY).push(Number(row['loss']));
    }
  return curves;
}

/** Asserts the acceptance rule of the benchmark for a law. */
export function checkRevisiting(
  law: string,
  key: string,
  train: number,
  testMean: number,
  also?: (fit: Fit, expected: KnownFit) => void,
): void {
  const reference = referenceJson<Reference>('revisiting/reference.json').per_curve;
  const curves = readCurves();
  assert.equal(curves.size, 46);
  let sum = 0;
  for (const [id, curve] of curves) {
    const result = lawById(law)?.fit(makeInput(curve.x, curve.y), OPTIONS);
    assert.ok(result?.ok, `${law} refuses ${id}`);
    const { fit, predict } = result.value;
    const known = reference[id]?.independent_fit[key];
    assert.ok(known, `no reference of ${key} on ${id}`);
    const expected = known.train_rmsle;
    assert.ok((fit.rmsle ?? Infinity) <= expected * train, `${law} on ${id}: ${fit.rmsle} against ${expected}`);
    also?.(fit, known);
    const misses = curve.testX.map((x, i) => Math.log(predict({ x })) - Math.log(curve.testY[i] ?? Number.NaN));
    sum += Math.sqrt(misses.reduce((total, miss) => total + miss * miss, 0) / misses.length);
  }
  const mean = sum / curves.size;
  // The table is printed to four decimals.
  assert.ok(mean < testMean + 0.00005, `${law}: mean test RMSLE ${mean} against ${testMean}`);
}
