import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXAMPLES } from '../../src/cli/examples.ts';
import { cli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-examples-'));
const FILES: Readonly<Record<string, string>> = {
  'evals.csv': 'examples/study-long.csv',
  'counts.csv': 'examples/passuntil/coins-counts.csv',
  'sums.passuntil.yaml': 'examples/passuntil/coins.passuntil.yaml',
  'promises.jsonl': join(folder, 'promises.jsonl'),
  'report.html': join(folder, 'report.html'),
};

/** What makes an example quick without making it another one. */
function quick([command]: readonly string[]): readonly string[] {
  if (command === 'passuntil') return [];
  return /^(?:describe|score|plan)$/.test(command ?? '') ? [] : ['--bootstrap', '0'];
}

test('the help of a command ends with its examples', () => {
  const { out } = cli(['forecast', '--help']);
  const lines = EXAMPLES['forecast']?.map((one) => `  scaling-lens ${one}`).join('\n');
  assert.ok(out.endsWith(`Examples:\n${lines}\n`), out);
});

test('every example can be run as it stands', () => {
  for (const line of Object.values(EXAMPLES).flat()) {
    const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    // A run would ask models over the network.
    const check = args[1] === 'run' ? ['--check'] : [];
    const { code, out, err } = cli([...args.map((arg) => FILES[arg] ?? arg), ...quick(args), ...check]);
    assert.equal(code, 0, `${line}\n${err}`);
    assert.equal(err, '', line);
    assert.notEqual(out, '', line);
    // No colour and no progress where nobody looks.
    assert.ok(!out.includes('\u001b'), line);
  }
});
