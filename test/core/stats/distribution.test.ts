import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  betaQuantile,
  logGamma,
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
} from '../../../src/core/stats/distribution.ts';

function close(actual: number, expected: number, tolerance: number): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(Math.abs(expected), 1e-300),
    `${actual} is not ${expected}`,
  );
}

// All expected values: scipy 1.17.
test('normal quantiles keep their digits in the tails', () => {
  close(normalQuantile(1e-12), -7.034483825301131, 1e-14);
  close(normalQuantile(0.975), 1.959963984540054, 1e-14);
  close(normalQuantile(1e-300), -37.0471, 1e-5);
  assert.equal(normalQuantile(0.5), 0);
  assert.equal(normalQuantile(0), Number.NEGATIVE_INFINITY);
  assert.ok(Number.isNaN(normalQuantile(1.1)));
});

test('the normal distribution function is accurate on both sides of its switch', () => {
  close(normalCdf(-7), 1.279812543885835e-12, 1e-12);
  close(normalCdf(-1.5), 0.06680720126885807, 1e-10);
  close(1 - normalCdf(2.9999), 1 - 0.998649658717045, 1e-8);
  close(1 - normalCdf(3.0001), 1 - 0.9986505450867392, 1e-8);
});

test("Student's t agrees with scipy", () => {
  close(tQuantile(0.95, 5), 2.0150483733330233, 1e-12);
  close(tQuantile(1e-6, 3), -103.29946778041935, 1e-11);
  close(tQuantile(0.975, 1), 12.706204736174694, 1e-11);
  close(tQuantile(0.95, 200), 1.6525081009108769, 1e-12);
  close(tQuantile(0.95, 1.5), 3.70518082009675, 1e-11);
  close(tCdf(-3, 4), 0.019970984035859413, 1e-13);
  close(tQuantile(0.975, Number.POSITIVE_INFINITY), normalQuantile(0.975), 1e-15);
  assert.ok(Number.isNaN(tQuantile(0.5, 0)));
});

test('beta and the gamma function agree with scipy', () => {
  close(betaQuantile(0.1, 2, 5), 0.09259525891312873, 1e-7);
  close(betaQuantile(0.95, 0.5, 30), 0.06251745148307054, 1e-7);
  close(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-13);
});
