// The pages about slices and pass rates show the charts that the panel draws today.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { drawFurther, FURTHER, furtherLine, furtherPath, withPicture } from '../../../scripts/further-pictures.ts';
import { gist } from '../../../scripts/pictures.ts';
import { wellFormed } from './well-formed.ts';

test('every further picture stands on its page once and is as drawn', async () => {
  for (const [name, { page }] of Object.entries(FURTHER)) {
    const text = readFileSync(page, 'utf8');
    assert.equal(text.split(furtherLine(name)).length, 2, `${page} shows ${name}: run npm run pictures`);
    assert.equal(withPicture(text, name).split(furtherLine(name)).length, 2, 'and still once after another run');
    const kept = readFileSync(furtherPath(name), 'utf8').trimEnd();
    wellFormed(kept);
    assert.equal(gist(kept), gist(await drawFurther(name)), name);
  }
});
