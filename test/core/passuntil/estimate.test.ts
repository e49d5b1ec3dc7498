import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { readCounts } from '../../../src/core/passuntil/counts.ts';
import { type EstimateOptions, estimateCounts } from '../../../src/core/passuntil/estimate.ts';
import { readStudyTables } from '../../../src/core/read/collect.ts';
import type { Report, SeriesReport } from '../../../src/core/report-model.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { MISSING } from './fixture.ts';

const validate = new Ajv({ strict: false, allErrors: true }).compile(
  JSON.parse(readFileSync('docs/report.schema.json', 'utf8')) as object,
);

interface Record {
  sizes: { params: number; pu: number; stderr: number | null; f: number | null; instances: number; capped: number }[];
  dataset: {
    ols: { lnC: number; alpha: number } | null;
    wls: { lnC: number; alpha: number } | null;
    curvature: { b2: number; p: number } | null;
  };
  instances: { instance: string; lnC: number | null; alpha: number | null; method: string }[];
}

async function estimate(
  text: string,
  options: Partial<EstimateOptions> = {},
): Promise<{ report: Report; series: SeriesReport; record: Record }> {
  const { tables } = await readStudyTables([{ name: 'task.csv', text }], nodeReadPorts);
  const report = estimateCounts(tables, readCounts(tables), { level: 0.9, bootstrap: 200, seed: 1, ...options });
  // What is printed is JSON: nothing may be lost on the way.
  assert.ok(validate(JSON.parse(JSON.stringify(report))), JSON.stringify(validate.errors));
  assert.ok(!/NaN|Infinity/.test(JSON.stringify(report)));
  const [series] = report.series;
  assert.ok(series !== undefined);
  return { report, series, record: series['passuntil'] as Record };
}

const close = (actual: number | null | undefined, expected: number, tolerance: number) =>
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('the fixture: sizes, dataset line, instances and the forecast at 2.4B', { skip: MISSING }, async () => {
  const text = readFileSync('../shared/data/passuntil/fixture_passuntil.csv', 'utf8');
  const { series, record } = await estimate(text, { fitBelow: 1.6e9 });
  assert.deepEqual(Object.keys(record.sizes[0] ?? {}).slice(0, 6), [
    'params',
    'pu',
    'stderr',
    'f',
    'instances',
    'capped',
  ]);
  assert.deepEqual(
    record.sizes.map((s) => [s.params, s.instances, s.capped]),
    [
      [0.03e9, 60, 35],
      [0.1e9, 60, 20],
      [0.3e9, 60, 9],
      [0.5e9, 60, 5],
      [0.8e9, 60, 3],
      [1.5e9, 60, 2],
      [2.4e9, 60, 2],
    ],
  );
  close(record.sizes[0]?.f, 2.02036489417948, 1e-9);
  close(record.dataset.ols?.alpha, 0.3657757767370013, 1e-9);
  close(record.dataset.ols?.lnC, 0.7306929292247646 + 0.3657757767370013 * Math.log(1e9), 1e-8);
  close(record.dataset.wls?.alpha, 0.36169823747814356, 1e-9);
  close(record.dataset.curvature?.b2, 0.015236278772479142, 1e-9);
  close(record.dataset.curvature?.p, 0.4925437745343569, 1e-7);
  assert.equal(record.instances.length, 60);
  const own = record.instances.filter((i) => i.method === 'likelihood');
  assert.equal(own.length, 57);
  const at = (i: { lnC: number | null; alpha: number | null }) =>
    Math.exp(-Math.exp((i.lnC ?? 0) - (i.alpha ?? 0) * Math.log(2.4e9)));
  close(own.reduce((s, i) => s + at(i), 0) / 57, 0.24320553108726942, 1e-4);
  const [forecast] = series.forecast;
  assert.equal(series.forecast.length, 1);
  close(forecast?.['dataset'] as number, 0.2214579286033273, 1e-9);
  close(forecast?.actual, 0.1966575725484306, 1e-9);
  const { low, high, y } = forecast as { low: number; high: number; y: number };
  assert.ok(low < 0.22 && 0.22 < high && low < y && y < high && high - low < 0.2, `${low} ${y} ${high}`);
});

test('the interval comes from the seed and widens with the level', async () => {
  const text = synthetic(20, [1e7, 3e7, 1e8, 3e8]);
  const forecast = async (options: Partial<EstimateOptions>) =>
    (await estimate(text, { at: [1e9], ...options })).series.forecast[0];
  const [one, again, other, wide, none] = [
    await forecast({}),
    await forecast({}),
    await forecast({ seed: 2 }),
    await forecast({ level: 0.99 }),
    await forecast({ bootstrap: 0 }),
  ];
  assert.deepEqual(one, again);
  assert.notEqual(one?.low, other?.low);
  assert.equal(one?.y, other?.y);
  assert.ok((wide?.high ?? 0) - (wide?.low ?? 0) > (one?.high ?? 0) - (one?.low ?? 0));
  assert.deepEqual([none?.low, none?.high], [null, null]);
});

/** Exact counts of instances that follow their own laws: trials without noise. */
function synthetic(instances: number, sizes: readonly number[]): string {
  const rows = ['instance,params,r,k_max,trials,passes,capped'];
  for (let i = 0; i < instances; i++) {
    for (const params of sizes) {
      const p = Math.exp(-Math.exp(0.3 + i / instances - (0.3 + 0.01 * (i % 7)) * Math.log(params / 1e8)));
      const trials = 1 + Math.round(4 / p);
      rows.push(
        trials <= 5000
          ? `q${i},${params},5,5000,${trials},5,0`
          : `q${i},${params},5,5000,5000,${Math.round(5000 * p)},1`,
      );
    }
  }
  return rows.join('\n');
}

test('one model, one size: pass rates without a law', async () => {
  const { series, record } = await estimate(synthetic(6, [1e8]), { at: [1e9] });
  assert.equal(record.sizes.length, 1);
  assert.deepEqual([record.dataset.ols, record.dataset.wls, record.dataset.curvature], [null, null, null]);
  assert.ok(record.instances.every((i) => i.method !== 'likelihood'));
  assert.match((series.notes ?? []).join(), /Only one size/);
});

test('r = 1: no PU, and the reason', async () => {
  const { series, record } = await estimate(
    'instance,params,r,trials,passes\na,1e6,1,4,1\nb,1e6,1,9,1\na,2e6,1,4,1\nb,2e6,1,2,1\n',
  );
  assert.deepEqual(record.sizes, []);
  assert.match((series.notes ?? []).join(), /r = 1 has no useful unbiased estimator/);
});

test('sizes without a pass are left out of the line and counted; several tasks are several series', async () => {
  const text = `task,instance,params,r,k_max,trials,passes,capped
x,a,1e6,3,100,100,0,1
x,b,1e6,3,100,100,0,1
x,a,1e7,3,100,60,3,0
x,b,1e7,3,100,50,3,0
x,a,1e8,3,100,10,3,0
x,b,1e8,3,100,8,3,0
y,a,1e7,3,100,60,3,0
`;
  const { report, series } = await estimate(text);
  assert.deepEqual(
    report.series.map((s) => s.id),
    ['x/pass-until', 'y/pass-until'],
  );
  assert.match((series.notes ?? []).join(), /1 size has no pass at all/);
  assert.equal(series.fits[0]?.n, 2);
  assert.ok(series.fits.every((f) => f.law === 'pass-until' && f.excluded.length === 1));
});

test('the example of the project', async () => {
  const { series, record } = await estimate(readFileSync('examples/passuntil/coins-counts.csv', 'utf8'), {
    fitBelow: 3e9,
  });
  assert.equal(record.instances.length, 24);
  const [forecast] = series.forecast;
  // The interval is of the expected PU; what was measured has an error of its own.
  const measured = forecast?.actual ?? 0;
  const error = 1.645 * (record.sizes.at(-1)?.stderr ?? 0);
  const { low, high } = forecast as { low: number; high: number };
  assert.ok(low - error <= measured && measured <= high + error, JSON.stringify(forecast));
});

test('several models of one size are pooled, and that is said', async () => {
  const { series } = await estimate('instance,model,params,r,trials,passes\na,m,1e8,3,50,3\na,n,1e8,3,40,3\n');
  assert.match((series.notes ?? []).join(), /2 models have 100M\sparameters \(m, n\): their questions are pooled/);
});
