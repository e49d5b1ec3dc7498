// The part of the host tests that runs inside VS Code's extension host: a suite is a record of named functions, this runs
// them one after the other, prints TAP, and leaves one JSON line per test in the exchange folder for host.test.ts.
//
// To add tests, put a file into test/host/suite/ that exports `tests`; every file there runs, none is listed by hand:
//
//   export const tests: Tests = {
//     'the panel draws': async ({ page, theme, skip }) => {
//       if (!page.available) return skip('desktop VS Code has no page to look at');
//       await theme('Light Modern');                                    // any installed color theme
//       await page.ask({ kind: 'wait', webview: true, selector: 'canvas' });
//       await page.ask({ kind: 'screenshot', path: `${page.screenshots}/panel-light.png` });
//     },
//   };
//
// Screenshots land in SCALING_LENS_SCREENSHOTS, or .cache/screenshots where it is not set.
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ask, available } from './page.ts';

export interface Host {
  /** The page around VS Code (browser host only). */
  readonly page: { readonly available: boolean; readonly ask: typeof ask; readonly screenshots: string };
  /** Switches the color theme and waits for it. */
  readonly theme: (name: string) => Promise<void>;
  /** Ends the test as skipped. */
  readonly skip: (why: string) => never;
  /** Asks again until the answer is neither undefined nor false; throws after the limit (two minutes: the machine may be busy). */
  readonly until: <T>(what: string, probe: () => T | PromiseLike<T>, limit?: number) => Promise<NonNullable<T>>;
  /** The folder that is open: a fresh copy of test/host/workspace, free to write to. */
  readonly workspace: vscode.Uri;
}

export type Tests = Readonly<Record<string, (host: Host) => void | Promise<void>>>;

export interface Result {
  readonly name: string;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  readonly milliseconds: number;
  readonly detail: string;
}

class Skipped extends Error {}

/** Generous, as all limits here: they end a run that hangs, they do not measure anything. */
const TEST_LIMIT_MS = 240_000;

const host: Host = {
  page: { available, ask, screenshots: process.env['SCALING_LENS_SCREENSHOTS'] ?? '.cache/screenshots' },
  theme: async (name) => {
    const changed = new Promise<void>((done) => {
      const listener = vscode.window.onDidChangeActiveColorTheme(() => {
        listener.dispose();
        done();
      });
      setTimeout(() => {
        listener.dispose();
        done();
      }, 10_000);
    });
    await vscode.workspace.getConfiguration('workbench').update('colorTheme', name, vscode.ConfigurationTarget.Global);
    await changed;
  },
  skip: (why) => {
    throw new Skipped(why);
  },
  until: async (what, probe, limit = 120_000) => {
    for (const started = Date.now(); ; ) {
      const answer = await probe();
      if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<typeof answer>;
      if (Date.now() - started > limit) throw new Error(`waited ${limit / 1000} s for ${what}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  },
  get workspace() {
    const first = vscode.workspace.workspaceFolders?.[0];
    if (first === undefined) throw new Error('no folder is open');
    return first.uri;
  },
};

/** Runs every suite; rejects when a test failed, which is what makes VS Code exit with 1. */
export async function runSuites(suites: Readonly<Record<string, Tests>>): Promise<void> {
  const all = Object.entries(suites).flatMap(([suite, tests]) =>
    Object.entries(tests).map(([name, body]) => ({ name: `${suite}: ${name}`, body })),
  );
  const filter = process.env['SCALING_LENS_HOST_ONLY'];
  const chosen = filter === undefined ? all : all.filter(({ name }) => name.includes(filter));
  console.log(`1..${chosen.length}`);
  let failed = 0;
  for (const [index, { name, body }] of chosen.entries()) {
    const result = await runOne(name, body);
    if (result.outcome === 'failed') failed += 1;
    const skip = result.outcome === 'skipped' ? ` # SKIP ${result.detail}` : '';
    console.log(`${result.outcome === 'failed' ? 'not ok' : 'ok'} ${index + 1} - ${name}${skip}`);
    if (result.outcome === 'failed') console.log(result.detail.replace(/^/gm, '  '));
    await report(result);
  }
  if (failed > 0) throw new Error(`${failed} of ${chosen.length} tests failed`);
}

async function runOne(name: string, body: Tests[string]): Promise<Result> {
  const started = performance.now();
  const took = (): number => Math.round(performance.now() - started);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${TEST_LIMIT_MS / 1000} s`)), TEST_LIMIT_MS);
  });
  try {
    await Promise.race([body(host), limit]);
    return { name, outcome: 'ok', milliseconds: took(), detail: '' };
  } catch (error) {
    if (error instanceof Skipped) return { name, outcome: 'skipped', milliseconds: took(), detail: error.message };
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { name, outcome: 'failed', milliseconds: took(), detail };
  } finally {
    clearTimeout(timer);
  }
}

async function report(result: Result): Promise<void> {
  const exchange = process.env['SCALING_LENS_HOST_EXCHANGE'];
  if (exchange !== undefined) await appendFile(join(exchange, 'results.ndjson'), `${JSON.stringify(result)}\n`);
}
