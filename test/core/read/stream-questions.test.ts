// Per-question files beyond what is held: the same points as of the file read whole.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInput } from '../../../src/core/read/open.ts';
import { readStream, type StreamSetting } from '../../../src/core/read/stream.ts';
import { buildStudy } from '../../../src/core/study/build.ts';
import type { Study, StudyOptions } from '../../../src/core/study/study.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { bytesOf, streamOf } from './streams.ts';

const SETTING: StreamSetting = { rules: null, options: {}, wholeBytes: 1000 };

async function both(
  name: string,
  text: string,
  options: StudyOptions = {},
): Promise<{ streamed: Study; whole: Study; tables: readonly RawTable[] }> {
  const bytes = bytesOf(text);
  const stream = await readStream({ name, stream: streamOf(bytes) }, nodeReadPorts, { ...SETTING, options });
  assert.ok(stream.ok, stream.ok ? '' : stream.error.message);
  const whole = await readInput({ name, bytes }, nodeReadPorts);
  assert.ok(whole.ok);
  return {
    streamed: buildStudy(stream.value, null, options),
    whole: buildStudy(whole.value, null, options),
    tables: stream.value,
  };
}

function points(study: Study): unknown {
  return study.series.map(({ id, points: list, better, chance }) => ({ id, list, better, chance }));
}

/** Numbers that are no round ones. */
const noise = (i: number): number => Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1;

test('a table of questions: means, errors and counts of all rows, the first ones shown at their lines', async () => {
  {
    const end = '\r\n';
    const lines = ['index,loss,correct,remark'];
    for (let i = 0; i < 90_000; i++)
      lines.push(
        i % 1000 === 7 ? `${i},,,""` : `${i},${(noise(i) * 3).toFixed(12)},${i % 3 === 0 ? 1 : 0},"a, ""b""${end}c"`,
      );
    const { streamed, whole, tables } = await both('task/lm-7b.csv', lines.join(end));
    assert.deepEqual(points(streamed), points(whole));
    assert.equal(streamed.series[0]?.points.at(0)?.n, 90_000 - 90);
    assert.equal(streamed.sources[0]?.rows, 90_000);
    const table = tables[0] as RawTable;
    assert.equal(table.rowCount, 2000);
    assert.equal(table.excerpt?.rowsRead, 90_000);
    assert.match(table.notes.join(' '), /means are over all 90,000 questions, the first 2,000 are shown/);
  }
});

test('probabilities of options, Latin-1 letters, and a filter', async () => {
  const lines = ['question;p_a;p_b;p_c;target;kind'];
  for (let i = 0; i < 40_000; i++) {
    const p = 0.2 + 0.6 * noise(i);
    const q = (1 - p) * noise(i + 1);
    lines.push(`Frage ${i};${p};${q};${1 - p - q};${'abc'[i % 3] as string};${i % 2 === 0 ? 'leicht' : 'schwer'}`);
  }
  const options: StudyOptions = { where: [{ column: 'kind', op: '=', value: 'schwer' }] };
  const { streamed, whole } = await both('aufgabe/lm-1b.csv', lines.join('\n'), options);
  assert.deepEqual(points(streamed), points(whole));
  assert.equal(streamed.series[0]?.points.at(0)?.n, 20_000);
  assert.deepEqual(
    streamed.sources[0]?.notes.filter((note) => /filter/.test(note)),
    whole.sources[0]?.notes.filter((note) => /filter/.test(note)),
  );
});

test('semicolons and decimal commas: later blocks are read as the first rows are, whatever they could be alone', async () => {
  // From row 300 on every loss has three decimals: alone, 1,234 could be a thousand and more.
  const lines = ['index;loss;remark'];
  for (let i = 0; i < 40_000; i++)
    lines.push(`${i};${(1 + 2 * noise(i)).toFixed(i < 300 ? 2 : 3).replace('.', ',')};${'lorem '.repeat(8)}`);
  const { streamed, whole } = await both('aufgabe/lm-1b.csv', `${lines.join('\n')}\n`);
  assert.equal(streamed.series[0]?.points.at(0)?.n, 40_000);
  assert.deepEqual(points(streamed), points(whole));
  assert.ok(Math.abs((streamed.series[0]?.points.at(0)?.y ?? 0) - 2) < 0.1);
});

test('a sample log with two filters, the second only in later blocks', async () => {
  const lines: string[] = [];
  for (const filter of ['strict-match', 'flexible-extract'])
    for (let i = 0; i < 2_500; i++)
      lines.push(
        JSON.stringify({
          doc_id: i,
          doc: { question: `q${i}`.repeat(140) },
          target: 'x',
          resps: [['y']],
          filtered_resps: ['y'],
          filter,
          exact_match: noise(i + filter.length) < 0.4 ? 1 : 0,
        }),
      );
  const name = 'org__lm-3b/samples_gsm_2026-01-02T03-04-05.678.jsonl';
  const { streamed, whole, tables } = await both(name, `${lines.join('\n')}\n`);
  assert.deepEqual(points(streamed), points(whole));
  assert.equal(tables.length, 2);
  assert.equal(tables[1]?.excerpt?.lines[0], 2_500);
  assert.equal(tables[1]?.excerpt?.rowsRead, 2_500);
});

test('a sample log of multiple-choice questions: scores and chance by their options', async () => {
  const lines: string[] = [];
  for (let i = 0; i < 4_000; i++) {
    const options = i % 5 === 0 ? 3 : 4;
    const values = Array.from({ length: options }, (_, o) => -5 - 10 * noise(7 * i + o));
    const right = i % options;
    const acc = values[right] === Math.max(...values) ? 1 : 0;
    lines.push(
      JSON.stringify({
        doc_id: i,
        doc: { text: 'lorem '.repeat(100) },
        target: right,
        filtered_resps: values.map((v) => [String(v), 'False']),
        filter: 'none',
        acc,
      }),
    );
  }
  const { streamed, whole } = await both('org__lm-3b/samples_quiz_2026-01-02T03-04-05.678.jsonl', lines.join('\n'));
  assert.deepEqual(points(streamed), points(whole));
  assert.ok((streamed.series[0]?.chance?.value ?? 0) > 0.25);
});

test('what cannot be read piece by piece says why and what to do', async () => {
  const refused = async (name: string, text: string, options: StudyOptions = {}): Promise<string> => {
    const source = streamOf(bytesOf(text));
    const result = await readStream({ name, stream: source }, nodeReadPorts, { ...SETTING, options });
    assert.ok(!result.ok && source.state.closed);
    return result.error.message;
  };
  const questions = `index,loss,correct\n${'1,0.5,1\n'.repeat(200_000)}`;
  assert.match(await refused('t/m.csv', questions, { x: 'index' }), /asked for one by one \(--x\).*split it/);
  const json = JSON.stringify(Array.from({ length: 40_000 }, (_, i) => ({ model: `m${i}`, params: 1e9, loss: 3 })));
  assert.match(await refused('a.json', json), /one JSON value.*one a line \(JSON lines\) or as CSV/);
  const runs = `runs:\n${'  - {model: a, params: 1B, loss: 2}\n'.repeat(60_000)}`;
  assert.match(await refused('a.yaml', runs), /YAML.*save the runs as JSON lines or CSV/);
});
