// The whole build is one table: which entry becomes which bundle, and for which host.
// `node esbuild.mjs [--production] [--watch] [--only=extension,cli]`; sizes land in .cache/build.json for `npm run size`.
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as esbuild from 'esbuild';
import { notices } from './scripts/notices.ts';

const { version } = JSON.parse(await readFile('package.json', 'utf8'));
const flags = process.argv.slice(2);
const production = flags.includes('--production');
const watch = flags.includes('--watch');
const only = flags
  .find((flag) => flag.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');

/** @type {import('esbuild').BuildOptions} */
const node = { platform: 'node', format: 'cjs', target: 'node22' };
/** @type {import('esbuild').BuildOptions} */
const page = { platform: 'browser', format: 'iife', target: 'es2022' };

/**
 * One line per bundle: where it starts, where it lands, and what differs from the rest.
 * @type {{ name: string, source: string, outfile: string, options: import('esbuild').BuildOptions }[]}
 */
const table = [
  {
    name: 'extension',
    source: 'src/client/extension.ts',
    outfile: 'dist/extension.cjs',
    options: { ...node, external: ['vscode', './client.cjs'] },
  },
  {
    name: 'client',
    source: 'src/client/start.ts',
    outfile: 'dist/client.cjs',
    options: { ...node, external: ['vscode'] },
  },
  { name: 'server', source: 'src/server/entry.node.ts', outfile: 'dist/server.cjs', options: node },
  { name: 'worker', source: 'src/server/worker.ts', outfile: 'dist/worker.cjs', options: node },
  {
    name: 'cli',
    source: 'src/cli/main.ts',
    outfile: 'dist/cli.cjs',
    options: { ...node, banner: { js: '#!/usr/bin/env node' } },
  },
  { name: 'passuntil', source: 'src/cli/sampler.ts', outfile: 'dist/passuntil.cjs', options: node },
  { name: 'webview', source: 'webview/main.ts', outfile: 'dist/webview.js', options: page },
];

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  logLevel: 'warning',
  mainFields: ['module', 'main'],
  loader: { '.css': 'css' },
  define: {
    'process.env.NODE_ENV': production ? '"production"' : '"development"',
    'globalThis.SCALING_LENS_VERSION': JSON.stringify(version),
  },
};

const bundles = table.filter(({ name }) => only === undefined || only.includes(name));

await mkdir('dist', { recursive: true });

const contexts = await Promise.all(
  bundles.map(({ source, outfile, options }) =>
    esbuild.context({ ...common, ...options, entryPoints: [source], outfile }),
  ),
);

if (watch) {
  await Promise.all(contexts.map((context) => context.watch()));
  console.log(`build: watching ${bundles.map(({ name }) => name).join(', ')}`);
} else {
  const results = await Promise.allSettled(contexts.map((context) => context.rebuild()));
  await Promise.all(contexts.map((context) => context.dispose()));
  const failed = bundles.filter((_, index) => results[index].status === 'rejected').map(({ name }) => name);
  const inputs = {};
  const outputs = {};
  for (const result of results) {
    if (result.status !== 'fulfilled') continue;
    Object.assign(inputs, result.value.metafile.inputs);
    Object.assign(outputs, result.value.metafile.outputs);
  }
  if (only === undefined) {
    // What an earlier build left and this one did not make goes; what it did make was overwritten in place.
    const made = new Set([...Object.keys(outputs).map((file) => basename(file)), 'NOTICES.txt']);
    const stale = (await readdir('dist')).filter(
      (name) => !made.has(name) && !failed.some((one) => name.startsWith(`${one}.`)),
    );
    await Promise.all(stale.map((name) => rm(`dist/${name}`, { recursive: true, force: true })));
  }
  if (only === undefined) await writeFile('dist/NOTICES.txt', notices(Object.keys(inputs)));
  if (existsSync('dist/cli.cjs')) await chmod('dist/cli.cjs', 0o755);
  await mkdir('.cache', { recursive: true });
  await writeFile('.cache/build.json', JSON.stringify({ production, version, inputs, outputs }));
  const sizes = Object.entries(outputs)
    .filter(([file]) => !file.endsWith('.map'))
    .map(([file, { bytes }]) => `${file} ${(bytes / 1000).toFixed(1)} KB`);
  console.log(`build${production ? ' (production)' : ''}: ${sizes.join(', ') || 'nothing to build'}`);
  if (failed.length > 0) {
    console.error(`build: FAILED for ${failed.join(', ')}`);
    process.exitCode = 1;
  }
}
