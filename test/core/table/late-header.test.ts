import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../../../src/core/table/csv.ts';
import { withLateHeader } from '../../../src/core/table/late-header.ts';

test('blank lines above the header are left out, cells keep their places', () => {
  const text = ',,\n,,\nModel,MMLU,Size\nlm-1b,25.5,1\nlm-7b,60.1,7\n';
  const table = withLateHeader(parseCsv(text, { file: 'a.csv' }));
  assert.deepEqual(
    [0, 1, 2].map((column) => table.header(column)),
    ['Model', 'MMLU', 'Size'],
  );
  assert.equal(table.rowCount, 2);
  assert.deepEqual([...table.numbers(1)], [25.5, 60.1]);
  const span = table.cellSpan(1, 0);
  assert.ok(span !== null);
  assert.equal(text.slice(span.start, span.end), 'lm-7b');
  assert.match(table.notes.join(), /2 blank lines above the header/);
});

test('a table with a header, or without any text near its beginning, stays what it is', () => {
  const headed = parseCsv('model,,\nlm,1,2\n', { file: 'a.csv' });
  assert.equal(withLateHeader(headed), headed);
  const blank = parseCsv(`${',,\n'.repeat(9)}a,b,c\n`, { file: 'a.csv' });
  assert.equal(withLateHeader(blank), blank);
});
