import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readStudyTables } from '../../src/core/read/collect.ts';
import { fileStream } from '../../src/node/file-stream.ts';
import { nodeReadPorts } from '../../src/node/read-ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-stream-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(path: string) {
  return readStudyTables([{ name: path, stream: fileStream(path) }], nodeReadPorts);
}

const rows = Array.from({ length: 60_000 }, (_, i) => `m-${i % 50},${1e8 + i},${(2 + 1 / (i + 1)).toFixed(6)}`);
const text = `model,params,loss\n${rows.join('\n')}\n`;

test('plain and packed files give the same table', async () => {
  const plain = await read(write('a.csv', text));
  const packed = await read(write('a.csv.gz', gzipSync(text)));
  assert.equal(plain.tables[0]?.text, packed.tables[0]?.text);
  assert.equal(plain.tables[0]?.excerpt?.rowsRead, 60_000);
  assert.equal(fileStream(join(folder, 'a.csv')).size, text.length);
});

test('a packed file that ends early, and one that grows beyond measure, are named', async () => {
  const cut = gzipSync(text);
  const early = await read(write('early.csv.gz', cut.subarray(0, cut.length - 5000)));
  assert.equal(early.problems[0]?.code, 'file.malformed');
  const bomb = await read(
    write('bomb.csv.gz', gzipSync(`model,params,loss\n${`${'m'.repeat(100_000)},1,2\n`.repeat(600)}`)),
  );
  assert.equal(bomb.problems[0]?.code, 'file.too-large');
});
