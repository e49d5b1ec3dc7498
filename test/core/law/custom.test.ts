import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { custom } from '../../../src/core/law/custom.ts';
import type { CustomFormula } from '../../../src/core/law/law.ts';
import type { Study } from '../../../src/core/study/study.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';
import { absent, referenceJson, referencePath } from '../shape/reference-data.ts';
import { makeInput, OPTIONS } from './series.ts';

const formula = (text: string, start: Record<string, number>, bounds = {}): CustomFormula => ({
  formula: text,
  start,
  bounds,
});

/** A study of one table with these columns of numbers. */
function tableStudy(columns: Readonly<Record<string, readonly number[]>>): Study {
  const names = Object.keys(columns);
  const table: RawTable = {
    file: 'test.csv',
    format: 'csv',
    text: '',
    columnCount: names.length,
    rowCount: columns[names[0] ?? '']?.length ?? 0,
    header: (column) => names[column] ?? '',
    headerSpan: () => null,
    cell: (row, column) => String(columns[names[column] ?? '']?.[row] ?? ''),
    cellSpan: () => null,
    numbers: (column) => Float64Array.from(columns[names[column] ?? ''] ?? []),
    hints: new Map(),
    facts: [],
    layout: null,
    notes: [],
    problems: [],
  };
  return {
    sources: [],
    tables: [table],
    series: [],
    findings: [],
    questions: [],
    assumed: [],
    run: () => ({ model: null, family: null, params: null, tokens: null, compute: null, step: null }),
    place: () => null,
    manifest: null,
  };
}

test('a formula in N and D is fitted to the points that carry them', () => {
  const sizes = Array.from({ length: 20 }, (_, i) => ({ params: 10 ** (7 + (i % 5) / 2), tokens: 10 ** (9 + i / 10) }));
  const y = sizes.map(({ params, tokens }) => 1.7 + 400 * params ** -0.34 + 900 * tokens ** -0.3);
  const input = makeInput(
    sizes.map((size) => size.params),
    y,
    { isLoss: true },
    (i) => sizes[i] ?? {},
  );
  const result = custom.fit(input, {
    ...OPTIONS,
    custom: formula('E + A*N^-alpha + B*D^-beta', { E: 1.5, A: 300, alpha: 0.3, B: 500, beta: 0.25 }),
  });
  assert.ok(result.ok);
  const { fit, predict } = result.value;
  for (const [name, value] of Object.entries({ E: 1.7, A: 400, alpha: 0.34, B: 900, beta: 0.3 }))
    assert.ok(Math.abs((fit.parameters[name] ?? 0) / value - 1) < 1e-6, `${name} = ${fit.parameters[name]}`);
  assert.ok(
    Math.abs(predict({ x: 1e9, params: 1e9, tokens: 1e11 }) - (1.7 + 400 * 1e9 ** -0.34 + 900 * 1e11 ** -0.3)) < 1e-8,
  );
  assert.ok(Number.isNaN(predict({ x: 1e9 })));
});

test('other columns are variables under their headers', () => {
  const width = [1, 2, 3, 4, 5, 6];
  const study = tableStudy({ width, depth: [2, 7, 1, 8, 2, 8] });
  const y = width.map((w, i) => 3 * w + 0.5 * ([2, 7, 1, 8, 2, 8][i] ?? 0) ** 2);
  const input = { ...makeInput(width, y, { isLoss: false }), study };
  const result = custom.fit(input, { ...OPTIONS, custom: formula('p*width + q*depth^2', { p: 1, q: 1 }) });
  assert.ok(result.ok);
  assert.ok(Math.abs((result.value.fit.parameters['p'] ?? 0) - 3) < 1e-9);
  assert.ok(Math.abs((result.value.fit.parameters['q'] ?? 0) - 0.5) < 1e-9);
  assert.deepEqual(result.value.fit['variables'], ['width', 'depth']);
});

test('bounds hold and are reported; x may have any sign', () => {
  const x = [-3, -2, -1, 0, 1, 2, 3];
  const input = makeInput(
    x,
    x.map((at) => 2 * Math.tanh(0.7 * at) + 1),
    { isLoss: false },
  );
  const result = custom.fit(input, {
    ...OPTIONS,
    custom: formula('a*tanh(b*x) + c', { a: 1, b: 1, c: 0 }, { a: [0, 1.5] }),
  });
  assert.ok(result.ok);
  assert.equal(result.value.fit.parameters['a'], 1.5);
  assert.deepEqual(result.value.fit.atBound, ['a']);
});

test('what is wrong is said at its place', () => {
  const input = makeInput([1, 2, 3, 4], [1, 2, 3, 5], { isLoss: false });
  const refusal = (text: string, start: Record<string, number> = {}): string => {
    const result = custom.fit(input, { ...OPTIONS, custom: formula(text, start) });
    assert.ok(!result.ok);
    assert.equal(result.error.code, 'fit.unsupported');
    return result.error.message;
  };
  assert.match(refusal('a + '), /character 5/);
  assert.match(refusal('a + evil(x)'), /character 5.*no function evil/);
  assert.match(refusal('2*x'), /no parameters/);
  assert.match(refusal('a*x', { b: 1 }), /no parameter b/);
  assert.match(refusal('a*N'), /carry no N/);
  assert.match(refusal('a*x', { x: 1 }), /x is a variable/);
  const none = custom.fit(input, OPTIONS);
  assert.ok(!none.ok);
});

/** A certified problem of NIST's Statistical Reference Datasets. */
interface Problem {
  readonly name: string;
  readonly response: 'y' | 'log(y)';
  readonly expression: string;
  readonly parameters: readonly string[];
  readonly predictors: readonly string[];
  readonly start1: readonly number[];
  readonly start2: readonly number[];
  readonly certified: readonly number[];
  readonly certified_sd: readonly number[];
  readonly residual_sum_of_squares: number;
  /** Lists where there are several predictors. */
  readonly x: readonly (number | readonly number[])[];
  readonly y: readonly number[];
}

test('NIST StRD: every certified problem from both starts', { skip: absent('nist') }, () => {
  const files = readdirSync(referencePath('nist/')).filter((name) => name.endsWith('.json'));
  assert.equal(files.length, 19);
  for (const file of files) {
    const problem = referenceJson<Problem>(`nist/${file}`);
    const columns = Object.fromEntries(
      problem.predictors.map((name, j) => [
        name,
        problem.x.map((at) => (typeof at === 'number' ? at : (at[j] as number))),
      ]),
    );
    const y = problem.response === 'log(y)' ? problem.y.map(Math.log) : problem.y;
    for (const startName of ['start1', 'start2'] as const) {
      const start = Object.fromEntries(problem.parameters.map((name, j) => [name, problem[startName][j] as number]));
      const input = {
        ...makeInput(columns[problem.predictors[0] as string] as number[], y, { isLoss: false }),
        study: tableStudy(columns),
      };
      const result = custom.fit(input, {
        ...OPTIONS,
        objective: 'squared',
        custom: formula(problem.expression, start),
      });
      const label = `${problem.name} from ${startName}`;
      assert.ok(result.ok, label);
      const { fit } = result.value;
      assert.ok(fit.converged, label);
      const rss = fit.objective.value ?? Number.NaN;
      // Lanczos1's residuals are the rounding of 14-digit data.
      const exact = problem.name === 'Lanczos1' ? 1e-6 : 1e-9;
      assert.ok(Math.abs(rss / problem.residual_sum_of_squares - 1) < exact, `${label}: RSS ${rss}`);
      problem.parameters.forEach((name, j) => {
        const value = fit.parameters[name] ?? Number.NaN;
        assert.ok(Math.abs(value / (problem.certified[j] as number) - 1) < 1e-6, `${label}: ${name} = ${value}`);
        const deviation = fit.standardErrors?.[name] ?? Number.NaN;
        assert.ok(
          Math.abs(deviation / (problem.certified_sd[j] as number) - 1) < 1e-5,
          `${label}: sd of ${name} = ${deviation}`,
        );
      });
    }
  }
});
