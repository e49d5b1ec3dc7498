import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { DEFAULT_OPTIONS } from '../../src/core/analyse-series.ts';
import { readStudy } from '../../src/core/read-study.ts';
import { analyse, describeStudy } from '../../src/core/report.ts';
import type { Report } from '../../src/core/report-model.ts';
import { VERSION } from '../../src/core/version.ts';
import { nodeReadPorts } from '../../src/node/read-ports.ts';

const schema = JSON.parse(readFileSync('docs/report.schema.json', 'utf8')) as object;
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

async function studyOf(path: string) {
  return readStudy([{ name: path, bytes: readFileSync(path) }], {}, nodeReadPorts);
}

async function reportOf(path: string, change: object = {}): Promise<Report> {
  return analyse(await studyOf(path), { ...DEFAULT_OPTIONS, bootstrap: 20, ...change });
}

test('the version is that of package.json', () => {
  assert.equal(VERSION, (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
});

for (const path of ['examples/study-long.csv', 'examples/study-wide.csv', 'examples/study-runs.yaml']) {
  test(`${path}: the right findings, in a report that follows its schema`, async () => {
    const report = await reportOf(path, { at: [1e23] });
    assert.ok(validate(JSON.parse(JSON.stringify(report))), JSON.stringify(validate.errors?.slice(0, 5), null, 1));
    const truth = JSON.parse(readFileSync('examples/truth.json', 'utf8')) as {
      tasks: { task: string; shape: string; emergent?: boolean; threshold?: number }[];
    };
    assert.equal(report.series.length, truth.tasks.length + 1);
    for (const { task, shape, emergent, threshold } of truth.tasks) {
      const series = report.series.find((s) => s.task === task);
      assert.ok(series !== undefined, task);
      assert.equal(series.shape?.label, shape, task);
      assert.equal(series.shape?.emergent, emergent ?? false, task);
      assert.equal(series.x.length, 12);
      if (threshold !== undefined) {
        const found = series.threshold;
        assert.ok(found !== null && found.low !== null && found.high !== null);
        assert.ok(
          Math.log10(found.low) <= threshold && threshold <= Math.log10(found.high),
          'the interval holds the true threshold',
        );
      }
    }
    const codes = (task: string) => report.findings.filter((f) => f.series?.startsWith(`${task}/`)).map((f) => f.code);
    assert.ok(codes('negation').includes('trend.inverse'));
    assert.ok(codes('hindsight').includes('trend.u-shaped'));
    assert.ok(codes('repetition').includes('trend.inverted-u'));
    assert.ok(codes('arithmetic').includes('trend.emergent'));
    for (const task of ['validation', 'reading', 'commonsense', 'trivia']) {
      assert.deepEqual(
        codes(task).filter((c) => c.startsWith('trend.')),
        [],
        task,
      );
    }
    const loss = report.series.find((s) => s.task === 'validation');
    assert.equal(loss?.better, 'lower');
    assert.equal(loss?.shape?.label, 'positive');
  });
}

test('an example is a table that the description explains column by column', async () => {
  const report = describeStudy(await studyOf('examples/study-long.csv'), {});
  assert.ok(validate(JSON.parse(JSON.stringify(report))), JSON.stringify(validate.errors));
  assert.deepEqual(report.series, []);
  const roles = report.sources[0]?.columns.map((c) => c.role);
  assert.deepEqual(roles, ['model', 'params', 'tokens', 'compute', 'task', 'metric', 'score', 'stderr', 'n', 'chance']);
  assert.ok(report.sources[0]?.columns.every((c) => c.how.length > 0));
});

test('levels change or drop findings', async () => {
  const report = await reportOf('examples/study-long.csv', {
    levels: { 'trend.inverse': 'error', 'trend.below-chance': 'ignore' },
  });
  assert.equal(report.findings[0]?.code, 'trend.inverse');
  assert.equal(report.findings[0]?.severity, 'error');
  assert.ok(report.findings.every((f) => f.code !== 'trend.below-chance'));
});

test('the cache refits only what changed', async () => {
  const cache = new Map();
  await reportOf('examples/study-wide.csv', { cache });
  assert.equal(cache.size, 8);
  // The last cell of the last row is a score of the last task.
  const text = readFileSync('examples/study-wide.csv', 'utf8').replace(/[\d.]+\n$/, '0.5\n');
  const edited = await readStudy([{ name: 'examples/study-wide.csv', text }], {}, nodeReadPorts);
  await analyse(edited, { ...DEFAULT_OPTIONS, bootstrap: 20, cache });
  assert.equal(cache.size, 9, 'one series is analysed anew');
});

test('an aborted analysis rejects with the reason', async () => {
  const study = await studyOf('examples/study-long.csv');
  await assert.rejects(analyse(study, DEFAULT_OPTIONS, AbortSignal.abort(new Error('enough'))), /enough/);
});

test('the examples are what their script makes', async () => {
  const { spawnSync } = await import('node:child_process');
  const done = spawnSync(process.execPath, ['scripts/make-examples.ts', '--check'], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
});
