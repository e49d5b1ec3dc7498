// The pages about finding codes: one per code, all alike, and the pictures on them are what the analysis draws today.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FURTHER } from '../../../scripts/further-pictures.ts';
import { draw, gist, pictureLine, picturePath, SCENES } from '../../../scripts/pictures.ts';
import { FINDING_CODES } from '../../../src/core/finding/codes.ts';
import { wellFormed } from '../render/well-formed.ts';

const page = (code: string) => readFileSync(`docs/findings/${code}.md`, 'utf8');

test('one page per code and no other', () => {
  assert.deepEqual(
    readdirSync('docs/findings').sort(),
    Object.keys(FINDING_CODES)
      .map((code) => `${code}.md`)
      .sort(),
  );
});

for (const [code, { severity, title }] of Object.entries(FINDING_CODES)) {
  test(`${code}: title, default level, rule, what to do, how to silence it`, () => {
    const text = page(code);
    assert.ok(text.startsWith(`# ${code}\n\n**${title}.** Default level: ${severity}.\n`), text.slice(0, 120));
    for (const heading of ['Rule', 'What to do', 'Level']) assert.match(text, new RegExp(`^## ${heading}$`, 'm'));
    assert.ok(text.includes(`findings:\n  ${code}: ignore`));
  });
}

test('every trend and every fit has a picture, none is left over', () => {
  const wanted = Object.keys(FINDING_CODES).filter((code) => /^(trend|fit)\./.test(code));
  assert.deepEqual(Object.keys(SCENES).sort(), wanted.sort());
  assert.deepEqual(
    readdirSync('docs/pictures').sort(),
    [...wanted, ...Object.keys(FURTHER)].map((name) => `${name}.svg`).sort(),
  );
});

for (const code of Object.keys(SCENES)) {
  test(`${code}: the analysis makes the finding, and the picture is of today`, async () => {
    const picture = await draw(code);
    assert.ok(page(code).includes(`${pictureLine(picture)}\n`), 'the page shows it');
    assert.ok(existsSync(picturePath(code)));
    const stored = readFileSync(picturePath(code), 'utf8').trimEnd();
    wellFormed(stored);
    assert.equal(gist(picture.svg), gist(stored), 'npm run pictures draws it anew');
  });
}
