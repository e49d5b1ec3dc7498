// JSON lines beyond what is held: the same tables as of the file read whole, thinned where there are too many rows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInput } from '../../../src/core/read/open.ts';
import { readStream, type StreamSetting } from '../../../src/core/read/stream.ts';
import { buildStudy } from '../../../src/core/study/build.ts';
import type { Study } from '../../../src/core/study/study.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { bytesOf, streamOf } from './streams.ts';

const SETTING: StreamSetting = { rules: null, options: {}, wholeBytes: 1000 };

async function streamedTables(text: string, setting: Partial<StreamSetting> = {}): Promise<readonly RawTable[]> {
  const file = { name: 'runs.jsonl', stream: streamOf(bytesOf(text)) };
  const result = await readStream(file, nodeReadPorts, { ...SETTING, ...setting });
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

async function wholeTables(text: string): Promise<readonly RawTable[]> {
  const result = await readInput({ name: 'runs.jsonl', bytes: bytesOf(text) }, nodeReadPorts);
  assert.ok(result.ok);
  return result.value;
}

const points = (study: Study): unknown => study.series.map(({ id, points: list }) => ({ id, list }));

function records(models = 10, checkpoints = 150): string[] {
  const lines: string[] = [];
  for (let m = 0; m < models; m++)
    for (let s = 1; s <= checkpoints; s++)
      for (const task of ['arc', 'boolq'])
        lines.push(
          JSON.stringify({
            model: `lm-${m}`,
            scale: { params: Math.round(1e7 * 1.4 ** m), tokens: s * 1e8 },
            task,
            metric: 'accuracy',
            score: 0.2 + 0.001 * m + 0.001 * s,
            note: `line one\nline "two", ${s}`.repeat(30),
            curve: [1, 2, 3],
          }),
        );
  return lines;
}

test('records whose rows all fit give the study of the file read whole', async () => {
  const text = `${records().join('\n')}\n`;
  const streamed = buildStudy(await streamedTables(text), null, {});
  const whole = buildStudy(await wholeTables(text), null, {});
  assert.ok(whole.series.length >= 2);
  assert.deepEqual(points(streamed), points(whole));
  assert.deepEqual(streamed.findings, whole.findings);
});

test('too many records are thinned per run; every one that is kept stands on its line', async () => {
  const lines = records();
  lines.splice(1000, 0, 'not a record', '');
  const [table] = await streamedTables(lines.join('\r\n'), { limits: { rows: 500, perGroup: 60, least: 6 } });
  assert.ok(table?.excerpt !== undefined);
  assert.equal(table.excerpt.rowsRead, 3_000);
  assert.ok(table.rowCount > 200 && table.rowCount <= 600, String(table.rowCount));
  table.text.split('\n').forEach((line, k) => {
    if (line !== '') assert.equal(line, lines[table.excerpt?.lines[k] as number]);
  });
  assert.match(table.notes.join(' '), /3,000 rows\).*1 lines are no records|1 lines are no records.*3,000 rows\)/);
});

test('long records are kept without lists and long texts, a filter goes before the thinning', async () => {
  const lines = records(6, 90).map((line, i) =>
    JSON.stringify({ ...JSON.parse(line), output: 'x'.repeat(3000), __proto__x: i, more: Array(200).fill(0.5) }),
  );
  const [table] = await streamedTables(lines.join('\n'), {
    options: { where: [{ column: 'task', op: '=', value: 'arc' }] },
  });
  assert.equal(table?.rowCount, 540);
  assert.ok((table?.text.length ?? 0) < 300_000);
});

test('OLMES records: every metric of every record, the same as read whole', async () => {
  const lines: string[] = [];
  for (let m = 0; m < 40; m++)
    for (let t = 0; t < 60; t++)
      lines.push(
        JSON.stringify({
          task_name: `task_${t}`,
          task_hash: 'a'.repeat(300),
          model_config: { model: `../ckpts/lm-${m}b/step${1000 * (m + 1)}-unsharded`, other: 'b'.repeat(400) },
          task_config: { task_name: `task_${t}`, limit: 500, num_shots: 5, split: 'test', primary_metric: 'acc_raw' },
          metrics: { acc_raw: 0.2 + m / 100 + t / 1000, bits_per_byte_corr: 1.5 - m / 100, primary_score: 0.2 },
          num_instances: 500,
        }),
      );
  const text = `${lines.join('\n')}\n`;
  const tables = await streamedTables(text);
  const streamed = buildStudy(tables, null, {});
  const whole = buildStudy(await wholeTables(text), null, {});
  assert.ok(whole.series.length > 60);
  assert.deepEqual(points(streamed), points(whole));
  assert.equal(tables[0]?.excerpt?.rowsRead, 2400);
  assert.ok((tables[0]?.text.length ?? 0) < text.length / 2);
});
