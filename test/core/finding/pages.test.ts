// The pages about finding codes: one per code, all alike, each with its picture, rule, error rates and source; the pictures are
// what the analysis draws today. The rates themselves are held in rates.test.ts.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FURTHER } from '../../../scripts/further-pictures.ts';
import { draw, gist, PICTURED, pictureLine, picturePath } from '../../../scripts/pictures.ts';
import { RATE_HEAD, rateRow, TRIALS } from '../../../scripts/tables/findings.ts';
import { tableIn } from '../../../scripts/tables/page.ts';
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
    const headings = ['Rule', 'How often it errs, and what is known', 'What to do', 'Level', 'Source'];
    assert.deepEqual(
      [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading),
      headings,
    );
    for (const heading of headings) {
      const part = text.slice(text.indexOf(`## ${heading}`) + heading.length + 3).split('\n## ')[0] ?? '';
      assert.ok(part.trim().length > 12, `${heading} says nothing`);
    }
    assert.match(
      text,
      /^!\[[^\]]{20,}\]\(\.\.\/pictures\/[^)]+\.svg\)$/m,
      'a picture with words for who cannot see it',
    );
    assert.ok(text.includes(`findings:\n  ${code}: ignore`));
  });
}

test('every code has a picture, none is left over', () => {
  const codes = Object.keys(FINDING_CODES);
  assert.deepEqual([...PICTURED].sort(), codes.sort());
  assert.deepEqual(
    readdirSync('docs/pictures').sort(),
    [...codes, ...Object.keys(FURTHER)].map((name) => `${name}.svg`).sort(),
  );
});

for (const code of Object.keys(FINDING_CODES)) {
  test(`${code}: its error rates are those of its trials, on studies without a fault and with one`, () => {
    const trials = TRIALS[code] ?? [];
    assert.ok(trials.length >= 2, 'false alarms and finds');
    const [head, rule, ...rows] = tableIn(page(code), 'rates').split('\n');
    assert.equal(`${head}\n${rule}`, RATE_HEAD);
    assert.deepEqual(
      rows.map((row) => row.replace(/\d+ of (?=\d+ \|$)/, '0 of ')),
      trials.map((trial) => rateRow(trial, 0)),
      'node scripts/tables/findings.ts measures them anew',
    );
    const shares = rows.map((row) => Number(/(\d+) of \d+ \|$/.exec(row)?.[1]));
    assert.ok(
      shares.some((told) => told > 0),
      'the finding is made on some',
    );
    assert.ok(
      shares.some((told, i) => told < 0.1 * (trials[i]?.count ?? 0)),
      'and not on others',
    );
  });
}

for (const code of PICTURED) {
  test(`${code}: the analysis makes the finding, and the picture is of today`, async () => {
    const picture = await draw(code);
    assert.ok(page(code).includes(`${pictureLine(picture)}\n`), 'the page shows it');
    assert.ok(existsSync(picturePath(code)));
    const stored = readFileSync(picturePath(code), 'utf8').trimEnd();
    wellFormed(stored);
    assert.equal(gist(picture.svg), gist(stored), 'npm run pictures draws it anew');
  });
}
