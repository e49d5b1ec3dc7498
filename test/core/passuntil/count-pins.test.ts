import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseManifest } from '../../../src/core/manifest/parse.ts';
import { selectedRows, sizeReader, sizesOf } from '../../../src/core/passuntil/count-pins.ts';
import { readStudyTables } from '../../../src/core/read/collect.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';

async function table(text: string): Promise<RawTable> {
  const { tables } = await readStudyTables([{ name: 'task.csv', text }], nodeReadPorts);
  return tables[0] as RawTable;
}
const rulesOf = (text: string) => {
  const { rules, findings } = parseManifest({
    name: 'scaling.yaml',
    text: `version: 1\nsources: [{files: "*.csv"}]\n${text}`,
  });
  assert.deepEqual(findings, []);
  return rules;
};

test('rows stay by where and go by model or clause; no rule keeps all', async () => {
  const counts = await table('instance,model,trials,passes\na,Org/M-1,5,1\nb,m-1,6,1\na,m-2,7,1\nb,m-2,800,1\n');
  const kept = (text: string) => {
    const keep = selectedRows(counts, rulesOf(text), 1);
    return keep === null ? null : [...keep];
  };
  assert.equal(selectedRows(counts, null, 1), null);
  assert.equal(kept(''), null);
  assert.deepEqual(kept('select: {where: ["trials < 7"]}\n'), [1, 1, 0, 0]);
  assert.deepEqual(kept('select: {exclude: [{model: m-1, why: "a test"}]}\n'), [0, 0, 1, 1], 'however it is written');
  assert.deepEqual(kept('select: {exclude: [{where: "trials > 100", why: "a test"}]}\n'), [1, 1, 1, 0]);
  assert.equal(kept('select: {exclude: [{where: "colour = red", why: "a test"}]}\n'), null);
});

test('sizes: the manifest before its table of models, both by any spelling of the name', async () => {
  const sizes = sizesOf(await table('model,params (B)\nOrg/M-1,1\nm-2,2\nm-3,\n'));
  assert.deepEqual(
    [...sizes],
    [
      ['m-1', 1e9],
      ['m-2', 2e9],
    ],
  );
  const read = sizeReader({ rules: rulesOf('models: {m-2: {N: 3e9, aliases: [two]}}\n'), sizes });
  assert.deepEqual(['M-1', 'm-2', 'two', 'm-9'].map(read), [1e9, 3e9, 3e9, null]);
  assert.equal(sizesOf(await table('a,b\n1,2\n')).size, 0);
});
