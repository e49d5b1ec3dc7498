/** The papers' rules, and the story of the eleven tasks as the documentation tells it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { paperRules } from '../../../src/core/shape/rules.ts';
import { absent, referenceCsv } from './reference-data.ts';

test('a minimum between higher ends is U, by symmetry inverted-U, else the sign of the change', () => {
  assert.equal(paperRules([0.5, 0.4, 0.3, 0.31]).wei, 'u-shaped');
  assert.equal(paperRules([0.3, 0.5, 0.6, 0.59]).wei, 'inverted-u');
  assert.equal(paperRules([0.5, 0.45, 0.4, 0.3]).wei, 'inverse');
  assert.equal(paperRules([0.3, 0.4, 0.5]).wei, 'positive');
  assert.equal(paperRules([0.3, 0.3, 0.3]).wei, 'flat');
  assert.deepEqual(
    [paperRules([0.5, 0.3, 0.6]).bigBench, paperRules([0.6, 0.7, 0.3]).bigBench],
    ['positive', 'inverse'],
  );
  assert.equal(paperRules([0.5, 0.4, 0.3, 0.31]).interiorPoints, 2);
});

test('docs/shapes.md states the counts of every version of the paper', { skip: absent('wei-ushaped') }, () => {
  const page = readFileSync(new URL('../../../docs/shapes.md', import.meta.url), 'utf8');
  const rows = referenceCsv('wei-ushaped/versions.csv');
  assert.equal(rows.length, 5);
  for (const row of rows) {
    const cells = [row.tasks, row.u_shaped, row.inverse, row.positive || '–'].join(' | ');
    const name = (row.version ?? '').replace(/pp\. (\d+)-(\d+)/, 'pp. $1–$2').replace('2023 pp.', '2023, pp.');
    assert.ok(page.includes(`| ${name} | ${cells} |`), `${name}: ${cells}`);
  }
});
