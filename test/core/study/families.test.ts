import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../../src/core/study/draft.ts';
import { splitFamilies } from '../../../src/core/study/families.ts';
import { chooseScale, quantityWord } from '../../../src/core/study/scale-choice.ts';

function draft(model: string, family: string | null, params: number | null, compute: number | null = null): Draft {
  return {
    x: Number.NaN,
    y: 0.5,
    stderr: null,
    n: null,
    model,
    family,
    run: model,
    params,
    tokens: null,
    compute,
    step: null,
    loss: null,
    table: 0,
    row: 0,
    column: 0,
  };
}

const two = ['a', 'b'].flatMap((f) => [1e8, 1e9, 1e10].map((n) => draft(`${f}${n}`, f, n, n * n)));

test('split with three sizes each, pool many models over compute', () => {
  assert.deepEqual(
    splitFamilies(two, new Map(), false, (d) => d.params).parts.map((p) => p.family),
    ['a', 'b'],
  );
  const many = [...two, draft('a4', 'a', 2e10, 4e20), draft('b4', 'b', 2e10, 4e20)];
  assert.equal(splitFamilies(many, new Map(), true, (d) => d.compute).parts.length, 1);
  assert.equal(splitFamilies(many, new Map(), false, (d) => d.params).parts.length, 2);
  assert.equal(splitFamilies(two.slice(0, 4), new Map(), false, (d) => d.params).parts.length, 1);
});

test('families from names only where they cover the models', () => {
  const named = ['opt-125m', 'opt-350m', 'opt-1.3b', 'pythia-70m', 'pythia-160m', 'pythia-1b'].map((m, i) =>
    draft(m, null, (i + 1) * 1e8),
  );
  assert.deepEqual(
    splitFamilies(named, new Map(), false, (d) => d.params).parts.map((p) => p.family),
    ['opt', 'pythia'],
  );
  assert.equal(
    splitFamilies([draft('x', null, 1e8), draft('y', null, 1e9)], new Map(), false, (d) => d.params).parts.length,
    1,
  );
});

test('the scale: compute, else parameters; never a mixture', () => {
  assert.equal(chooseScale(two, null, '')?.scale, 'compute');
  const some = two.map((d, i) => (i < 2 ? d : { ...d, compute: null }));
  assert.equal(chooseScale(some, null, '')?.scale, 'params');
  const most = two.map((d, i) => (i < 5 ? d : { ...d, compute: null }));
  assert.equal(chooseScale(most, null, '')?.scale, 'compute');
  assert.equal(chooseScale(two, 'N', 'pinned')?.scale, 'params');
  assert.equal(chooseScale([draft('x', null, null)], null, ''), null);
  assert.deepEqual(['C', 'flops', 'params', 'tokens', 'step', 'loss'].map(quantityWord), [
    'compute',
    'compute',
    'params',
    'tokens',
    'steps',
    null,
  ]);
});
