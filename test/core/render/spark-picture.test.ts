import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast } from '../../../src/core/render/palette.ts';
import { picturesOf } from '../../../src/core/render/pictures.ts';
import { sparkPictureUri } from '../../../src/core/render/spark-picture.ts';
import { SPARK_BYTES } from '../../../src/core/render/sparkline.ts';
import type { SliceRecord } from '../../../src/core/slice/slice-record.ts';
import { passSeries, slicedSeries } from '../../fixture/pictured.ts';
import { wellFormed } from './well-formed.ts';

const decoded = (uri: string) => Buffer.from(uri.split(',')[1] as string, 'base64').toString('utf8');

test('small, well-formed, and legible on white and on dark', () => {
  const record = slicedSeries['slices'] as SliceRecord;
  const xs = Array.from({ length: 400 }, (_, i) => 10 ** (20 + i / 100));
  const large = {
    ...slicedSeries,
    slices: {
      ...record,
      x: xs,
      models: xs.map(String),
      groups: record.groups.map((g) => xs.map((_, i) => (g[0] as number) + i / 2000)),
    },
  };
  for (const picture of [slicedSeries, passSeries, large].flatMap((one) => picturesOf(one))) {
    const uri = sparkPictureUri(picture);
    assert.ok(uri.length < SPARK_BYTES, `${picture.id}: ${uri.length}`);
    const svg = decoded(uri);
    wellFormed(svg);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
    for (const [color] of svg.matchAll(/#[0-9a-f]{6}/g))
      for (const ground of ['#ffffff', '#1e1e1e']) assert.ok(contrast(color, ground) >= 3, `${color} on ${ground}`);
  }
});

test('groups are named, the forecast is dashed beyond the fitted models', () => {
  const svg = decoded(sparkPictureUri(picturesOf(slicedSeries)[0] as never));
  for (const name of ['easy', 'medium', 'hard']) assert.ok(svg.includes(`>${name}<`));
  assert.match(svg, /stroke-dasharray="6 5"/);
});
