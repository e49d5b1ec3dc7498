// A folder as `lm_eval --log_samples --output_path` leaves it, over the command line.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { Report } from '../../../src/core/report-model.ts';
import { loggedFolder } from '../../core/slice/sample-logs.ts';
import { cli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-logs-'));
after(() => rmSync(folder, { recursive: true, force: true }));
for (const { name, text } of loggedFolder()) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

test('analyze: every task with its slices, nothing to complain about', () => {
  const { code, out, err } = cli(['analyze', join(folder, 'out'), '--json', '--bootstrap', '0']);
  assert.equal(code, 0, err);
  const { series, findings } = JSON.parse(out) as Report;
  assert.deepEqual(
    series.map(({ id, x }) => [id, x.length]),
    [
      ['quiz/acc', 10],
      ['sums/exact_match/filter=strict-match', 10],
      ['sums/exact_match/filter=flexible-extract', 10],
      ['quiz/acc_norm', 10],
      ['quiz/tc_brier', 10],
    ],
  );
  assert.deepEqual(
    series.filter((one) => one['slices'] !== undefined && one['slices'] !== null).map(({ id }) => id),
    series.slice(0, 4).map(({ id }) => id),
  );
  assert.deepEqual(
    findings.filter(({ code: own }) => own.startsWith('file.') || /^data\.(?!outlier)/.test(own)),
    [],
  );
});

test('forecast: both slice laws say something of a larger model', () => {
  for (const law of ['slice-and-sandwich', 'slice-ensemble']) {
    const args = ['forecast', join(folder, 'out'), '--law', law, '--series', 'quiz/acc', '--at', '2e10'];
    const { code, out, err } = cli([...args, '--json', '--bootstrap', '0']);
    assert.equal(code, 0, err);
    const [place] = (JSON.parse(out) as Report).series[0]?.forecast ?? [];
    assert.ok(place !== undefined && place.law === law && Number.isFinite(place.y), out.slice(0, 400));
  }
});
