import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeLine, type JournalLine } from '../../src/core/passuntil/journal.ts';
import type { Report } from '../../src/core/report-model.ts';
import { withoutJournal } from '../../src/language/journal.ts';
import { FIT_METHOD, REPORT_METHOD } from '../../src/protocol/language.ts';
import { coinModel, coinRun, coinTrials } from '../fixture/coin-journal.ts';
import { TestClient } from '../server/client.ts';

const models = [1, 3, 10, 30, 100].map((m) => coinModel(`m${m}`, m * 1e7));
const run = coinRun({ task: 'coins, small', r: 2, kMax: 1000, prompts: { count: 8, hash: 'abc' }, models });

/** Draws whose last of two passes comes the sooner, the larger the model. */
function journal(): string {
  const lines: JournalLine[] = [run];
  for (const [size, { name }] of models.entries()) {
    for (let i = 0; i < 8; i++) {
      const wait = Math.round(60 / (size + 1)) + 3 * i;
      const outcomes = `${'0'.repeat(wait)}1${'0'.repeat(wait)}1`;
      lines.push(coinTrials(lines.length, `q${i}`, 0, outcomes, { model: name }));
    }
  }
  return lines.map(encodeLine).join('');
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a journal becomes a table of its counts, anything else stays what it is', async () => {
  const table = await withoutJournal({ name: 'a.jsonl', bytes: bytes(journal()) });
  assert.ok(table.ok);
  const [header, first] = (table.value.text ?? '').split('\n');
  assert.equal(header, 'task,instance,model,params,passes,trials,r,capped');
  assert.equal(first, '"coins, small",q0,m1,10000000,2,122,2,0');
  async function* chunks(): AsyncIterable<Uint8Array> {
    const all = bytes(journal());
    for (let from = 0; from < all.length; from += 700) yield all.subarray(from, from + 700);
  }
  const streamed = await withoutJournal({ name: 'a.jsonl', stream: { size: null, chunks } });
  assert.equal(streamed.ok && streamed.value.text, table.value.text);
  const other = { name: 'b.jsonl', bytes: bytes('{"model":"a"}\n') };
  assert.deepEqual(await withoutJournal(other), { ok: true, value: other });
  const none = await withoutJournal({ name: 'a.jsonl', bytes: bytes(encodeLine(run)) });
  assert.match(none.ok ? '' : none.error, /no answers yet: go on with Run PassUntil/);
});

test('Fit Scaling Law on a journal gives its pass rate over the sizes', async () => {
  const uri = 'file:///home/coins.passuntil.jsonl';
  const client = new TestClient({ files: { [uri]: journal() } });
  await client.initialize();
  const fitted = await client.request<{ ok: boolean }>(FIT_METHOD, { uri });
  assert.equal(fitted.ok, true, JSON.stringify(fitted));
  const { value } = await client.request<{ value: Report }>(REPORT_METHOD, { uri });
  assert.deepEqual(
    value.series.map(({ task, metric, x }) => [task, metric, x.length]),
    [['coins, small', 'pass-until', 5]],
  );
  await client.shutdown();
});
