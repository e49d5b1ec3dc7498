// What is asked while an analysis is under way: the first series are shown before the last one is fitted, another law
// gives way to a newer text, and a fault is called a fault.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FitView } from '../../src/core/render/view-model.ts';
import type { Analyser, AnalysisRequest } from '../../src/language/ports.ts';
import { type Answer, FIT_METHOD, REPORT_METHOD, VIEW_METHOD } from '../../src/protocol/language.ts';
import { inlineAnalyser, TestClient } from './client.ts';

const wide = readFileSync(join(import.meta.dirname, '../../examples/study-wide.csv'), 'utf8');
const WIDE = 'file:///study/study-wide.csv';

/** An analyser that a test can hold at a request, or make fail. */
class Held {
  readonly signals: AbortSignal[] = [];
  /** Whether a request is held back before it is begun, or after its first series. */
  hold: (request: AnalysisRequest) => 'before' | 'after' | null = () => null;
  fault: Error | null = null;
  #go: (() => void)[] = [];

  release(): void {
    this.hold = () => null;
    for (const go of this.#go.splice(0)) go();
  }

  make(): Analyser & { dispose(): void } {
    const inner = inlineAnalyser();
    return {
      ...inner,
      analyse: async (request, signal, listener) => {
        this.signals.push(signal);
        const how = this.hold(request);
        if (this.fault !== null) throw this.fault;
        if (how === 'before') await this.#wait(signal);
        if (how !== 'after') return inner.analyse(request, signal, listener);
        const result = await inner.analyse(request, signal, {
          ...listener,
          onSeries: (series, done, total) => (done === 1 ? listener.onSeries(series, done, total) : undefined),
        });
        // It may have been let go of while the other series were fitted.
        if (this.hold(request) !== null) await this.#wait(signal);
        return result;
      },
    };
  }

  /** The signal of the request that comes after so many. */
  async next(seen: number): Promise<AbortSignal> {
    for (;;) {
      const signal = this.signals[seen];
      if (signal !== undefined) return signal;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #wait(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#go.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    signal.throwIfAborted();
  }
}

test('a first analysis under way is drawn with the series that are done', async () => {
  const held = new Held();
  held.hold = () => 'after';
  const client = new TestClient({ analyser: () => held.make() });
  await client.initialize();
  await client.open(WIDE, wide);
  await client.until(() => client.changes.some(({ phase, view }) => phase === 'fitting' && view));
  const early = await client.request<Answer<FitView>>(VIEW_METHOD, { uri: WIDE });
  assert.ok(early.ok);
  assert.equal(early.value.state, 'fitting');
  assert.equal(early.value.series.length, 1);
  assert.equal(early.value.series[0]?.points.length, 12);
  held.release();
  await client.settled(WIDE);
  const whole = await client.request<Answer<FitView>>(VIEW_METHOD, { uri: WIDE });
  assert.ok(whole.ok);
  assert.equal(whole.value.series.length, 8);
  assert.ok(whole.value.version > early.value.version);
  await client.shutdown();
});

test('another law gives way to a newer text, and is fitted to that', async () => {
  const held = new Held();
  const client = new TestClient({ analyser: () => held.make() });
  await client.initialize();
  await client.open(WIDE, wide);
  await client.settled(WIDE);
  const series = 'reading/accuracy';
  held.hold = ({ only }) => (only === null ? null : 'before');
  const seen = held.signals.length;
  const asked = client.request<Answer<FitView>>(VIEW_METHOD, { uri: WIDE, fit: { series, law: 'log-linear' } });
  const signal = await held.next(seen);
  const cell = '0.3825';
  const from = (wide.split('\n')[1] as string).indexOf(cell);
  await client.edit(WIDE, 1, from, from + cell.length, '0.4825');
  await once(signal, 'abort');
  held.release();
  const answer = await asked;
  assert.ok(answer.ok, JSON.stringify(answer));
  const shown = answer.value.series.find(({ id }) => id === series);
  assert.equal(shown?.curves[0]?.law, 'log-linear');
  assert.equal(shown?.points[0]?.y, 0.4825, 'points and curve are of one text');
  await client.shutdown();
});

test('closing a file ends the wait for another law', async () => {
  const held = new Held();
  const client = new TestClient({ analyser: () => held.make() });
  await client.initialize();
  await client.open(WIDE, wide);
  await client.settled(WIDE);
  held.hold = () => 'before';
  const seen = held.signals.length;
  const asked = client.request<Answer<FitView>>(VIEW_METHOD, {
    uri: WIDE,
    fit: { series: 'reading/accuracy', law: 'log-linear' },
  });
  await held.next(seen);
  await client.close(WIDE);
  assert.deepEqual(await asked, { ok: false, why: 'The file was closed.' });
  await client.shutdown();
});

test('a fault of ours is called that, without its stack, and the next analysis tries again', async () => {
  const held = new Held();
  held.fault = new Error('The analysis was ended: out of memory');
  const client = new TestClient({ analyser: () => held.make() });
  await client.initialize();
  await client.open(WIDE, wide);
  const state = await client.settled(WIDE);
  assert.equal(state.phase, 'failed');
  assert.equal(state.text, 'analysis failed');
  assert.equal(state.detail, 'The analysis was ended: out of memory');
  const fitted = await client.request<Answer<unknown>>(FIT_METHOD, { uri: WIDE });
  assert.deepEqual(fitted, { ok: false, why: 'The analysis was ended: out of memory' });
  held.fault = null;
  const again = await client.request<Answer<unknown>>(FIT_METHOD, { uri: WIDE });
  assert.equal(again.ok, true, JSON.stringify(again));
  await client.shutdown();
});

test('a file that nobody has analysed is refused with the way to do it', async () => {
  const client = new TestClient();
  await client.initialize();
  for (const method of [VIEW_METHOD, REPORT_METHOD]) {
    const answer = await client.request<Answer<unknown>>(method, { uri: WIDE });
    assert.match(answer.ok ? '' : answer.why, /not been analysed yet: run “Fit Scaling Law”/);
  }
  assert.deepEqual(client.log, [], 'a refusal is no fault');
  await client.shutdown();
});
