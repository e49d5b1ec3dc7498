// Installs VS Code for the browser (inside the npm package code-server) into .vscode-test/browser-host, apart from the
// project's own dependencies. Nothing is compiled: its terminal and database modules stay unbuilt, which its log mentions
// and which nothing here needs. `installBrowserHost()` is a no-op once the folder is complete.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';

const CODE_SERVER = '4.139.1';

const root = resolve(import.meta.dirname, '../..');
const home = join(root, '.vscode-test/browser-host');
const vscode = join(home, 'node_modules/code-server/lib/vscode');
const complete = join(home, `complete-${CODE_SERVER}`);

/** Returns the path of VS Code's `server-main.js`, installing it first where it is missing. */
export async function installBrowserHost(): Promise<string> {
  const main = join(vscode, 'out/server-main.js');
  if (existsSync(complete) && existsSync(main)) return main;
  console.error(`Installing VS Code for the browser (code-server ${CODE_SERVER}) into .vscode-test/ …`);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), '{ "private": true }\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await npm(home, ['install', ...quiet, '--no-package-lock', `code-server@${CODE_SERVER}`]);
  await npm(vscode, ['install', ...quiet, '--omit=dev', '--omit=optional']);
  await writeFile(complete, '');
  return main;
}

/** npm under the Node that runs this script, free of the settings an outer `npm run` put in the environment. */
function npm(cwd: string, args: readonly string[]): Promise<void> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_(omit|ignore_scripts|global|prefix|local_prefix)|package|lifecycle)/i.test(name),
    ),
  );
  env['PATH'] = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  return new Promise((done, fail) => {
    const child = spawn('npm', [...args], {
      cwd,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.once('error', fail);
    child.once('close', (code) => {
      if (code === 0) done();
      else fail(new Error(`npm ${args.join(' ')} in ${cwd} exited with ${code}\n${errors}`));
    });
  });
}

if (import.meta.main) console.log(await installBrowserHost());
