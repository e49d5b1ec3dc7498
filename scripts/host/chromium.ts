// Which Chromium the host tests, the webview tests and the screenshots use, and how it must be started.
// A browser of the machine comes first (CHROMIUM_EXECUTABLE, then the usual places); else the one inside the npm package
// @sparticuz/chromium (Linux x64), unpacked once into .cache/, with its own copies of NSS and of a font, so that
// a bare machine without apt can draw. `await launchChromium()` from playwright-core is all a test needs.
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliDecompress, createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

export interface ChromiumLaunch {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const root = resolve(import.meta.dirname, '../..');

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

const installed = [
  process.env['CHROMIUM_EXECUTABLE'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Finds, or unpacks, a Chromium and says how to start it. */
export async function findChromium(): Promise<ChromiumLaunch> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const found = installed.find((path) => path !== undefined && path !== '' && existsSync(path));
  if (found !== undefined) return { executablePath: found, args, env };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium found: set CHROMIUM_EXECUTABLE to a Chromium, Chrome or Edge executable.');
  }
  const home = await unpack();
  env['FONTCONFIG_FILE'] = join(home, 'fonts.conf');
  if (!hasSystemNss()) env['LD_LIBRARY_PATH'] = [join(home, 'lib'), env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  return { executablePath: join(home, 'chromium'), args, env };
}

/** A headless browser, ready for `newPage()`; whoever launches it closes it. */
export async function launchChromium(): Promise<Browser> {
  const { executablePath, args: flags, env } = await findChromium();
  return chromium.launch({ executablePath, args: [...flags], env: { ...env }, headless: true });
}

function hasSystemNss(): boolean {
  if (process.env['SCALING_LENS_BUNDLED_LIBS'] === '1') return false;
  const folders = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/lib64', '/usr/lib'];
  return ['libnss3.so', 'libnspr4.so', 'libexpat.so.1'].every((library) =>
    folders.some((folder) => existsSync(join(folder, library))),
  );
}

/** Unpacks the package's archives beside each other, once per version; two processes may race, either wins whole. */
async function unpack(): Promise<string> {
  const source = join(root, 'node_modules/@sparticuz/chromium');
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };
  const cache = join(root, '.cache');
  const home = join(cache, `chromium-${version}`);
  if (existsSync(join(home, 'chromium'))) return home;

  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(join(cache, 'chromium-partial-'));
  try {
    await pipeline(
      createReadStream(join(source, 'bin/chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(partial, 'chromium')),
    );
    await chmod(join(partial, 'chromium'), 0o755);
    for (const name of ['al2023', 'fonts', 'swiftshader']) {
      const packed = await readFile(join(source, `bin/${name}.tar.br`));
      await untar(await promisify(brotliDecompress)(packed), partial);
    }
    await writeFile(join(partial, 'fonts.conf'), fontsConf(home));
    await rename(partial, home);
  } catch (error) {
    if (!existsSync(join(home, 'chromium'))) throw error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return home;
}

/** The machine's own fonts, where it has any, and the packaged one. */
function fontsConf(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${home}/fonts</dir>
  <cachedir>${home}/font-cache</cachedir>
</fontconfig>
`;
}

/** Plain files of a ustar archive; these archives hold nothing else that matters. */
async function untar(archive: Buffer, folder: string): Promise<void> {
  const field = (start: number, length: number): string =>
    archive.toString('latin1', start, start + length).replace(/\0[\s\S]*$/, '');
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const name = [field(at + 345, 155), field(at, 100)].filter(Boolean).join('/');
    const size = Number.parseInt(field(at + 124, 12), 8);
    const type = field(at + 156, 1);
    if ((type === '0' || type === '') && !name.endsWith('/')) {
      const target = resolve(folder, name);
      if (!target.startsWith(`${folder}/`)) throw new Error(`archive entry outside its folder: ${name}`);
      await mkdir(resolve(target, '..'), { recursive: true });
      await writeFile(target, archive.subarray(at + 512, at + 512 + size), { mode: 0o755 });
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
