// docs/laws.md says of every law what the code says: its form, its parameters with their units, its source.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LAWS } from '../../../src/core/law/registry.ts';

const text = readFileSync('docs/laws.md', 'utf8');
const sections = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map((section) => [/^`([^`]+)`/.exec(section)?.[1] ?? section.slice(0, 20), section]),
);

for (const { id, title, formula, source, parameters } of LAWS) {
  test(`${id} is documented as it is`, () => {
    const section = sections.get(id);
    assert.ok(section !== undefined, `docs/laws.md has no section ${id}`);
    assert.ok(section.includes(`${title}: \`${formula}\``), formula);
    assert.ok(section.includes(`Source: ${source}.`), source);
    for (const { name, unit, meaning } of parameters)
      assert.ok(section.includes(`| \`${name}\` | ${unit === '1' ? '' : unit} | ${meaning} |`), `${name}: ${unit}`);
  });
}

test('every law of the command line is documented, and nothing else', () => {
  const known = new Set(LAWS.map(({ id }) => id));
  assert.deepEqual(
    [...sections.keys()].filter((id) => !known.has(id)),
    [],
  );
  assert.equal(sections.size, known.size);
});

test('pages of findings that it links exist', () => {
  const links = [...text.matchAll(/\]\((findings\/[^)]+)\)/g)].map(([, path]) => `docs/${path}`);
  assert.ok(links.length >= 3);
  for (const path of links) assert.ok(existsSync(path), path);
});
