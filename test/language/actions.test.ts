import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CodeAction, Diagnostic, TextDocumentEdit } from 'vscode-languageserver-types';
import { TestClient } from '../server/client.ts';

const wide = readFileSync(join(import.meta.dirname, '../../examples/study-wide.csv'), 'utf8');
const WIDE = 'file:///study/study-wide.csv';
const MANIFEST = 'file:///study/scaling.yaml';

async function actionsAt(client: TestClient, uri: string, line: number, character: number): Promise<CodeAction[]> {
  const diagnostics = (client.diagnostics.get(uri) ?? []).filter(
    ({ range }: Diagnostic) =>
      range.start.line === line && range.start.character <= character && character <= range.end.character,
  );
  const at = { line, character };
  return client.request('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: at, end: at },
    context: { diagnostics },
  });
}

const titled = (actions: readonly CodeAction[], title: RegExp): CodeAction => {
  const found = actions.find((one) => title.test(one.title));
  assert.ok(found, `${title} not in:\n${actions.map((one) => one.title).join('\n')}`);
  return found;
};

/** The manifest after an action. */
function applied({ edit }: CodeAction, before: string | null): string {
  const changes = edit?.documentChanges ?? [];
  const texts = changes.filter((one): one is TextDocumentEdit => 'textDocument' in one);
  assert.equal(texts.length, 1);
  assert.equal(texts[0]?.textDocument.uri, MANIFEST, 'only the manifest is written');
  assert.equal(
    changes.some((one) => 'kind' in one && one.kind === 'create'),
    before === null,
  );
  const document = TextDocument.create(MANIFEST, 'yaml', 1, before ?? '');
  return TextDocument.applyEdits(document, texts[0]?.edits as never);
}

test('fixes on a finding, a header and a model write to scaling.yaml only', async () => {
  const client = new TestClient();
  await client.initialize();
  await client.open(WIDE, wide);
  await client.settled(WIDE);
  const header = wide.split('\n')[0] as string;
  const at = header.indexOf('negation/accuracy') + 2;
  const actions = await actionsAt(client, WIDE, 0, at);
  assert.match(
    applied(titled(actions, /^Silence trend\.inverse for negation/), null),
    /^version: 1\nsources:\n {2}- files: "study-wide\.csv"\nfindings:\n {2}trend\.inverse: \{silence: \[negation\/accuracy\]\}\n$/,
  );
  assert.match(applied(titled(actions, /^Silence trend\.inverse in this study/), null), /trend\.inverse: ignore/);
  assert.match(applied(titled(actions, /^Pin “negation\/accuracy”/), null), /"?negation\/accuracy"?: \{role: score/);
  assert.match(applied(titled(actions, /^Ignore the column/), null), /negation\/accuracy"?: ignore/);
  assert.match(
    applied(titled(actions, /^Fit sigmoid/), null),
    /fits:\n {2}- \{law: sigmoid, target: negation\/accuracy\}/,
  );
  assert.match(
    titled(actions, /^What does trend\.inverse mean/).command?.arguments?.[0] as string,
    /findings\/trend\.inverse\.md$/,
  );
  const onModel = await actionsAt(client, WIDE, 12, 1);
  assert.match(
    applied(titled(onModel, /^Leave sim-9b out/), null),
    /exclude:\n {4}- \{model: sim-9b, why: left out by hand\}/,
  );
  const onHeader = await actionsAt(client, WIDE, 0, 1);
  assert.match(
    applied(titled(onHeader, /^Create a table of 12 models/), null),
    /models:\n {2}sim-20m: \{N: 20000000, D: 1200000000/,
  );
  await client.shutdown();
});

test('a manifest that is there keeps its comments, and what is silenced goes away', async () => {
  const before = '# mine\nversion: 1\nsources:\n  - files: "*.csv" # all\n';
  const client = new TestClient({ files: { [MANIFEST]: before } });
  await client.initialize();
  await client.open(WIDE, wide);
  await client.settled(WIDE);
  const at = (wide.split('\n')[0] as string).indexOf('negation/accuracy') + 2;
  const actions = await actionsAt(client, WIDE, 0, at);
  const after = applied(titled(actions, /^Silence trend\.inverse for/), before);
  assert.match(after, /^# mine\n/);
  assert.match(after, /# all/);
  const seen = client.changes.length;
  await client.open(MANIFEST, after, 'yaml');
  await client.until(() => client.changes.slice(seen).some(({ uri, phase }) => uri === WIDE && phase === 'ready'));
  const codes = (client.diagnostics.get(WIDE) ?? []).map(({ code }) => code);
  assert.ok(!codes.includes('trend.inverse'), codes.join());
  assert.ok(codes.includes('trend.u-shaped'), codes.join());
  await client.shutdown();
});

test('a question offers its answers', async () => {
  const uri = 'file:///study/unclear.csv';
  const client = new TestClient();
  await client.initialize();
  await client.open(
    uri,
    `model,params,mmlu\n${['a', 'b', 'c', 'd', 'e'].map((m, i) => `${m},${0.02 * 3 ** i},${0.2 + 0.1 * i}`).join('\n')}\n`,
  );
  await client.settled(uri);
  const diagnostics = client.diagnostics.get(uri) ?? [];
  const unclear = diagnostics.filter(({ range }) => range.start.character === 6);
  assert.deepEqual(
    unclear.map(({ code }) => code),
    ['data.unit'],
    'one diagnostic, not two',
  );
  assert.match(JSON.stringify(unclear[0]?.message), /Best guess: “params” is in billions\."$/);
  const settle = titled(await actionsAt(client, uri, 0, 7), /^Settle it with “params: \{role: params, unit: 1e9\}”/);
  assert.equal(settle.isPreferred, true);
  const manifest = applied(settle, null);
  assert.match(manifest, /params: \{role: params, unit: 1e\+9\}/);
  const seen = client.changes.length;
  await client.open(MANIFEST, manifest, 'yaml');
  await client.until(() =>
    client.changes.slice(seen).some((one) => one.uri === uri && /1 task × 5 models/.test(one.text)),
  );
  await client.shutdown();
});
