/** Tables with the probabilities of options, from the columns to a folder opened as a study. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStudy } from '../../../src/core/read-study.ts';
import { optionColumns, scoreOptionRows } from '../../../src/core/slice/option-rows.ts';
import { parseCsv } from '../../../src/core/table/csv.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';

const table = (text: string) => parseCsv(text, { file: 'm.csv' });

test('probabilities or logarithms, a target by name or by number', () => {
  const plain = table('id,p_a,p_b,target\n1,0.2,0.8,b\n2,0.6,0.2,0\n');
  const columns = optionColumns(plain);
  assert.ok(columns !== null && !columns.logarithms);
  const { questions } = scoreOptionRows(plain, columns);
  assert.deepEqual(
    questions.map((one) => [one.target, one.scored.correct]),
    [
      [1, true],
      [0, true],
    ],
  );
  assert.ok(Math.abs((questions[1]?.scored.score ?? 9) + 0.25 ** 2) < 1e-12);
  const logs = table(`id,logprob_a,logprob_b,target\n1,${Math.log(0.2)},${Math.log(0.8)},b\n`);
  const found = optionColumns(logs);
  assert.ok(found?.logarithms === true);
  assert.ok(Math.abs((scoreOptionRows(logs, found).questions[0]?.scored.score ?? 9) + 0.2 ** 2) < 1e-12);
});

test('columns that only look like options are left alone', () => {
  assert.equal(optionColumns(table('id,p_value,p_adjusted,label\n1,0.2,0.8,treated\n2,0.1,0.3,control\n')), null);
  assert.equal(optionColumns(table('id,p_a,target\n1,0.2,a\n')), null);
  assert.equal(optionColumns(table('p_a,p_b\n0.2,0.8\n')), null);
});

test('a folder of such tables is one study: accuracy and TC Brier per model, with errors and chance', async () => {
  const encoder = new TextEncoder();
  const files = [100, 200, 400].map((size, m) => {
    const rows = Array.from({ length: 40 }, (_, q) => {
      const p = Math.min(0.95, 0.2 + 0.015 * q + 0.1 * m);
      return `q${q},${p.toFixed(3)},${((1 - p) / 2).toFixed(3)},${((1 - p) / 2).toFixed(3)},a`;
    });
    if (m === 1) rows[0] = 'q0,0.9,0.9,0.9,a';
    return { name: `quiz/model-${size}m.csv`, bytes: encoder.encode(`id,p_a,p_b,p_c,target\n${rows.join('\n')}\n`) };
  });
  const study = await readStudy(files, {}, nodeReadPorts);
  const [accuracy, brier] = ['accuracy', 'tc_brier'].map((metric) => study.series.find((s) => s.metric === metric));
  assert.ok(accuracy !== undefined && brier !== undefined && study.series.length === 2);
  assert.deepEqual([accuracy.scale, accuracy.better, accuracy.upper], ['params', 'higher', 1]);
  assert.ok(Math.abs((accuracy.chance?.value ?? 0) - 1 / 3) < 1e-12);
  assert.deepEqual([brier.better, brier.lower, brier.upper], ['higher', -1, 0]);
  assert.deepEqual(
    accuracy.points.map((p) => [p.params, p.n]),
    [
      [1e8, 40],
      [2e8, 39],
      [4e8, 40],
    ],
  );
  assert.ok((accuracy.points.at(0)?.stderr ?? 0) > 0);
  const notes = study.sources.flatMap((source) => source.notes).join('\n');
  assert.match(notes, /1 of 40 questions is left out; question q0: .*sum to 2\.7/);
});
