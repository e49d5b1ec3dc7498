// *Run PassUntil…* in a real VS Code, against a completions server on this machine: samples, writes the journal beside the
// run file, and opens the results; a second run finds nothing left to do.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import type { PassUntilOutcome } from '../../../src/client/command/passuntil.ts';
import type { Tests } from '../suite.ts';

/** Passes every third completion. @returns its address, how often it was asked, and how to stop it */
async function coinServer(): Promise<{ url: string; asked: () => number; stop: () => void }> {
  let asked = 0;
  let toss = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      asked++;
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

export const tests: Tests = {
  'a run file is sampled to the end, its results open, and a second run has nothing to do': async ({
    workspace,
    until,
  }) => {
    const server = await coinServer();
    try {
      const file = vscode.Uri.joinPath(workspace, 'toss.passuntil.yaml');
      const models = [10, 40].map((m) => `  - { name: m${m}M, params: ${m}M, endpoint: "${server.url}" }`).join('\n');
      const prompts = [1, 2, 3].map((i) => `  - { prompt: "toss ${i}", answer: "yes" }`).join('\n');
      const text = `task: toss\nr: 4\nkMax: 100\nchecker: exact\nprompts:\n${prompts}\nmodels:\n${models}\n`;
      await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
      const run = () => vscode.commands.executeCommand<PassUntilOutcome | null>('scalingLens.runPassUntil', file);
      const outcome = await run();
      assert.equal(outcome?.end, 'done');
      const journal = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(workspace, 'toss.passuntil.jsonl'));
      assert.ok(new TextDecoder().decode(journal).split('\n').length > 6);
      const results = vscode.Uri.joinPath(workspace, 'toss.passuntil.csv');
      assert.equal(outcome.results, results.fsPath);
      await until('the results', () => vscode.window.activeTextEditor?.document.uri.fsPath === results.fsPath);
      assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /^model,params,task,metric,score/);
      const asked = server.asked();
      assert.equal((await run())?.end, 'done');
      assert.equal(server.asked(), asked);
    } finally {
      server.stop();
    }
  },
};
