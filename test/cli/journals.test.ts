import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readInputs } from '../../src/cli/inputs.ts';
import { withJournalTables } from '../../src/cli/journals.ts';
import { withManifestFiles } from '../../src/cli/manifest-files.ts';
import { encodeLine } from '../../src/core/passuntil/journal.ts';
import { coinRun, coinTrials } from '../fixture/coin-journal.ts';

const run = coinRun({ r: 1, kMax: 6 });
const answer = coinTrials(1, 'q0', 0, '01');
const TABLE = 'task,instance,model,params,passes,trials,r,capped\ncoins,q0,m,100000000,1,2,1,0\n';

const root = mkdtempSync(join(tmpdir(), 'scaling-lens-journals-'));
const path = (name: string): string => join(root, name);
writeFileSync(path('coins.jsonl'), encodeLine(run) + encodeLine(answer));
writeFileSync(path('empty.jsonl'), encodeLine(run));
writeFileSync(path('evals.csv'), 'model,acc\n');

test('journals among the files become tables, those without answers are told of', async () => {
  const inputs = withJournalTables(await readInputs(['evals.csv', 'coins.jsonl', 'empty.jsonl'].map(path), undefined));
  assert.deepEqual(
    inputs.files.map(({ name, text }) => [name, text]),
    [
      [path('evals.csv'), undefined],
      [path('coins.jsonl'), TABLE],
    ],
  );
  assert.deepEqual(inputs.unreadable, [{ name: path('empty.jsonl'), why: 'the journal has no answers yet' }]);
});

test('journals that a manifest names become tables too', async () => {
  writeFileSync(path('scaling.yaml'), 'version: 1\nsources:\n  - files: "coins*.jsonl"\n');
  const inputs = withJournalTables(await withManifestFiles(await readInputs([path('scaling.yaml')], undefined)));
  assert.deepEqual(
    inputs.files.map(({ text }) => text),
    [TABLE],
  );
});

test('nothing but a journal without answers is an error of usage', async () => {
  const inputs = await readInputs([path('empty.jsonl')], undefined);
  assert.throws(() => withJournalTables(inputs), /empty\.jsonl: the journal has no answers yet/);
});
