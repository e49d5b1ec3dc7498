import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isManifestName, MANIFEST_NAMES } from '../../../src/core/manifest/name.ts';

test('a manifest is known by its name', () => {
  assert.ok(MANIFEST_NAMES.every(isManifestName));
  for (const other of ['my-scaling.yaml', 'scaling.yaml.bak', 'scaling.json', 'runs/scaling.yaml', ''])
    assert.equal(isManifestName(other), false);
});
