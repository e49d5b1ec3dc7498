import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '../../../src/core/read/open.ts';
import { maskMissing } from '../../../src/core/table/masked.ts';

test('further spellings of a missing value count as empty, in tables of every format', () => {
  for (const text of ['model,acc\na,0.5\nb,-1\n', '[{"model": "a", "acc": 0.5}, {"model": "b", "acc": -1}]']) {
    const read = readText('a', text, []);
    assert.ok(read.ok);
    const table = read.value[0];
    assert.ok(table !== undefined);
    const masked = maskMissing(table, [' -1']);
    assert.equal(masked.header(1), 'acc');
    assert.equal(masked.cell(1, 1), '');
    assert.deepEqual([...masked.numbers(1)], [0.5, Number.NaN]);
    assert.deepEqual(masked.cellSpan(1, 1), table.cellSpan(1, 1));
  }
});
