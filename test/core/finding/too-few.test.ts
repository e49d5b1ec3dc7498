import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tooFew, tooFewSeries } from '../../../src/core/finding/too-few.ts';
import type { Study } from '../../../src/core/study/study.ts';
import { fitOf } from '../../fixture/fit.ts';
import { ruleInput } from './rule-input.ts';

test('fewer than four sizes are too few, and said in words', () => {
  const finding = tooFew(ruleInput([0.1, 0.2, 0.3]));
  assert.equal(finding?.code, 'fit.too-few');
  assert.match(finding?.message ?? '', /3 points at 3 sizes/);
  assert.match(tooFew(ruleInput([0.1]))?.message ?? '', /1 point at 1 size;/);
});

test('four sizes or a chosen law say nothing', () => {
  assert.equal(tooFew(ruleInput([1, 2, 3, 4])), null);
  assert.equal(tooFew(ruleInput([1, 2, 3], { chosen: 'power', fits: [fitOf('power')] })), null);
});

test('a file of which that holds throughout is told once, without a series of its own', () => {
  const study = { tables: [{ file: 'one-model.json' }] } as unknown as Study;
  const found = (count: number) => {
    const inputs = Array.from({ length: count }, (_, i) => {
      const id = `t${i}/accuracy`;
      return ruleInput(i === 0 ? [0.1, 0.2] : [0.1], { id, name: `t${i} (accuracy)` }, { id });
    });
    return tooFewSeries({ study, series: inputs.map((one) => one.series), reports: inputs.map((one) => one.report) });
  };
  assert.equal(found(8).length, 8);
  const [once, ...rest] = found(9);
  assert.equal(rest.length, 0);
  assert.equal(once?.series, null);
  assert.match(once?.message ?? '', /^9 series have no more than 2 sizes each; a law needs at least 4\./);
});
