// Large files: read and kept by the analyst, never by the thread that talks to the editor; asked about from afar.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeAction, DocumentSymbol } from 'vscode-languageserver-types';
import type { FitView } from '../../src/core/render/view-model.ts';
import type { Report } from '../../src/core/report-model.ts';
import { LARGE } from '../../src/language/digest.ts';
import type { Analyser, AnalysisRequest } from '../../src/language/ports.ts';
import { EXPORT_METHOD, REPORT_METHOD, SERIES_AT_METHOD, VIEW_METHOD } from '../../src/protocol/language.ts';
import { inlineAnalyser, TestClient } from './client.ts';

const URI = 'file:///study/large.csv';
const TASKS = 5;

/** Rows of models × tasks until the text is large. */
function largeTable(models: number): string {
  const rows = ['model,params,tokens,task,metric,score'];
  for (let model = 0; model < models; model++) {
    const params = Math.round(1e7 * 1.003 ** model);
    for (let task = 0; task < TASKS; task++) {
      const score = 0.3 + 0.05 * task + 0.4 * (1 - (params / 1e7) ** -0.2) + 0.01 * Math.sin(7 * model + task);
      rows.push(`run-${model},${params},${20 * params},task-${task},accuracy,${score.toFixed(5)}`);
    }
  }
  return `${rows.join('\n')}\n`;
}
const text = largeTable(2400);

/** An analyser that can be held back, and that shows what it was asked for. */
class Gate {
  readonly requests: AnalysisRequest[] = [];
  readonly signals: AbortSignal[] = [];
  readonly questions: string[] = [];
  readonly forgotten: string[] = [];
  #open: (() => void)[] = [];
  closed = false;
  /** Questions that find nobody who knows. */
  loses = 0;

  release(): void {
    this.closed = false;
    for (const go of this.#open.splice(0)) go();
  }

  make(): Analyser & { dispose(): void } {
    const inner = inlineAnalyser();
    return {
      analyse: async (request, signal, listener) => {
        this.requests.push(request);
        this.signals.push(signal);
        if (this.closed) {
          await new Promise<void>((resolve) => {
            this.#open.push(resolve);
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
        }
        signal.throwIfAborted();
        return inner.analyse(request, signal, listener);
      },
      ask: (key, turn, question) => {
        this.questions.push(question.kind);
        if (this.loses-- > 0) return Promise.resolve({ known: false });
        return inner.ask(key, turn, question);
      },
      working: () => inner.working(),
      forget: (key) => {
        this.forgotten.push(key);
        inner.forget(key);
      },
      dispose: () => inner.dispose(),
    };
  }
}

function setup(): { client: TestClient; gate: Gate } {
  const gate = new Gate();
  return { gate, client: new TestClient({ settings: { bootstrap: 0 }, analyser: () => gate.make() }) };
}

test('every face answers from the analyst, with the whole report where it is asked for', async () => {
  assert.ok(text.length > LARGE);
  const { client, gate } = setup();
  await client.initialize();
  await client.open(URI, text);
  assert.equal((await client.settled(URI)).phase, 'ready');
  assert.equal(gate.requests[0]?.large, true);
  assert.match(await client.hoverText(URI, 1, 1), /N = 10M/);
  const task = text.split('\n')[1]?.indexOf('task-0') ?? 0;
  assert.match(await client.hoverText(URI, 1, task + 1), /2400 points/);
  assert.match(await client.hoverText(URI, 3, (text.split('\n')[3]?.length ?? 0) - 2), /measured/);
  const at = { line: 2, character: task + 1 };
  assert.match((await client.request<string | null>(SERIES_AT_METHOD, { uri: URI, position: at })) ?? '', /task-1/);
  const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: URI },
    range: { start: { line: 1, character: 1 }, end: { line: 1, character: 1 } },
    context: { diagnostics: [] },
  });
  assert.deepEqual(
    actions.map(({ title }) => title),
    ['Leave run-0 out of the fits (scaling.yaml)'],
  );
  const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument: { uri: URI } });
  assert.equal(symbols.length, TASKS);
  const report = await client.request<{ ok: true; value: Report }>(REPORT_METHOD, { uri: URI });
  assert.deepEqual(
    report.value.series.map(({ x }) => x.length),
    Array<number>(TASKS).fill(2400),
  );
  const view = await client.request<{ ok: true; value: FitView }>(VIEW_METHOD, { uri: URI });
  const points = view.value.series.reduce((sum, one) => sum + one.points.length, 0);
  assert.ok(points <= 10_000 && points > 5000, `${points} points`);
  assert.match(view.value.series[0]?.summary ?? '', /2400 points/);
  assert.match(view.value.notes[0] ?? '', /^[\d,]+ of 12,000 points are shown here/);
  const id = view.value.series[0]?.id ?? '';
  const other = await client.request<{ ok: true; value: FitView }>(VIEW_METHOD, {
    uri: URI,
    fit: { series: id, law: 'log-linear' },
  });
  assert.equal(other.value.series.find((one) => one.id === id)?.curves[0]?.law, 'log-linear');
  const csv = await client.request<{ ok: true; value: string }>(EXPORT_METHOD, { uri: URI, format: 'csv' });
  assert.ok(csv.value.split('\n').length > 5 * 2400);
  for (const kind of ['hover', 'series', 'fixes', 'view', 'report', 'export'])
    assert.ok(gate.questions.includes(kind), kind);
  await client.shutdown();
});

test('a hover waits for the text to be read, and an edit or closing ends the wait', async () => {
  const { client, gate } = setup();
  await client.initialize();
  gate.closed = true;
  await client.open(URI, text);
  await client.until(() => client.changes.some(({ phase }) => phase === 'reading'));
  const waiting = client.hover(URI, 1, 1);
  const symbolless = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: URI },
    range: { start: { line: 1, character: 1 }, end: { line: 1, character: 1 } },
    context: { diagnostics: [] },
  });
  assert.deepEqual(symbolless, [], 'what comes with every move of the cursor does not wait');
  await client.edit(URI, 1, 0, 0, 'x');
  assert.equal(await waiting, null, 'the text it was about is gone');
  await client.until(() => gate.signals[0]?.aborted === true);
  await client.until(() => gate.requests.length === 2);
  const second = client.hoverText(URI, 1, 1);
  gate.release();
  assert.match(await second, /xrun-0/);
  await client.settled(URI);
  gate.closed = true;
  await client.edit(URI, 1, 0, 1, '');
  await client.until(() => gate.requests.length === 3);
  const last = client.hover(URI, 1, 1);
  const seen = client.changes.length;
  await client.close(URI);
  assert.equal(await last, null);
  assert.equal(gate.signals[2]?.aborted, true);
  assert.deepEqual(gate.forgotten.includes(URI), true);
  await client.request(REPORT_METHOD, { uri: URI });
  assert.deepEqual(
    client.changes.slice(seen).filter(({ uri }) => uri === URI),
    [],
    'nothing more is said of a closed file',
  );
  await client.shutdown();
});

test('edits in a row are analysed once, as the last text, after a pause that grows with the text', async () => {
  const { client, gate } = setup();
  await client.initialize();
  await client.open(URI, text);
  await client.settled(URI);
  const seen = client.changes.length;
  for (let i = 0; i < 8; i++) await client.edit(URI, 1, i, i, 'x');
  await client.settled(URI, seen);
  const texts = gate.requests.slice(1).map(({ source }) => (source.kind === 'text' ? source.text : ''));
  assert.equal(texts.at(-1)?.startsWith('model,params,tokens,task,metric,score\nxxxxxxxxrun-0,'), true);
  assert.ok(texts.length <= 2, `${texts.length} analyses`);
  await client.shutdown();
});

test('what a lost thread knew is read again', async () => {
  const { client, gate } = setup();
  await client.initialize();
  await client.open(URI, text);
  await client.settled(URI);
  gate.loses = 1;
  assert.match(await client.hoverText(URI, 1, 1), /N = 10M/);
  assert.equal(gate.requests.length, 2);
  await client.shutdown();
});
