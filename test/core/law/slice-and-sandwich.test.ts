/** The law on the public tables, as the command line would call it, and its refusals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FitOptions } from '../../../src/core/law/law.ts';
import { sliceAndSandwich } from '../../../src/core/law/slice-and-sandwich.ts';
import { absent, column, referenceCsv } from '../shape/reference-data.ts';
import { tableSeries } from '../slice/table-series.ts';

const options: FitOptions = { bootstrap: 0, seed: 1, level: 0.9 };
const TASKS = ['mmlu', 'parsinlu_qa_mc', 'analogical_similarity', 'arc', 'abstract_narrative_understanding'];

test('held-out predictions equal the published ones on every task', { skip: absent('slice-and-sandwich') }, () => {
  for (const task of TASKS) {
    const rows = referenceCsv(`slice-and-sandwich/tidy/${task}_g3.csv`);
    const { series, study } = tableSeries(rows, { x: 'flop_1e21', unit: 1e21, y: 'acc' });
    const kept = series.points.filter((point) => rows[point.row]?.excluded === '');
    const train = kept.filter((point) => rows[point.row]?.split === 'train');
    const outcome = sliceAndSandwich.fit({ series, points: train, study }, options);
    assert.ok(outcome.ok, task);
    const expected = new Map(
      referenceCsv('slice-and-sandwich/predictions.csv')
        .filter((row) => row.task === task)
        .map((row) => [`${row.model} ${row.acc}`, Number(row.acc_pred)]),
    );
    let checked = 0;
    for (const point of kept) {
      const row = rows[point.row];
      const want = expected.get(`${row?.model} ${row?.acc}`);
      assert.ok(want !== undefined);
      assert.ok(Math.abs(outcome.value.predict(point) - want) < 1e-8, `${task} ${point.model}`);
      checked++;
    }
    assert.equal(checked, expected.size);
    assert.ok(column(rows, 'acc').length > checked);
  }
});

test('bootstrap draws, notes on a weak line, turning points in plain units', {
  skip: absent('slice-and-sandwich'),
}, () => {
  const rows = referenceCsv('slice-and-sandwich/tidy/mmlu_g3.csv').filter(
    (row) => row.excluded === '' && row.split === 'train',
  );
  const { series, study } = tableSeries(rows, { x: 'flop_1e21', unit: 1e21, y: 'acc' });
  const outcome = sliceAndSandwich.fit({ series, points: [...series.points], study }, { ...options, bootstrap: 50 });
  assert.ok(outcome.ok);
  const { fit } = outcome.value;
  assert.ok(outcome.value.draws({ x: 1e23 }).length > 40);
  assert.match((fit.notes ?? []).join(' '), /correlate only 0\.43/);
  const turns = fit.turningPoints as { readonly x: number; readonly kind: string }[];
  assert.ok(Math.abs(Math.log10((turns.at(-1)?.x ?? 1) / 1e21) - 1.1412882127777422) < 1e-8);
});

test('refusals: no table, no groups, a missing group, too few models, a group as the series', () => {
  const rows = Array.from({ length: 10 }, (_, i) => ({
    model: `m${i}`,
    flop: String(10 ** (20 + i * 0.2)),
    acc: String(0.25 + 0.01 * ((i * 7) % 5)),
    g1_tc: String(-0.4 - 0.01 * i),
    g2_tc: String(-0.5),
    g3_tc: String(-0.7 + 0.01 * ((i * 3) % 4)),
  }));
  const fit = (table: typeof rows | Record<string, string>[], y = 'acc') => {
    const { series, study } = tableSeries(table, { x: 'flop', unit: 1, y });
    return sliceAndSandwich.fit({ series, points: [...series.points], study }, options);
  };
  assert.ok(fit(rows).ok);
  const message = (outcome: ReturnType<typeof fit>) =>
    outcome.ok ? 'fitted' : `${outcome.error.code}: ${outcome.error.message}`;
  const without = (...names: string[]) =>
    rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !names.includes(key))));
  assert.match(message(fit(without('g1_tc', 'g2_tc', 'g3_tc'))), /fit\.unsupported: .*no question groups/);
  assert.match(message(fit(without('g2_tc'))), /fit\.unsupported: .*group 2 of 3/);
  assert.match(message(fit(rows.slice(0, 3))), /fit\.too-few/);
  assert.match(message(fit(rows, 'g1_tc')), /itself one of the question groups/);
  const { series } = tableSeries(rows, { x: 'flop', unit: 1, y: 'acc' });
  const alone = sliceAndSandwich.fit({ series, points: [...series.points], study: null }, options);
  assert.equal(alone.ok ? '' : alone.error.code, 'fit.unsupported');
});
