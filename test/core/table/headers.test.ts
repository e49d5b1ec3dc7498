import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHeader, snake } from '../../../src/core/table/headers.ts';
import { parseUnit, unitSuffix } from '../../../src/core/table/units.ts';

test('headers in one spelling', () => {
  assert.equal(snake('Average ⬆️'), 'average');
  assert.equal(readHeader('Model Size (B)').key, 'model_size');
  assert.equal(readHeader('Model Size (B)').unit, 1e9);
  assert.equal(readHeader('FLOPs (1E21)').unit, 1e21);
  assert.equal(readHeader('#Params (B)').key, 'n_params');
  assert.equal(readHeader('throughput/total_tokens').leaf, 'total_tokens');
  assert.equal(readHeader('N').capital, 'N');
  assert.equal(readHeader('n').capital, null);
  assert.equal(readHeader('accuracy (%)').unit, '%');
  assert.equal(readHeader('__proto__').key, 'proto');
});

test('units by name and by ending', () => {
  assert.deepEqual(['B', 'billions', '1E21', 'GFLOP', 'ZFLOPs', '%', 'fraction', 'nats/token'].map(parseUnit), [
    1e9,
    1e9,
    1e21,
    1e9,
    1e21,
    '%',
    'fraction',
    'nats/token',
  ]);
  assert.equal(parseUnit('non-embedding'), null);
  assert.deepEqual(unitSuffix('params_b'), { key: 'params', unit: 1e9 });
  assert.deepEqual(unitSuffix('flops_1e21'), { key: 'flops', unit: 1e21 });
  assert.deepEqual(unitSuffix('total_training_gflops'), { key: 'total_training_flops', unit: 1e9 });
  assert.equal(unitSuffix('model'), null);
});

test('a slash between quantities or in brackets is no path', () => {
  assert.equal(readHeader('bits/byte').key, 'bits_byte');
  assert.deepEqual(readHeader('Test Loss (nats/tok)').prefixes, []);
  assert.equal(readHeader('Test Loss (nats/tok)').unit, 'nats/token');
  assert.deepEqual(readHeader('scale/params').prefixes, ['scale']);
  assert.deepEqual(readHeader('train/step').prefixes, ['train']);
  assert.equal(readHeader('$N_{\\text{opt}}$').key, 'n_opt');
});

test('units in brackets are read in other languages', () => {
  const units = ['Parameter (Mio.)', 'Параметры (млрд)', 'Parámetros (mil millones)', '参数量 (亿)'].map(
    (h) => readHeader(h).unit,
  );
  assert.deepEqual(units, [1e6, 1e9, 1e9, 1e8]);
});
