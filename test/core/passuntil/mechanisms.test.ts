import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareMechanisms } from '../../../src/core/passuntil/mechanisms.ts';
import { createRandom } from '../../../src/core/stats/random.ts';

const SIZES = Array.from({ length: 12 }, (_, i) => 1e7 * 2 ** i);
const law = (lnC: number, alpha: number) => (n: number) => Math.exp(-Math.exp(lnC - alpha * Math.log(n / 1e8)));

function sizes(pu: (n: number) => number, count = SIZES.length, relative = 0.03, seed = 1) {
  const random = createRandom(seed, 'mechanisms');
  return SIZES.slice(0, count).map((params) => {
    const p = pu(params);
    return { params, pu: Math.min(0.999, p * (1 + relative * random.normal())), stderr: relative * p };
  });
}

test('each mechanism is told from the others where it shows', () => {
  const one = compareMechanisms(sizes(law(0.5, 0.3)));
  assert.equal(one?.chosen, 'single law', one?.statement);
  const steps = compareMechanisms(sizes((n) => law(0.6, 0.9)(n) * law(-0.6, 0.05)(n)));
  assert.equal(steps?.chosen, 'product of two laws', steps?.statement);
  const circuits = compareMechanisms(sizes((n) => Math.max(law(0.9, 0.05)(n), law(1.2, 0.9)(n))));
  assert.equal(circuits?.chosen, 'best of two circuits', circuits?.statement);
  assert.match(circuits?.statement ?? '', /Averaging instances/);
});

test('the laws behind an exact mixture are recovered', () => {
  const found = compareMechanisms(sizes((n) => law(0.6, 0.9)(n) * law(-0.6, 0.05)(n), 12, 1e-7));
  const product = found?.candidates.find((c) => c.name === 'product of two laws');
  const alphas = (product?.laws ?? []).map((l) => l.alpha);
  assert.ok(
    Math.abs((alphas[0] ?? 0) - 0.9) < 0.01 && Math.abs((alphas[1] ?? 0) - 0.05) < 0.01,
    JSON.stringify(product),
  );
});

test('few sizes cannot tell, and that is said', () => {
  assert.equal(compareMechanisms(sizes(law(0.5, 0.3), 3)), null);
  const five = compareMechanisms(sizes(law(0.5, 0.3), 5));
  assert.equal(five?.chosen, null);
  assert.match(five?.statement ?? '', /5 usable sizes cannot tell/);
  const six = compareMechanisms(sizes(law(0.5, 0.3), 6));
  assert.match(six?.statement ?? '', /only a gross bend would win/);
});

test('without standard errors plain squares are compared', () => {
  const found = compareMechanisms(sizes(law(0.5, 0.3)).map((s) => ({ ...s, stderr: null })));
  assert.equal(found?.chosen, 'single law', found?.statement);
});
