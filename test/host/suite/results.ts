// The main path in a real VS Code: a results file opens, and findings, hovers and the chart are there, without a question
// and without taking focus; edits are followed; files that hold no results stay quiet.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { assertEqualsCommandLine, assertNotBlank, chartTab, closeEverything, drawnFor } from '../chart.ts';
import { started } from '../extension.ts';
import { copyExample, open, openExample, write } from '../files.ts';
import { codeOf, hoverAt, marked, ours, placeOf, ready } from '../findings.ts';
import type { Tests } from '../suite.ts';

/** The newest analysis fitted so many series; how long it took from the edit on is said, not judged. */
async function refittedOnly(uri: vscode.Uri, series: number, begun: number): Promise<void> {
  const took = performance.now() - begun;
  const status = (await started()).status(uri.toString());
  console.log(
    `# ${took.toFixed(0)} ms from the edit to the findings, ${status?.milliseconds?.toFixed(0)} ms of them analysis`,
  );
  assert.equal(status?.fitted, series, `${status?.text}`);
}

export const tests: Tests = {
  'a wide table: findings with codes, links and ranges': async (host) => {
    await closeEverything(host);
    const document = await openExample(host, 'study-wide.csv');
    await ready(host, document.uri);
    assert.deepEqual(marked(document, 'trend.inverse'), ['negation/accuracy']);
    assert.deepEqual(marked(document, 'trend.u-shaped'), ['hindsight/accuracy']);
    assert.deepEqual(marked(document, 'trend.inverted-u'), ['repetition/accuracy']);
    assert.deepEqual(marked(document, 'trend.emergent'), ['arithmetic/accuracy']);
    const inverse = ours(document.uri).find((one) => codeOf(one) === 'trend.inverse');
    assert.equal(inverse?.severity, vscode.DiagnosticSeverity.Warning);
    assert.ok(typeof inverse.code === 'object');
    assert.match(inverse.code.target.toString(), /findings\/trend\.inverse\.md$/);
  },

  'hovers on a header, a score and a model; none below the table': async (host) => {
    const document = await openExample(host, 'study-wide.csv');
    await ready(host, document.uri);
    const header = await hoverAt(document.uri, placeOf(document, 'negation/accuracy'));
    assert.match(header, /inverse scaling/);
    assert.match(header, /parameter/);
    assert.match(header, /data:image\/svg\+xml;base64,/);
    const line = document.lineAt(5);
    const score = await hoverAt(document.uri, new vscode.Position(5, line.text.lastIndexOf(',') + 1));
    assert.match(score, /predicted/);
    assert.match(score, /σ/);
    const model = await hoverAt(document.uri, new vscode.Position(5, 1));
    assert.match(model, /N = 200M/);
    assert.match(model, /C = /);
    const below = new vscode.Position(document.lineCount - 1, 0);
    assert.equal(document.lineAt(below).text, '');
    assert.equal(await hoverAt(document.uri, below), '');
  },

  'the chart opens by itself, beside, without taking focus': async (host) => {
    await closeEverything(host);
    const document = await openExample(host, 'study-wide.csv', 'opened.csv');
    await ready(host, document.uri);
    const drawn = await drawnFor(host, document.uri);
    assertNotBlank(drawn);
    assert.equal(
      vscode.window.activeTextEditor?.document.uri.toString(),
      document.uri.toString(),
      'focus stays in the text',
    );
    assert.notEqual(chartTab()?.group.viewColumn, vscode.ViewColumn.One);
    console.log(`# drawn in ${drawn.milliseconds.toFixed(0)} ms`);
  },

  'Fit Scaling Law draws what the command line computes': async (host) => {
    const document = await openExample(host, 'study-wide.csv');
    const summary = await vscode.commands.executeCommand<{ series: number }>('scalingLens.fit', document.uri);
    assert.equal(summary.series, 8);
    const drawn = await drawnFor(host, document.uri);
    assertNotBlank(drawn);
    assertEqualsCommandLine(drawn, document.uri.fsPath);
  },

  'an edit changes findings and chart, and refits only what it touched': async (host) => {
    const document = await openExample(host, 'study-wide.csv', 'edited.csv');
    await ready(host, document.uri);
    await drawnFor(host, document.uri);
    const column = document.lineAt(0).text.split(',').indexOf('negation/accuracy');
    const edit = new vscode.WorkspaceEdit();
    for (let line = 1; line <= 12; line++) {
      const cells = document.lineAt(line).text.split(',');
      const from = cells.slice(0, column).join(',').length + 1;
      const range = new vscode.Range(line, from, line, from + (cells[column] ?? '').length);
      edit.replace(document.uri, range, document.lineAt(13 - line).text.split(',')[column] ?? '');
    }
    const begun = performance.now();
    await vscode.workspace.applyEdit(edit);
    await host.until('the finding to go', () => marked(document, 'trend.inverse').length === 0);
    await refittedOnly(document.uri, 1, begun);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  },

  'a long table: findings on the task of the first row': async (host) => {
    const document = await openExample(host, 'study-long.csv');
    await ready(host, document.uri);
    assert.deepEqual(marked(document, 'trend.inverse'), ['negation']);
    assert.deepEqual(marked(document, 'trend.emergent'), ['arithmetic']);
    const task = await hoverAt(document.uri, placeOf(document, 'negation'));
    assert.match(task, /inverse scaling/);
  },

  'a YAML run: findings, hovers, chart': async (host) => {
    const document = await openExample(host, 'study-runs.yaml');
    await ready(host, document.uri);
    for (const [code, task] of [
      ['trend.inverse', 'negation'],
      ['trend.u-shaped', 'hindsight'],
      ['trend.inverted-u', 'repetition'],
      ['trend.emergent', 'arithmetic'],
    ] as const) {
      const [finding, ...others] = ours(document.uri).filter((one) => codeOf(one) === code);
      assert.ok(finding && others.length === 0, code);
      const { line } = finding.range.start;
      assert.match(document.lineAt(line).text, new RegExp(`^ +${task}:`), code);
      assert.ok(line < 16, 'in the first run');
    }
    const [inverse] = ours(document.uri).filter((one) => codeOf(one) === 'trend.inverse');
    assert.ok(inverse);
    assert.match(await hoverAt(document.uri, inverse.range.start), /inverse scaling/);
    const model = await hoverAt(document.uri, placeOf(document, 'sim-200m'));
    assert.match(model, /N = 200M/);
    const score = document.getText().indexOf('value: ', document.getText().indexOf('negation'));
    assert.match(await hoverAt(document.uri, document.positionAt(score + 8)), /predicted/);
    await vscode.commands.executeCommand('scalingLens.fit', document.uri);
    const drawn = await drawnFor(host, document.uri);
    assertNotBlank(drawn);
    assertEqualsCommandLine(drawn, document.uri.fsPath);
  },

  'an edit of a YAML run changes findings, and refits only what it touched': async (host) => {
    const document = await openExample(host, 'study-runs.yaml', 'edited.yaml');
    await ready(host, document.uri);
    const inverse = () => ours(document.uri).filter((one) => codeOf(one) === 'trend.inverse');
    assert.equal(inverse().length, 1);
    const scores: { range: vscode.Range; text: string }[] = [];
    for (let line = 0; line < document.lineCount; line++) {
      const match = /^( +negation: .*?value: )([\d.]+)/.exec(document.lineAt(line).text);
      if (match === null) continue;
      const from = (match[1] as string).length;
      scores.push({
        range: new vscode.Range(line, from, line, from + (match[2] as string).length),
        text: match[2] as string,
      });
    }
    assert.equal(scores.length, 12);
    const edit = new vscode.WorkspaceEdit();
    for (const [i, { range }] of scores.entries()) edit.replace(document.uri, range, scores[11 - i]?.text ?? '');
    const begun = performance.now();
    await vscode.workspace.applyEdit(edit);
    await host.until('the finding to go', () => inverse().length === 0);
    await refittedOnly(document.uri, 1, begun);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  },

  'closing the panel keeps it closed for that file until it is asked for': async (host) => {
    await closeEverything(host);
    const document = await openExample(host, 'study-wide.csv', 'closed.csv');
    await drawnFor(host, document.uri);
    const tab = chartTab();
    assert.ok(tab);
    await vscode.window.tabGroups.close(tab);
    await host.until('the chart to close', () => chartTab() === undefined);
    const client = await started();
    const settled = new Promise<void>((done) => {
      const listening = client.onChanged(({ uri, phase }) => {
        if (uri !== document.uri.toString() || phase !== 'ready') return;
        listening.dispose();
        done();
      });
    });
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.lineAt(document.lineCount - 1).range.end, '\n');
    await vscode.workspace.applyEdit(edit);
    await settled;
    await new Promise((done) => setTimeout(done, 300));
    assert.equal(chartTab(), undefined, 'it does not come back by itself');
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
    await vscode.commands.executeCommand('scalingLens.showChart');
    assertNotBlank(await drawnFor(host, document.uri));
    await vscode.commands.executeCommand('workbench.action.files.revert');
  },

  'the panel follows the active file': async (host) => {
    const wide = await openExample(host, 'study-wide.csv');
    await ready(host, wide.uri);
    await vscode.commands.executeCommand('scalingLens.showChart', wide.uri);
    await drawnFor(host, wide.uri);
    const long = await openExample(host, 'study-long.csv');
    await ready(host, long.uri);
    await drawnFor(host, long.uri);
    await vscode.window.showTextDocument(wide, { viewColumn: vscode.ViewColumn.One });
    await drawnFor(host, wide.uri);
    assert.equal(
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview).length,
      1,
      'one panel',
    );
  },

  'openChart = never and onCommand keep it from opening by itself': async (host) => {
    await closeEverything(host);
    const settings = vscode.workspace.getConfiguration('scalingLens');
    try {
      for (const when of ['onCommand', 'never']) {
        await settings.update('openChart', when, vscode.ConfigurationTarget.Global);
        const document = await openExample(host, 'study-wide.csv', `quiet-${when}.csv`);
        await ready(host, document.uri);
        await new Promise((done) => setTimeout(done, 300));
        assert.equal(chartTab(), undefined, when);
      }
    } finally {
      await settings.update('openChart', undefined, vscode.ConfigurationTarget.Global);
    }
  },

  'off switches: hovers and findings': async (host) => {
    const document = await openExample(host, 'study-wide.csv', 'switched.csv');
    await ready(host, document.uri);
    const settings = vscode.workspace.getConfiguration('scalingLens');
    await settings.update('diagnostics', false, vscode.ConfigurationTarget.Global);
    await settings.update('hover', false, vscode.ConfigurationTarget.Global);
    try {
      await host.until('no findings', () => ours(document.uri).length === 0);
      await host.until(
        'no hover',
        async () => (await hoverAt(document.uri, placeOf(document, 'negation/accuracy'))) === '',
      );
    } finally {
      await settings.update('diagnostics', undefined, vscode.ConfigurationTarget.Global);
      await settings.update('hover', undefined, vscode.ConfigurationTarget.Global);
    }
    await host.until('findings again', () => ours(document.uri).length > 0);
  },

  'a file that is not open is fitted from the Explorer': async (host) => {
    await closeEverything(host);
    const target = await copyExample(host, 'study-wide.csv', 'unopened.csv');
    const summary = await vscode.commands.executeCommand<{ series: number }>('scalingLens.fit', target);
    assert.equal(summary.series, 8);
    assertNotBlank(await drawnFor(host, target));
  },

  'files without results stay quiet, and the server lives': async (host) => {
    await closeEverything(host);
    const client = await started();
    const bad: Readonly<Record<string, string | Uint8Array>> = {
      'empty.csv': '',
      'header-only.csv': 'model,params,acc\n',
      'one-column.csv': 'model\na\nb\nc\n',
      'no-numbers.csv': 'model,task,score\na,b,x\nc,d,y\n',
      'mixed.csv': 'model,params;acc\na,1;2\nb;3,4\n',
      'ragged.csv': 'model,params,acc\n"a,1,2\nb,3,4\n',
      'odd-numbers.csv': 'model,params,acc\na,-1e9,nan\nb,inf,0.5\nc,0,0.6\n',
      'compose.yaml': 'services:\n  web:\n    image: nginx\n',
      'broken.yaml': 'runs:\n  - {model: a, results: {x: [1, 2\n',
    };
    for (const [name, text] of Object.entries(bad)) {
      const uri = await write(host, name, text);
      const document = await open(uri);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      assert.notEqual(client.status(document.uri.toString())?.phase, 'failed', name);
    }
    const binary = await write(
      host,
      'binary.csv',
      Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 256),
    );
    await vscode.workspace.openTextDocument(binary).then(
      () => undefined,
      () => undefined,
    );
    const document = await openExample(host, 'study-wide.csv');
    await ready(host, document.uri);
  },
};
