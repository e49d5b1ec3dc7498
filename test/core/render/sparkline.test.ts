import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPARK_BYTES, sparkline, sparklineUri } from '../../../src/core/render/sparkline.ts';
import type { SeriesView } from '../../../src/core/render/view-model.ts';
import { largeSeries, richView } from '../../fixture/fit-view.ts';
import { wellFormed } from './well-formed.ts';

const series = [...richView().series, largeSeries(12_000)];

test('every sparkline is well-formed and fits a hover as base64', () => {
  for (const one of series) {
    const uri = sparklineUri(one);
    assert.ok(uri.length < SPARK_BYTES, `${one.id}: ${uri.length}`);
    const svg = Buffer.from(uri.split(',')[1] as string, 'base64').toString('utf8');
    assert.equal(svg, sparkline(one));
    assert.doesNotThrow(() => wellFormed(svg), one.id);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  }
});

test('points, curve, dashes, band, threshold and chance line are there', () => {
  const svg = sparkline(series[2] as SeriesView);
  assert.equal([...svg.matchAll(/h0/g)].length, 12);
  assert.match(svg, /stroke-dasharray="4 3"/);
  assert.match(svg, /fill-opacity="\.2"/);
  assert.match(svg, /stroke="#b5559a"/);
  assert.match(svg, /stroke-dasharray="3 3"/);
  assert.match(svg, /10²⁴\u00a0FLOP/);
  const bare = sparkline(series[4] as SeriesView);
  assert.doesNotMatch(bare, /d55e00/);
});
