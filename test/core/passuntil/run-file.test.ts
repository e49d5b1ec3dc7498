import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { parseRunFile } from '../../../src/core/passuntil/run-file.ts';
import { RUN_KEYS } from '../../../src/core/passuntil/run-keys.ts';

const GOOD = `task: emoji
r: 5
kMax: 1000
checker: { type: regex, pattern: '^{{answer}}$' }
prompts:
  - { prompt: "2 + 2 =", answer: "4" }
  - { id: b, prompt: "3 + 3 =", answer: 6 }
models:
  - { name: tiny, params: 30M, endpoint: http://127.0.0.1:8000/v1 }
  - { name: pythia-2.8b, endpoint: https://host/v1, api: chat, keyEnv: SOME_KEY, price: { input: 0.1, output: 0.2 } }
`;

/** The faults of a run file that differs from the good one. */
function faults(from: string | RegExp, to: string): string {
  const text = GOOD.replace(from, to);
  assert.notEqual(text, GOOD);
  const plan = parseRunFile(text);
  assert.ok(!plan.ok, `${to} should be refused`);
  return plan.error.map((f) => `${f.line}: ${f.message}`).join('\n');
}

test('a whole run file, with its defaults', () => {
  const plan = parseRunFile(GOOD);
  assert.ok(plan.ok, JSON.stringify(plan));
  const { prompts, models, sampling, batch, concurrency, retry, budget, warnings } = plan.value;
  assert.ok(prompts.kind === 'list');
  assert.deepEqual(prompts.items, [
    { id: '1', prompt: '2 + 2 =', answer: '4' },
    { id: 'b', prompt: '3 + 3 =', answer: '6' },
  ]);
  assert.deepEqual(
    models.map((m) => [m.name, m.params, m.api, m.keyEnv]),
    [
      ['tiny', 30e6, 'completions', null],
      ['pythia-2.8b', 2.8e9, 'chat', 'SOME_KEY'],
    ],
  );
  assert.deepEqual(sampling, { temperature: 1, topP: null, maxTokens: 256, stop: [], system: null, extra: {} });
  assert.deepEqual([batch, concurrency, retry.attempts], [8, 64, 8]);
  assert.deepEqual(budget, { tokens: null, dollars: null, trials: null });
  assert.deepEqual(warnings, []);
});

test('what would make the estimate meaningless is refused, with its line', () => {
  assert.match(faults('r: 5', 'r: 0'), /^2: r is a whole number from 1, not 0 \(sampling until 0 passes says nothing/);
  assert.match(faults('kMax: 1000', 'kMax: 3'), /^3: kMax 3 is below r 5/);
  assert.match(faults('task: emoji', 'sampling: { temperature: 0 }'), /^1: At temperature 0 every draw is the same/);
  assert.match(faults('r: 5\n', ''), /r is needed/);
  assert.match(faults(/models:[\s\S]*/, 'models: []\n'), /models is a list with at least one entry/);
  assert.match(faults(/prompts:[\s\S]*?models/, 'models'), /Give either prompts \(a list\) or dataset/);
  assert.match(faults('params: 30M, ', ''), /tiny: its size is needed/);
  assert.match(faults('id: b', 'id: 1'), /Two prompts have the id 1/);
  assert.match(faults('pythia-2.8b,', 'tiny, params: 3B,'), /Two models are called tiny/);
  assert.match(faults('^{{answer}}$', '('), /^4: .*[Ii]nvalid regular expression/);
  assert.match(faults('type: regex', 'type: regx'), /did you mean regex\?/);
  assert.match(faults('kMax', 'kmax'), /no key kmax in the run file; did you mean kMax\?/);
  assert.match(faults('task: emoji', 'timeout: 900'), /at most 300 seconds/);
  assert.match(faults('task: emoji', 'seed: 1'), /There is no key seed/);
  assert.match(faults('task: emoji', 'budget: { dollars: 3 }'), /needs the price of every model; tiny has none/);
  assert.match(faults('http://127.0.0.1:8000/v1', 'localhost:8000'), /endpoint is an address/);
  assert.match(faults(/[\s\S]*/, '- 1'), /A run file is a map/);
  assert.match(faults(/[\s\S]*/, 'a: [1'), /1: |2: /);
});

test('fields that only the server knows pass through; those of the sampler have their own keys', () => {
  const plan = parseRunFile(GOOD.replace('task: emoji', 'sampling: { extra: { top_k: -1, min_p: 0 } }'));
  assert.ok(plan.ok, JSON.stringify(plan));
  assert.deepEqual({ ...plan.value.sampling.extra }, { top_k: -1, min_p: 0 });
  assert.match(
    faults('task: emoji', 'sampling: { extra: { seed: 1 } }'),
    /^1: seed is not for extra: one seed would make/,
  );
  assert.match(faults('task: emoji', 'sampling: { extra: { n: 4 } }'), /n is not for extra: set batch/);
  assert.match(faults('task: emoji', 'sampling: { extra: [1] }'), /extra is a map of request fields/);
});

test('keys do not belong in the file, and are not repeated in the message', () => {
  for (const [from, to] of [
    ['SOME_KEY', 'sk-secret-0123'],
    ['https://host', 'https://user:sk-secret-0123@host'],
    ['https://host/v1', 'https://host/v1?api_key=sk-secret-0123'],
  ] as const) {
    const said = faults(from, to);
    assert.match(said, /keyEnv/);
    assert.ok(!said.includes('sk-secret'), said);
  }
});

test('what weakens the estimate is said', () => {
  const warnings = (from: string | RegExp, to: string): string => {
    const plan = parseRunFile(GOOD.replace(from, to));
    assert.ok(plan.ok, JSON.stringify(plan));
    return plan.value.warnings.join('\n');
  };
  assert.match(warnings('r: 5', 'r: 1'), /no unbiased estimate/);
  assert.match(warnings('r: 5', 'r: 2'), /heavy tails/);
  assert.match(warnings(/checker: .*/, 'checker: { type: choice, options: 4 }'), /guessing floor \(1\/4/);
  assert.match(warnings(/ {2}- \{ name: pythia.*\n/, ''), /Only one model/);
  assert.match(warnings('pythia-2.8b,', 'other, params: 30M,'), /same size/);
  assert.match(warnings('https://host', 'http://host'), /unencrypted/);
});

test('the schema of the editor knows the same keys and accepts what is accepted', () => {
  const schema = JSON.parse(readFileSync('syntaxes/passuntil.schema.json', 'utf8')) as {
    properties: Record<string, { properties?: object }>;
    definitions: Record<string, { properties: object }>;
  };
  const keys = (value: object | undefined) => Object.keys(value ?? {}).toSorted();
  assert.deepEqual(keys(schema.properties), [...RUN_KEYS.run].map(String).toSorted());
  for (const name of ['sampling', 'retry', 'budget'] as const) {
    assert.deepEqual(keys(schema.properties[name]?.properties), [...RUN_KEYS[name]].map(String).toSorted(), name);
  }
  for (const name of ['prompt', 'dataset', 'checker', 'model', 'price'] as const) {
    assert.deepEqual(keys(schema.definitions[name]?.properties), [...RUN_KEYS[name]].map(String).toSorted(), name);
  }
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
  assert.ok(validate(parse(GOOD)), JSON.stringify(validate.errors));
  const example = parse(readFileSync('examples/passuntil/coins.passuntil.yaml', 'utf8')) as unknown;
  assert.ok(validate(example), JSON.stringify(validate.errors));
  assert.ok(parseRunFile(readFileSync('examples/passuntil/coins.passuntil.yaml', 'utf8')).ok);
  assert.ok(!validate(parse(GOOD.replace('kMax', 'kmax'))));
  assert.ok(!validate(parse(GOOD.replace('SOME_KEY', 'sk-secret'))));
});
