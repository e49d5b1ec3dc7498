import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definitionsOf, shapeEvidence, turnView } from '../../../src/core/render/evidence.ts';
import { passSeries, slicedSeries, turningSeries } from '../../fixture/pictured.ts';

test('a turn says where it is and how sure that is', () => {
  assert.match(
    turnView(turningSeries)?.text ?? '',
    /^turns at 3×10²¹\u00a0FLOP \(90\u00a0% interval 10²¹ to 9×10²¹\u00a0FLOP\)$/,
  );
  const bracket = { ...turningSeries, turn: { x: 3e21, low: 1e21, high: 9e21, level: null } };
  assert.match(turnView(bracket)?.text ?? '', /between the neighbouring models/);
  const bare = { ...turningSeries, turn: { x: 3e21, low: null, high: null, level: 0.9 } };
  assert.match(turnView(bare)?.text ?? '', /could not be determined/);
  assert.equal(turnView(slicedSeries), null);
  assert.equal(turnView({ ...turningSeries, turn: { x: 'here' } }), null);
});

test('definitions keep their order, say why one is missing, and leave out what nobody computed', () => {
  const rows = definitionsOf(slicedSeries);
  assert.deepEqual(
    rows.map(({ title, place }) => [title, place.replace('\u00a0', ' ')]),
    [
      ['break of flat-then-rise (shown)', '10²² FLOP'],
      ['first model above chance', 'none'],
    ],
  );
  assert.match(rows[0]?.interval ?? '', /5×10²¹ to 2×10²²\u00a0FLOP \(90 % case bootstrap\)/);
  assert.equal(rows[1]?.interval, '');
  assert.match(rows[1]?.note ?? '', /not known/);
  assert.deepEqual(definitionsOf(turningSeries), []);
});

test('the evidence names the tests that decided', () => {
  const names = (series: Parameters<typeof shapeEvidence>[0]) => shapeEvidence(series).map(([name]) => name);
  assert.deepEqual(names(slicedSeries), [
    'trend',
    'flat, then a rise',
    'over all tasks',
    'linearity',
    'breakthroughness',
    'threshold',
  ]);
  assert.deepEqual(
    names(turningSeries)
      .slice(0, 3)
      .map((name) => name.split('\u00a0')[0]),
    ['trend', 'below 3.2×10²¹', 'above 3.2×10²¹'],
  );
  assert.ok(names(turningSeries).includes('turn'));
  assert.deepEqual(names(passSeries), []);
});
