// Everything that can be said about the code without running it: types of each room, lint, format, dead code,
// and the walls between rooms. All of it runs even when an early step fails, so one run shows everything.
// `node scripts/check.ts [types|lint|format|knip|layering]…` runs only the steps named.
import { spawn } from 'node:child_process';

const steps: Record<string, readonly [string, ...string[]]> = {
  types: ['tsc', '-b'],
  lint: ['oxlint', '--type-aware', '--quiet'],
  format: ['biome', 'check', '--colors=off', '--max-diagnostics=20'],
  knip: ['knip', '--no-progress', '--no-config-hints'],
  layering: ['node', '--test', '--test-reporter=dot', 'test/layering.test.ts'],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`check: no step named ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}`);
  process.exit(2);
}

const failed: string[] = [];
for (const [name, [command, ...args]] of Object.entries(steps)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const started = performance.now();
  const { code, output } = await run(command, args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (code !== 0) {
    failed.push(name);
    // A file of the core is checked by every room that imports it: say so once.
    const lines = output.trimEnd().split('\n');
    console.log((name === 'types' ? [...new Set(lines)] : lines).join('\n'));
  }
}
if (failed.length > 0) {
  console.error(`check: ${failed.join(', ')} failed`);
  process.exitCode = 1;
}

function run(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
