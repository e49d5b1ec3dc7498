import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atLevels } from '../../../src/core/finding/levels.ts';
import { type Finding, type Severity } from '../../../src/core/report-model.ts';
import { NO_RANGE } from '../../../src/core/table/span.ts';

const finding = (code: string, series: string | null, severity: Severity = 'warning'): Finding => ({
  code,
  severity,
  message: '',
  file: 'a.csv',
  range: NO_RANGE,
  series,
  data: {},
});
const all = [
  finding('trend.inverse', 'mmlu/acc'),
  finding('trend.inverse', 'gsm8k/acc'),
  finding('data.missing', null),
];
const told = (findings: readonly Finding[]): string[] =>
  findings.map(({ code, series, severity }) => `${code} ${series} ${severity}`);

test('settings set levels and ignore', () => {
  assert.deepEqual(told(atLevels(all, { 'trend.inverse': 'error', 'data.missing': 'ignore' }, null)), [
    'trend.inverse mmlu/acc error',
    'trend.inverse gsm8k/acc error',
  ]);
  assert.deepEqual(atLevels(all, undefined, null), all);
});

test("the study's own word beats the settings", () => {
  assert.deepEqual(
    told(
      atLevels(
        all,
        { 'trend.inverse': 'error', 'data.missing': 'error' },
        { 'trend.inverse': 'hint', 'data.missing': 'ignore' },
      ),
    ),
    ['trend.inverse mmlu/acc hint', 'trend.inverse gsm8k/acc hint'],
  );
});

test('codes are silenced for series, by id or pattern', () => {
  const left = (silence: string[]): (string | null)[] =>
    atLevels(all, undefined, { 'trend.inverse': { silence, why: 'known' } }).map(({ series }) => series);
  assert.deepEqual(left(['mmlu/acc']), ['gsm8k/acc', null]);
  assert.deepEqual(left(['mm*/acc']), ['gsm8k/acc', null]);
  assert.deepEqual(left(['*/acc']), [null]);
  assert.deepEqual(
    told(atLevels(all, undefined, { 'trend.inverse': { severity: 'hint', silence: ['mmlu/acc'] } }))[0],
    'trend.inverse gsm8k/acc hint',
  );
});

test('nonsense in a manifest changes nothing', () => {
  assert.deepEqual(atLevels(all, undefined, { 'trend.inverse': 7, 'data.missing': 'loud', toString: null }), all);
});
