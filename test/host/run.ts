// Chooses a VS Code, bundles the suite, and runs it there through @vscode/test-electron:
//   1. VSCODE_EXECUTABLE, where it is set: VS Code's own executable (not the `code` script, which returns at once);
//   2. desktop VS Code by download, where SCALING_LENS_HOST=desktop or a desktop session on a developer's machine;
//   3. else VS Code in a browser (scripts/host/browser-host), which npm alone can install.
// `npm run test:host` runs it under node:test; SCALING_LENS_HOST_ONLY=text runs only the tests whose name contains text.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import type { Result } from './suite.ts';

const root = resolve(import.meta.dirname, '../..');

export interface HostRun {
  readonly host: 'desktop' | 'browser';
  readonly results: readonly Result[];
  /** What VS Code and the suite printed. */
  readonly output: string;
  /** Why the run as a whole failed, or null when VS Code exited with 0. */
  readonly failure: string | null;
}

/**
 * Builds what is missing, opens VS Code on a fresh copy of test/host/workspace, and returns what every test said.
 * @param suites the folder whose files are the suites
 */
export async function runHostSuites(suites = join(import.meta.dirname, 'suite')): Promise<HostRun> {
  if (!existsSync(join(root, 'dist/extension.cjs'))) {
    spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
  }
  const { host, executable } = await chooseHost();
  const scratch = await mkdtemp(join(tmpdir(), 'scaling-lens-test-'));
  const exchange = join(scratch, 'exchange');
  const workspace = join(scratch, 'workspace');
  const index = await bundleSuites(suites, join(scratch, 'index.cjs'));
  await mkdir(exchange);
  await cp(join(import.meta.dirname, 'workspace'), workspace, { recursive: true });
  let output = '';
  const keep = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      output += chunk.toString();
      done();
    },
  });
  let failure: string | null = null;
  const consoleLog = console.log;
  console.log = () => {};
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: index,
      launchArgs: [workspace, '--disable-extensions', `--user-data-dir=${join(scratch, 'user')}`],
      extensionTestsEnv: {
        SCALING_LENS_HOST: host,
        SCALING_LENS_HOST_EXCHANGE: exchange,
        SCALING_LENS_SCREENSHOTS: process.env['SCALING_LENS_SCREENSHOTS'] ?? join(root, '.cache/screenshots'),
      },
      stdout: keep,
      stderr: keep,
    });
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    console.log = consoleLog;
  }
  const lines = await readFile(join(exchange, 'results.ndjson'), 'utf8').catch(() => '');
  await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  const results = lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Result);
  return { host, results, output, failure };
}

/** One CommonJS file out of every file of the folder: what is in it runs. */
async function bundleSuites(folder: string, outfile: string): Promise<string> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const imports = files.map((name, at) => `import { tests as suite${at} } from ${JSON.stringify(join(folder, name))};`);
  const record = files.map((name, at) => `${JSON.stringify(basename(name, '.ts'))}: suite${at}`);
  await build({
    stdin: {
      contents: `${imports.join('\n')}
import { runSuites } from './suite.ts';
export const run = () => runSuites({ ${record.join(', ')} });`,
      resolveDir: import.meta.dirname,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}

async function chooseHost(): Promise<{ host: HostRun['host']; executable: string }> {
  const named = process.env['VSCODE_EXECUTABLE'];
  if (named !== undefined && named !== '') return { host: 'desktop', executable: named };
  if (
    process.env['SCALING_LENS_HOST'] !== 'browser' &&
    (process.env['SCALING_LENS_HOST'] === 'desktop' || canShowDesktop())
  ) {
    const downloaded = await download(Number(process.env['VSCODE_DOWNLOAD_LIMIT_MS'] ?? 120_000));
    if (downloaded !== null) return { host: 'desktop', executable: downloaded };
  }
  return { host: 'browser', executable: join(root, 'scripts/host/browser-host') };
}

/** Desktop VS Code needs a display: always on macOS and Windows, on Linux only inside a session, and not in CI. */
function canShowDesktop(): boolean {
  if (process.platform !== 'linux') return true;
  const session = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '';
  return session !== '' && process.env['CI'] === undefined;
}

/** The download, or null where its server cannot be reached quickly. */
async function download(limit: number): Promise<string | null> {
  const reachable = await fetch('https://update.code.visualstudio.com/api/releases/stable', {
    signal: AbortSignal.timeout(5000),
  }).then(
    (reply) => reply.ok,
    () => false,
  );
  if (!reachable) return null;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => {
    timer = setTimeout(() => done(null), limit);
  });
  try {
    return await Promise.race([downloadAndUnzipVSCode(), late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
