import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backtestLines, findingLines, fitLines } from '../../src/cli/print.ts';
import type { Finding, Report, SeriesReport } from '../../src/core/report-model.ts';

test('findings as compilers print them, counted at the end', () => {
  const finding = (severity: Finding['severity'], line: number): Finding => ({
    code: 'trend.inverse',
    severity,
    message: 'a (acc) gets worse.',
    file: 'a.csv',
    range: { start: { line, character: 4 }, end: { line, character: 9 } },
    series: null,
    data: {},
  });
  const lines = (...findings: Finding[]) => findingLines({ findings } as unknown as Report);
  assert.deepEqual(lines(finding('warning', 0)), ['a.csv:1:5: warning trend.inverse a (acc) gets worse.']);
  assert.equal(
    lines(finding('warning', 0), finding('warning', 1), finding('information', 2), finding('hint', 3)).at(-1),
    '4 findings: 2 warnings, 1 information, 1 hint',
  );
  assert.deepEqual(lines(), []);
});

test('a series that cannot be tested says how many points it has and how many it takes', () => {
  const untested = (x: readonly number[], backtest: SeriesReport['backtest']): string[] =>
    backtestLines([{ id: 'a/loss', x, backtest } as unknown as SeriesReport]);
  assert.deepEqual(untested([1e18, 1e19], null), [
    'a/loss: no backtest: 2 points at 2 sizes; it takes at least five points, four of them below the largest size',
  ]);
  const nothing = { law: 'power', count: 0, meanAbsolute: null, byHorizon: [] };
  assert.match(untested([1e18, 1e18, 1e18, 1e18, 1e18], { laws: [nothing] })[0] ?? '', /5 points at 1 size;/);
});

test('families that cannot be told apart are said below the table of a score', () => {
  const law = { law: 'sigmoid', count: 3, meanAbsolute: 0.02, byHorizon: [{ upTo: 1, meanAbsolute: 0.02 }] };
  const lines = (benchmark: unknown): string[] =>
    backtestLines([
      {
        id: 'a/accuracy',
        metric: 'accuracy',
        x: [1, 2, 3],
        chosen: null,
        backtest: { protocol: 'largest-out', errorScale: 'y', laws: [law], benchmark },
      } as unknown as SeriesReport,
    ]);
  assert.equal(lines({ why: '3 points; 10 are needed.' }).at(-1), '  benchmark protocols: 3 points; 10 are needed.');
  assert.equal(lines({ axis: 'compute', byFamily: { why: 'Only a.' } }).at(-1), '  family by family: Only a.');
  const one = { form: 'sigmoid', families: 3, count: 18, mean: 4.25, worst: { family: 'f0', mean: 9.5 } };
  assert.match(lines({ axis: 'scaled compute', byFamily: [one] }).at(-1) ?? '', /sigmoid +3 +18 +4\.25 +f0 +9\.5$/);
});

test('two fits of one law are told apart by their objectives; notes are said once, measures that are not known never', () => {
  const fit = (name: string) => ({
    law: 'pass-until',
    n: 4,
    converged: true,
    parameters: {},
    intervals: null,
    standardErrors: null,
    objective: { name, delta: null, value: 1.5 },
    rmse: 0.1,
    rmsle: null,
    r2: null,
    aicc: null,
    starts: { tried: 2, atOptimum: 1 },
    atBound: [],
    notes: ['above', 'below'],
  });
  const series = { id: 'a/pass-until', fits: [fit('squares of F'), fit('weighted squares of F')] };
  const lines = fitLines([series as unknown as SeriesReport], ['above']);
  assert.deepEqual(
    lines.filter((line) => !/parameter|─/.test(line)),
    [
      'a/pass-until: pass-until by squares of F, n = 4, converged',
      '  squares of F 1.5 · rmse 0.1 · starts 1 of 2 at the optimum',
      '  note: below',
      'a/pass-until: pass-until by weighted squares of F, n = 4, converged',
      '  weighted squares of F 1.5 · rmse 0.1 · starts 1 of 2 at the optimum',
    ],
  );
});
