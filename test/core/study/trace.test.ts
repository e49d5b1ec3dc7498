import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellAt, describeCell } from '../../../src/core/study/trace.ts';
import { fromText } from './tables.ts';

const TEXT =
  'Model,Model Size (B),D,MMLU,note\npythia-70m,0.07,3e11,0.25,x\n"pythia, 1.4b",1.4,3e11,0.35,y\npythia-6.9b,6.9,3e11,0.5,z\n';

test('every kind of cell', () => {
  const study = fromText(TEXT);
  const at = (needle: string, add = 0): ReturnType<typeof describeCell> =>
    describeCell(study, 0, TEXT.indexOf(needle) + add);
  const header = at('MMLU', 2);
  assert.ok(header?.kind === 'header');
  assert.deepEqual([header.report.role, header.series.map((s) => s.id)], ['score', ['MMLU/acc']]);
  const score = at('0.35');
  assert.ok(score?.kind === 'score');
  assert.deepEqual([score.row, score.points[0]?.index, TEXT.slice(score.span.start, score.span.end)], [1, 1, '0.35']);
  const model = at('pythia, 1.4b', 3);
  assert.ok(model?.kind === 'model');
  assert.match(model.facts.params?.how ?? '', /“1\.4” × 1e9 in column “Model Size \(B\)”/);
  assert.match(model.facts.compute?.how ?? '', /6·N·D/);
  const size = at('6.9,');
  assert.ok(size?.kind === 'quantity' && size.role === 'params');
  assert.equal(at(',x', 1)?.kind, 'other');
  assert.equal(describeCell(study, 0, TEXT.length + 5), null);
  assert.equal(describeCell(study, 7, 0), null);
});

test('a size read from a name points at its characters', () => {
  const text = 'model,acc\nEleutherAI/pythia-1.4b-deduped,0.2\nfoo-3b,0.3\n';
  const study = fromText(text);
  const range = study.run(0, 1).params?.range;
  assert.deepEqual(
    [range?.start, range?.end],
    [
      { line: 2, character: 4 },
      { line: 2, character: 6 },
    ],
  );
  assert.match(study.run(0, 0).params?.how ?? '', /exact count/);
  assert.match(study.run(0, 0).tokens?.how ?? '', /published/);
});

test('cells are found by offset in long tables', () => {
  const text = `model,params,acc\n${Array.from({ length: 500 }, (_, i) => `m${i},${i + 1}e8,0.5`).join('\n')}\n`;
  const [table] = fromText(text).tables;
  assert.ok(table !== undefined);
  const cell = cellAt(table, text.indexOf('m321,') + 1);
  assert.deepEqual([cell?.row, cell?.column], [321, 0]);
});
