import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paletteFor } from '../../../src/core/render/palette.ts';
import { traceKey } from '../../../src/core/render/picture-plot.ts';
import { svgPicture } from '../../../src/core/render/svg-picture.ts';
import { seriesView } from '../../../src/core/render/view.ts';
import type { PictureView } from '../../../src/core/render/view-model.ts';
import { passSeries, slicedSeries } from '../../fixture/pictured.ts';
import { wellFormed } from './well-formed.ts';

test('pictures are well-formed, speak for themselves, and name every trace', () => {
  for (const series of [slicedSeries, passSeries]) {
    const view = seriesView(series, []);
    for (const picture of view.pictures) {
      for (const kind of ['light', 'dark', 'high-contrast'] as const) {
        const drawn = svgPicture(view, picture, { palette: paletteFor(kind) });
        wellFormed(drawn);
        assert.ok(drawn.includes('<title>') && !/NaN|Infinity|undefined/.test(drawn));
        for (const { label } of picture.traces) assert.ok(drawn.includes(label.slice(0, 8)), label);
      }
    }
  }
});

test('bands, dashes, the mark; and what is switched off is gone', () => {
  const view = seriesView(slicedSeries, []);
  const picture = view.pictures[0] as PictureView;
  const drawn = svgPicture(view, picture);
  assert.equal(drawn.match(/fill-opacity="\.14"/g)?.length, 1);
  assert.equal(drawn.match(/stroke-dasharray/g)?.length, 3);
  assert.ok(drawn.includes('fitted below 10²²'));
  const hidden = new Set([traceKey(picture, { key: 'sandwich' })]);
  assert.equal(svgPicture(view, picture, { choice: { hidden } }).match(/fill-opacity="\.14"/g), null);
});
