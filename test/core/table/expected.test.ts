import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCsv } from '../../../src/core/table/csv.ts';
import { understandTable } from '../../../src/core/table/understand.ts';

const BASE = '../shared/data/formats';

interface Expected {
  readonly file: string;
  readonly layout: string;
  readonly columns: readonly { readonly header: string; readonly role: string; readonly unit?: number | string }[];
}

test('every published CSV sample: layout, roles and units', {
  skip: existsSync(BASE) ? false : 'no shared data here',
}, () => {
  const entries = (JSON.parse(readFileSync(join(BASE, 'expected.json'), 'utf8')) as Expected[]).filter((e) =>
    e.file.endsWith('.csv'),
  );
  assert.ok(entries.length >= 30);
  for (const entry of entries) {
    const reading = understandTable(parseCsv(readFileSync(join(BASE, entry.file), 'utf8'), { file: entry.file }), null);
    assert.equal(reading.layout, entry.layout, entry.file);
    for (const want of entry.columns) {
      const got = reading.columns.find((c) => c.header.raw === want.header);
      assert.equal(got?.role, want.role, `${entry.file}: ${want.header} (${got?.how})`);
      if (want.unit !== undefined) assert.equal(got?.unit, want.unit, `${entry.file}: unit of ${want.header}`);
    }
  }
});
