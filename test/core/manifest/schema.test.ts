// The schema as completion and messages see it, and the compiled validator beside it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { compileSchema, generatedFile } from '../../../scripts/compile-schema.ts';
import { FINDING_CODES } from '../../../src/core/finding/codes.ts';
import { schemaAt } from '../../../src/core/manifest/schema.ts';
import { nearest } from '../../../src/core/manifest/suggest.ts';
import { manifestSchema, validateManifest } from '../../../src/core/manifest/validate.generated.js';
import { ROLES } from '../../../src/core/report-model.ts';
import { sharedData, withoutData } from '../read/shared.ts';

test('the compiled validator is up to date and evaluates nothing', async () => {
  const text = readFileSync(generatedFile, 'utf8');
  assert.equal(text, await compileSchema(), 'run node scripts/compile-schema.ts');
  assert.doesNotMatch(text, /\beval\(|new Function|\brequire\(/);
});

test('it agrees with ajv', () => {
  const ajv = new Ajv({ allowUnionTypes: true });
  const reference = ajv.compile(manifestSchema as object);
  const documents: unknown[] = [
    { version: 1, sources: [{ files: 'a' }] },
    { version: 1, sources: [] },
    { version: 1, sources: [{ files: ['a', 'b'], columns: { x: 'params', y: { role: 'score', unit: '%' } } }] },
    { version: 1, sources: [{ files: 'a', columns: { x: 'nope' } }] },
    {
      version: 1,
      sources: [{ files: 'a' }],
      models: { m: { N: '7B', D: 1e12 } },
      targets: [{ name: 't', C: '5 ZFLOP' }],
    },
    { version: 1, sources: [{ files: 'a' }], models: { m: { N: 'seven' } } },
    { version: 1, sources: [{ files: 'a' }], select: { exclude: [{ model: 'x', why: 'no' }] } },
    { version: 1, sources: [{ files: 'a' }], findings: { 'trend.inverse': { severity: 'hint', silence: ['a'] } } },
    null,
    [],
    'x',
  ];
  for (const document of documents)
    assert.equal(validateManifest(document), reference(document), JSON.stringify(document));
});

test('every manifest of the published schema is one of this schema', { skip: withoutData }, () => {
  const published = JSON.parse(readFileSync(join(sharedData, 'formats/scaling.schema.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const wider = (theirs: unknown, ours: unknown, path: string): void => {
    if (typeof theirs !== 'object' || theirs === null) return;
    if (Array.isArray(theirs)) {
      if (path.endsWith('/enum'))
        for (const word of theirs) assert.ok((ours as unknown[]).includes(word), `${path}: ${String(word)}`);
      return;
    }
    for (const [key, value] of Object.entries(theirs)) {
      if (key === '$ref' || key === 'description') continue;
      const mine = (ours as Record<string, unknown>)[key];
      assert.ok(mine !== undefined, `${path}/${key} is missing`);
      wider(value, mine, `${path}/${key}`);
    }
  };
  wider(published, manifestSchema, '');
});

test('the words of the schema are the words of the code', () => {
  assert.deepEqual(schemaAt(['sources', '0', 'columns', 'x'])?.words, [...ROLES]);
  assert.deepEqual(Object.keys(schemaAt(['findings'])?.properties ?? {}), Object.keys(FINDING_CODES));
});

test('every key has a description', () => {
  const missing: string[] = [];
  const walk = (path: string[]): void => {
    for (const key of Object.keys(schemaAt(path)?.properties ?? {})) {
      if (schemaAt([...path, key])?.description === null) missing.push([...path, key].join('.'));
      if (path.length < 4) walk([...path, key]);
    }
  };
  walk([]);
  walk(['sources', '0']);
  walk(['models', 'm']);
  walk(['tasks', 't']);
  walk(['metrics', 'm']);
  walk(['fits', '0']);
  walk(['targets', '0']);
  walk(['sources', '0', 'columns', 'x']);
  assert.deepEqual(missing, []);
});

test('places: defaults, quantities, lists', () => {
  assert.equal(schemaAt(['scale', 'x'])?.default, 'C');
  assert.equal(schemaAt(['models', 'm', 'N'])?.quantity, true);
  assert.equal(schemaAt(['sources'])?.isList, true);
  assert.equal(schemaAt(['no', 'such', 'place']), null);
});

test('did you mean', () => {
  assert.equal(nearest('chincilla', ['chinchilla', 'kaplan']), 'chinchilla');
  assert.equal(nearest('soruces', ['sources', 'select']), 'sources');
  assert.equal(nearest('banana', ['sources', 'select']), null);
});
