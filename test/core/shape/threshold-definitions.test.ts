/** Hinge thresholds and the other definitions against the reference of the public tasks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyShape } from '../../../src/core/shape/classify.ts';
import { shapeInputOf } from '../../../src/core/shape/orient.ts';
import { thresholdDefinitions } from '../../../src/core/shape/threshold-definitions.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { tableSeries } from '../slice/table-series.ts';
import { absent, referenceCsv, referenceJson } from './reference-data.ts';

interface Reference {
  readonly hinge_tau: number;
  readonly tau_ci90: readonly [number, number];
  readonly late_rise: boolean;
  readonly daicc_linear_minus_hinge: number;
  readonly sustained_above_chance_from: number;
}
/** Chance as typed by the authors, 0.25 where not listed. */
const CHANCE: Readonly<Record<string, number>> = {
  analogical_similarity: 0.145,
  abstract_narrative_understanding: 0.1,
};

function accuracySeries(task: string): StudySeries {
  const rows = referenceCsv(`slice-and-sandwich/tidy/${task}_g3.csv`).filter((row) => row.excluded === '');
  const { series } = tableSeries(rows, { x: 'flop_1e21', unit: 1e21, y: 'acc' });
  return {
    ...series,
    chance: { value: CHANCE[task] ?? 0.25, how: 'authors', table: null, range: null },
    points: series.points.map((point) => ({ ...point, n: Number(rows[point.row]?.n_questions) })),
  };
}

const skip = absent('shape') || absent('slice-and-sandwich');

test('hinge threshold with its interval, and sustained crossing of chance', { skip }, () => {
  const reference = referenceJson<Record<string, Reference>>('shape/emergence_threshold_reference.json');
  for (const [task, expected] of Object.entries(reference)) {
    const series = accuracySeries(task);
    const { shape, threshold } = classifyShape(shapeInputOf(series));
    assert.equal(shape.lateRise, expected.late_rise, task);
    assert.ok(Math.abs((shape.detail.deltaAiccLinear as number) - expected.daicc_linear_minus_hinge) < 1e-6, task);
    assert.equal(threshold !== null, expected.late_rise, task);
    const all = new Map(thresholdDefinitions(series).map((one) => [one.definition, one]));
    const lg = (value: number | null | undefined): number => Math.log10((value ?? Number.NaN) / 1e21);
    const hinge = all.get('hinge');
    assert.ok(Math.abs(lg(hinge?.x) - expected.hinge_tau) < 1e-9, task);
    // Elsewhere the break marks no threshold, and its ends jump between gaps in the sizes.
    if (expected.late_rise) {
      assert.ok(Math.abs(lg(hinge?.low) - expected.tau_ci90[0]) < 0.1, `${task} low ${lg(hinge?.low)}`);
      assert.ok(Math.abs(lg(hinge?.high) - expected.tau_ci90[1]) < 0.1, `${task} high ${lg(hinge?.high)}`);
    }
    if (threshold !== null)
      assert.deepEqual([threshold.x, threshold.low, threshold.high], [hinge?.x, hinge?.low, hinge?.high]);
    const sustained = all.get('sustained-above-chance');
    assert.ok(Math.abs(lg(sustained?.x) - expected.sustained_above_chance_from) < 1e-9, `${task} ${lg(sustained?.x)}`);
    // Where the task emerges, every definition that is computed has its interval.
    if (task === 'mmlu') {
      for (const one of all.values()) {
        if (one.definition === 'by-hand') continue;
        assert.ok(one.x !== null && one.low !== null && one.high !== null, `${one.definition} ${one.note}`);
        assert.notEqual(one.interval, 'none', one.definition);
      }
      assert.match(all.get('bnsl')?.note ?? '', /Its width f1 ended on its bound, 0\.0100: as sharp as/);
    }
    for (const one of all.values()) {
      if (one.x === null) assert.ok(one.note.length > 10, `${task} ${one.definition} says why`);
      else
        assert.ok(
          (one.low ?? 0) <= one.x && one.x <= (one.high ?? Number.POSITIVE_INFINITY),
          `${task} ${one.definition}`,
        );
    }
  }
});

function synthetic(value: (x: number, i: number) => number, n = 24, chance: number | null = 0.25): StudySeries {
  const rows = Array.from({ length: n }, (_, i) => {
    const x = 20 + (4 * i) / (n - 1);
    return { model: `m${i}`, flop: String(10 ** x), acc: String(value(x, i)) };
  });
  const { series } = tableSeries(rows, { x: 'flop', unit: 1, y: 'acc' });
  return {
    ...series,
    chance: chance === null ? null : { value: chance, how: 'test', table: null, range: null },
    points: series.points.map((point) => ({ ...point, n: 1000 })),
  };
}

test('a clean sigmoid gives its own midpoint and 10 % rise', () => {
  const series = synthetic((x) => 0.25 + 0.6 / (1 + Math.exp(-5 * (x - 22.3))));
  const all = new Map(thresholdDefinitions(series).map((one) => [one.definition, one]));
  assert.ok(Math.abs(Math.log10(all.get('sigmoid-midpoint')?.x ?? 1) - 22.3) < 0.01);
  assert.ok(Math.abs(Math.log10(all.get('sigmoid-10-percent')?.x ?? 1) - (22.3 - Math.log(9) / 5)) < 0.02);
});

test('definitions that cannot be had say why', () => {
  const noise = (i: number) => 0.01 * (((i * 7) % 5) - 2);
  const unknown = thresholdDefinitions(synthetic((_, i) => 0.25 + noise(i), 24, null));
  assert.match(unknown.find((one) => one.definition === 'sustained-above-chance')?.note ?? '', /Chance is not known/);
  const flat = thresholdDefinitions(synthetic((_, i) => 0.25 + noise(i)));
  assert.match(flat.find((one) => one.definition === 'hinge')?.note ?? '', /No late rise/);
  assert.equal(flat.find((one) => one.definition === 'sustained-above-chance')?.x, null);
  const few = thresholdDefinitions(synthetic((x) => 0.25 + 0.1 * (x - 20), 3));
  assert.ok(few.every((one) => one.x === null || one.definition.endsWith('above-chance')));
});
