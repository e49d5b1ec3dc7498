import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildStudy } from '../../../src/core/study/build.ts';
import { MeanFold, type MeanOfRows } from '../../../src/core/study/mean-fold.ts';
import { countOptions, nameSampleFile } from '../../../src/core/study/samples.ts';
import { parseCsv } from '../../../src/core/table/csv.ts';
import { series } from './tables.ts';

function meanOf(values: readonly number[]): MeanOfRows {
  const fold = new MeanFold();
  for (const value of values) fold.add(value);
  return fold.result();
}

test('means over valid rows, both standard errors', () => {
  const mean = meanOf([1, Number.NaN, 0, 1, Number.POSITIVE_INFINITY, 1]);
  assert.deepEqual([mean.n, mean.mean], [4, 0.75]);
  assert.ok(Math.abs(mean.stderr - Math.sqrt(0.75 / 3 / 4)) < 1e-15);
  assert.ok(Math.abs(mean.stderrPopulation - Math.sqrt(0.75 / 4 / 4)) < 1e-15);
});

test('options of a Python list, names of files', () => {
  assert.equal(countOptions("[' Yes', ' No']"), 2);
  assert.equal(countOptions('["it\'s", "a, b", \'c\']'), 3);
  assert.equal(countOptions('Yes'), 0);
  assert.deepEqual(nameSampleFile('runs/negation/gpt2-xl.csv'), { task: 'negation', model: 'gpt2-xl' });
  assert.deepEqual(nameSampleFile('invscal_QA-v0_ada.csv'), { task: 'invscal_QA-v0', model: 'ada' });
});

test('a folder: chance from its data file, empty rows, header-only files, partial runs', () => {
  const model = (rows: number, p: number): string =>
    `index,loss,correct,total_logprob\n${Array.from({ length: rows }, (_, i) => `${i},${0.5 + (i % 3) / 10},${i / rows < p ? 1 : 0},-0.1\n${i},,,`).join('\n')}\n`;
  const study = buildStudy(
    [
      parseCsv(model(20, 0.5), { file: 'x/task/opt-125m.csv' }),
      parseCsv(model(20, 0.6), { file: 'x/task/opt-350m.csv' }),
      parseCsv(model(20, 0.8), { file: 'x/task/opt-1.3b.csv' }),
      parseCsv(model(10, 0.9), { file: 'x/task/opt-2.7b.csv' }),
      parseCsv('index,loss,correct,total_logprob\n', { file: 'x/task/opt-6.7b.csv' }),
      parseCsv(
        `,prompt,classes,answer_index\n${Array.from({ length: 20 }, (_, i) => `${i},"a\nb","['A', 'B', 'C', 'D']",0`).join('\n')}\n`,
        { file: 'x/task/data.csv' },
      ),
    ],
    null,
    {},
  );
  const acc = series(study, 'task/accuracy');
  assert.deepEqual(
    acc.points.map((p) => [p.model, p.y, p.n]),
    [
      ['opt-125m', 0.5, 20],
      ['opt-350m', 0.6, 20],
      ['opt-1.3b', 0.8, 20],
    ],
  );
  assert.equal(acc.chance?.value, 0.25);
  assert.ok(Math.abs((series(study, 'task/loss').chance?.value ?? 0) - Math.log(4)) < 1e-12);
  assert.ok(
    acc.excluded.some((e) => e.why.includes('partial')) && acc.excluded.some((e) => e.why.includes('no valid row')),
  );
});

test('a mean far from zero keeps its digits', () => {
  const values = Array.from({ length: 5000 }, (_, i) => Math.sin(i * 12.9898) * 43758.5453 + 1e6);
  const folded = meanOf(values);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1));
  assert.ok(Math.abs(folded.mean - mean) < 1e-9 * mean);
  assert.ok(Math.abs(folded.stderr - sd / Math.sqrt(values.length)) < 1e-12 * sd);
});

test('a filter leaves out questions of per-question tables', () => {
  const table = parseCsv('index,loss,correct,kind\n0,0.1,1,a\n1,0.3,0,b\n2,0.5,1,a\n', { file: 'task/m-1b.csv' });
  const study = buildStudy([table], null, { where: [{ column: 'kind', op: '=', value: 'a' }] });
  const loss = study.series.find((s) => s.metric === 'loss');
  assert.equal(loss?.points.at(0)?.y, 0.3);
  assert.equal(loss?.points.at(0)?.n, 2);
});
