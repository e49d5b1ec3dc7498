import assert from 'node:assert/strict';
import { test } from 'node:test';
import Papa from 'papaparse';
import { delimited, seriesCsv, viewCsv } from '../../../src/core/render/delimited.ts';
import type { SeriesView } from '../../../src/core/render/view-model.ts';
import { richView } from '../../fixture/fit-view.ts';

const view = richView();

test('fields read back as they were, numbers in full precision', () => {
  const values = ['plain', 'a,b', 'say "x"', 'line\nbreak', ' padded ', '', 'é→🙂', '-12.5e3', "it's"];
  const text = delimited(['a', 'b,c'], [values, [1 / 3, 1e-300, null, Number.NaN, true]]);
  const { data } = Papa.parse<string[]>(text.trimEnd(), { newline: '\r\n' });
  assert.deepEqual(data[0], ['a', 'b,c']);
  assert.deepEqual(data[1], values);
  assert.equal(Number(data[2]?.[0]), 1 / 3);
  assert.equal(Number(data[2]?.[1]), 1e-300);
  assert.deepEqual(data[2]?.slice(2), ['', '', 'true']);
});

test('a series is exported whole: points, curve, forecasts', () => {
  const series = view.series[1] as SeriesView;
  const { data } = Papa.parse<Record<string, string>>(seriesCsv(series).trimEnd(), { header: true });
  const of = (kind: string) => data.filter((row) => row['kind'] === kind);
  assert.deepEqual(
    of('point').map((row) => [Number(row['x']), Number(row['y'])]),
    series.points.map(({ x, y }) => [x, y]),
  );
  assert.deepEqual(
    of('point').map((row) => row['model']),
    series.points.map(({ model }) => model),
  );
  assert.equal(of('curve').length, series.curves[0]?.xs.length);
  assert.equal(of('curve').at(-1)?.['note'], 'extrapolated');
  assert.equal(of('forecast')[0]?.['low'], '0.82');
  assert.ok(of('point').every((row) => Number(row['predicted']) > 0 && row['fitted'] === 'true'));
});

test('a view is exported whole', () => {
  const { data, errors } = Papa.parse<Record<string, string>>(viewCsv(view).trimEnd(), { header: true });
  assert.deepEqual(errors, []);
  const points = data.filter((row) => row['kind'] === 'point').length;
  assert.equal(
    points,
    view.series.reduce((sum, series) => sum + series.points.length, 0),
  );
});
