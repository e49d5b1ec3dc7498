import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingLines, table } from '../../src/cli/print.ts';
import type { Finding, Report } from '../../src/core/report-model.ts';

test('numbers stand to the right, words to the left, rules under the header', () => {
  const rows = [
    ['series', 'n', 'law', 'note'],
    ['a/loss', '7', 'power', 'x'],
    ['b/loss', '1203', '–', ''],
  ];
  assert.deepEqual(table(rows, true), [
    'series     n  law    note',
    '──────  ────  ─────  ────',
    'a/loss     7  power  x',
    'b/loss  1203  –',
  ]);
});

test('what one pastes into --series is never cut, the last column ends where the terminal does', () => {
  const id = `task/${'x'.repeat(60)}`;
  const [line] = table([[id, 'y'.repeat(60), 'z'.repeat(200)]], false, 150);
  assert.ok(line?.startsWith(`${id}  ${'y'.repeat(43)}…  zzz`));
  assert.equal([...(line ?? '')].length, 150);
  const [piped] = table([[id, 'b', 'z'.repeat(200)]], false, Number.POSITIVE_INFINITY);
  assert.ok(piped?.endsWith('z'.repeat(200)));
});

test('findings as compilers print them, counted at the end', () => {
  const finding = (severity: Finding['severity'], line: number): Finding => ({
    code: 'trend.inverse',
    severity,
    message: 'a (acc) gets worse.',
    file: 'a.csv',
    range: { start: { line, character: 4 }, end: { line, character: 9 } },
    series: null,
    data: {},
  });
  const lines = (...findings: Finding[]) => findingLines({ findings } as unknown as Report);
  assert.deepEqual(lines(finding('warning', 0)), ['a.csv:1:5: warning trend.inverse a (acc) gets worse.']);
  assert.equal(
    lines(finding('warning', 0), finding('warning', 1), finding('information', 2), finding('hint', 3)).at(-1),
    '4 findings: 2 warnings, 1 information, 1 hint',
  );
  assert.deepEqual(lines(), []);
});
