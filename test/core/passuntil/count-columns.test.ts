import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseManifest } from '../../../src/core/manifest/parse.ts';
import { countColumns, kindOf, locate } from '../../../src/core/passuntil/count-columns.ts';
import { readStudyTables } from '../../../src/core/read/collect.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';

async function table(text: string): Promise<RawTable> {
  const { tables } = await readStudyTables([{ name: 'task.csv', text }], nodeReadPorts);
  return tables[0] as RawTable;
}
const TOTALS = 'ref,model,params,trials,passes\na,m1,1e9,50,2\nb,m1,1e9,40,1\na,m2,2e9,30,2\nb,m2,2e9,20,1\n';

test('without pins nothing is guessed; with them, what tells the rows of a model apart', async () => {
  const totals = await table(TOTALS);
  assert.equal(kindOf(locate(totals)), null);
  assert.deepEqual(locate(totals).guesses, []);
  const guessed = locate(totals, {});
  assert.equal(kindOf(guessed), 'totals');
  assert.equal(guessed.instance, 0);
  assert.match(guessed.guesses[0]?.guess ?? '', /“ref”/);
  const none = await table(TOTALS.replaceAll(/\n[ab],/g, '\nx,'));
  assert.equal(kindOf(locate(none, {})), null, 'one value names no question');
});

test('of trials a question comes back, and does not name the row', async () => {
  const trials = await table('row,ref,model,passed\n1,a,m-1b,1\n2,a,m-1b,0\n3,b,m-1b,1\n4,b,m-1b,1\n');
  assert.equal(locate(trials, {}).instance, 1);
  assert.equal(kindOf(locate(trials, {})), 'trials');
});

test('a pinned column is that and nothing else', async () => {
  const totals = await table(TOTALS.replace('ref', 'instance').replace('passes', 'n'));
  assert.equal(kindOf(locate(totals)), null, 'n is trials by its name');
  assert.deepEqual([...countColumns(totals).keys()], [0, 3, 1], 'instance, trials, model');
  const at = locate(totals, { y: 'n' });
  assert.deepEqual([at.trials, at.passes], [3, 4]);
  const { rules } = parseManifest({
    name: 'scaling.yaml',
    text: 'version: 1\nsources:\n  - {files: "*.csv", columns: {n: {role: n-correct}, params: {role: params, unit: M}}}\n',
  });
  const pinned = locate(totals, { rules });
  assert.equal(pinned.passes, 4);
  assert.equal(pinned.params?.(0), 1e15, 'the unit is taken at its word');
  assert.deepEqual(pinned.guesses, []);
});
