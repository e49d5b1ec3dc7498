import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RuleInput } from '../../../src/core/finding/rule.ts';
import { trendOutliers } from '../../../src/core/finding/trend-outlier.ts';
import type { Finding } from '../../../src/core/report-model.ts';
import type { Study } from '../../../src/core/study/study.ts';
import { ruleInput, shapeOf } from './rule-input.ts';

/** A study whose scores stand below one another from line 10 on. */
const STUDY = {
  tables: [{ file: 'evals.csv' }],
  place: ({ row }: { row: number }) => ({
    start: { line: 10 + row, character: 2 },
    end: { line: 10 + row, character: 6 },
  }),
} as unknown as Study;

function trendOutlier({ series, report }: RuleInput): Finding | null {
  return trendOutliers({ study: STUDY, series: [series], reports: [report] })[0] ?? null;
}

const LINE = [0.1, 0.21, 0.29, 0.41, 0.5, 0.59, 0.71, 0.8, 0.89, 1];

test('one wild score is found at its cell, against a Theil–Sen line where no law was chosen', () => {
  const y = [...LINE];
  y[4] = 0.05;
  const finding = trendOutlier(ruleInput(y));
  assert.equal(finding?.code, 'data.outlier');
  assert.equal(finding?.data['model'], 'm4');
  assert.deepEqual(finding?.range.start, { line: 14, character: 2 });
  assert.match(
    finding?.message ?? '',
    /^m4 at 10²⁰\u00a0FLOP: 0\.05 in task\/accuracy, where the other points say 0\.50\d \(\d+ times their scatter\)\./,
  );
});

test('where a law was chosen its own predictions are the trend', () => {
  const y = LINE.map((v, i) => (i === 7 ? 0.1 : v));
  const predicted = LINE.map((v, i) => ({ y: v + (i % 2 === 0 ? 0.004 : -0.006), low: null, high: null }));
  assert.equal(trendOutlier(ruleInput(y, { predicted }))?.data['model'], 'm7');
});

test('clean lines, turning series and few points say nothing', () => {
  assert.equal(trendOutlier(ruleInput(LINE)), null);
  assert.equal(trendOutlier(ruleInput([...LINE.slice(0, 9), 0], { shape: shapeOf('inverted-u') })), null);
  assert.equal(trendOutlier(ruleInput([0, 1, 2, 9])), null);
});

test('a run that is off in many series is told once, at its worst score', () => {
  const inputs = [0.05, -0.2, 0.02].map((wild, k) => {
    const y = LINE.map((v, i) => (i === 4 ? wild : v));
    const id = `t${k}/accuracy`;
    return ruleInput(y, { id, name: `t${k} (accuracy)` }, { id });
  });
  const found = (some: typeof inputs) =>
    trendOutliers({ study: STUDY, series: some.map((one) => one.series), reports: some.map((one) => one.report) });
  const all = found(inputs);
  assert.equal(all.length, 1);
  assert.match(
    all[0]?.message ?? '',
    /m4 at 10²⁰\u00a0FLOP is far off the trend in 3 series, most in t1 \(accuracy\): −0\.2/,
  );
  assert.deepEqual(all[0]?.data['allSeries'], ['t0/accuracy', 't1/accuracy', 't2/accuracy']);
  assert.equal(found(inputs.slice(0, 2)).length, 2);
});

test('what the standard error of a score explains is no outlier; that of a loss counts in ln y', () => {
  const y = LINE.map((v, i) => 8 - 4 * v + (i === 4 ? 0.9 : 0));
  const told = (stderr: number, isLoss: boolean) => {
    const errors = { stderr: y.map(() => stderr), isLoss, ...(isLoss ? { shape: shapeOf('inverse') } : {}) };
    return trendOutlier(ruleInput(y, errors)) !== null;
  };
  // 0.9 off a loss of 6 is 0.14 in ln y, where an error of 0.15 is 0.02.
  for (const isLoss of [false, true]) {
    assert.ok(told(0.15, isLoss), `${isLoss}`);
    assert.ok(!told(0.4, isLoss), `${isLoss}`);
  }
});
