import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type DoubleDouble,
  ddAdd,
  ddAtan,
  ddCos,
  ddDivide,
  ddExp,
  ddLog,
  ddLog10,
  ddMultiply,
  ddOf,
  ddOfDecimal,
  ddPower,
  ddSin,
  ddSqrt,
  ddSubtract,
  ddTanh,
} from '../../../src/core/stats/double-double.ts';

/** |a - b| relative to b, seen beyond the digits of a double. */
function off(a: DoubleDouble, b: DoubleDouble): number {
  const miss = ddSubtract(a, b);
  return Math.abs((miss.high + miss.low) / (b.high || 1));
}

test('constants to thirty digits', () => {
  // High and low parts of e, ln 10, pi/4 and sin 1 from their decimal expansions.
  const known: [DoubleDouble, number, number][] = [
    [ddExp(ddOf(1)), 2.718281828459045, 1.4456468917292502e-16],
    [ddLog(ddOf(10)), 2.302585092994046, -2.1707562233822494e-16],
    [ddAtan(ddOf(1)), 0.7853981633974483, 3.061616997868383e-17],
    [ddSqrt(ddOf(2)), 1.4142135623730951, -9.667293313452913e-17],
  ];
  for (const [value, high, low] of known) assert.ok(off(value, { high, low }) < 1e-30, `${high}`);
});

test('functions undo each other', () => {
  for (const x of [1e-7, 0.3, 1, 2.5, 40, 123456.789]) {
    const a = ddOfDecimal(x);
    assert.ok(off(ddExp(ddLog(a)), a) < 1e-29, `exp log ${x}`);
    assert.ok(off(ddMultiply(ddSqrt(a), ddSqrt(a)), a) < 1e-30, `sqrt ${x}`);
    assert.ok(off(ddMultiply(ddDivide(ddOf(1), a), a), ddOf(1)) < 1e-31, `1/x ${x}`);
    assert.ok(off(ddPower(ddPower(a, ddOfDecimal(0.3)), ddDivide(ddOf(10), ddOf(3))), a) < 1e-28, `powers ${x}`);
    assert.ok(off(ddPower(a, ddOf(3)), ddMultiply(a, ddMultiply(a, a))) < 1e-31, `cube ${x}`);
    const [sine, cosine] = [ddSin(a), ddCos(a)];
    assert.ok(off(ddAdd(ddMultiply(sine, sine), ddMultiply(cosine, cosine)), ddOf(1)) < 1e-30, `circle ${x}`);
    assert.ok(off(ddDivide(ddSin(ddAtan(a)), ddCos(ddAtan(a))), a) < 1e-27, `tan atan ${x}`);
    assert.ok(off(ddMultiply(ddLog10(a), ddLog(ddOf(10))), ddLog(a)) < 1e-30, `log10 ${x}`);
  }
  const t = ddTanh(ddOf(0.5));
  const e = ddExp(ddOf(1));
  assert.ok(off(t, ddDivide(ddSubtract(e, ddOf(1)), ddAdd(e, ddOf(1)))) < 1e-30);
});

test('a decimal is what was written, not the double nearest to it', () => {
  assert.ok(off(ddMultiply(ddOfDecimal(0.1), ddOf(10)), ddOf(1)) < 1e-31);
  assert.ok(off(ddAdd(ddOfDecimal(0.1), ddOfDecimal(0.2)), ddOfDecimal(0.3)) < 1e-31);
  assert.ok(off(ddMultiply(ddOfDecimal(-2.513400000123), ddOf(1e12)), ddOf(-2513400000123)) < 1e-31);
  assert.ok(off(ddMultiply(ddOfDecimal(1.5e-7), ddOf(2e7)), ddOf(3)) < 1e-31);
  assert.deepEqual(ddOfDecimal(1e300), ddOf(1e300));
});

test('what a double cannot do stays not a number', () => {
  assert.ok(Number.isNaN(ddLog(ddOf(-1)).high));
  assert.ok(Number.isNaN(ddSqrt(ddOf(-1)).high));
  assert.equal(ddExp(ddOf(1000)).high, Number.POSITIVE_INFINITY);
  assert.equal(ddDivide(ddOf(1), ddOf(0)).high, Number.POSITIVE_INFINITY);
});
