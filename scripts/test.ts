// `npm test`: everything, in order, with one summary at the end: production build, checks, size budgets, then every test
// (core to command line, webview, package, a real VS Code) in a single `node --test`, whose counts come last.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

const failed: string[] = [];
step('build', ['esbuild.mjs', '--production']);
step('check', ['scripts/check.ts']);
step('size', ['scripts/size.ts', '--no-build']);

const files = globSync('test/**/*.test.ts').toSorted();
step('tests', ['--test', '--test-reporter=spec', ...files]);

if (failed.length > 0) {
  console.error(`npm test: failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

function step(name: string, args: readonly string[]): void {
  console.log(`\n# ${name}`);
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) failed.push(name);
}
