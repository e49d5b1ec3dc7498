import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Meaning,
  type Reply,
  requestBody,
  requestUrl,
  understand,
  waitOf,
} from '../../../src/core/passuntil/completions.ts';
import type { ModelSpec, Sampling } from '../../../src/core/passuntil/run-plan.ts';

const model = (endpoint: string, api: ModelSpec['api'] = 'completions'): ModelSpec => ({
  name: 'm',
  params: 1e8,
  endpoint,
  model: 'org/m',
  api,
  keyEnv: null,
  price: null,
});
const sampling: Sampling = {
  temperature: 0.8,
  topP: null,
  maxTokens: 32,
  stop: ['\n'],
  system: 'Be brief.',
  extra: {},
};
const reply = (status: number, body: unknown, retryAfter: string | null = null): Reply => ({
  kind: 'answer',
  status,
  retryAfter,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const meaning = (r: Reply, n = 1, api: ModelSpec['api'] = 'completions'): Meaning => understand(r, api, n, 0);

test('addresses with and without version, path and query', () => {
  assert.equal(requestUrl(model('http://h:1')), 'http://h:1/v1/completions');
  assert.equal(requestUrl(model('http://h:1/v1/')), 'http://h:1/v1/completions');
  assert.equal(requestUrl(model('https://h/api/v1', 'chat')), 'https://h/api/v1/chat/completions');
  assert.equal(requestUrl(model('https://h/x?api-version=2', 'chat')), 'https://h/x/v1/chat/completions?api-version=2');
  assert.equal(requestUrl(model('https://h/v1/chat/completions', 'chat')), 'https://h/v1/chat/completions');
});

test('bodies of both kinds', () => {
  const plain = JSON.parse(requestBody(model('x'), sampling, 'Q', 4)) as Record<string, unknown>;
  assert.deepEqual(plain, {
    model: 'org/m',
    n: 4,
    temperature: 0.8,
    max_tokens: 32,
    stop: ['\n'],
    stream: false,
    prompt: 'Q',
  });
  const chat = JSON.parse(requestBody(model('x', 'chat'), { ...sampling, topP: 0.9, stop: [] }, 'Q', 1)) as Record<
    string,
    unknown
  >;
  assert.deepEqual(chat['messages'], [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Q' },
  ]);
  assert.equal(chat['top_p'], 0.9);
  assert.equal('stop' in chat, false);
});

test('completions in the order of their index, tokens and id with them', () => {
  const found = meaning(
    reply(200, {
      id: 'r1',
      choices: [
        { index: 1, text: 'b' },
        { index: 0, text: 'a' },
      ],
      usage: { prompt_tokens: 5, completion_tokens: 2 },
    }),
    2,
  );
  assert.deepEqual(found, {
    kind: 'completions',
    texts: ['a', 'b'],
    response: 'r1',
    promptTokens: 5,
    completionTokens: 2,
  });
  const chat = meaning(
    reply(200, { choices: [{ message: { content: null } }, { message: { content: 'x' } }] }),
    2,
    'chat',
  );
  assert.ok(chat.kind === 'completions');
  assert.deepEqual(chat.texts, ['', 'x']);
});

test('every fault is told apart', () => {
  const kinds: [Reply, string][] = [
    [reply(429, { error: { message: 'slow' } }, '3'), 'busy'],
    [reply(503, '', null), 'busy'],
    [reply(500, 'x'), 'again'],
    [reply(504, 'x'), 'again'],
    [reply(200, ''), 'again'],
    [reply(200, '{"choices":[{"te'), 'again'],
    [reply(200, { choices: [] }), 'again'],
    [reply(200, { choices: [{ text: 'half', finish_reason: 'abort' }] }), 'again'],
    [reply(200, { choices: [{ nothing: 1 }] }), 'again'],
    [reply(401, { error: { message: 'bad key' } }), 'refused'],
    [reply(404, { detail: 'no model' }), 'refused'],
    [{ kind: 'failure', why: 'timeout', message: 'late' }, 'again'],
    [{ kind: 'failure', why: 'too-large', message: 'huge' }, 'refused'],
  ];
  for (const [one, kind] of kinds) assert.equal(meaning(one).kind, kind, JSON.stringify(one));
  const busy = meaning(reply(429, { error: { message: 'slow' } }, '3'));
  assert.ok(busy.kind === 'busy' && busy.wait === 3 && busy.message === 'HTTP 429: slow');
  const batch = meaning(reply(400, { message: 'n > 1' }), 4);
  assert.ok(batch.kind === 'refused' && batch.batch);
  const alone = meaning(reply(400, { message: 'n > 1' }), 1);
  assert.ok(alone.kind === 'refused' && !alone.batch);
});

test('Retry-After as seconds and as a date, bounded', () => {
  assert.equal(waitOf('2.5', 0), 2.5);
  assert.equal(waitOf('Thu, 01 Jan 1970 00:00:10 GMT', 4000), 6);
  assert.equal(waitOf('Thu, 01 Jan 1970 00:00:01 GMT', 4000), 0);
  assert.equal(waitOf('99999999', 0), 600);
  assert.equal(waitOf('soon', 0), null);
  assert.equal(waitOf(null, 0), null);
});

test('extra fields are sent and replace nothing; the limit goes by the name that the server wants', () => {
  const more = { ...sampling, extra: { top_k: -1, n: 99, chat_template_kwargs: { enable_thinking: false } } };
  const body = JSON.parse(requestBody(model('x'), more, 'Q', 2, 'max_completion_tokens')) as Record<string, unknown>;
  assert.deepEqual([body['top_k'], body['n'], body['max_completion_tokens']], [-1, 2, 32]);
  assert.deepEqual(body['chat_template_kwargs'], { enable_thinking: false });
  assert.equal('max_tokens' in body, false);
});

test('a refusal says what it is about', () => {
  const refusal = (status: number, body: unknown, n = 1): Meaning & { kind: 'refused' } => {
    const found = meaning(reply(status, body), n);
    assert.ok(found.kind === 'refused', JSON.stringify(found));
    return found;
  };
  const long = refusal(400, { error: { message: 'maximum context length is 2048 tokens' } });
  assert.deepEqual([long.scope, long.batch, long.limitField], ['prompt', false, null]);
  const wide = refusal(400, { error: { message: 'Only one completion choice is allowed' } }, 8);
  assert.equal(wide.batch, true);
  const named = refusal(400, {
    error: { message: "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead." },
  });
  assert.equal(named.limitField, 'max_completion_tokens');
  assert.deepEqual(
    [refusal(401, ''), refusal(404, '')].map((one) => one.scope),
    ['model', 'model'],
  );
  const quota = refusal(429, { error: { code: 'insufficient_quota', message: 'You exceeded your current quota' } });
  assert.equal(quota.scope, 'model');
});
