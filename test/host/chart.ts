// The chart panel as a test sees it: its tab, what was drawn, and whether that is what the command line computes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { curveAt } from '../../src/core/render/view.ts';
import type { Report } from '../../src/core/report-model.ts';
import type { Drawn } from '../../src/protocol/panel.ts';
import { extension, started } from './extension.ts';
import type { Host } from './suite.ts';

export const chartTab = (): vscode.Tab | undefined =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('scalingLens.chart'));

/** Closes all editors and the chart. */
export async function closeEverything(host: Host): Promise<void> {
  const tab = chartTab();
  if (tab !== undefined) await vscode.window.tabGroups.close(tab);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await host.until('no chart', () => chartTab() === undefined);
}

/** Waits until the chart has drawn a file (and a series of it). */
export async function drawnFor(host: Host, uri: vscode.Uri, series?: string): Promise<Drawn> {
  const client = await started();
  return host.until(`a chart of ${uri.path}`, () => {
    const drawn = client.chart.lastDrawn();
    return drawn !== null && drawn.uri === uri.toString() && (series === undefined || drawn.series === series)
      ? drawn
      : undefined;
  });
}

export function assertNotBlank({ census }: Drawn): void {
  assert.ok(census.width > 100 && census.height > 100, JSON.stringify(census));
  assert.ok(census.painted > 0.002 * census.width * census.height, `blank: ${JSON.stringify(census)}`);
  assert.ok(census.colours >= 3, JSON.stringify(census));
}

function cliReport(file: string): Report {
  const run = spawnSync('node', [join(extension().extensionPath, 'dist/cli.cjs'), 'analyze', file, '--json'], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout) as Report;
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** The chart's points and curve are those of `scaling-lens analyze`. */
export function assertEqualsCommandLine(drawn: Drawn, path: string): void {
  const series = cliReport(path).series.find(({ id }) => id === drawn.series);
  assert.ok(series, drawn.series);
  const expected = series.x.map((x, i) => [x, series.y[i] as number] as const).sort(([a], [b]) => a - b);
  const plotted = drawn.plotted.points.toSorted(([a], [b]) => a - b);
  assert.equal(plotted.length, expected.length);
  for (const [i, [x, y]] of plotted.entries()) {
    assert.ok(near(x, expected[i]?.[0] ?? 0) && near(y, expected[i]?.[1] ?? 0), `${x}, ${y} is not ${expected[i]}`);
  }
  const curve = series.curve;
  assert.ok(curve && drawn.plotted.curve.length > 10);
  for (const [x, y] of drawn.plotted.curve) {
    // Where the line turns from solid to dashed, at the last fitted x, the page puts in a point between two samples.
    const expected = curveAt(curve, curve.y, x) ?? Number.NaN;
    const tolerance = near(x, curve.lastFitted) ? 0.01 * Math.abs(expected) : 1e-9;
    assert.ok(Math.abs(expected - y) <= tolerance, `curve at ${x}: ${y} instead of ${expected}`);
  }
}
