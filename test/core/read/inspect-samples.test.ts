// The questions of Inspect logs: grades, epochs, scorers; next to the results of the same log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { readInput } from '../../../src/core/read/open.ts';
import { readStudy } from '../../../src/core/read-study.ts';
import { readGroupColumns } from '../../../src/core/slice/group-columns.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { rowsOf, sampleFiles, withoutData } from './shared.ts';

interface Sample {
  readonly id: number | string;
  readonly epoch: number;
  readonly scores: Readonly<Record<string, { readonly value: unknown }>>;
}

/** A log as Inspect writes it with `--log-format json`. */
function log(model: string, samples: readonly Sample[], scorers: Readonly<Record<string, number>>): string {
  return JSON.stringify({
    version: 2,
    status: 'success',
    eval: { task: 'riddles', model, dataset: { samples: samples.length } },
    results: {
      total_samples: samples.length,
      completed_samples: samples.length,
      scores: Object.entries(scorers).map(([name, accuracy]) => ({
        name,
        scorer: name,
        metrics: { accuracy: { name: 'accuracy', value: accuracy }, stderr: { name: 'stderr', value: 0.05 } },
      })),
    },
    samples,
  });
}

const read = async (text: string) => {
  const outcome = await readInput({ name: 'logs/a.json', text }, nodeReadPorts);
  assert.ok(outcome.ok);
  return outcome.value;
};

test('grades and numbers, epochs averaged, one table per scorer', async () => {
  const sample = (id: number, epoch: number, choice: unknown, judge: unknown): Sample => ({
    id,
    epoch,
    scores: { choice: { value: choice }, judge: { value: judge } },
  });
  const samples = [
    sample(1, 1, 'C', 0.25),
    sample(1, 2, 'I', 0.75),
    sample(2, 1, 'P', 1),
    sample(3, 1, 'N', { deep: 1 }),
  ];
  const [results, choice, judge, ...more] = await read(log('org/m-1b', samples, { choice: 1 / 3, judge: 0.75 }));
  assert.deepEqual(
    [results?.format, choice?.format, judge?.format, more.length],
    ['inspect', 'inspect-samples', 'inspect-samples', 0],
  );
  assert.deepEqual(choice === undefined ? [] : rowsOf(choice), [
    { model: 'org/m-1b', id: '1', scorer: 'choice', accuracy: '0.5' },
    { model: 'org/m-1b', id: '2', scorer: 'choice', accuracy: '0.5' },
    { model: 'org/m-1b', id: '3', scorer: 'choice', accuracy: '0' },
  ]);
  assert.deepEqual(judge === undefined ? [] : rowsOf(judge).map((row) => row['accuracy']), ['0.5', '1']);
  assert.ok(choice?.notes.some((note) => note.includes('2 epochs')));
});

test('a folder of logs has slices: one point per model, counted question by question', async () => {
  const sizes = ['100m', '200m', '400m', '800m', '2b', '4b', '8b', '16b'];
  const files = sizes.map((size, m) => {
    const random = createRandom(3, size);
    const samples = Array.from({ length: 60 }, (_, id) => ({
      id,
      epoch: 1,
      scores: { match: { value: random.uniform() < 1 / (1 + Math.exp(4 * (id / 60 - 0.5) - 0.3 * m)) ? 'C' : 'I' } },
    }));
    const accuracy = samples.filter(({ scores }) => scores.match.value === 'C').length / 60;
    return { name: `logs/${m}.json`, text: log(`org/lens-${size}`, samples, { match: accuracy }) };
  });
  const study = await readStudy(files, {}, nodeReadPorts);
  assert.deepEqual(
    study.series.map(({ id, points }) => [id, points.length]),
    [['riddles/accuracy', 8]],
  );
  const [accuracy] = study.series;
  assert.ok(accuracy !== undefined);
  assert.deepEqual(
    accuracy.points.map(({ model, n }) => [model, n]),
    sizes.map((size) => [`org/lens-${size}`, 60]),
  );
  assert.equal(accuracy.excluded.filter(({ why }) => why.includes('counted question by question')).length, 8);
  const groups = readGroupColumns([...accuracy.points], study);
  assert.ok(groups.ok);
  const [easy, , hard] = groups.value.groups as [Float64Array, Float64Array, Float64Array];
  for (const [m, value] of easy.entries()) assert.ok(value > (hard[m] as number));
});

/** An archive of texts, packed as Inspect packs them. */
function archive(files: Readonly<Record<string, string>>): Uint8Array {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = deflateRawSync(text);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(Buffer.byteLength(text), 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), data);
    centrals.push(central, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(centrals.length / 2, 10);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...locals, ...centrals, end]));
}

test('.eval: the scores come from the summaries, the samples stay packed', async () => {
  const samples = [1, 2, 3].map((id) => ({ id, epoch: 1, scores: { match: { value: id === 2 ? 'I' : 'C' } } }));
  const { samples: _, ...header } = JSON.parse(log('org/m-2b', samples, { match: 2 / 3 })) as { samples: unknown };
  const parts = { 'header.json': JSON.stringify(header), 'summaries.json': JSON.stringify(samples) };
  const open = async (files: Readonly<Record<string, string>>) => {
    const outcome = await readInput({ name: 'logs/a.eval', bytes: archive(files) }, nodeReadPorts);
    assert.ok(outcome.ok);
    return outcome.value;
  };
  const [, questions] = await open(parts);
  assert.deepEqual(questions === undefined ? [] : rowsOf(questions).map((row) => [row['id'], row['accuracy']]), [
    ['1', '1'],
    ['2', '0'],
    ['3', '1'],
  ]);
  assert.equal((await open({ 'header.json': parts['header.json'] })).length, 1, 'an old log has no summaries');
  assert.equal((await open({ ...parts, 'summaries.json': '[{"id": 1' })).length, 1, 'damage there loses no results');
});

test('real logs: one question is none to rank, and the results are as before', { skip: withoutData }, async () => {
  for (const { name, bytes } of sampleFiles('formats/samples/json-inspect')) {
    const outcome = await readInput({ name, bytes }, nodeReadPorts);
    if (outcome.ok)
      assert.deepEqual(
        outcome.value.map(({ format }) => format),
        ['inspect'],
        name,
      );
  }
});
