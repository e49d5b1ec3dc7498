/** The generated tables of docs/trust.md are those of the script: the cheap ones are made again and compared line by line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benchmarkTable } from '../../../scripts/tables/form-tables.ts';
import { readPage, tableIn, tableNames, withTables } from '../../../scripts/tables/page.ts';
import { TABLES } from '../../../scripts/tables/trust.ts';
import { MEASURED } from '../../../src/core/forecast/calibration.ts';
import { lastThreeBare, linearBare, sigmoidBare } from '../../../src/core/forecast/form.ts';
import { absent } from '../shape/reference-data.ts';

const PAGE = readPage('trust.md');
const SKIP = { skip: absent('predictability') };

const tableOf = (name: string): string[] => tableIn(PAGE, name).split('\n');

test('every table of the script has its place in the page, filled, and the page has no other', () => {
  const names = tableNames(PAGE);
  assert.deepEqual(names.toSorted(), Object.keys(TABLES).toSorted());
  for (const name of names) assert.ok(tableOf(name).length >= 3, name);
  assert.equal(withTables(PAGE, new Map(names.map((name) => [name, tableOf(name).join('\n')]))), PAGE);
});

test('the benchmark table is what the script makes now', SKIP, () => {
  const page = new Set(tableOf('benchmark'));
  const made = benchmarkTable([sigmoidBare, lastThreeBare, linearBare]).split('\n');
  assert.equal(made.length, 6);
  for (const line of made) assert.ok(page.has(line), `not in docs/trust.md: ${line}`);
});

test('the coverage that forecasts quote is the one tabulated', () => {
  const quoted = (name: string, column: number): number => {
    const cells = tableOf(name)
      .find((line) => line.startsWith('| **all**'))
      ?.split('|')
      .map((cell) => cell.trim());
    return Number.parseFloat(cells?.[column] ?? '') / 100;
  };
  assert.equal(quoted('curve-coverage', 3), MEASURED.curve.covered);
  assert.equal(quoted('score-coverage', 3), MEASURED.scores.covered);
});
