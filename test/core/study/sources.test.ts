import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromText } from './tables.ts';

test('a source says what was made of every column and where sizes come from', () => {
  const study = fromText(
    'model,tokens_T,hellaswag/acc,hellaswag/acc_stderr,lr\npythia-70m,0.3,0.27,0.01,1e-3\npythia-1b,0.3,0.4,0.01,1e-3\n',
  );
  const [source] = study.sources;
  assert.deepEqual(
    source?.columns.map((c) => [c.header, c.role, c.unit]),
    [
      ['model', 'model', null],
      ['tokens_T', 'tokens', 1e12],
      ['hellaswag/acc', 'score', 'fraction'],
      ['hellaswag/acc_stderr', 'stderr', null],
      ['lr', 'ignore', null],
    ],
  );
  assert.deepEqual(source?.columns[2]?.range, { start: { line: 0, character: 15 }, end: { line: 0, character: 28 } });
  assert.deepEqual([source?.columns[2]?.task, source?.columns[2]?.metric], ['hellaswag', 'acc']);
  assert.deepEqual([source?.rows, source?.layout, source?.format], [2, 'wide', 'csv']);
  assert.match(source?.notes.join(' ') ?? '', /Sizes come from the model names \(2 of 2 rows\)/);
  assert.equal(study.series[0]?.points.at(0)?.stderr, 0.01);
});
