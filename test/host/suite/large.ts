// Large files in a real VS Code. Nothing here is judged by a clock (`npm run bench typing` measures): the edits arrive in
// their order while the table is analysed, the last text is the one that counts, and closing ends all work.
import assert from 'node:assert/strict';
import { open as openFile, readdir, readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import * as vscode from 'vscode';
import { started } from '../extension.ts';
import { write } from '../files.ts';
import { hoverAt } from '../findings.ts';
import { largeTable } from '../large-table.ts';
import type { Host, Tests } from '../suite.ts';

/** Opened as a user opens it: what `openTextDocument` has opened stays open for minutes after its tab is closed. */
async function open(host: Host, name: string, text?: string): Promise<vscode.TextEditor> {
  const uri = text === undefined ? vscode.Uri.joinPath(host.workspace, name) : await write(host, name, text);
  await vscode.commands.executeCommand('vscode.open', uri, { viewColumn: vscode.ViewColumn.One, preview: false });
  return host.until(`an editor of ${name}`, () => {
    const editor = vscode.window.activeTextEditor;
    return editor?.document.uri.toString() === uri.toString() ? editor : undefined;
  });
}

/** Types letters one by one at the beginning of the second line. */
async function type(editor: vscode.TextEditor, letters: string): Promise<void> {
  for (const [at, letter] of [...letters].entries()) {
    const done = await editor.edit((edit) => edit.insert(new vscode.Position(1, at), letter), {
      undoStopBefore: false,
      undoStopAfter: false,
    });
    assert.ok(done, `edit ${at}`);
  }
}

const close = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');

/** Nice values of the language server's threads on Linux: of the one that answers the editor, and of the others. */
async function ranks(): Promise<{ main: number; others: number[] } | null> {
  if (process.platform !== 'linux') return null;
  const niceOf = async (path: string): Promise<{ parent: number; nice: number }> => {
    const stat = await readFile(path, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), nice: Number(fields[16]) };
  };
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!/dist.server\.cjs/.test(line) || (await niceOf(`/proc/${pid}/stat`)).parent !== process.pid) continue;
    const threads = await readdir(`/proc/${pid}/task`);
    const all = await Promise.all(
      threads.map(async (thread) => ({ thread, ...(await niceOf(`/proc/${pid}/task/${thread}/stat`)) })),
    );
    const nice = (own: boolean): number[] => all.flatMap((one) => ((one.thread === pid) === own ? [one.nice] : []));
    return { main: nice(true)[0] ?? Number.NaN, others: nice(false) };
  }
  return null;
}

/** A table beyond what VS Code hands to extensions, written piece by piece. */
async function hugeTable(path: string, megabytes: number): Promise<void> {
  const file = await openFile(path, 'w');
  try {
    await file.write('model,params,tokens,task,metric,score\n');
    for (let model = 0, size = 0; size < megabytes * 1e6; ) {
      const rows: string[] = [];
      for (; rows.length < 20_000; model++) {
        const params = Math.round(1e7 * 1.00001 ** model);
        for (let task = 0; task < 2; task++)
          rows.push(`run-${model},${params},${20 * params},task-${task},accuracy,${(0.3 + 1e-6 * model).toFixed(6)}`);
      }
      const { bytesWritten } = await file.write(`${rows.join('\n')}\n`);
      size += bytesWritten;
    }
  } finally {
    await file.close();
  }
}

export const tests: Tests = {
  'edits of a table of 10 MB arrive in order while it is analysed, and closing it ends the work': async (host) => {
    const client = await started();
    const editor = await open(host, 'ten-megabytes.csv', largeTable(10e6));
    const uri = editor.document.uri.toString();
    const phases: string[] = [];
    const listening = client.onChanged((params) => {
      if (params.uri === uri) phases.push(params.phase);
    });
    try {
      await host.until('the analysis to be under way', () => {
        const phase = client.status(uri)?.phase;
        return phase === 'reading' || phase === 'fitting';
      });
      assert.deepEqual([...(await client.requests.work())], [uri]);
      const rank = await ranks();
      if (rank !== null) {
        assert.equal(rank.main, getPriority(), 'who answers the editor has the rank of the editor');
        assert.ok(Math.max(...rank.others) >= Math.max(10, rank.main), `who fits gives way: ${rank.others.join(' ')}`);
      }
      const { version } = editor.document;
      await type(editor, 'abcdefghi');
      assert.equal(editor.document.version, version + 9);
      assert.equal(editor.document.lineAt(1).text.slice(0, 14), 'abcdefghirun-0');
      await host.until('the new text to be analysed', () => phases.lastIndexOf('reading') >= 0);
      // Another file opens meanwhile: it does not wait for the large one.
      const small = await open(host, 'beside.csv', largeTable(10_000));
      await host.until('the small file', () => client.status(small.document.uri.toString())?.phase === 'ready');
      console.log(`# the large one was ${client.status(uri)?.phase ?? 'gone'} when the small one was ready`);
      await close();
      await open(host, 'ten-megabytes.csv');
      await close();
      await host.until('the document to close', () => editor.document.isClosed);
      await host.until('the server to be idle', async () => (await client.requests.work()).length === 0);
      await assert.rejects(client.requests.report(uri), /not been analysed/);
      const said = phases.length;
      const next = await open(host, 'after.csv', largeTable(10_000));
      await host.until('the next file', () => client.status(next.document.uri.toString())?.phase === 'ready');
      assert.equal(phases.length, said, 'nothing more is said of the closed file');
      await close();
    } finally {
      listening.dispose();
    }
  },

  'the text typed last is the one that is read: hovers wait for it': async (host) => {
    const client = await started();
    const editor = await open(host, 'one-megabyte.csv', largeTable(1e6));
    const { uri } = editor.document;
    await host.until('work', () => client.status(uri.toString()) !== undefined);
    await type(editor, 'new-');
    const hover = await host.until('a hover', async () => {
      const text = await hoverAt(uri, new vscode.Position(1, 2));
      return text === '' ? undefined : text;
    });
    assert.match(hover, /new\\?-run\\?-0/);
    assert.match(hover, /N = 10M/);
    await close();
    await host.until('the server to be idle', async () => (await client.requests.work()).length === 0);
  },

  'a file beyond the limit of the editor is read row by row, with progress, and can be cancelled': async (host) => {
    const client = await started();
    const uri = vscode.Uri.joinPath(host.workspace, 'huge.csv');
    await hugeTable(uri.fsPath, 54);
    const source = new vscode.CancellationTokenSource();
    const said: string[] = [];
    const cancelled = client.requests.fit(uri.toString(), source.token, (message) => {
      if (message !== undefined) said.push(message);
      if (/^reading \d+ of \d+ MB$/.test(message ?? '')) source.cancel();
    });
    await assert.rejects(cancelled);
    assert.ok(source.token.isCancellationRequested, said.join('; '));
    await host.until('the server to be idle', async () => (await client.requests.work()).length === 0);
    assert.equal(client.status(uri.toString())?.text, 'cancelled');
    const summary = await vscode.commands.executeCommand<{ series: number }>('scalingLens.fit', uri);
    assert.equal(summary.series, 2);
    const status = client.status(uri.toString());
    assert.match(status?.text ?? '', /^2 tasks × /);
    assert.match(status?.detail ?? '', /^\d+ MB read row by row: [\d,]+ of [\d,]+ rows were kept/);
    await host.until('its chart', () => client.chart.lastDrawn()?.uri === uri.toString());
    await vscode.workspace.fs.delete(uri);
  },
};
