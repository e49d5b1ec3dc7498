// Bad input of every kind: a reason that is true, at a place, and never an exception.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { readStudyTables } from '../../../src/core/read/collect.ts';
import { readInput } from '../../../src/core/read/open.ts';
import type { ReadPorts } from '../../../src/core/read/ports.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { read, readOne, rowsOf } from './shared.ts';
import { LM_EVAL, RUNS_YAML } from './texts.ts';

const CSV = 'Modèl,N,mmlu\npythia-70m,7e7,0.25\npythia-160m,1.6e8,0.30\n';

test('UTF-8 with a mark, UTF-16 in both orders with and without one, Latin-1', async () => {
  const little = Buffer.from(CSV, 'utf16le');
  const big = Buffer.from(little).swap16();
  const encodings: [string, Uint8Array, RegExp | null][] = [
    ['utf-8', Buffer.from(CSV), null],
    ['utf-8 bom', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(CSV)]), null],
    ['utf-16le bom', Buffer.concat([Buffer.from([0xff, 0xfe]), little]), /UTF-16 little/],
    ['utf-16be bom', Buffer.concat([Buffer.from([0xfe, 0xff]), big]), /UTF-16 big/],
    ['utf-16le', little, /UTF-16 little/],
    ['utf-16be', big, /UTF-16 big/],
    ['latin-1', Buffer.from(CSV, 'latin1'), /Latin-1/],
  ];
  for (const [name, bytes, note] of encodings) {
    const table = await readOne('x.csv', new Uint8Array(bytes));
    assert.equal(table.header(0), 'Modèl', name);
    assert.equal(table.cell(1, 0), 'pythia-160m', name);
    if (note !== null) assert.match(table.notes.join(), note, name);
  }
});

test('one broken character in UTF-8 is replaced and noted', async () => {
  const bytes = Buffer.concat([Buffer.from(`éééé${CSV}`), Buffer.from([0xc3]), Buffer.from('x,1,2\n')]);
  const table = await readOne('x.csv', new Uint8Array(bytes));
  assert.match(table.notes.join(), /1 broken UTF-8 character was replaced/);
});

const REFUSED: readonly (readonly [name: string, content: string | Uint8Array, code: string, says: RegExp])[] = [
  ['empty.csv', '', 'file.unrecognised', /empty/i],
  ['p.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), 'file.unrecognised', /PNG/],
  ['x.pkl', Uint8Array.of(0x80, 0x04, 0x95, 1, 2, 3), 'file.unrecognised', /pickle/],
  ['x.bin', Uint8Array.from({ length: 400 }, (_, i) => (i * 37) % 256), 'file.unrecognised', /binary/],
  ['x.db', Buffer.from('SQLite format 3\0abc'), 'file.unrecognised', /SQLite/],
  ['page.csv', '<!DOCTYPE html><html><body>404</body></html>', 'file.unrecognised', /HTML/],
  ['p.toml', '[tool]\nname = "x"\n', 'file.unrecognised', /TOML/],
  ['lfs.json', 'version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n', 'file.unrecognised', /LFS/],
  ['err.json', 'Traceback (most recent call last):\n  File "x"\n', 'file.unrecognised', /traceback/],
  ['prose.txt', 'We trained models.\nThey are good, we think.\nThe end\n', 'file.unrecognised', /prose|names/],
  [
    'README.md',
    '# Results\n\nSome words: and more.\n- item: x\n- other `code`: y | z\n\nMore text without colon\n',
    'file.unrecognised',
    /./,
  ],
  [
    'package.json',
    '{"name": "x", "scripts": {"build": "tsc"}, "version": "1.0.0"}',
    'file.unrecognised',
    /keys: name, scripts, version/,
  ],
  ['deep.json', '['.repeat(5000), 'file.malformed', /deeper/],
  ['deep.yaml', `a: ${'['.repeat(5000)}`, 'file.malformed', /deeper/],
  ['notxlsx.xlsx', Uint8Array.of(0x50, 0x4b, 3, 4, 1, 2, 3), 'file.malformed', /ends early/],
];

for (const [name, content, code, says] of REFUSED) {
  test(`${name} is refused with a reason`, async () => {
    const { failure } = await read(name, content);
    assert.equal(failure?.code, code);
    assert.match(failure.message, says);
  });
}

test('gzip and zstd, also of JSON', async () => {
  for (const bytes of [gzipSync(CSV), zstdCompressSync(Buffer.from(CSV))]) {
    const table = await readOne('x.csv.gz', new Uint8Array(bytes));
    assert.equal(table.rowCount, 2);
    assert.match(table.notes.join(), /unpacked from/);
  }
  const pure: ReadPorts = { gunzip: nodeReadPorts.gunzip, inflateRaw: nodeReadPorts.inflateRaw };
  const result = await readInput({ name: 'x', bytes: new Uint8Array(zstdCompressSync(Buffer.from(CSV))) }, pure);
  assert.ok(result.ok && result.value[0]?.rowCount === 2);
});

test('gzip that ends early, and a bomb', async () => {
  const early = await read('x.json.gz', new Uint8Array(gzipSync(LM_EVAL)).slice(0, 200));
  assert.equal(early.failure?.code, 'file.malformed');
  assert.match(early.failure.message, /damaged or end early/);
  const bomb = await read('bomb.csv.gz', new Uint8Array(gzipSync(Buffer.alloc(60_000_000))));
  assert.equal(bomb.failure?.code, 'file.too-large');
  const inside = await read('nested.gz', new Uint8Array(gzipSync(gzipSync(gzipSync(gzipSync(CSV))))));
  assert.match(inside.failure?.message ?? '', /more than three times/);
});

test('a zip that promises little and holds much is stopped', async () => {
  const { failure } = await read('x.eval', zipOf('header.json', Buffer.alloc(80_000_000), 10));
  assert.equal(failure?.code, 'file.too-large');
});

/** A zip of one packed entry; `claimed` is the size that its directory states. */
function zipOf(name: string, content: Uint8Array, claimed: number, method: 8 | 93 = 8): Uint8Array {
  const data = method === 8 ? deflateRawSync(content) : zstdCompressSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(method, 8);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(method, 10);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt32LE(claimed, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + data.length, 16);
  return new Uint8Array(Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name), end]));
}

test('an alias bomb is refused at the place where it explodes', async () => {
  let text = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
  for (let i = 1; i < 12; i++) text += `a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]\n`;
  const { failure } = await read('bomb.yaml', text);
  assert.match(failure?.message ?? '', /alias bomb/);
  assert.ok((failure?.span.start ?? 0) > 100);
});

test('YAML that is long and not plain gets a size message, long plain YAML is read', async () => {
  const runs = Array.from({ length: 8_000 }, (_, i) => `  - {model: m${i}, N: ${i + 1}M, D: 3B, loss: 3.${i}}\n`).join(
    '',
  );
  assert.equal((await readOne('long.yaml', `runs:\n${runs}`)).rowCount, 8_000);
  const { failure } = await read('long.yaml', `base: &base {x: 1}\nruns:\n${runs.repeat(8)}`);
  assert.equal(failure?.code, 'file.too-large');
  assert.match(failure.message, /MB of YAML/);
});

test('a million columns are refused', async () => {
  const { failure } = await read('wide.csv', `${Array.from({ length: 1_000_000 }, (_, i) => `c${i}`).join(',')}\n1\n`);
  assert.equal(failure?.code, 'file.too-large');
  const keys = `[{${Array.from({ length: 30_000 }, (_, i) => `"k${i}": ${i}`).join(',')}}]`;
  assert.equal((await read('wide.json', keys)).failure?.code, 'file.too-large');
});

test('truncated JSON: what stands before the end is read, and the cut is shown', async () => {
  const cut = LM_EVAL.slice(0, LM_EVAL.indexOf('"groups"'));
  const table = await readOne('results.json', `${cut.replace(/,\s*$/, '')}, "versions": {"arc_easy": 1`);
  assert.equal(table.format, 'lm-eval');
  assert.match(table.problems.map(({ message }) => message).join(), /cut off/);
});

test('several files: the unreadable one is named, the others are read', async () => {
  const { tables, problems } = await readStudyTables(
    [
      { name: 'runs/a.yaml', text: RUNS_YAML },
      { name: 'runs/broken.json.gz', bytes: new Uint8Array(gzipSync('x')).slice(0, 12) },
      { name: 'runs/README.md', text: '# About\n\nThese are runs of ours. Nothing to see\nhere: really\n' },
      { name: 'runs/b.csv', text: CSV },
    ],
    nodeReadPorts,
  );
  assert.deepEqual(
    tables.map(({ file }) => file),
    ['runs/a.yaml', 'runs/b.csv'],
  );
  assert.deepEqual(
    problems.map(({ file, severity }) => [file, severity]),
    [
      ['runs/broken.json.gz', 'warning'],
      ['runs/README.md', 'information'],
    ],
  );
});

test('absurd numbers stay what they are', async () => {
  const table = await readOne(
    'x.json',
    '[{"N": 1e400, "D": -0, "C": 9456351902178213888, "loss": 1e-320}, {"N": 1, "D": 2, "C": 3, "loss": "inf"}]',
  );
  assert.deepEqual(rowsOf(table)[0], { N: '1e400', D: '-0', C: '9456351902178213888', loss: '1e-320' });
  assert.equal(table.numbers(2)[0], 9456351902178213888);
});

test('long lines of anything meet no slow pattern', { timeout: 60_000 }, async () => {
  const pieces = [' ', '#', '-', '|', ':', 'a ', '"', "'", '- ', '# ', '| ', '\t', '=', '{}', 'x: ', ',', '1,', '. '];
  for (const piece of pieces) {
    const line = piece.repeat(Math.ceil(200_000 / piece.length));
    for (const text of [
      line,
      `a: ${line}\nb: 1\n`,
      `|a|b|\n|--|--|\n|${line}|1|\n`,
      `# ${line}\n${line}\n`,
      `a  b\n---  ---\n${line}\n`,
      `"num-layers": 2\n"hidden-size": 64\n"train-iters": 5\n"seq-length": 5\ntrain_micro_batch_size_per_gpu: 1\n# ${line}\n`,
    ]) {
      const { tables, failure } = await read('long.txt', text);
      assert.ok(tables.length > 0 || (failure !== null && failure.message.length < 600));
      // Readers do not wait for anything: the timeout is looked at in between.
      await turn();
    }
  }
});

test('an Inspect log whose header is packed with zstd', async () => {
  const header = JSON.stringify({
    version: 2,
    status: 'success',
    eval: { task: 'mmlu', model: 'org/m-7b', dataset: { samples: 10 } },
    results: {
      completed_samples: 10,
      scores: [{ name: 'choice', scorer: 'choice', metrics: { accuracy: { value: 0.5 }, stderr: { value: 0.1 } } }],
    },
  });
  const packed = zipOf('header.json', Buffer.from(header), header.length, 93);
  const expected = [
    { model: 'org/m-7b', task: 'mmlu', metric: 'accuracy', score: '0.5', stderr: '0.1', n: '10', status: 'success' },
  ];
  assert.deepEqual(rowsOf(await readOne('log.eval', packed)), expected);
  const pure: ReadPorts = { gunzip: nodeReadPorts.gunzip, inflateRaw: nodeReadPorts.inflateRaw };
  const result = await readInput({ name: 'log.eval', bytes: packed }, pure);
  assert.ok(result.ok);
  assert.deepEqual(rowsOf(result.value[0] as (typeof result.value)[0]), expected);
});

test('lines that end in lone carriage returns, in every kind of text', async () => {
  for (const text of [
    '- model: a\n  params: 1e8\n  loss: 3.1\n- model: b\n  params: 2e8\n  loss: 3.0\n',
    '| model | params | loss |\n|---|---|---|\n| a | 1e8 | 3.1 |\n| b | 2e8 | 3.0 |\n',
    'model,params,loss\na,1e8,3.1\nb,2e8,3.0\n',
  ]) {
    const table = await readOne('old', text.replaceAll('\n', '\r'));
    assert.deepEqual(rowsOf(table), [
      { model: 'a', params: '1e8', loss: '3.1' },
      { model: 'b', params: '2e8', loss: '3.0' },
    ]);
  }
});
