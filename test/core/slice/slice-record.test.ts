// What charts draw of question groups: which models are fitted, how groups are joined, what the lines hold.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { sliceAndSandwich } from '../../../src/core/law/slice-and-sandwich.ts';
import { readStudy } from '../../../src/core/read-study.ts';
import { sliceRecord } from '../../../src/core/slice/slice-record.ts';
import type { Study, StudySeries } from '../../../src/core/study/study.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';

const shared = resolve(import.meta.dirname, '../../../../shared/data/slice-and-sandwich/tidy');
const OPTIONS = { seed: 1, level: 0.9 };

async function read(text: string): Promise<{ study: Study; accuracy: StudySeries }> {
  const study = await readStudy([{ name: 'groups.csv', text }], {}, nodeReadPorts);
  const accuracy = study.series.find(({ metric }) => metric.startsWith('acc'));
  assert.ok(accuracy !== undefined, study.series.map(({ id }) => id).join());
  return { study, accuracy };
}

/** Accuracy that rises from 10²² FLOP on; the easy group falls first, the hard one rises throughout. */
function table(groups: number): string {
  const heads = Array.from({ length: groups }, (_, g) => `g${g + 1}_tc`);
  const rows = Array.from({ length: 24 }, (_, i) => {
    const lg = 20 + i / 6;
    const rise = Math.max(0, lg - 22);
    const cells = heads.map((_, g) => {
      const hard = g / (groups - 1);
      return (-0.4 - 0.4 * hard - 0.05 * (1 - hard) * Math.min(2, lg - 20) + 0.12 * rise).toFixed(4);
    });
    return [`model-${i}`, (10 ** lg).toExponential(6), (0.25 + 0.15 * rise + 0.002 * (i % 3)).toFixed(4), ...cells];
  });
  return [['model', 'flop', 'accuracy', ...heads], ...rows].map((row) => row.join(',')).join('\n');
}

test('models below the threshold are fitted, and lines end half a decade beyond them', async () => {
  const { study, accuracy } = await read(table(3));
  const record = sliceRecord(accuracy, study, 1e22, OPTIONS);
  assert.ok(record !== null);
  assert.deepEqual(record.names, ['easy', 'medium', 'hard']);
  assert.equal(record.fitBelow, 1e22);
  assert.equal(record.fitted, accuracy.points.filter(({ x }) => x < 1e22).length);
  assert.ok(Math.abs(Math.log10((record.at.at(-1) as number) / record.lastFitted) - 0.5) < 1e-9);
  for (const line of [record.easy, record.hard, record.sandwich, record.accuracy]) {
    assert.equal(line.y.length, record.at.length);
    for (const [i, y] of line.y.entries()) {
      assert.ok(line.low === null || (line.low[i] as number) <= y);
      assert.ok(line.high === null || y <= (line.high[i] as number));
    }
  }
  for (const [i, y] of record.sandwich.y.entries())
    assert.ok(Math.abs(y - ((record.easy.y[i] as number) + (record.hard.y[i] as number)) / 2) < 1e-12);
  for (const line of [record.accuracy, record.ensemble]) for (const y of line?.y ?? []) assert.ok(y >= 0 && y <= 1);
});

test('ten groups are joined to thirds; without a threshold, or too few models below it, all are fitted', async () => {
  const { study, accuracy } = await read(table(10));
  const record = sliceRecord(accuracy, study, null, OPTIONS);
  assert.equal(record?.groups.length, 3);
  assert.equal(record?.fitBelow, null);
  assert.equal(record?.fitted, 24);
  const low = sliceRecord(accuracy, study, 2e20, OPTIONS);
  assert.equal(low?.fitBelow, null);
  assert.ok(
    low?.notes.some((note) => note.includes('too few')),
    low?.notes.join(),
  );
  assert.equal(sliceRecord(accuracy, study, null, OPTIONS), record, 'known records are not computed twice');
});

test('the drawn fits are those of the law, whatever the number of groups', async () => {
  for (const count of [3, 10]) {
    const { study, accuracy } = await read(table(count));
    const below = accuracy.points.filter(({ x }) => x < 1e22);
    const law = sliceAndSandwich.fit({ series: accuracy, points: below, study }, { bootstrap: 0, seed: 1, level: 0.9 });
    const record = sliceRecord(accuracy, study, 1e22, OPTIONS);
    assert.ok(law.ok && record !== null);
    assert.deepEqual([record.easyDegree, record.hardDegree], [5, 2]);
    const { centre, width, coefficients } = law.value.fit['easy'] as {
      readonly centre: number;
      readonly width: number;
      readonly coefficients: readonly number[];
    };
    assert.equal(coefficients.length, 6);
    for (const [i, x] of record.at.entries()) {
      const z = (Math.log10(x) - centre) / width;
      const easy = coefficients.reduceRight((sum, c) => sum * z + c, 0);
      assert.ok(Math.abs((record.easy.y[i] as number) - easy) < 1e-9, `${count} groups at ${x}`);
      const score = Math.min(1, Math.max(0, law.value.predict({ x })));
      assert.ok(Math.abs((record.accuracy.y[i] as number) - score) < 1e-9, `${count} groups at ${x}`);
    }
  }
});

test('groups themselves and tables without groups have no slices', async () => {
  const { study } = await read(table(3));
  for (const one of study.series.filter(({ metric }) => !metric.startsWith('acc')))
    assert.equal(sliceRecord(one, study, null, OPTIONS), null, one.id);
  const plain = table(3)
    .split('\n')
    .map((line) => line.split(',').slice(0, 3).join(','))
    .join('\n');
  const bare = await read(plain);
  assert.equal(sliceRecord(bare.accuracy, bare.study, null, OPTIONS), null);
});

test('the public tasks all have slices', { skip: !existsSync(shared) && 'shared data is missing' }, async () => {
  for (const task of ['mmlu', 'arc', 'parsinlu_qa_mc', 'analogical_similarity', 'abstract_narrative_understanding']) {
    const { study, accuracy } = await read(readFileSync(resolve(shared, `${task}_g3.csv`), 'utf8'));
    const record = sliceRecord(accuracy, study, null, OPTIONS);
    assert.ok(record !== null && record.ensemble !== null, task);
    assert.equal(record.groups.length, 3);
  }
});
