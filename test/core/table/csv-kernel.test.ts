import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileKernel, generatedKernel, kernelStamp } from '../../../scripts/compile-kernel.ts';
import { csvKernel } from '../../../src/core/table/csv-kernel.ts';

// Compiling takes seconds: every run compares the source, the long ones what it compiles to.
const LONG = process.env['SCALING_LENS_LONG'] === '1';

test('the kernel is the one that its source compiles to', async () => {
  const generated = readFileSync(generatedKernel, 'utf8');
  const advice = 'run node scripts/compile-kernel.ts';
  assert.ok(generated.includes(kernelStamp()), advice);
  if (LONG) assert.equal(generated.replaceAll('\r\n', '\n'), await compileKernel(), advice);
});

test('memory that one long line needed is given back', () => {
  const usual = csvKernel(1).bytes.length;
  assert.ok(csvKernel(40_000_000).bytes.length >= 40_000_000);
  assert.ok(csvKernel(30_000_000).bytes.length >= 40_000_000);
  assert.equal(csvKernel(1).bytes.length, usual);
});
