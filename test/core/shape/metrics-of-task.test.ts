/** Metrics of one task that disagree about its shape, made up and real. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shape, ShapeLabel } from '../../../src/core/report-model.ts';
import { withOtherMetrics } from '../../../src/core/shape/metrics-of-task.ts';

const shape = (label: ShapeLabel): Shape => ({
  label,
  emergent: false,
  lateRise: false,
  method: 'contrast',
  p: 0.01,
  detail: { models: 4 },
});
const one = (task: string, metric: string, family: string | null = null, facets = {}) =>
  ({ task, metric, family, facets, kind: metric === 'accuracy' ? 'discontinuous' : 'continuous' }) as const;

test('only metrics of the same task, family and facets are compared, and only where they disagree', () => {
  const series = [
    one('qa', 'accuracy', 'a'),
    one('qa', 'logodds', 'a'),
    one('qa', 'logodds', 'b'),
    one('qa', 'loss', 'a'),
    one('dice', 'accuracy'),
    one('dice', 'loss'),
    one('dice', 'loss', null, { shots: '5' }),
  ];
  const labels: ShapeLabel[] = ['positive', 'inverse', 'inverse', 'inconclusive', 'positive', 'positive', 'inverse'];
  const found = withOtherMetrics(series, labels.map(shape)).map((s) => s?.detail.otherMetrics);
  assert.deepEqual(found[0], [{ metric: 'logodds', kind: 'continuous', label: 'inverse' }]);
  assert.deepEqual(found[1], [{ metric: 'accuracy', kind: 'discontinuous', label: 'positive' }]);
  assert.deepEqual(found.slice(2), [undefined, undefined, undefined, undefined, undefined]);
  assert.deepEqual(withOtherMetrics([one('t', 'm')], [null]), [null]);
});
