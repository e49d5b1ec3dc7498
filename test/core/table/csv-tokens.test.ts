import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ESCAPED, QUOTED, tokenizeCsv } from '../../../src/core/table/csv-tokens.ts';

test('cells, flags, rows', () => {
  const text = 'a,"b ""x""",\r\n\r\n "c" ,d\r"e';
  const t = tokenizeCsv(text, ',', 0, 1000);
  const cells = Array.from({ length: t.cells }, (_, i) => text.slice(t.start[i], t.end[i]));
  assert.deepEqual(cells, ['a', 'b ""x""', '', 'c', 'd', '"e']);
  assert.deepEqual([...t.rowStart.subarray(0, t.rows + 1)], [0, 3, 5, 6]);
  assert.equal(t.flags[1], QUOTED | ESCAPED);
  assert.deepEqual(
    t.faults.map((f) => f.kind),
    ['unclosed-quote'],
  );
});

test('a line beyond the limit stops the pass; many open quotes stay linear', () => {
  assert.equal(tokenizeCsv(`a\n${'x'.repeat(200)}\nb`, ',', 0, 100).longLine, 2);
  const text = '"x\n'.repeat(50_001);
  const started = performance.now();
  const t = tokenizeCsv(text, ',', 0, 1e9);
  assert.ok(t.rows > 1000 && performance.now() - started < 3000);
});
