import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../../../src/core/table/csv.ts';
import { understandTable } from '../../../src/core/table/understand.ts';

function roles(text: string): Record<string, string | null> {
  return Object.fromEntries(
    understandTable(parseCsv(text, { file: 'a.csv' }), null).columns.map((c) => [c.header.raw, c.role]),
  );
}

test('a first column under a word for what is compared names the rows, durations and digests do not', () => {
  assert.equal(roles('Method,val_loss\nAdamW,3.1\nMuon,3.0\nLion,3.2\n')['Method'], 'model');
  assert.equal(roles('row,final loss\nAdamW,3.1\nMuon,3.0\n')['row'], 'model');
  const plan = roles('Params,Tokens,Wall-clock\n1B,20B,10.5 h\n2B,40B,42.1 h\n');
  assert.notEqual(plan['Wall-clock'], 'model');
  assert.notEqual(roles('step,val_bpb,sha256\n894,1.5,ab3e\n1788,1.4,cd4f\n')['sha256'], 'model');
});

test('cells that are known tasks make a task column', () => {
  const got = roles(
    'Dataset,Accuracy,Accuracy StdErr\nARC Easy,0.69,± 0.01\nHellaSwag,0.49,± 0.005\nPIQA,0.75,± 0.01\n',
  );
  assert.deepEqual(got, { Dataset: 'task', Accuracy: 'score', 'Accuracy StdErr': 'stderr' });
});

test('tokens that belong to the test set are no training data', () => {
  const rows = ['fp16', 'int8', 'int4'].flatMap((m, i) => [
    `${m},wikitext2,${6 + i / 10},288627`,
    `${m},c4,${9 + i / 10},112585`,
  ]);
  assert.equal(roles(`method,dataset,perplexity,num_tokens\n${rows.join('\n')}\n`)['num_tokens'], 'ignore');
});

test('a loss is known by the perplexity beside it', () => {
  const got = roles(
    'Training tokens,Best held out,Perplexity\n5607000,5.782,324\n11329000,5.4,221\n22773000,5.12,167\n',
  );
  assert.equal(got['Best held out'], 'loss');
});

test('tokens that fall and rise while the steps grow are those of one step', () => {
  const rows = [58406, 61912, 60910, 62431, 61404].map((tokens, step) => `${step},${3 - step / 10},${tokens}`);
  assert.equal(roles(`step,train_loss,total_tokens\n${rows.join('\n')}\n`)['total_tokens'], 'ignore');
  const seen = [58406, 120318, 181228, 243659, 305063].map((tokens, step) => `${step},${3 - step / 10},${tokens}`);
  assert.equal(roles(`step,train_loss,total_tokens\n${seen.join('\n')}\n`)['total_tokens'], 'tokens');
});
