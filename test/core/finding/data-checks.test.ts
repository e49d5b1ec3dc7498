import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../src/core/report-model.ts';
import { fromText } from '../study/tables.ts';

const of = (text: string, code: string): Finding[] => fromText(text).findings.filter((f) => f.code === code);
const cell = (text: string, f: Finding | undefined): string =>
  (text.split('\n')[f?.range.start.line ?? 0] ?? '').slice(f?.range.start.character, f?.range.end.character);

test('data.unit: sizes that cannot be, absurd tokens per parameter', () => {
  const text = 'model,params,tokens,acc\na,-5,1e10,0.1\nb,1e9,2e10,0.2\nc,1e9,6e14,0.3\nd,2e9,4e10,0.3\n';
  const found = of(text, 'data.unit');
  assert.deepEqual(
    found.map((f) => cell(text, f)),
    ['-5', '6e14'],
  );
});

test('data.mixed-params: total and active side by side', () => {
  const text =
    'model,params,acc\nmistralai/Mixtral-8x7B-v0.1,46.7e9,0.6\ndeepseek-ai/DeepSeek-V2,21e9,0.7\nx-7b,7e9,0.5\ny-1b,1e9,0.2\n';
  assert.deepEqual(
    of(text, 'data.mixed-params').map((f) => f.data['kind']),
    ['total', 'active'],
  );
  const [only] = fromText(text).series;
  assert.deepEqual(
    only?.points.map((p) => p.model),
    ['y-1b', 'x-7b'],
  );
});

test('data.outlier: a size against the name, an error against n', () => {
  const sizes = 'model,params,acc\na-1b,1e9,0.2\nb-3b,3e9,0.3\nc-7b,13e9,0.4\nd-13b,13e9,0.5\n';
  const [wrong] = of(sizes, 'data.outlier');
  assert.equal(cell(sizes, wrong), '13e9');
  const sd = 'model,params,task,acc,stderr,n\na,1e8,t,0.3,0.458,500\nb,1e9,t,0.5,0.5,500\nc,1e10,t,0.6,0.49,500\n';
  assert.match(of(sd, 'data.outlier')[0]?.message ?? '', /per item/);
});

test('data.duplicate: equal repeats warn, replicates inform', () => {
  const text = (y: string): string => `model,params,task,acc\na,1e8,t,0.2\na,1e8,t,${y}\nb,1e9,t,0.3\n`;
  assert.equal(of(text('0.2'), 'data.duplicate')[0]?.severity, 'warning');
  assert.equal(of(text('0.25'), 'data.duplicate')[0]?.severity, 'information');
  assert.deepEqual(
    of('model,params,task,seed,acc\na,1e8,t,1,0.2\na,1e8,t,2,0.2\nb,1e9,t,1,0.3\n', 'data.duplicate'),
    [],
  );
});

test('data.missing: rows without a scale are counted once', () => {
  const rows = Array.from(
    { length: 10 },
    (_, i) => `m${i},${i + 1}e8,${i < 8 ? `${i + 1}e10` : ''},0.${i + 1},0.${i + 1}`,
  );
  const found = of(`model,params,tokens,acc,mmlu\n${rows.join('\n')}\n`, 'data.missing');
  assert.deepEqual(
    found.map((f) => f.data['rows']),
    [2],
  );
});

test('data.mixed-percent: errors and numbers of questions say that a hard task is in percent, too', () => {
  const row = (model: string, task: string, y: number) =>
    `${model},${task},${y},${(100 * Math.sqrt(((y / 100) * (1 - y / 100)) / 1000)).toFixed(3)},1000`;
  const rows = ['a-1b', 'a-2b', 'a-4b'].flatMap((model, i) => [
    row(model, 't1', 45 + 5 * i),
    row(model, 't2', 0.3 + 0.2 * i),
  ]);
  const table = (columns: number) =>
    ['model,task,accuracy,stderr,n', ...rows].map((line) => line.split(',').slice(0, columns).join(',')).join('\n');
  assert.equal(of(table(5), 'data.mixed-percent').length, 0);
  assert.equal(of(table(3), 'data.mixed-percent').length, 1, 'without them nothing tells them from fractions');
});

test('data.mixed-percent, data.direction-conflict, data.degenerate-metric', () => {
  assert.equal(
    of('model,params,task,accuracy\na,1e9,t1,45.2\nb,2e9,t1,50.1\na,1e9,t2,0.41\nb,2e9,t2,0.52\n', 'data.mixed-percent')
      .length,
    1,
  );
  assert.equal(
    of(
      'model,params,task,metric,value,higher_is_better\na,1e8,t,ter,30,True\nb,1e9,t,ter,20,True\n',
      'data.direction-conflict',
    ).length,
    1,
  );
  const zeros = `model,params,gsm8k_acc\n${[1, 2, 3, 4, 5, 6].map((k) => `m${k},${k}e9,0`).join('\n')}\n`;
  assert.equal(of(zeros, 'data.degenerate-metric').length, 1);
});

test('file.*: problems of the text at their places', () => {
  const text = 'model,params,acc\na,1e8,0.2\nb,1e9\n';
  assert.equal(cell(text, of(text, 'file.malformed')[0]), 'b,1e9');
  assert.match(of('config,r2,rmse\nx,0.9,0.1\ny,0.8,0.2\n', 'file.unrecognised')[0]?.message ?? '', /reports on fits/);
});
