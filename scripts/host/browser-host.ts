// VS Code in a browser behind the command line of desktop VS Code:
//
//   scripts/host/browser-host --extensionDevelopmentPath=DIR [--extensionTestsPath=FILE] FOLDER
//
// With a tests path it opens FOLDER in a headless Chromium, runs the tests in the extension host and exits with their
// code, so it serves as `vscodeExecutablePath` of @vscode/test-electron's runTests. Without one it prints the URL to open
// and stays up until Ctrl+C. Flags of desktop VS Code that mean nothing here are ignored.
//
// While tests run, the folder named by SCALING_LENS_HOST_EXCHANGE is a mailbox: the suite writes `<n>.request.json`, this
// process acts on the page and writes `<n>.reply.json`. The requests are the `PageRequest` union of test/host/page.ts.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import type { PageReply, PageRequest } from '../../test/host/page.ts';
import { launchChromium } from './chromium.ts';
import { installBrowserHost } from './install-browser-host.ts';

const TEST_LIMIT_MS = Number(process.env['SCALING_LENS_HOST_LIMIT_MS'] ?? 900_000);

const argv = process.argv.slice(2);
const development = flagged('extensionDevelopmentPath')[0];
const tests = flagged('extensionTestsPath')[0];
const folder = argv.findLast((argument) => !argument.startsWith('-')) ?? process.cwd();

const scratch = await mkdtemp(join(tmpdir(), 'scaling-lens-host-'));
const logFile = join(scratch, 'vscode.log');
const log = createWriteStream(logFile);

const port = await freePort(tests === undefined ? Number(process.env['PORT'] ?? 8010) : 0);
const server = await startServer(port);
let exitCode = 1;
try {
  exitCode = tests === undefined ? await serve() : await runTestsInPage(tests);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  await stop(server);
}
if (exitCode !== 0 && tests !== undefined) console.error(`--- end of VS Code's log ---\n${await tail(logFile, 60)}`);
log.end();
await rm(scratch, { recursive: true, force: true });
process.exit(exitCode);

function flagged(name: string): string[] {
  const prefix = `--${name}=`;
  return argv
    .filter((argument) => argument.startsWith(prefix))
    .map((argument) => resolve(argument.slice(prefix.length).replace(/^file:\/\//, '')));
}

function address(): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload: [string, string][] = [];
  if (development !== undefined) payload.push(['extensionDevelopmentPath', remote(development)]);
  if (tests !== undefined) payload.push(['extensionTestsPath', remote(tests)]);
  const query = new URLSearchParams({ folder: resolve(folder), payload: JSON.stringify(payload) });
  return `http://127.0.0.1:${port}/?${query.toString()}`;
}

async function startServer(at: number): Promise<ChildProcess> {
  const main = await installBrowserHost();
  const data = join(scratch, 'server');
  await mkdir(join(data, 'data/Machine'), { recursive: true });
  await writeFile(
    join(data, 'data/Machine/settings.json'),
    JSON.stringify({
      'workbench.startupEditor': 'none',
      'workbench.tips.enabled': false,
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'workbench.welcomePage.walkthroughs.openOnInstall': false,
      'chat.disableAIFeatures': true,
      'extensions.ignoreRecommendations': true,
      'update.mode': 'none',
      'git.openRepositoryInParentFolders': 'never',
    }),
  );
  const child = spawn(
    process.execPath,
    [
      main,
      '--host=127.0.0.1',
      `--port=${at}`,
      '--without-connection-token',
      '--accept-server-license-terms',
      `--server-data-dir=${data}`,
      '--telemetry-level=off',
      '--disable-workspace-trust',
      '--enable-smoke-test-driver',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } },
  );
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  for (let waited = 0; waited < 120_000; waited += 100) {
    if (child.exitCode !== null) throw new Error(`VS Code's server exited with ${child.exitCode}; see ${logFile}`);
    const up = await fetch(`http://127.0.0.1:${at}/version`).then(
      (reply) => reply.ok,
      () => false,
    );
    if (up) return child;
    await sleep(100);
  }
  child.kill();
  throw new Error(`VS Code's server did not answer within 2 minutes; see ${logFile}`);
}

/** No tests: the URL is the product. */
async function serve(): Promise<number> {
  console.log(`\nVS Code with Scaling Lens is running. Open\n\n  ${address()}\n\nand press Ctrl+C here to stop.`);
  return new Promise((done) => {
    process.once('SIGINT', () => done(0));
    process.once('SIGTERM', () => done(0));
    server.once('exit', () => done(1));
  });
}

async function runTestsInPage(testsPath: string): Promise<number> {
  if (!existsSync(testsPath)) throw new Error(`no tests at ${testsPath}`);
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.on('console', (message) => log.write(`[page ${message.type()}] ${message.text()}\n`));
    page.on('pageerror', (error) => log.write(`[page error] ${error.stack ?? error.message}\n`));
    const ended = new Promise<number>((done) => {
      process.once('SIGINT', () => done(130));
      process.once('SIGTERM', () => done(143));
      page.once('crash', () => done(1));
      setTimeout(() => {
        console.error(`The tests did not end within ${TEST_LIMIT_MS / 1000} s.`);
        done(1);
      }, TEST_LIMIT_MS).unref();
      void page.exposeFunction('codeAutomationExit', (code: number) => done(code));
    });
    await page.exposeFunction('codeAutomationLog', (type: string, values: readonly unknown[]) => {
      const line = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ');
      log.write(`[suite ${type}] ${line}\n`);
      if (type === 'error' || type === 'log' || type === 'info') console.log(line);
    });
    await page.goto(address(), { timeout: 120_000 });
    const mailbox = process.env['SCALING_LENS_HOST_EXCHANGE'];
    const closing = new AbortController();
    const answering = mailbox === undefined ? Promise.resolve() : answer(mailbox, page, closing.signal);
    const code = await ended;
    closing.abort();
    await answering;
    return code;
  } finally {
    await browser.close();
  }
}

/** Answers the suite's page requests, one after the other, until the run ends. */
async function answer(mailbox: string, page: Page, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const names = await readdir(mailbox).catch(() => [] as string[]);
    for (const name of names.filter((one) => one.endsWith('.request.json')).sort()) {
      const file = join(mailbox, name);
      const request = JSON.parse(await readFile(file, 'utf8')) as PageRequest;
      await rm(file);
      const reply = await act(page, request).then(
        (value): PageReply => ({ ok: true, value }),
        (error: unknown): PageReply => ({ ok: false, error: error instanceof Error ? error.message : String(error) }),
      );
      const target = file.replace(/\.request\.json$/, '.reply.json');
      await writeFile(`${target}.partial`, JSON.stringify(reply));
      await rename(`${target}.partial`, target);
    }
    await sleep(25);
  }
}

async function act(page: Page, request: PageRequest): Promise<unknown> {
  const timeout = 60_000;
  switch (request.kind) {
    case 'screenshot': {
      const path = resolve(request.path);
      await mkdir(resolve(path, '..'), { recursive: true });
      await page.screenshot({ path });
      return path;
    }
    case 'viewport':
      return page.setViewportSize({ width: request.width, height: request.height });
    case 'press':
      return page.keyboard.press(request.keys);
    case 'type':
      return page.keyboard.type(request.text);
    case 'click':
      return (await target(page, request.webview)).locator(request.selector).first().click({ timeout });
    case 'hover':
      return (await target(page, request.webview)).locator(request.selector).first().hover({ timeout });
    case 'wait':
      await (await target(page, request.webview)).locator(request.selector).first().waitFor({ timeout });
      return true;
    case 'evaluate':
      return (await target(page, request.webview)).evaluate(request.expression);
  }
}

/** The workbench itself, or the document inside the webview asked for (`true`: the one opened last). */
async function target(page: Page, webview: string | true | undefined): Promise<Frame> {
  if (webview === undefined) return page.mainFrame();
  const seen = new Set<string>();
  for (let waited = 0; waited < 60_000; waited += 100) {
    for (const frame of page.frames().toReversed()) {
      if (!(await isActiveWebview(frame))) continue;
      const title = await frame.title().catch(() => '');
      if (webview === true || title.includes(webview)) return frame;
      seen.add(title);
    }
    await sleep(100);
  }
  const others = seen.size === 0 ? '' : `; open: ${[...seen].join(', ')}`;
  throw new Error(`no webview ${webview === true ? '' : `titled "${webview}" `}is open${others}`);
}

/** VS Code loads a webview's document into a nested frame, which it calls `active-frame` once the content is there. */
async function isActiveWebview(frame: Frame): Promise<boolean> {
  if (frame.parentFrame()?.parentFrame() == null) return false;
  try {
    const element = await frame.frameElement();
    return (await element.getAttribute('id')) === 'active-frame';
  } catch {
    return false; // gone in the meantime
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await Promise.race([gone, sleep(3000)]);
  if (child.exitCode === null) child.kill('SIGKILL');
}

function freePort(wanted: number): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', () => {
      if (wanted === 0) fail(new Error('no free port'));
      else freePort(0).then(done, fail);
    });
    probe.listen(wanted, '127.0.0.1', () => {
      const bound = probe.address();
      probe.close(() => done(typeof bound === 'object' && bound !== null ? bound.port : wanted));
    });
  });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

async function tail(file: string, lines: number): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').slice(-lines).join('\n');
}
