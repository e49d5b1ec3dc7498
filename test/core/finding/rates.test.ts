// The error rates on the pages of docs/findings, held against the first trials of each row; SCALING_LENS_LONG=1 counts all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { told } from '../../../scripts/findings/trial.ts';
import { TRIALS } from '../../../scripts/tables/findings.ts';
import { readPage, tableIn } from '../../../scripts/tables/page.ts';
import { FINDING_CODES } from '../../../src/core/finding/codes.ts';

const LONG = process.env['SCALING_LENS_LONG'] === '1';
/** Trials of each row that every run of the tests counts; those with fits cost a hundred times more. */
const FEW = { read: 12, fits: 2 };

for (const code of Object.keys(FINDING_CODES)) {
  test(`${code}: as often as its page says`, async () => {
    const rows = tableIn(readPage(`findings/${code}.md`), 'rates')
      .split('\n')
      .slice(2);
    for (const [i, trial] of (TRIALS[code] ?? []).entries()) {
      const stated = Number(/(\d+) of \d+ \|$/.exec(rows[i] ?? '')?.[1]);
      const count = LONG ? trial.count : Math.min(trial.count, trial.fits === true ? FEW.fits : FEW.read);
      const found = await told(code, trial, count);
      if (LONG) assert.equal(found, stated, trial.says);
      else {
        // The first trials are among those that the page counts.
        assert.ok(found <= stated, `${trial.says}: ${found} of the first ${count}, the page has ${stated}`);
        const missed = trial.count - stated;
        assert.ok(count - found <= missed, `${trial.says}: ${found} of the first ${count}, the page has ${stated}`);
      }
    }
  });
}
