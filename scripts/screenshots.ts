// Takes the pictures of Scaling Lens from a real VS Code: `media/screenshot.png` for the README, and the same workbench
// in light, dark and high contrast to look at, in .cache/screenshots (or SCALING_LENS_SCREENSHOTS).
// Run: npm run screenshots
import { spawnSync } from 'node:child_process';
import { access, copyFile, cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const pictures = process.env['SCALING_LENS_SCREENSHOTS'] ?? join(root, '.cache/screenshots');
/** Charts to look at besides: they stay in the folder of pictures. Real results stand beside the project where they are. */
const MORE = [
  ['pass-rate.csv', 'examples/passuntil/coins-counts.csv'],
  ['slices.csv', '../shared/data/slice-and-sandwich/tidy/mmlu_g3.csv'],
  ['real.csv', '../shared/data/overtraining/models.csv'],
] as const;
const scratch = await mkdtemp(join(tmpdir(), 'scaling-lens-screenshots-'));
try {
  if (!process.argv.includes('--no-build')) {
    const made = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
    if (made.status !== 0) throw new Error('the build failed');
  }
  const suite = join(scratch, 'suite.cjs');
  await build({
    entryPoints: [join(root, 'scripts/host/screenshots.ts')],
    outfile: suite,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    logLevel: 'warning',
  });
  const [workspace, exchange] = [join(scratch, 'study'), join(scratch, 'exchange')];
  await mkdir(workspace);
  await mkdir(exchange);
  await cp(join(root, 'examples/study-long.csv'), join(workspace, 'study-long.csv'));
  await mkdir(join(workspace, 'more'));
  for (const [name, path] of MORE) {
    const file = resolve(root, path);
    const there = await access(file).then(
      () => true,
      () => false,
    );
    if (there) await cp(file, join(workspace, 'more', name));
    else console.log(`${path}: not here, no picture of it`);
  }
  await runTests({
    vscodeExecutablePath: join(root, 'scripts/host/browser-host'),
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    launchArgs: [workspace, '--disable-extensions'],
    extensionTestsEnv: {
      SCALING_LENS_HOST: 'browser',
      SCALING_LENS_HOST_EXCHANGE: exchange,
      SCALING_LENS_SCREENSHOTS: pictures,
    },
  });
  const picture = join(root, 'media/screenshot.png');
  await copyFile(join(pictures, 'workbench-light.png'), picture);
  const header = await readFile(picture);
  const { size } = await stat(picture);
  console.log(
    `media/screenshot.png: ${header.readUInt32BE(16)}×${header.readUInt32BE(20)}, ${Math.round(size / 1000)} KB`,
  );
} finally {
  await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
}
