import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DocumentSymbol, InlayHint } from 'vscode-languageserver-types';
import type { FitView } from '../../src/core/render/view-model.ts';
import type { Report } from '../../src/core/report-model.ts';
import {
  EXPORT_METHOD,
  FIT_METHOD,
  REPORT_METHOD,
  SERIES_AT_METHOD,
  VIEW_METHOD,
} from '../../src/protocol/language.ts';
import { TestClient } from './client.ts';

const examples = join(import.meta.dirname, '../../examples');
const wide = readFileSync(join(examples, 'study-wide.csv'), 'utf8');
const long = readFileSync(join(examples, 'study-long.csv'), 'utf8');
const runs = readFileSync(join(examples, 'study-runs.yaml'), 'utf8');
const WIDE = 'file:///study/study-wide.csv';
const LONG = 'file:///study/study-long.csv';
const RUNS = 'file:///study/study-runs.yaml';

const headers = (wide.split('\n')[0] as string).split(',');
/** Character at which the header of a column begins. */
const headerAt = (name: string): number => headers.slice(0, headers.indexOf(name)).join(',').length + 1;

test('initialize: incremental sync, hovers, symbols, lenses', async () => {
  const client = new TestClient();
  const { capabilities } = await client.initialize();
  assert.deepEqual(capabilities['textDocumentSync'], { openClose: true, change: 2 });
  assert.equal(capabilities['hoverProvider'], true);
  assert.equal(capabilities['documentSymbolProvider'], true);
  await client.shutdown();
});

test('a wide table: findings with codes, links and ranges on the header cells', async () => {
  const client = new TestClient();
  await client.initialize();
  await client.open(WIDE, wide);
  const state = await client.settled(WIDE);
  assert.equal(state.phase, 'ready', state.detail);
  assert.match(state.text, /^8 tasks × 12 models/);
  const diagnostics = client.diagnostics.get(WIDE) ?? [];
  const inverse = diagnostics.find(({ code }) => code === 'trend.inverse');
  assert.ok(inverse, JSON.stringify(diagnostics));
  assert.equal(inverse.severity, 2);
  assert.equal(inverse.source, 'Scaling Lens');
  assert.match(inverse.codeDescription?.href ?? '', /\/docs\/findings\/trend\.inverse\.md$/);
  assert.deepEqual(inverse.range.start, { line: 0, character: headerAt('negation/accuracy') });
  assert.equal(inverse.range.end.character, headerAt('negation/accuracy') + 'negation/accuracy'.length);
  const where = (code: string): string[] =>
    diagnostics
      .filter((one) => one.code === code)
      .map(({ range }) => wide.slice(range.start.character, range.end.character));
  assert.deepEqual(where('trend.inverse'), ['negation/accuracy']);
  assert.deepEqual(where('trend.u-shaped'), ['hindsight/accuracy']);
  assert.deepEqual(where('trend.inverted-u'), ['repetition/accuracy']);
  assert.deepEqual(where('trend.emergent'), ['arithmetic/accuracy']);
  await client.shutdown();
});

test('hovers: a header tells its law, a score its prediction, a model its sizes, the rest is silent', async () => {
  const client = new TestClient();
  await client.initialize();
  await client.open(WIDE, wide);
  await client.settled(WIDE);
  const header = await client.hoverText(WIDE, 0, headerAt('negation/accuracy') + 3);
  assert.match(header, /inverse scaling/);
  assert.match(header, /\| parameter \| value \|/);
  assert.match(header, /!\[[^\]]+\]\(data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+\)/);
  const uri = /data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+/.exec(header)?.[0] ?? '';
  assert.ok(uri.length < 4096, `${uri.length} characters of image`);
  assert.match(header, /12 points/);
  assert.match(header, /From [^ ]+ at .* to .* at /, 'what the picture shows, in words');
  const row = wide.split('\n')[5] as string;
  const score = await client.hoverText(WIDE, 5, row.lastIndexOf(',') + 1);
  assert.match(score, /predicted .*\(90 % interval .* to .*\)|predicted .*90/);
  assert.match(score, /residual .*σ/);
  assert.match(score, /rank \d+ of 12/);
  const model = await client.hoverText(WIDE, 5, 1);
  assert.match(model, /N = 200M/);
  assert.match(model, /D = 8B/);
  assert.match(model, /C = /);
  assert.equal(await client.hover(WIDE, 500, 0), null, 'beyond the text');
  await client.shutdown();
});

test('an edit to one task changes the findings, and refits that task alone', async (t) => {
  const client = new TestClient();
  await client.initialize();
  await client.open(WIDE, wide);
  await client.settled(WIDE);
  const lines = wide.split('\n');
  const column = headers.indexOf('negation/accuracy');
  // Turn the inverse task around: the largest models become the best.
  const started = performance.now();
  const seen = client.changes.length;
  for (let line = 1; line <= 12; line++) {
    const cells = (lines[line] as string).split(',');
    const from = cells.slice(0, column).join(',').length + 1;
    const other = (lines[13 - line] as string).split(',')[column] as string;
    await client.edit(WIDE, line, from, from + (cells[column] as string).length, other);
  }
  const codes = (): unknown[] => (client.diagnostics.get(WIDE) ?? []).map(({ code }) => code);
  await client.until(() => !codes().includes('trend.inverse'));
  await client.settled(WIDE, seen);
  t.diagnostic(`${(performance.now() - started).toFixed(0)} ms from the edit to the findings`);
  const finished = client.changes.slice(seen).filter(({ phase }) => phase === 'ready');
  assert.deepEqual([...new Set(finished.map(({ fitted }) => fitted))], [1], 'one task of eight');
  await client.shutdown();
});

test('a long table and a YAML run give the same labels', async () => {
  const client = new TestClient();
  await client.initialize();
  const labels = async (uri: string): Promise<string[]> => {
    const answer = await client.request<{ ok: true; value: Report }>(REPORT_METHOD, { uri });
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.value.series.map(({ task, shape }) => `${task}: ${shape?.label} ${shape?.emergent}`).sort();
  };
  await client.open(LONG, long);
  await client.open(RUNS, runs, 'yaml');
  await client.settled(LONG);
  await client.settled(RUNS);
  const fromLong = await labels(LONG);
  assert.equal(fromLong.length, 8);
  assert.deepEqual(await labels(RUNS), fromLong);
  const inverse = (client.diagnostics.get(LONG) ?? []).find(({ code }) => code === 'trend.inverse');
  const lines = long.split('\n');
  const { start, end } = inverse?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  assert.equal((lines[start.line] as string).slice(start.character, end.character), 'negation');
  const task = await client.hoverText(LONG, start.line, start.character + 1);
  assert.match(task, /inverse scaling/);
  await client.shutdown();
});

test('outline, views, exports and the series at the cursor', async () => {
  const client = new TestClient();
  await client.initialize();
  await client.open(WIDE, wide);
  const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', {
    textDocument: { uri: WIDE },
  });
  const all = symbols.flatMap((one) => [one, ...(one.children ?? [])]).map(({ name }) => name);
  assert.ok(
    all.some((name) => name.includes('negation')),
    all.join(),
  );
  const view = await client.request<{ ok: true; value: FitView }>(VIEW_METHOD, { uri: WIDE });
  assert.equal(view.value.state, 'ready');
  assert.equal(view.value.series.length, 8);
  const negation = view.value.series.find(({ task }) => task === 'negation');
  assert.equal(negation?.points.length, 12);
  assert.ok((negation?.curves[0]?.xs.length ?? 0) > 10);
  assert.equal(negation?.points[0]?.range?.start.line, 1);
  const other = await client.request<{ ok: true; value: FitView }>(VIEW_METHOD, {
    uri: WIDE,
    fit: { series: negation?.id, law: 'log-linear' },
  });
  assert.equal(other.value.series.find(({ id }) => id === negation?.id)?.curves[0]?.law, 'log-linear');
  const at = await client.request<string | null>(SERIES_AT_METHOD, {
    uri: WIDE,
    position: { line: 3, character: (wide.split('\n')[3] as string).length },
  });
  assert.match(at ?? '', /arithmetic/);
  for (const [format, pattern] of [
    ['csv', /negation/],
    ['json', /"version": 1/],
    ['markdown', /\| series \|/],
  ] as const) {
    const exported = await client.request<{ ok: true; value: string }>(EXPORT_METHOD, { uri: WIDE, format });
    assert.match(exported.value, pattern);
  }
  await client.shutdown();
});

test('a file that no editor holds is fitted from disk, with progress, and forgotten on close', async () => {
  const client = new TestClient({ files: { [WIDE]: wide } });
  await client.initialize();
  const progress: unknown[] = [];
  client.connection.onNotification('$/progress', ({ value }: { value: unknown }) => {
    progress.push(value);
  });
  const answer = await client.request<{ ok: boolean; value: { series: number } }>(FIT_METHOD, {
    uri: WIDE,
    workDoneToken: 't',
  });
  assert.equal(answer.ok, true, JSON.stringify(answer));
  assert.equal(answer.value.series, 8);
  assert.ok(progress.length >= 2, 'begin and end at least');
  assert.equal((await client.request<{ ok: boolean }>(VIEW_METHOD, { uri: WIDE })).ok, true);
  await client.connection.sendNotification('scalingLens/close', { uri: WIDE });
  assert.equal((await client.request<{ ok: boolean }>(VIEW_METHOD, { uri: WIDE })).ok, false);
  const missing = await client.request<{ ok: boolean; why: string }>(FIT_METHOD, { uri: 'file:///study/none.csv' });
  assert.equal(missing.ok, false);
  await client.shutdown();
});

test('settings: off switches, levels, large files', async () => {
  const client = new TestClient({
    settings: { bootstrap: 0, hover: false, findings: { severity: { 'trend.inverse': 'ignore' } } },
  });
  await client.initialize();
  await client.open(WIDE, wide);
  await client.settled(WIDE);
  const codes = (): unknown[] => (client.diagnostics.get(WIDE) ?? []).map(({ code }) => code);
  assert.ok(codes().length > 0 && !codes().includes('trend.inverse'), codes().join());
  assert.equal(await client.hover(WIDE, 0, headerAt('negation/accuracy') + 1), null);
  const change = async (settings: Readonly<Record<string, unknown>>): Promise<void> => {
    const seen = client.changes.length;
    client.settings = settings;
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await client.settled(WIDE, seen);
  };
  await change({ bootstrap: 0, diagnostics: false });
  assert.deepEqual(codes(), []);
  await change({ enable: false });
  assert.equal(client.changes.at(-1)?.text, 'off');
  await change({ bootstrap: 0, maxFileSizeMB: 1 });
  assert.ok(codes().includes('trend.inverse'));
  const seen = client.changes.length;
  await client.open('file:///study/large.csv', wide + 'x'.repeat(1_100_000));
  assert.match((await client.settled('file:///study/large.csv', seen)).text, /MB, not read/);
  const asked = await client.request<{ ok: boolean; value: { series: number } }>(FIT_METHOD, {
    uri: 'file:///study/large.csv',
  });
  assert.equal(asked.ok, true, 'but it is read when somebody asks for it');
  await client.shutdown();
});

test('residuals of outliers as hints: off by default, behind the cell, never from an earlier text', async () => {
  const client = new TestClient();
  const { capabilities } = await client.initialize();
  assert.equal(capabilities['inlayHintProvider'], true);
  const asked: string[] = [];
  client.connection.onRequest('workspace/inlayHint/refresh', () => asked.push('hints'));
  const lines = wide.split('\n');
  const column = headers.indexOf('reading/accuracy');
  const cells = (lines[6] as string).split(',');
  cells[column] = '0.9';
  lines[6] = cells.join(',');
  await client.open(WIDE, lines.join('\n'));
  await client.settled(WIDE);
  const hints = (from = 0, to = 100): Promise<InlayHint[]> =>
    client.request('textDocument/inlayHint', {
      textDocument: { uri: WIDE },
      range: { start: { line: from, character: 0 }, end: { line: to, character: 0 } },
    });
  assert.deepEqual(await hints(), []);
  const seen = client.changes.length;
  client.settings = { bootstrap: 20, inlayHints: true };
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await client.settled(WIDE, seen);
  const found = await hints();
  const end = cells.slice(0, column + 1).join(',').length;
  const own = found.find(({ position }) => position.line === 6);
  assert.deepEqual(own?.position, { line: 6, character: end }, JSON.stringify(found));
  assert.match(own?.label as string, /^\+0\.\d+ \([\d.]+ σ\)$/);
  assert.match(own?.tooltip as string, /measured 0\.9, .* standard deviations of the other 11 residuals/);
  assert.ok(found.length <= 3, 'outliers only');
  assert.deepEqual(
    (await hints(0, 5)).filter(({ position }) => position.line > 5),
    [],
  );
  assert.ok(asked.length > 0, 'the editor is told that there is something new');
  await client.edit(WIDE, 6, end - 3, end, '0.5');
  const after = (await hints()).filter(({ position }) => position.line === 6 && position.character === end);
  assert.deepEqual(after, [], 'the score is no outlier any more');
  await client.shutdown();
});

test('whatever a document holds, the server answers quietly and lives on', async () => {
  const client = new TestClient();
  await client.initialize();
  const wideLine = Array.from({ length: 5000 }, (_, i) => `c${i}`).join(',');
  const bad: Readonly<Record<string, string>> = {
    empty: '',
    blank: '\n\n  \n',
    'header only': 'model,params,acc\n',
    binary: 'PK\u0003\u0004\0\0\0\uFFFD\uFFFD\0junk',
    'one column': 'model\na\nb\nc\n',
    'no numbers': 'model,task\na,b\nc,d\n',
    mixed: 'model,params;acc\na,1;2\nb;3,4\n',
    'many columns': `${wideLine}\n${wideLine}\n`,
    unclosed: 'model,params,acc\n"a,1,2\nb,3,4\n',
    'duplicate headers': 'model,acc,acc\na,1,2\nb,3,4\nc,5,6\n',
    'nan and negative': 'model,params,acc\na,-1e9,nan\nb,inf,0.5\nc,0,0.6\n',
    proto: '__proto__,constructor,toString\n1,2,3\n4,5,6\n',
    'one long line': `model,params,acc\n${'x'.repeat(2_000_000)}`,
  };
  for (const [name, text] of Object.entries(bad)) {
    const uri = `file:///study/${encodeURIComponent(name)}.csv`;
    await client.open(uri, text);
    const state = await client.settled(uri);
    assert.notEqual(state.phase, 'failed', `${name}: ${state.detail}`);
    assert.notEqual(state.text, '', name);
    if (state.phase === 'nothing') assert.deepEqual(client.diagnostics.get(uri), [], name);
    await client.hover(uri, 0, 0);
    await client.close(uri);
  }
  const yaml: Readonly<Record<string, string>> = {
    compose: 'services:\n  web:\n    image: nginx\n',
    broken: 'runs:\n  - {model: a, results: {x: [1, 2\n',
    aliases: 'a: &a [x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n',
  };
  for (const [name, text] of Object.entries(yaml)) {
    const uri = `file:///study/${name}.yaml`;
    await client.open(uri, text, 'yaml');
    assert.notEqual((await client.settled(uri)).phase, 'failed', name);
  }
  await client.open(WIDE, wide);
  assert.equal((await client.settled(WIDE)).phase, 'ready');
  await client.shutdown();
});

test('a manifest beside the file is honoured, also while it is edited', async () => {
  const MANIFEST = 'file:///study/scaling.yaml';
  const client = new TestClient();
  await client.initialize();
  await client.open(WIDE, wide);
  await client.settled(WIDE);
  assert.match(client.changes.at(-1)?.text ?? '', /12 models/);
  const seen = client.changes.length;
  await client.open(
    MANIFEST,
    'version: 1\nsources:\n  - files: "*.csv"\nselect:\n  exclude:\n    - {model: sim-9b, why: "left out by a test"}\n',
    'yaml',
  );
  await client.until(() => client.changes.slice(seen).some(({ uri, phase }) => uri === WIDE && phase === 'ready'));
  const answer = await client.request<{ ok: true; value: Report }>(REPORT_METHOD, { uri: WIDE });
  const fitted = answer.value.series.map(({ fits }) => fits[0]?.n ?? 0);
  assert.ok(fitted.length > 0 && fitted.every((n) => n <= 11), fitted.join());
  await client.shutdown();
});
