import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Forecast, Report } from '../../../src/core/report-model.ts';
import { cli } from '../run-cli.ts';

const LONG = 'examples/study-long.csv';
const [head = '', ...body] = readFileSync(LONG, 'utf8').trim().split('\n');

function forecast(args: readonly string[], input = ''): readonly Forecast[] {
  const { code, out, err } = cli(['forecast', ...args, '--bootstrap', '0', '--json'], input);
  assert.equal(code, 0, err);
  return (JSON.parse(out) as Report).series[0]?.forecast ?? [];
}

test('held-out: every point not fitted, in file order, with what was measured', () => {
  const held = ['--at', 'held-out', '--fit-below', '1e20', '--series', 'validation/loss'];
  const above = (lines: readonly string[]) =>
    lines.filter((line) => line.includes(',validation,') && Number(line.split(',')[3]) >= 1e20);
  const check = (lines: readonly string[], found: readonly Forecast[]) => {
    const expected = above(lines);
    assert.ok(expected.length >= 4);
    assert.deepEqual(
      found.map((f) => [f.model, f.x, f.actual]),
      expected.map((line) => {
        const cells = line.split(',');
        return [cells[0], Number(cells[3]), Number(cells[6])];
      }),
    );
  };
  check(body, forecast([LONG, ...held]));
  const shuffled = body.map((line, i) => [(i * 37) % body.length, line] as const).sort((a, b) => a[0] - b[0]);
  const lines = shuffled.map(([, line]) => line);
  check(lines, forecast(['-', ...held], `${[head, ...lines].join('\n')}\n`));
});

test('several places, a level, an interval that holds the prediction, a verdict with its reason', () => {
  const found = forecast([LONG, '--at', '3e22,1e23', '--series', 'validation/loss', '--level', '0.8']);
  assert.deepEqual(
    found.map((f) => f.x),
    [3e22, 1e23],
  );
  for (const { y, low, high, level, verdict, why } of found) {
    assert.equal(level, 0.8);
    assert.ok(y !== null && low !== null && high !== null && low <= y && y <= high);
    assert.ok(['tested', 'beyond-tested-range', 'no-better-than-baseline', 'not-identifiable'].includes(verdict));
    assert.match(why, /^[A-Z].*\.$/);
  }
  const [near, far] = found as [Forecast, Forecast];
  assert.ok(far.horizon > near.horizon && near.horizon > 0);
});

test('a law by name is the law that predicts', () => {
  const [power] = forecast([LONG, '--at', '1e23', '--law', 'power', '--series', 'validation/loss']);
  assert.equal(power?.law, 'power');
});
