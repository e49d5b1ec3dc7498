import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channel, ChannelError, type Envelope, type Handlers } from '../../src/protocol/channel.ts';

interface Sums {
  readonly add: readonly [{ readonly a: number; readonly b: number }, number];
  readonly fail: readonly [null, null];
  readonly never: readonly [null, null];
}
interface Nothing {
  readonly [method: string]: never;
}

const sums: Handlers<Sums> = {
  add: ({ a, b }) => a + b,
  fail: () => {
    throw new Error('no such column');
  },
  never: () => new Promise<null>(() => {}),
};

/** Two ends joined by a queue, as postMessage joins them: copies, later, in order. */
function pair(timeout = 1000): { asker: Channel<Sums, Nothing>; answerer: Channel<Nothing, Sums> } {
  const carry = (to: () => { receive(message: unknown): boolean }) => (message: Envelope) => {
    const copy = structuredClone(message);
    setImmediate(() => to().receive(copy));
  };
  const asker: Channel<Sums, Nothing> = new Channel<Sums, Nothing>(
    carry(() => answerer),
    {},
    timeout,
  );
  const answerer: Channel<Nothing, Sums> = new Channel<Nothing, Sums>(
    carry(() => asker),
    sums,
    timeout,
  );
  return { asker, answerer };
}

const failsWith = (kind: string, text: RegExp) => (error: unknown) =>
  error instanceof ChannelError && error.kind === kind && text.test(error.message);

test('a request is answered, also when several are under way', async () => {
  const { asker } = pair();
  assert.deepEqual(
    await Promise.all([asker.request('add', { a: 1, b: 2 }), asker.request('add', { a: 3, b: 4 })]),
    [3, 7],
  );
});

test('an error in a handler reaches the caller with its message', async () => {
  const { asker } = pair();
  await assert.rejects(asker.request('fail', null), failsWith('remote', /no such column/));
});

test('an unknown method is refused, inherited names included', async () => {
  const { asker } = pair();
  const loose = asker as unknown as { request(method: string, params: unknown): Promise<unknown> };
  await assert.rejects(loose.request('missing', null), failsWith('remote', /no method missing/));
  await assert.rejects(loose.request('toString', null), failsWith('remote', /no method toString/));
});

test('a request without an answer ends with a timeout', async () => {
  const { asker } = pair();
  await assert.rejects(asker.request('never', null, 20), failsWith('timeout', /20 ms/));
});

test('disposing ends what is open and refuses what comes later', async () => {
  const { asker } = pair();
  const open = asker.request('never', null, 0);
  asker.dispose();
  await assert.rejects(open, failsWith('closed', /closed/));
  await assert.rejects(asker.request('add', { a: 1, b: 1 }), failsWith('closed', /closed/));
});

test('a post that throws ends its request', async () => {
  const broken = new Channel<Sums, Nothing>(() => {
    throw new Error('disposed webview');
  }, {});
  await assert.rejects(broken.request('add', { a: 1, b: 1 }), failsWith('closed', /disposed webview/));
});

test('messages that are no envelopes are left to others', () => {
  const { asker } = pair();
  for (const message of [null, 7, 'reply', { type: 'view' }, { type: 'request', id: 'x' }])
    assert.equal(asker.receive(message), false);
  assert.equal(asker.receive({ type: 'reply', id: 99, ok: true, value: 1 }), true, 'a late reply is swallowed');
});
