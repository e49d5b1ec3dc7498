// *Run PassUntil…* in a real VS Code, against a completions server on this machine: samples, writes the journal beside the
// run file, and opens the results; a second run finds nothing left to do. What it asks for first: a key, once, and leave
// to start a program.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import type { PassUntilOutcome } from '../../../src/client/command/passuntil.ts';
import { started } from '../extension.ts';
import type { Host, Tests } from '../suite.ts';

/**
 * Passes every third completion.
 * @param key without which nobody is answered
 * @returns its address, how often it was asked, and how to stop it
 */
async function coinServer(key?: string): Promise<{ url: string; asked: () => number; stop: () => void }> {
  let asked = 0;
  let toss = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      asked++;
      if (key !== undefined && request.headers.authorization !== `Bearer ${key}`) {
        response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"no such key"}}');
        return;
      }
      const { n } = JSON.parse(text) as { n: number };
      const choices = Array.from({ length: n }, (_, index) => ({ index, text: ++toss % 3 === 0 ? 'yes' : 'no' }));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: `c${asked}`, choices, usage: { prompt_tokens: 4, completion_tokens: n } }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked: () => asked, stop: () => server.close() };
}

/** A run of three prompts at two sizes. */
async function runFile(
  workspace: vscode.Uri,
  name: string,
  url: string,
  { checker = 'exact', model = '' }: { readonly checker?: string; readonly model?: string } = {},
): Promise<vscode.Uri> {
  const file = vscode.Uri.joinPath(workspace, name);
  const models = [10, 40].map((m) => `  - { name: m${m}M, params: ${m}M, endpoint: "${url}"${model} }`).join('\n');
  const prompts = [1, 2, 3].map((i) => `  - { prompt: "toss ${i}", answer: "yes" }`).join('\n');
  const text = `task: toss\nr: 4\nkMax: 100\nchecker: ${checker}\nprompts:\n${prompts}\nmodels:\n${models}\n`;
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  return file;
}

const run = (file: vscode.Uri): Thenable<PassUntilOutcome | null> =>
  vscode.commands.executeCommand<PassUntilOutcome | null>('scalingLens.runPassUntil', file);

/** Every file of the workspace whose text holds a word. */
async function filesWith(workspace: vscode.Uri, word: string): Promise<string[]> {
  const found: string[] = [];
  for (const [name, kind] of await vscode.workspace.fs.readDirectory(workspace)) {
    if (kind !== vscode.FileType.File) continue;
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(workspace, name));
    if (new TextDecoder().decode(bytes).includes(word)) found.push(name);
  }
  return found;
}

const INPUT = '.quick-input-widget:not([style*="display: none"]) .quick-input-box input';

/** Keys go to what has the focus, and a box that is seen need not have it yet: they are pressed until the box has gone. */
async function answerBox({ page, until }: Host, text: string, key: 'Enter' | 'Escape'): Promise<string> {
  const look = (expression: string): Promise<unknown> =>
    page.ask({
      kind: 'evaluate',
      expression: `(() => { const box = document.querySelector(${JSON.stringify(INPUT)}); return ${expression}; })()`,
    });
  await page.ask({ kind: 'wait', selector: INPUT });
  const kind = await look('box.type');
  await until('the box to go', async () => {
    await look('box?.focus()');
    if (text !== '' && (await look('box?.value ?? null')) === '') await page.ask({ kind: 'type', text });
    await page.ask({ kind: 'press', keys: key });
    for (let tries = 0; tries < 20; tries++) {
      if ((await look('box === null')) === true) return true;
      await new Promise((done) => setTimeout(done, 50));
    }
    return false;
  });
  return String(kind);
}

export const tests: Tests = {
  'a run file is sampled to the end, its results open, and a second run has nothing to do': async ({
    workspace,
    until,
  }) => {
    const server = await coinServer();
    try {
      const file = await runFile(workspace, 'toss.passuntil.yaml', server.url);
      // Who waits for a run, its file before them, is shown the results.
      await vscode.window.showTextDocument(file);
      const outcome = await run(file);
      assert.equal(outcome?.end, 'done');
      const journal = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(workspace, 'toss.passuntil.jsonl'));
      assert.ok(new TextDecoder().decode(journal).split('\n').length > 6);
      const results = vscode.Uri.joinPath(workspace, 'toss.passuntil.csv');
      assert.equal(outcome.results, results.fsPath);
      await until('the results', () => vscode.window.activeTextEditor?.document.uri.fsPath === results.fsPath);
      assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /^model,params,task,metric,score/);
      const asked = server.asked();
      // Who looks at something else when a run ends is left there.
      const other = await vscode.window.showTextDocument(vscode.Uri.joinPath(workspace, 'toss.passuntil.jsonl'));
      assert.equal((await run(file))?.end, 'done');
      assert.equal(server.asked(), asked);
      assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, other.document.uri.fsPath);
    } finally {
      server.stop();
    }
  },

  'a key is asked for once per name and address, and stands in no file': async (host) => {
    const { workspace, page, skip } = host;
    if (!page.available) return skip('desktop VS Code has no page to type into');
    const key = 'sk-only-for-this-test';
    const server = await coinServer(key);
    try {
      const file = await runFile(workspace, 'keyed.passuntil.yaml', server.url, { model: ', keyEnv: COIN_KEY' });
      const nothing = run(file);
      await answerBox(host, '', 'Escape');
      assert.equal(await nothing, null, 'no key, no run');
      assert.equal(server.asked(), 0);
      const first = run(file);
      assert.equal(await answerBox(host, key, 'Enter'), 'password');
      assert.equal((await first)?.end, 'done');
      const again = await runFile(workspace, 'keyed-too.passuntil.yaml', server.url, { model: ', keyEnv: COIN_KEY' });
      assert.equal((await run(again))?.end, 'done', 'known by now: nobody is asked');
      assert.deepEqual(await filesWith(workspace, key), []);
    } finally {
      server.stop();
    }
  },

  'a checker that would start a program waits for leave': async ({ workspace }) => {
    const server = await coinServer();
    try {
      const file = await runFile(workspace, 'commanded.passuntil.yaml', server.url, {
        checker: '{ type: command, command: [node, -e, "process.exit(0)"] }',
      });
      // Under test VS Code shows no modal dialog and refuses in the name of the user: so nothing may have been started.
      assert.equal(await run(file), null);
      assert.equal(server.asked(), 0);
      const journals = await filesWith(workspace, '"kind":"trials"');
      assert.deepEqual(
        journals.filter((name) => name.startsWith('commanded')),
        [],
      );
    } finally {
      server.stop();
    }
  },

  'a journal opens as its pass rate': async ({ workspace, until }) => {
    const server = await coinServer();
    try {
      const outcome = await run(await runFile(workspace, 'opened.passuntil.yaml', server.url));
      assert.ok(outcome?.journal);
      const journal = vscode.Uri.file(outcome.journal);
      const summary = await vscode.commands.executeCommand<{ series: number; summary: string }>(
        'scalingLens.fit',
        journal,
      );
      assert.equal(summary.series, 1);
      const client = await started();
      await until('its chart', () => client.chart.lastDrawn()?.uri === journal.toString());
      assert.match(client.chart.lastDrawn()?.series ?? '', /toss/);
    } finally {
      server.stop();
    }
  },
};
