import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceTable, pictureMarkdown } from '../../../src/core/render/hover-evidence.ts';
import { seriesView } from '../../../src/core/render/view.ts';
import { passSeries, slicedSeries, turningSeries } from '../../fixture/pictured.ts';

test('the evidence is one small table under the shape it decided', () => {
  const table = evidenceTable(seriesView(turningSeries, [])) ?? '';
  const lines = table.split('\n');
  assert.equal(lines[0], '| shape | U\\-shaped |'.replace('\\-', '-'));
  assert.ok(lines.length >= 4 && lines.length <= 9);
  assert.match(table, /per decade, p = /);
  assert.equal(evidenceTable(seriesView(passSeries, [])), null);
});

test('the first picture is an image with its words, and hostile names stay text', () => {
  const text = pictureMarkdown(seriesView(slicedSeries, [])) ?? '';
  assert.match(text, /^!\[[\p{L}\p{N} ,.-]+\]\(data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+\) {2}\n\*arith/u);
  const hostile = seriesView({ ...slicedSeries, task: '](javascript:x) *a* <b>' }, []);
  assert.doesNotMatch((pictureMarkdown(hostile) ?? '').split('\n')[1] ?? '', /[^\\][[<]/);
  assert.equal(pictureMarkdown(seriesView(turningSeries, [])), null);
});
