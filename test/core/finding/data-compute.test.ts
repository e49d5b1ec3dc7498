import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convention } from '../../../src/core/finding/data-compute.ts';
import { fromText } from '../study/tables.ts';

const rows = (factor: number, off = 1): string =>
  `model,N,D,C,loss\n${[1, 2, 3, 4, 5].map((k) => `r${k},${k}e8,${k}e10,${(6 * k * 1e8 * k * 1e10 * factor * (k === 3 ? off : 1)).toExponential(6)},${4 - k / 5}`).join('\n')}\n`;

const found = (text: string): readonly (readonly [string, number, string])[] =>
  fromText(text)
    .findings.filter((f) => f.code === 'data.compute-mismatch')
    .map((f) => [f.severity, f.range.start.line, f.message]);

test('compute equal to 6ND is silent; one row off is named at its cell', () => {
  assert.deepEqual(found(rows(1)), []);
  const one = found(rows(1, 0.01));
  assert.equal(one.length, 1);
  assert.equal(one[0]?.[1], 3);
  assert.match(one[0]?.[2] ?? '', /C\/6ND is 0\.010/);
});

test('conventions of whole tables', () => {
  assert.equal(convention(1.05), null);
  assert.match(convention(1000)?.message ?? '', /10\^3/);
  assert.match(convention(3)?.message ?? '', /3 times/);
  assert.equal(convention(3, 2)?.message.slice(0, 17), 'is 3 times 2ND: o');
  assert.doesNotMatch(convention(1 / 3, 2)?.message ?? '', /6ND|forward pass only/);
  assert.match(convention(1 / 3)?.message ?? '', /forward pass/);
  assert.equal(convention(1.67)?.severity, 'information');
  assert.match(found(rows(1e-3))[0]?.[2] ?? '', /10\^-3/);
});

test('FLOP figures in run names', () => {
  const names = `Name,total_gflops,parameter_count,tokens,loss\n${[1, 2, 3, 4].map((k) => `isoflop-${k}e+19-d512,${3 * k * 1e10},${k}e8,1e10,3.${k}`).join('\n')}\n`;
  assert.ok(found(names).some(([, , m]) => m.includes('factor of 3')));
});
