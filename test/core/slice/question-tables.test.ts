/** Groups from per-question tables: both forms, through to the laws, and what is missing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sliceEnsemble } from '../../../src/core/law/slice-ensemble.ts';
import { readGroupColumns } from '../../../src/core/slice/group-columns.ts';
import { groupsFromQuestions } from '../../../src/core/slice/question-tables.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import type { Point, Study, StudySeries } from '../../../src/core/study/study.ts';
import { tableSeries } from './table-series.ts';

type Rows = Record<string, string>[];

/** A study with one per-question table per model. */
function study(files: readonly Rows[]): {
  readonly series: StudySeries;
  readonly study: Study;
  readonly points: Point[];
} {
  const parts = files.map((rows) => tableSeries(rows, { x: 'none', unit: 1, y: 'none' }));
  const summary = tableSeries(
    files.map((rows, m) => ({
      model: `m${m}`,
      flop: String(10 ** (20 + 0.2 * m)),
      acc: String(rows.filter((row) => row.correct === '1').length / rows.length),
    })),
    { x: 'flop', unit: 1, y: 'acc' },
  );
  const tables = parts.map((part) => ({
    ...(part.study.tables[0] as Study['tables'][number]),
    layout: 'per-sample' as const,
  }));
  const points = summary.series.points.map((point, m) => ({ ...point, table: m, row: 0, column: -1 }));
  return { series: { ...summary.series, points }, study: { ...summary.study, tables }, points };
}

/** Questions of rising difficulty, as the prize's files hold them: losses, with an empty row after each. */
function prize(models: number, questions: number): Rows[] {
  const random = createRandom(3, 'prize');
  return Array.from({ length: models }, (_, m) =>
    Array.from({ length: questions }, (__, q) => {
      const p = 1 / (1 + Math.exp(4 * (q / questions - 0.5) - 0.1 * m + 0.2 * random.normal()));
      return [
        { index: String(q), loss: String(-Math.log(p)), correct: p > 0.5 ? '1' : '0', total_logprob: '-1' },
        { index: '', loss: '', correct: '', total_logprob: '' },
      ];
    }).flat(),
  );
}

test('losses of the prize layout become groups from easy to hard', () => {
  const { study: one, points } = study(prize(8, 60));
  const outcome = groupsFromQuestions(points, one);
  assert.ok(outcome.ok);
  const [easy, middle, hard] = outcome.value.groups as [Float64Array, Float64Array, Float64Array];
  assert.equal(outcome.value.questions, 60);
  easy.forEach((value, m) => {
    assert.ok(value > (middle[m] as number) && (middle[m] as number) > (hard[m] as number));
    const mean = (value + (middle[m] as number) + (hard[m] as number)) / 3;
    assert.ok(Math.abs(mean - (outcome.value.tc[m] as number)) < 1e-12);
  });
});

test('option probabilities with a target by name or number give the same as their losses', () => {
  const losses = prize(6, 30);
  const options = losses.map((rows, m) =>
    rows
      .filter((row) => row.index !== '')
      .map((row) => {
        const p = Math.exp(-Number(row.loss));
        return {
          doc_id: row.index as string,
          p_a: String(0.1 * (1 - p)),
          p_b: String(0.1 * p),
          target: m % 2 === 0 ? 'b' : '1',
        };
      }),
  );
  const a = study(losses);
  const b = study(options);
  const one = groupsFromQuestions(a.points, a.study);
  const other = groupsFromQuestions(b.points, b.study);
  assert.ok(one.ok && other.ok);
  for (const [g, group] of one.value.groups.entries()) {
    group.forEach((value, m) => assert.ok(Math.abs(value - (other.value.groups[g]?.[m] ?? Number.NaN)) < 1e-12));
  }
});

test('the laws read per-question tables through the same door', () => {
  const { series, study: one, points } = study(prize(10, 60));
  const read = readGroupColumns(points, one);
  assert.ok(read.ok && read.value.groups.length === 3);
  assert.match(read.value.tcHow, /60 questions cut into 3 groups/);
  const fitted = sliceEnsemble.fit({ series, study: one, points }, { bootstrap: 0, seed: 1, level: 0.9 });
  assert.ok(fitted.ok && fitted.value.predict({ x: 1e23 }) <= 1);
});

test('what is missing is said', () => {
  const { study: one, points } = study(prize(3, 30));
  const few = groupsFromQuestions(points, one);
  assert.match(few.ok ? '' : few.error.message, /3 models at or below the threshold/);
  const bare = study([[{ index: '0', estimate: '3' }], [{ index: '0', estimate: '4' }]]);
  const none = groupsFromQuestions(bare.points, bare.study);
  assert.equal(none.ok ? '' : none.error.code, 'no-questions');
  const odd = study([[{ doc_id: '0', p_a: '0.5', p_b: '0.5', target: 'z' }]]);
  const target = groupsFromQuestions(odd.points, odd.study);
  assert.equal(target.ok ? '' : target.error.code, 'no-questions');
  const over = study([[{ doc_id: '0', p_a: '0.9', p_b: '0.9', target: 'a' }]]);
  const sum = groupsFromQuestions(over.points, over.study);
  assert.match(sum.ok ? '' : sum.error.message, /m0: 1 of 1 questions is left out; question 0: .*sum to 1\.8/);
});

test('what is no distribution is left out for every model and named, the rest is kept', () => {
  const rows = (m: number): Rows =>
    Array.from({ length: 30 }, (_, q) => {
      const p = 0.2 + 0.02 * q + 0.01 * m;
      return { doc_id: `q${q}`, p_a: String(p), p_b: String(1 - p), target: q % 2 === 0 ? 'a' : 'b' };
    });
  const files = [0, 1, 2, 3, 4].map(rows);
  Object.assign(files[1]?.[3] ?? {}, { p_a: '0.9', p_b: '0.9' });
  Object.assign(files[2]?.[4] ?? {}, { target: 'z' });
  Object.assign(files[3]?.[5] ?? {}, { p_a: '' });
  const { study: one, points } = study(files);
  const outcome = groupsFromQuestions(points, one);
  assert.ok(outcome.ok);
  assert.equal(outcome.value.questions, 27);
  const said = outcome.value.notes.join('\n');
  assert.match(said, /m1: 1 of 30 questions is left out; question q3: .*sum to 1\.8/);
  assert.match(said, /m2: .*question q4: the target 'z' names no option/);
  assert.match(said, /m3: .*question q5: an option has no number/);
});
