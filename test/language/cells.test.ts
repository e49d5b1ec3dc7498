import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaningAt, seriesAt } from '../../src/language/cells.ts';
import { fromText } from '../core/study/tables.ts';

const TEXT = `model,params,tokens,task,metric,score
a,1e9,2e10,quiz,accuracy,0.31
a,1e9,2e10,maze,accuracy,0.32
b,2e9,2e10,quiz,accuracy,0.41
b,2e9,2e10,maze,accuracy,0.42
c,4e9,2e10,quiz,accuracy,0.51
c,4e9,2e10,maze,accuracy,0.52
`;
const study = fromText(TEXT);
const at = (text: string) => meaningAt(study, 'results/runs.csv', TEXT.indexOf(text));

test('a score is the point of its series that stands in the cell', () => {
  for (const [index, score] of [0.32, 0.42, 0.52].entries()) {
    const meaning = at(String(score));
    assert.ok(meaning?.kind === 'score');
    assert.deepEqual([meaning.series.task, meaning.index, meaning.point.y], ['maze', index, score]);
  }
});

test('a header belongs to all series under it, a label to those of its row', () => {
  const header = at('score');
  assert.deepEqual(header?.kind === 'header' ? header.series.map((one) => one.task) : null, ['quiz', 'maze']);
  const label = at('quiz,accuracy,0.41');
  assert.deepEqual(label?.kind === 'label' ? label.series.map((one) => one.task) : null, ['quiz']);
  assert.equal(seriesAt(study, 'results/runs.csv', TEXT.indexOf('maze,accuracy,0.52'))?.task, 'maze');
});

test('a model and its sizes belong to no series alone', () => {
  assert.equal(at('1e9')?.kind, 'run');
  assert.equal(seriesAt(study, 'results/runs.csv', TEXT.indexOf('b,2e9')), null);
});
