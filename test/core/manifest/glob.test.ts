// Globs of sources, relative to the manifest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besideManifest, globMatcher } from '../../../src/core/manifest/glob.ts';

const CASES: readonly (readonly [pattern: string, manifest: string, file: string, matches: boolean])[] = [
  ['*.csv', 'scaling.yaml', 'a.csv', true],
  ['*.csv', 'scaling.yaml', 'sub/a.csv', false],
  ['**/*.csv', 'scaling.yaml', 'sub/deep/a.csv', true],
  ['**/*.csv', 'scaling.yaml', 'a.csv', true],
  ['results/**', '/home/me/study/scaling.yaml', '/home/me/study/results/m/r.json', true],
  ['results/**', '/home/me/study/scaling.yaml', '/home/me/other/results/m/r.json', true],
  ['results/*.json', '/home/me/study/scaling.yaml', '/home/me/study/x/results/r.json', false],
  ['./a/?.csv', 'd/scaling.yaml', 'd/a/x.csv', true],
  ['../data/*.csv', '/p/study/scaling.yaml', '/p/data/x.csv', true],
  ['{a,b}-[0-9].csv', 'scaling.yaml', 'b-7.csv', true],
  ['{a,b}-[0-9].csv', 'scaling.yaml', 'c-7.csv', false],
  ['a+b (1).csv', 'scaling.yaml', 'a+b (1).csv', true],
  ['results\\*.csv', 'C:\\study\\scaling.yaml', 'C:\\study\\results\\x.csv', true],
  ['x.csv', 'file:///p/scaling.yaml', 'file:///p/x.csv', true],
  ['[', 'scaling.yaml', '[', true],
];

for (const [pattern, manifest, file, matches] of CASES) {
  test(`${pattern} in ${manifest} ${matches ? 'names' : 'does not name'} ${file}`, () => {
    assert.equal(globMatcher(pattern, manifest)(file), matches);
  });
}

test('paths beside the manifest', () => {
  assert.equal(besideManifest('models.csv', '/p/q/scaling.yaml'), '/p/q/models.csv');
  assert.equal(besideManifest('/abs/models.csv', '/p/q/scaling.yaml'), '/abs/models.csv');
});
