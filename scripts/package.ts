// Builds for production and packs scaling-lens-x.y.z.vsix, or the file named by `--out=`; `--no-build` packs dist/ as it is.
// Nothing but bundles ships, so vsce looks at no dependency.
import { spawnSync } from 'node:child_process';

const flags = process.argv.slice(2);
const out = flags.find((flag) => flag.startsWith('--out='))?.slice('--out='.length);

if (!flags.includes('--no-build')) run(process.execPath, ['esbuild.mjs', '--production']);
run(process.execPath, [
  'node_modules/@vscode/vsce/vsce',
  'package',
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  ...(out === undefined ? [] : ['--out', out]),
]);

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
