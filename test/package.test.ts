// What a user downloads: the VSIX is packed from dist/ as it stands and opened again, and it must hold exactly the files
// named here. A new file ships only by being added to this list.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { FINDING_CODES } from '../src/core/finding/codes.ts';

const root = resolve(import.meta.dirname, '..');
/** Readers of some thirty formats and twenty laws in the worker, the language client, the chart, the sampler: about 860 KB packed. */
const VSIX_LIMIT = 900_000;

const shipped = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/LICENSE.txt',
  'extension/changelog.md',
  'extension/dist/NOTICES.txt',
  'extension/dist/client.cjs',
  'extension/dist/extension.cjs',
  'extension/dist/passuntil.cjs',
  'extension/dist/server.cjs',
  'extension/dist/webview.css',
  'extension/dist/webview.js',
  'extension/dist/worker.cjs',
  'extension/media/icon.png',
  'extension/media/walkthrough/chart.svg',
  'extension/media/walkthrough/export.svg',
  'extension/media/walkthrough/hover.svg',
  'extension/media/walkthrough/open.svg',
  'extension/package.json',
  'extension/package.nls.json',
  'extension/readme.md',
  'extension/syntaxes/csv.language-configuration.json',
  'extension/syntaxes/csv.tmLanguage.json',
  'extension/syntaxes/passuntil.schema.json',
  'extension/syntaxes/scaling.schema.json',
];

let folder: string;
let vsix: string;
let entries: Map<string, () => Buffer>;

before(() => {
  if (!existsSync(join(root, '.cache/build.json'))) node('esbuild.mjs', '--production');
  folder = mkdtempSync(join(tmpdir(), 'scaling-lens-vsix-'));
  vsix = join(folder, 'scaling-lens.vsix');
  node('scripts/package.ts', '--no-build', `--out=${vsix}`);
  entries = unzip(readFileSync(vsix));
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('the VSIX holds exactly what is listed', () => {
  const found = [...entries.keys()].toSorted();
  assert.deepEqual(found, shipped);
});

test('everything the manifest points at is inside', () => {
  const manifest = JSON.parse(text('extension/package.json'));
  const { languages, grammars, walkthroughs, yamlValidation } = manifest.contributes;
  const steps: { media: { svg: string } }[] = walkthroughs.flatMap(({ steps: all }: { steps: object[] }) => all);
  const paths: string[] = [
    manifest.main,
    manifest.icon,
    ...languages.map((language: { configuration: string }) => language.configuration),
    ...grammars.map((grammar: { path: string }) => grammar.path),
    ...steps.map((step) => step.media.svg),
    ...yamlValidation.map((schema: { url: string }) => schema.url),
  ].map((path) => `extension/${path.replace(/^\.\//, '')}`);
  assert.deepEqual(
    paths.filter((path) => !entries.has(path)),
    [],
  );
});

test('the licences of what is bundled go with it', () => {
  const notices = text('extension/dist/NOTICES.txt');
  for (const name of ['chart.js', 'vscode-languageclient', 'yaml', 'hyparquet', 'ml-regression', 'jstat']) {
    assert.ok(notices.includes(`\n${name} `), name);
  }
  assert.match(notices, /Permission is hereby granted/);
});

test('every manifest string is translated, and no translation is left over', () => {
  const manifest = text('extension/package.json');
  const strings = JSON.parse(text('extension/package.nls.json')) as Record<string, string>;
  const used = new Set([...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => String(key)));
  assert.deepEqual([...used].sort(), Object.keys(strings).sort());
});

test('every setting has a scope, a description and a default', () => {
  const { properties } = JSON.parse(text('extension/package.json')).contributes.configuration;
  for (const [name, setting] of Object.entries<Record<string, unknown>>(properties)) {
    assert.match(name, /^scalingLens\./);
    assert.match(String(setting['scope']), /^(resource|window)$/, name);
    assert.match(String(setting['markdownDescription']), /^%.+%$/, name);
    assert.notEqual(setting['default'], undefined, name);
  }
});

test('every finding code can be given a level, and its default is the real one', () => {
  const { properties } = JSON.parse(text('extension/package.json')).contributes.configuration;
  const declared = Object.entries<{ default: string }>(properties['scalingLens.findings.severity'].properties);
  assert.deepEqual(
    Object.fromEntries(declared.map(([code, schema]) => [code, schema.default])),
    Object.fromEntries(Object.entries(FINDING_CODES).map(([code, { severity }]) => [code, severity])),
  );
});

test('no path of this machine and no source map ships', () => {
  for (const [name, read] of entries) {
    const content = read();
    assert.equal(content.includes(root), false, `${name} names ${root}`);
    assert.equal(content.includes('sourceMappingURL=data:'), false, `${name} carries a source map`);
  }
});

test('a production VSIX is within its budget', (t) => {
  const { production } = JSON.parse(readFileSync(join(root, '.cache/build.json'), 'utf8'));
  if (!production) return t.skip('dist/ holds a development build');
  const { size } = statSync(vsix);
  t.diagnostic(`VSIX: ${(size / 1000).toFixed(1)} KB`);
  assert.ok(size <= VSIX_LIMIT, `${size} bytes, the budget is ${VSIX_LIMIT}`);
});

function node(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  assert.equal(status, 0, `${args.join(' ')}\n${stdout}${stderr}`);
}

function text(name: string): string {
  const read = entries.get(name);
  assert.ok(read, `${name} is not in the VSIX`);
  return read().toString('utf8');
}

/** The files of a zip, by its central directory. */
function unzip(zip: Buffer): Map<string, () => Buffer> {
  const files = new Map<string, () => Buffer>();
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const header = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const packed = zip.subarray(start, start + size);
    files.set(name, () => (method === 0 ? packed : inflateRawSync(packed)));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}
