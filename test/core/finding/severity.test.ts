import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byGravity, isLevel, SEVERITIES, SEVERITY_ORDER } from '../../../src/core/finding/severity.ts';

test('the gravest comes first', () => {
  assert.deepEqual(
    SEVERITIES.map((severity) => SEVERITY_ORDER[severity]),
    [0, 1, 2, 3],
  );
  const sorted = SEVERITIES.map((severity) => ({ severity })).sort(byGravity);
  assert.deepEqual(
    sorted.map(({ severity }) => severity),
    ['error', 'warning', 'information', 'hint'],
  );
});

test('levels are severities and ignore, nothing else', () => {
  assert.ok([...SEVERITIES, 'ignore'].every(isLevel));
  for (const other of ['Error', 'off', '', 'constructor', 1, null, undefined, {}]) assert.equal(isLevel(other), false);
});
