import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Fit, Report } from '../../../src/core/report-model.ts';
import { absent, referenceJson } from '../../core/shape/reference-data.ts';
import { cli } from '../run-cli.ts';

const LONG = 'examples/study-long.csv';
const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-fit-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** An exact surface: 1.8 + 400 N^-0.34 + 1500 D^-0.34. */
const surface = join(folder, 'surface.csv');
const rows = ['params,tokens,loss'];
for (let i = 0; i < 5; i++) {
  for (let j = 0; j < 5; j++) {
    const [n, d] = [1e8 * 4 ** i, 2e9 * 4 ** j];
    rows.push(`${n},${d},${1.8 + 400 * n ** -0.34 + 1500 * d ** -0.34}`);
  }
}
writeFileSync(surface, `${rows.join('\n')}\n`);

function fitted(args: readonly string[]): Fit {
  const { code, out, err } = cli(['fit', ...args, '--bootstrap', '0', '--json']);
  assert.equal(code, 0, err);
  const { series } = JSON.parse(out) as Report;
  assert.equal(series.length, 1);
  assert.equal(series[0]?.fits.length, 1, 'just that law');
  return series[0]?.fits[0] as Fit;
}

function near(actual: number | null | undefined, expected: number, relative: number, what: string): void {
  assert.ok(typeof actual === 'number', what);
  assert.ok(Math.abs(actual / expected - 1) <= relative, `${what}: ${actual}, expected ${expected}`);
}

test('a formula of the user’s own finds the surface that made the data', () => {
  const fit = fitted([
    surface,
    '--law',
    'custom',
    '--formula',
    'E + A * N^-alpha + B * D^-beta',
    '--start',
    'E=1.5,A=300,B=1000',
    '--start',
    'alpha=0.3,beta=0.3',
    '--bounds',
    'alpha=0..2',
  ]);
  assert.equal(fit.law, 'custom');
  for (const [name, value] of Object.entries({ E: 1.8, A: 400, B: 1500, alpha: 0.34, beta: 0.34 }))
    near(fit.parameters[name], value, 1e-5, name);
  assert.ok(fit.converged);
});

test('--fix holds a parameter exactly, --tie keeps two equal', () => {
  const fixed = fitted([surface, '--law', 'chinchilla', '--fix', 'E=1.75']);
  assert.equal(fixed.parameters['E'], 1.75);
  const tied = fitted([surface, '--law', 'chinchilla', '--tie', 'alpha=beta']);
  assert.equal(tied.parameters['alpha'], tied.parameters['beta']);
  near(tied.parameters['alpha'], 0.34, 1e-4, 'alpha');
  near(tied.parameters['E'], 1.8, 1e-4, 'E');
});

test('--objective and --delta are said back', () => {
  for (const [name, delta] of [
    ['lad', null],
    ['log-huber', 0.01],
    ['squared', null],
  ] as const) {
    const flags = delta === null ? [] : ['--delta', String(delta)];
    const { objective } = fitted([surface, '--law', 'chinchilla', '--objective', name, ...flags]);
    assert.equal(objective.name, name);
    if (delta !== null) assert.equal(objective.delta, delta);
  }
});

test('--series and --fit-below choose what is fitted', () => {
  const all = fitted([LONG, '--law', 'power-offset', '--series', 'validation/loss']);
  const some = fitted([LONG, '--law', 'power-offset', '--series', 'validation/loss', '--fit-below', '1e21']);
  assert.equal(all.n, 12);
  assert.ok(some.n < all.n && some.n >= 5, `${some.n}`);
});

test('a bootstrap depends on its seed and on nothing else', () => {
  const run = (seed: string) =>
    cli([
      'fit',
      LONG,
      '--law',
      'power-offset',
      '--series',
      'validation/loss',
      '--bootstrap',
      '40',
      '--seed',
      seed,
      '--json',
    ]).out;
  assert.equal(run('7'), run('7'));
  assert.notEqual(run('7'), run('8'));
});

test('a law that does not fit the data is refused with a sentence', () => {
  const { code, err } = cli(['fit', LONG, '--law', 'loss-to-error', '--series', 'validation/loss']);
  assert.equal(code, 2);
  assert.match(err, /validation\/loss: loss-to-error not fitted: .{20}/);
  const formula = cli(['fit', surface, '--law', 'custom', '--formula', 'process.exit(3)']);
  assert.equal(formula.code, 2, 'nothing but the grammar is evaluated');
});

interface NistProblem {
  readonly response: 'y' | 'log(y)';
  readonly expression: string;
  readonly parameters: readonly string[];
  readonly predictors: readonly string[];
  readonly start1: readonly number[];
  readonly certified: readonly number[];
  readonly certified_sd: readonly number[];
  readonly x: readonly (number | readonly number[])[];
  readonly y: readonly number[];
}

test('certified problems of NIST from a table, a formula and far starts', { skip: absent('nist') }, () => {
  for (const name of ['Hahn1', 'MGH17', 'Nelson', 'Lanczos2']) {
    const problem = referenceJson<NistProblem>(`nist/${name}.json`);
    const rows = problem.x.map((at, i): string => {
      const y = problem.y[i] as number;
      return [at, problem.response === 'log(y)' ? Math.log(y) : y].flat().join(',');
    });
    const table = join(folder, `${name}.csv`);
    writeFileSync(table, `${[...problem.predictors, 'y'].join(',')}\n${rows.join('\n')}\n`);
    const start = problem.parameters.map((parameter, j) => `${parameter}=${problem.start1[j]}`).join(',');
    const law = ['--law', 'custom', '--formula', problem.expression, '--start', start, '--objective', 'squared'];
    const fit = fitted([table, ...law, '--x', problem.predictors[0] as string, '--y', 'y']);
    problem.parameters.forEach((parameter, j) => {
      const value = fit.parameters[parameter] ?? Number.NaN;
      const deviation = fit.standardErrors?.[parameter] ?? Number.NaN;
      assert.ok(Math.abs(value / (problem.certified[j] as number) - 1) < 1e-6, `${name}: ${parameter} = ${value}`);
      assert.ok(Math.abs(deviation / (problem.certified_sd[j] as number) - 1) < 1e-4, `${name}: sd ${deviation}`);
    });
  }
});

test('a table of counts is fitted by the law of pass rates, and by no other', () => {
  const counts = 'examples/passuntil/coins-counts.csv';
  const { code, out } = cli(['fit', counts, '--law', 'pass-until', '--series', 'coins-counts/pass-until']);
  assert.equal(code, 0);
  assert.match(out, /alpha +0\.\d+ +0\.\d+ +0\.\d+ to 0\.\d+/);
  const other = cli(['fit', counts, '--law', 'power']);
  assert.equal(other.code, 2);
  assert.match(other.err, /counts of trials and passes; only the law of pass rates fits them/);
  const misnamed = cli(['fit', counts, '--law', 'pass-until', '--series', 'coins']);
  assert.equal(misnamed.code, 2);
  assert.match(misnamed.err, /no such series; there are coins-counts\/pass-until/);
});
