// The size budgets of the bundles, read from esbuild's metafile of a production build. A missed budget fails, and the
// largest parts of the bundle say where to look. `npm run size` builds first; a VSIX, where one was packaged, is weighed too.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { Metafile } from 'esbuild';

const KB = 1000;

/** Bytes that the files of one bundle may have together. */
const budgets: Readonly<Record<string, { readonly files: readonly string[]; readonly limit: number }>> = {
  extension: { files: ['dist/extension.cjs'], limit: 12 * KB },
  client: { files: ['dist/client.cjs'], limit: 480 * KB },
  server: { files: ['dist/server.cjs'], limit: 480 * KB },
  // Every reader, law and rule; logs of training runs and the compiled loops of the CSV reader came last.
  worker: { files: ['dist/worker.cjs'], limit: 1320 * KB },
  // 212 KB of Chart.js and its annotations; the rest draws points, slices and pass rates, and writes SVG.
  webview: { files: ['dist/webview.js', 'dist/webview.css'], limit: 320 * KB },
};
// The worker holds every reader and law (420 KB packed), the sampler is a process of its own (100 KB); the command line is not part of the extension.
const VSIX_LIMIT = 900 * KB;

if (!process.argv.includes('--no-build')) {
  const built = spawnSync(process.execPath, ['esbuild.mjs', '--production'], { stdio: 'inherit' });
  if (built.status !== 0) process.exit(1);
}
const meta = JSON.parse(readFileSync('.cache/build.json', 'utf8')) as Metafile & { production: boolean };
if (!meta.production) {
  console.error('size: dist/ holds a development build; run `npm run size` without --no-build');
  process.exit(1);
}

let missed = 0;
for (const [name, { files, limit }] of Object.entries(budgets)) {
  const present = files.filter((file) => meta.outputs[file] !== undefined);
  if (present.length === 0) {
    console.log(`--   ${name}: not built`);
    continue;
  }
  const total = sum(present.map((file) => meta.outputs[file]?.bytes ?? 0));
  verdict(name, total, limit);
  if (total > limit) for (const file of present) explain(file);
}
const others = Object.keys(meta.outputs).filter(
  (file) => !Object.values(budgets).some(({ files }) => files.includes(file)),
);
for (const file of others) console.log(`     ${file}: ${kilobytes(meta.outputs[file]?.bytes ?? 0)} (no budget)`);
for (const file of readdirSync('.').filter((name) => name.endsWith('.vsix') && existsSync(name))) {
  verdict(file, statSync(file).size, VSIX_LIMIT);
}
if (missed > 0) process.exitCode = 1;

function verdict(name: string, bytes: number, limit: number): void {
  const within = bytes <= limit;
  if (!within) missed += 1;
  console.log(`${within ? 'ok  ' : 'OVER'} ${name}: ${kilobytes(bytes)} of ${kilobytes(limit)}`);
}

/** The packages (or rooms) that weigh most in one output. */
function explain(file: string): void {
  const parts = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(meta.outputs[file]?.inputs ?? {})) {
    const owner = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? input.split('/').slice(0, 3).join('/');
    parts.set(owner, (parts.get(owner) ?? 0) + bytesInOutput);
  }
  const largest = [...parts].toSorted(([, a], [, b]) => b - a).slice(0, 8);
  for (const [owner, bytes] of largest) console.log(`       ${owner} ${kilobytes(bytes)}`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function kilobytes(bytes: number): string {
  return `${(bytes / KB).toFixed(1)} KB`;
}
