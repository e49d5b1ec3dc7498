import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../../../src/core/table/csv.ts';
import { isAggregate, understandTable } from '../../../src/core/table/understand.ts';

function roles(text: string): Record<string, string | null> {
  return Object.fromEntries(
    understandTable(parseCsv(text, { file: 'a.csv' }), null).columns.map((c) => [
      c.header.raw,
      c.used ? c.role : `(${c.role})`,
    ]),
  );
}

test('names that look right and are wrong', () => {
  const got = roles(
    'model,model_size,max_tokens,batch_size_in_tokens,FLOPs / update,params,acc\na,13.99 GB,2048,1e6,1e15,1e9,0.5\nb,1.99 GB,2048,1e6,1e15,2e9,0.6\n',
  );
  assert.deepEqual(got, {
    model: 'model',
    model_size: null,
    max_tokens: 'ignore',
    batch_size_in_tokens: 'ignore',
    'FLOPs / update': 'ignore',
    params: 'params',
    acc: 'score',
  });
});

test('one column per quantity, the best-named one', () => {
  const got = roles('N,N_no_emb,D,C,Approx_C,loss\n1e8,9e7,1e9,6e17,5e17,4\n1e9,9e8,1e10,6e19,5e19,3\n');
  assert.deepEqual(got, {
    N: 'params',
    N_no_emb: 'params-non-embedding',
    D: 'tokens',
    C: 'compute',
    Approx_C: '(compute)',
    loss: 'loss',
  });
});

test('capitals are quantities, small letters are counts', () => {
  assert.equal(roles('model,N,n,acc\na,1e9,500,0.5\n')['n'], 'n');
});

test('units: from brackets, endings, values and names', () => {
  const unit = (text: string, header: string): unknown =>
    understandTable(parseCsv(text, { file: 'a.csv' }), null).columns.find((c) => c.header.raw === header)?.unit;
  assert.equal(unit('model,Model Size (B),acc\na,7,0.5\n', 'Model Size (B)'), 1e9);
  assert.equal(unit('model,tokens_T,acc\na,2,0.5\n', 'tokens_T'), 1e12);
  assert.equal(unit('name,size,acc\npythia-70m,0.07,0.5\npythia-1b,1,0.5\n', 'size'), 1e9);
  assert.equal(unit('model,params,acc\na,1e9,45.2\nb,2e9,50\n', 'acc'), '%');
  assert.equal(unit('model,params,acc\na,1e9,45.2%\nb,2e9,50%\n', 'acc'), '%');
  assert.equal(unit('config,flops,tokens,loss\na,1.9e9,1e10,3\n', 'flops'), 1);
  assert.equal(roles('config,flops,tokens,loss\na,1.9e9,1e10,3\n')['flops'], 'compute-per-token');
});

test('a model column without a usable name; leaderboard pairs; averages', () => {
  assert.equal(roles('what,acc\npythia-70m,0.2\npythia-1b,0.4\n')['what'], 'model');
  const pair = roles('model,params,IFEval Raw,IFEval\na,1e9,0.4,40\nb,2e9,0.5,50\n');
  assert.deepEqual([pair['IFEval Raw'], pair['IFEval']], ['score', 'ignore']);
  assert.ok(isAggregate('Average ⬆️', 'acc') && isAggregate('x', 'naive_average') && !isAggregate('mmlu', 'acc'));
});
