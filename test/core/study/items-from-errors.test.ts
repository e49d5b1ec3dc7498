import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readStudy } from '../../../src/core/read-study.ts';
import { itemsFromErrors } from '../../../src/core/study/items-from-errors.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';

const rows = (n: number, unit = 1, digits = 15) =>
  [0.31, 0.42, 0.616, 0.7].map((p) => ({
    y: p * unit,
    stderr: Number((unit * Math.sqrt((p * (1 - p)) / (n - 1))).toPrecision(digits)),
    n: null,
  }));

test('the count comes out of the standard errors, exactly or nearly', () => {
  assert.equal(itemsFromErrors(rows(5153), 1), 5153);
  assert.equal(itemsFromErrors(rows(1172, 100), 100), 1172);
  assert.ok(Math.abs((itemsFromErrors(rows(5153, 1, 3), 1) ?? 0) / 5153 - 1) < 0.02);
});

test('no count where it is stated, where errors disagree, and near 0 and 1', () => {
  assert.equal(itemsFromErrors([{ y: 0.5, stderr: 0.01, n: 2500 }], 1), null);
  assert.equal(itemsFromErrors([...rows(500), ...rows(700)], 1), null);
  assert.equal(
    itemsFromErrors(
      [0.001, 0.999].map((y) => ({ y, stderr: 0.001, n: null })),
      1,
    ),
    null,
  );
  assert.equal(itemsFromErrors(rows(5153).slice(0, 1), 1), null);
});

const FOLDER = '../shared/data/formats/samples/json-lmeval-v03';

test('published results that state no count: the sizes of the test sets', {
  skip: existsSync(FOLDER) ? false : 'no shared data here',
}, async () => {
  const files = readdirSync(FOLDER).map((name) => ({ name, bytes: readFileSync(join(FOLDER, name)) }));
  const { series } = await readStudy(files, {}, nodeReadPorts);
  const items = (id: string) => series.find((s) => s.id === id)?.points.map((p) => p.n);
  assert.deepEqual(new Set(items('lambada_openai/acc')), new Set([5153]));
  assert.deepEqual(new Set(items('winogrande/acc')), new Set([1267]));
  assert.deepEqual(new Set(items('sciq/acc')), new Set([1000]));
});
