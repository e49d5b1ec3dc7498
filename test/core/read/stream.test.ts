import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readStream, type StreamSetting } from '../../../src/core/read/stream.ts';
import { readStudy } from '../../../src/core/read-study.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { streamOf } from './streams.ts';

const NONE: StreamSetting = { rules: null, options: {} };

async function tableOf(text: string | Uint8Array, setting: Partial<StreamSetting> = {}): Promise<RawTable> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const result = await readStream({ name: 'big.csv', stream: streamOf(bytes) }, nodeReadPorts, { ...NONE, ...setting });
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value[0] as RawTable;
}

/** 30 runs with checkpoints over two tasks; some 1.6 MB. */
function runs(end = '\n', models = 30, checkpoints = 400): string {
  const lines = ['model,step,params,tokens,task,metric,score,remark'];
  for (let m = 0; m < models; m++) {
    const params = Math.round(1e7 * 1.3 ** m);
    for (let s = 1; s <= checkpoints; s++) {
      for (const task of ['arc', 'boolq'])
        lines.push(
          `run-${m},${s * 100},${params},${s * 1e8},${task},accuracy,${(0.2 + 0.001 * m + 0.001 * s).toFixed(4)},"checkpoint ${s}, ""${task}"""`,
        );
    }
  }
  return `${lines.join(end)}${end}`;
}

test('every kept row stands on its line of the file', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = `# written by hand\n${runs(end)}`;
    const table = await tableOf(text, { limits: { rows: 2000, perGroup: 100, least: 6 } });
    const lines = text.split(/\r\n|\n|\r/);
    const { excerpt } = table;
    assert.ok(excerpt !== undefined);
    assert.equal(excerpt.rowsRead, 24_000);
    assert.ok(table.rowCount <= 2000 + 2 * 60 && table.rowCount > 800, String(table.rowCount));
    table.text.split('\n').forEach((line, k) => {
      if (line !== '') assert.equal(line, lines[excerpt.lines[k] as number]);
    });
  }
});

test('the last checkpoint of every run is kept, early ones are not forgotten', async () => {
  const table = await tableOf(runs(), { limits: { rows: 900, perGroup: 100, least: 6 } });
  const steps = table.numbers(1);
  const last = new Map<string, number>();
  for (let row = 0; row < table.rowCount; row++) {
    const key = `${table.cell(row, 0)} ${table.cell(row, 4)}`;
    last.set(key, Math.max(last.get(key) ?? 0, steps[row] as number));
  }
  assert.equal(last.size, 60);
  assert.deepEqual([...new Set(last.values())], [40_000]);
  assert.match(table.notes.join(' '), /24,000 rows\)\. .* of 24,000 rows are kept: 60 of 60 groups/);
});

test('a file whose rows all fit gives the study of the file read whole', async () => {
  const text = runs();
  const bytes = new TextEncoder().encode(text);
  const streamed = await readStudy([{ name: 'a.csv', stream: streamOf(bytes) }], {}, nodeReadPorts);
  const whole = await readStudy([{ name: 'a.csv', bytes }], {}, nodeReadPorts);
  assert.deepEqual(
    streamed.series.map(({ id, points }) => ({ id, points })),
    whole.series.map(({ id, points }) => ({ id, points })),
  );
  assert.deepEqual(streamed.findings, whole.findings);
});

test('lines within quoted cells, multi-byte letters, Latin-1 and UTF-16 keep their places', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `"modèle\n${i}";${1000 + i};0,${1000 + i};é`);
  const text = `Modell;params;loss;Bemerkung\n${rows.join('\n')}\n`;
  const limits = { rows: 500, perGroup: 400, least: 6 };
  const lines = text.split('\n');
  for (const bytes of [
    new TextEncoder().encode(`\u{FEFF}${text}`),
    Buffer.from(text, 'latin1'),
    Buffer.from(`\u{FEFF}${text}`, 'utf16le'),
  ]) {
    const table = await tableOf(bytes, { limits });
    table.text.split('\n').forEach((line, k) => {
      if (line !== '') assert.equal(line, lines[table.excerpt?.lines[k] as number]);
    });
    assert.ok(table.rowCount > 100 && table.rowCount < 510);
    assert.match(table.cell(3, 0), /^modèle\n\d+$/);
  }
});

test('a broken character in the header shifts no row', async () => {
  const head = Buffer.concat([
    Buffer.from('# caf\u00e9 caf\u00e9 caf\u00e9 caf\u00e9 caf\u00e9 caf\u00e9\nmodel'),
    Buffer.from([0xe9]),
    Buffer.from(',params,loss\n'),
  ]);
  const rows = Array.from({ length: 60_000 }, (_, i) => `lm-${i % 100}-1b,${1e8 + i},${(3 - i * 1e-5).toFixed(5)}`);
  const table = await tableOf(Buffer.concat([head, Buffer.from(`${rows.join('\n')}\n`)]), {
    limits: { rows: 5000, perGroup: 40, least: 6 },
  });
  assert.equal(table.excerpt?.rowsRead, 60_000);
  assert.equal(table.cell(0, 0), 'lm-0-1b');
});

test('the filter goes before the thinning, and its rows are counted', async () => {
  const table = await tableOf(runs(), {
    options: { where: [{ column: 'model', op: '=', value: 'run-7' }] },
    limits: { rows: 2000, perGroup: 1000, least: 6 },
  });
  assert.equal(table.rowCount, 800);
  assert.match(table.notes.join(' '), /23,200 of 24,000 rows do not pass the filter/);
});

test('more runs than can be kept are thinned per series; more series are refused', async () => {
  const lines = ['model,params,task,acc'];
  for (let i = 0; i < 60_000; i++) lines.push(`m-${i},${1e6 + 1000 * i},task ${i % 3},0.5`);
  const table = await tableOf(lines.join('\n'), { limits: { rows: 600, perGroup: 100, least: 6 } });
  assert.ok(table.rowCount <= 606 && table.rowCount > 150, String(table.rowCount));
  assert.match(table.notes.join(' '), /not per “model”/);
  const many = ['model,params,task,acc'];
  for (let i = 0; i < 60_000; i++) many.push(`m,${1e6 + i},task ${i},0.5`);
  const source = streamOf(new TextEncoder().encode(many.join('\n')));
  const result = await readStream({ name: 'b.csv', stream: source }, nodeReadPorts, {
    ...NONE,
    limits: { rows: 600, perGroup: 100, least: 6 },
  });
  assert.ok(!result.ok && /more than 100 series/.test(result.error.message));
  assert.ok(source.state.closed);
});

test('small files, JSON and packed data are read whole; questions are not thinned', async () => {
  assert.equal((await tableOf('model,params,acc\na,1e9,0.5\n')).excerpt, undefined);
  const json = JSON.stringify(
    Array.from({ length: 20_000 }, (_, i) => ({ model: `m${i % 9}`, params: 1e9 + i, loss: 3 })),
  );
  assert.equal((await tableOf(json)).rowCount, 20_000);
  assert.equal((await tableOf(new Uint8Array(gzipSync(runs())))).rowCount, 24_000);
  const questions = `index,loss,correct\n${Array.from({ length: 120_000 }, (_, i) => `${i},0.5,1`).join('\n')}\n`;
  const table = await tableOf(questions);
  assert.equal(table.rowCount, 120_000);
  assert.equal(table.excerpt, undefined);
});

test('progress is told, a cancelled reading stops and closes the file', async () => {
  const bytes = new TextEncoder().encode(runs());
  const source = streamOf(bytes);
  const controller = new AbortController();
  const told: number[] = [];
  await assert.rejects(
    readStream({ name: 'a.csv', stream: source }, nodeReadPorts, {
      ...NONE,
      signal: controller.signal,
      progress: (_file, done, total) => {
        assert.equal(total, bytes.length);
        told.push(done);
        if (told.length === 5) controller.abort(new Error('enough'));
      },
    }),
    /enough/,
  );
  assert.deepEqual(
    told,
    [1, 2, 3, 4, 5].map((k) => k * 70_001),
  );
  assert.ok(source.state.closed);
});

test('a line without end is refused in bounded memory', async () => {
  const head = `model,params,acc\n${'m,1e9,0.5\n'.repeat(120_000)}`;
  const bytes = new TextEncoder().encode(head + 'x'.repeat(9_000_000));
  const result = await readStream({ name: 'a.csv', stream: streamOf(bytes) }, nodeReadPorts, NONE);
  assert.ok(!result.ok && result.error.code === 'file.too-large' && /million characters/.test(result.error.message));
});
