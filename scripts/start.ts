// `npm start`: builds, then opens examples/ in a VS Code that has this extension loaded: VSCODE_EXECUTABLE or `code` where
// there is one, else VS Code in a browser, whose URL is printed (PORT chooses the port).
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const examples = join(root, 'examples');
const folder = resolve(process.argv[2] ?? (existsSync(examples) ? examples : join(root, 'test/host/workspace')));

const built = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

const desktop = process.env['VSCODE_EXECUTABLE'] || onPath('code');
if (desktop !== undefined) {
  console.log(`Opening ${folder} in ${desktop}`);
  open(desktop, ['--new-window', `--extensionDevelopmentPath=${root}`, folder]);
} else {
  open(process.execPath, [join(root, 'scripts/host/browser-host.ts'), `--extensionDevelopmentPath=${root}`, folder]);
}

function open(command: string, args: readonly string[]): void {
  const child = spawn(command, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32' && command.endsWith('.cmd'),
  });
  // The child sees Ctrl+C as well and ends in its own time; this process ends with it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.once('exit', (code) => {
    process.exitCode = code ?? 0;
  });
}

function onPath(name: string): string | undefined {
  const names = process.platform === 'win32' ? [`${name}.cmd`] : [name];
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const one of names) {
      try {
        accessSync(join(folder, one), constants.X_OK);
        return join(folder, one);
      } catch {
        // not in this folder
      }
    }
  }
  return undefined;
}
