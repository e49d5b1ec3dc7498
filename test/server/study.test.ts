// Several files as one study: a manifest that is opened by itself, and the table of models that it names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FitView } from '../../src/core/render/view-model.ts';
import type { Report } from '../../src/core/report-model.ts';
import { FIT_METHOD, REPORT_METHOD, VIEW_METHOD } from '../../src/protocol/language.ts';
import { TestClient } from './client.ts';

const MANIFEST = 'file:///home/study/scaling.yaml';
const EVALS = 'file:///home/study/evals.csv';
const MODELS = 'file:///home/study/models.csv';
const names = ['ant', 'bee', 'cat', 'dog', 'elk', 'fox', 'gnu', 'hen'];
const scores = (from: number): string =>
  `model,task,metric,score\n${names.map((name, i) => `${name},maths,accuracy,${(from + 0.05 * i).toFixed(3)}`).join('\n')}\n`;
const models = `model,params,tokens\n${names.map((name, i) => `${name},${3 ** i * 1e7},${3 ** i * 2e8}`).join('\n')}\n`;
const manifest = 'version: 1\nsources:\n  - files: evals.csv\nmodels: models.csv\n';

const reportOf = async (client: TestClient, uri: string): Promise<Report> =>
  (await client.request<{ value: Report }>(REPORT_METHOD, { uri })).value;

test('a manifest that is opened by itself gives the study that its sources name', async () => {
  const client = new TestClient({ files: { [EVALS]: scores(0.3), [MODELS]: models } });
  await client.initialize();
  await client.open(MANIFEST, manifest, 'yaml');
  const state = await client.settled(MANIFEST);
  assert.equal(state.phase, 'ready');
  assert.match(state.text, /^study of 2 files: 1 task × 8 models/);
  assert.deepEqual(client.diagnostics.get(MANIFEST), []);
  const report = await reportOf(client, MANIFEST);
  assert.deepEqual(
    report.series.map(({ task, x }) => [task, x.length]),
    [['maths', 8]],
  );
  const view = await client.request<{ value: FitView }>(VIEW_METHOD, { uri: MANIFEST });
  assert.equal(view.value.state, 'ready');
  const points = view.value.series[0]?.points ?? [];
  assert.deepEqual(
    points.map(({ uri, range }) => [uri, range?.start.line]),
    names.map((_, i) => [EVALS, i + 1]),
    'a point is shown in the file that holds it',
  );
  const completed = await client.request<{ label: string }[]>('textDocument/completion', {
    textDocument: { uri: MANIFEST },
    position: { line: 2, character: '  - files: '.length },
  });
  const labels = completed.map(({ label }) => label);
  assert.ok(labels.includes('evals.csv') && !labels.includes('scaling.yaml'), labels.join(' '));
  // A file that an editor holds counts, not what is on disk, and a change of it is followed.
  await client.open(EVALS, scores(0.3));
  await client.settled(EVALS);
  const seen = client.changes.length;
  await client.edit(EVALS, 1, 'ant,maths,accuracy,'.length, 'ant,maths,accuracy,0.300'.length, '0.111');
  await client.settled(MANIFEST, seen);
  assert.equal((await reportOf(client, MANIFEST)).series[0]?.y[0], 0.111);
  await client.shutdown();
});

test('files that are written, come or go on disk are followed', async () => {
  const files: Record<string, string> = { [EVALS]: scores(0.3), [MODELS]: models };
  const client = new TestClient({ files });
  await client.initialize();
  await client.open(MANIFEST, 'version: 1\nsources:\n  - files: "{evals,more/*}.csv"\nmodels: models.csv\n', 'yaml');
  await client.settled(MANIFEST);
  const changed = async (uri: string, type: 1 | 2 | 3): Promise<Report> => {
    const seen = client.changes.length;
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type }] });
    await client.settled(MANIFEST, seen);
    return reportOf(client, MANIFEST);
  };
  files[EVALS] = scores(0.4);
  assert.equal((await changed(EVALS, 2)).series[0]?.y[0], 0.4);
  const more = 'file:///home/study/more/logic.csv';
  files[more] = scores(0.2).replaceAll('maths', 'logic');
  assert.deepEqual(
    (await changed(more, 1)).series.map(({ task }) => task),
    ['maths', 'logic'],
  );
  delete files[more];
  assert.equal((await changed(more, 3)).series.length, 1);
  await client.shutdown();
});

test('a results file takes its sizes from the table of models that the manifest names', async () => {
  const client = new TestClient({ files: { [MANIFEST]: manifest, [MODELS]: models } });
  await client.initialize();
  await client.open(EVALS, scores(0.3));
  assert.match((await client.settled(EVALS)).text, /1 task × 8 models/);
  const series = (await reportOf(client, EVALS)).series[0];
  assert.equal(series?.x.length, 8);
  assert.match(await client.hoverText(EVALS, 2, 1), /N = 30M/);
  await client.shutdown();
});

test('a table of models that is not there is named', async () => {
  const client = new TestClient({ files: { [MANIFEST]: manifest } });
  await client.initialize();
  await client.open(EVALS, scores(0.3));
  await client.settled(EVALS);
  const said = (client.diagnostics.get(EVALS) ?? []).map(({ message }) =>
    typeof message === 'string' ? message : message.value,
  );
  assert.ok(
    said.some((message) =>
      /^scaling\.yaml:4: The table of models models\.csv cannot be read: no such file/.test(message),
    ),
    said.join('\n'),
  );
  await client.shutdown();
});

test('sources that name nothing are marked where they stand, and the status says so', async () => {
  const client = new TestClient({ files: { [EVALS]: scores(0.3), [MODELS]: models } });
  await client.initialize();
  const text = 'version: 1\nsources:\n  - files: [evals.csv, "runs/*.json"]\nmodels: models.csv\n';
  await client.open(MANIFEST, text, 'yaml');
  assert.equal((await client.settled(MANIFEST)).phase, 'ready');
  const marked = (client.diagnostics.get(MANIFEST) ?? []).map(({ range, message }) => [range.start.line, message]);
  assert.deepEqual(marked, [[2, 'No file matches runs/*.json.']]);
  const seen = client.changes.length;
  await client.edit(MANIFEST, 2, 0, 100, '  - files: "*.parquet"');
  const state = await client.settled(MANIFEST, seen);
  assert.equal(state.phase, 'nothing');
  assert.match(`${state.text}: ${state.detail}`, /^study manifest: No file matches \*\.parquet\.$/);
  await client.shutdown();
});

test('a study beyond the limit is read when it is asked for', async () => {
  const large = scores(0.3) + '# '.padEnd(1_100_000, 'x');
  const client = new TestClient({
    files: { [EVALS]: large, [MODELS]: models },
    settings: { bootstrap: 0, maxFileSizeMB: 1 },
  });
  await client.initialize();
  await client.open(MANIFEST, manifest, 'yaml');
  const state = await client.settled(MANIFEST);
  assert.equal(state.phase, 'nothing');
  assert.match(state.detail, /1 MB, more than `scalingLens\.maxFileSizeMB` = 1/);
  const fitted = await client.request<{ ok: boolean }>(FIT_METHOD, { uri: MANIFEST });
  assert.equal(fitted.ok, true, JSON.stringify(fitted));
  await client.shutdown();
});
