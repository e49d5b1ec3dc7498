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

test('a letter with something behind it is the quantity that its values can only be', () => {
  const got = roles(
    'name,N_total,N_active,N,D_web,C_est,N_layers,loss\nx,8e9,1e9,1e9,2e10,3e20,24,2.5\ny,3e10,3e9,3e9,6e10,5e21,32,2.3\n',
  );
  assert.deepEqual(got, {
    name: 'model',
    N_total: 'params',
    N_active: 'params-active',
    // The same numbers as N_active: another spelling of it.
    N: '(params-active)',
    D_web: 'tokens',
    C_est: 'compute',
    N_layers: 'ignore',
    loss: 'loss',
  });
});

test('records flattened with dots, formulas, remarks and bare FLOP prefixes in headers', () => {
  const got = understandTable(
    parseCsv(
      'hparams.model_name,hparams.params,Tokens $D$,Compute (P),Num train steps (v2),eval_metrics.icl.copa_zeroshot\n' +
        'a,1e9,2e10,120000,1000,0.6\nb,2e9,4e10,480000,2000,0.7\n',
      { file: 'a.csv' },
    ),
    null,
  ).columns;
  assert.deepEqual(
    got.map((c) => [c.role, c.unit]),
    [
      ['model', null],
      ['params', 1],
      ['tokens', 1],
      ['compute', 1e15],
      ['step', null],
      ['score', 'fraction'],
    ],
  );
  assert.equal(got[5]?.measure?.task, 'copa');
  assert.equal(got[5]?.measure?.facets['shots'], '0');
});

test('columns named after a corpus hold losses, or perplexities, by their values', () => {
  const columns = understandTable(
    parseCsv('model,params,C4,WikiText-103,piqa\na,1e8,3.1,24.3,0.6\nb,1e9,2.8,18.6,0.7\nc,2e9,2.7,14.2,0.75\n', {
      file: 'a.csv',
    }),
    null,
  ).columns;
  assert.deepEqual(
    columns.slice(2).map((c) => [c.role, c.measure?.metric]),
    [
      ['loss', 'loss'],
      ['score', 'perplexity'],
      ['score', 'acc'],
    ],
  );
});

test('a named column of mostly numbers is read; a size that cannot be read is no name of a model', () => {
  assert.deepEqual(roles('group,model_size,loss\na,10B<,2.1\nb,30B<,in progress\nc,70B<,1.9\nd,7B<,2.2\n'), {
    group: null,
    model_size: null,
    loss: 'loss',
  });
});

test('counts of successes are no sample sizes', () => {
  assert.equal(roles('model,Flag Success Count,acc\na,5,0.1\nb,7,0.2\n')['Flag Success Count'], null);
});

test('a first column of different names is the model, whatever it is called', () => {
  assert.equal(roles('Netz,params,acc\nalpha,1e8,0.5\nbeta,2e8,0.6\ngamma,3e8,0.7\n')['Netz'], 'model');
  assert.equal(roles('Netz,params,acc\nalpha,1e8,0.5\nalpha,2e8,0.6\n')['Netz'], null);
});

test('e to the power of a loss is its perplexity', () => {
  const columns = understandTable(
    parseCsv('tokens,val loss,PP,other\n1e9,2.9966,20.02,7.1\n2e9,2.5867,13.29,6.2\n4e9,2.353,10.52,5.5\n', {
      file: 'a.csv',
    }),
    null,
  ).columns;
  assert.equal(columns[2]?.measure?.metric, 'perplexity');
  assert.notEqual(columns[3]?.measure?.metric, 'perplexity');
});

test('one text in place of all numbers that are missing does not hide a column; a remark in brackets does not either', () => {
  const got = roles(
    'checkpoint,tokens,val loss,Loss (Chinchilla-optimal),Latency (ms),% of total loss\na,1e9,2.5,2.4,12.5,27\nb,2e9,not reached,2.3,13.4,14\nc,3e9,not reached,2.2,14.9,9\n',
  );
  assert.deepEqual(got, {
    checkpoint: 'model',
    tokens: 'tokens',
    'val loss': 'loss',
    'Loss (Chinchilla-optimal)': 'loss',
    'Latency (ms)': 'ignore',
    '% of total loss': 'ignore',
  });
});

test('training FLOP of tiny models are no question', () => {
  const reading = understandTable(
    parseCsv('params,train FLOPs,loss\n1200528,1.44e+11,0.3\n1200528,1.44e+12,0.2\n', { file: 'a.csv' }),
    null,
  );
  assert.deepEqual(reading.open, []);
  assert.equal(reading.columns[1]?.role, 'compute');
});

test('a number sign numbers rows; experiments that are all different are runs; a hard task beside percentages is a score', () => {
  const got = roles(
    '#,Experiment,Params,HumanEval,MBPP,MMLU,HardBench\n1,wide,1.5B,43.9,58.6,40.1,4.7\n2,deep,3B,52.1,60.0,45.2,3.4\n3,thin,7B,55.3,70.0 / 68.0,50.3,9.5\n',
  );
  assert.deepEqual(got, {
    '#': null,
    Experiment: 'model',
    Params: 'params',
    HumanEval: 'score',
    MBPP: 'score',
    MMLU: 'score',
    HardBench: 'score',
  });
});

test('rates, differences, test statistics and ratios are no scores and no sizes', () => {
  const names = ['mfu', 'gap_vs_best_loss', 'sign_test_p', 'D/N', 'tokens/param', 'TFLOPS', 'delta', 'vs baseline'];
  const row = (k: number): string => `m${k},${k}e8,${4 - k / 5},${names.map((_, i) => 0.1 + k / 10 + i).join(',')}`;
  const got = roles(`model,params,val_loss,${names.join(',')}\n${[1, 2, 3, 4].map(row).join('\n')}\n`);
  for (const name of names) assert.ok(got[name] === null || got[name] === 'ignore', `${name}: ${got[name]}`);
});

test('one column of unknown name is no score for lying below a hundred, beside other scores it is', () => {
  const alone = roles('Model,Latency (s),TPM\nLLaMA 3 8B,30.9,11.65\nQwen 1.5B,1.9,0.5\nGemma 2B,110.8,8.66\n');
  assert.equal(alone['TPM'], null);
  const beside = roles('Model,MMLU,Quiz\nLLaMA 3 8B,60.5,51.65\nQwen 1.5B,31.9,20.5\nGemma 2B,41.8,38.66\n');
  assert.equal(beside['Quiz'], 'score');
});

test('numbers written out to the last digit are counts, whatever is plausible', () => {
  const text = 'Training tokens,loss\n5607,5.78\n11329,5.4\n22773,5.1\n45547,4.9\n';
  const reading = understandTable(parseCsv(text, { file: 'a.csv' }), null);
  assert.equal(reading.open.length, 0);
  assert.equal(reading.columns[0]?.unit, 1);
  const round = understandTable(parseCsv('Training tokens,loss\n50,5.78\n100,5.4\n200,5.1\n', { file: 'a.csv' }), null);
  assert.equal(round.open.length, 1);
});

test('facet names with fractions are scores, counts without a sibling and sparsities are none', () => {
  assert.deepEqual(
    roles(
      'model,weight_file_count,original,variant,Sparsity (%)\na,2,30.1,21.1,10\nb,4,31.2,19.5,20\nc,8,40.3,32.2,30\n',
    ),
    { model: 'model', weight_file_count: null, original: 'score', variant: 'score', 'Sparsity (%)': 'ignore' },
  );
});

function rolesOf(text: string): Record<string, string | null> {
  const { columns } = understandTable(parseCsv(text, { file: 'a.csv' }), null);
  return Object.fromEntries(columns.map((c) => [c.header.raw, c.role]));
}

test('changes, shares of a setting and by-products of training are no scores', () => {
  const got = rolesOf(
    'model,params,val_bpb,bpb_change_pct,rank_fraction,mean_advantage,compute_csv\n' +
      'a,1000000000,1.10,-1.2,0.5,0.02,2.6e19\nb,2000000000,0.95,-0.3,0.25,0.03,3.1e19\nc,4000000000,0.57,0.3,0.125,0.01,9.6e19\n',
  );
  assert.equal(got['val_bpb'], 'score');
  for (const name of ['bpb_change_pct', 'rank_fraction', 'mean_advantage'])
    assert.ok(got[name] === null || got[name] === 'ignore', `${name}: ${got[name]}`);
  assert.equal(got['compute_csv'], 'compute', 'where a number was taken from does not hide what it is');
});

test('points are scores without sizes too, where another column is a measured score', () => {
  const rows = '0.1,4.9,128.5,0,133.9\n0.2,2.1,123.1,0,131.6\n0.3,4.6,114.8,0,124.2\n';
  const got = rolesOf(`success_rate,train_score,holdout_score,negative_score,final_score\n${rows}`);
  assert.deepEqual(new Set(Object.values(got)), new Set(['score']));
  assert.equal(rolesOf('player,home_score\nA,3\nB,5\nC,7\n')['home_score'], null);
});

test('percentages beside epochs alone are scores', () => {
  const got = rolesOf('Epoch,Train,Val\n1,45.1%,44.2%\n2,55.2%,51.0%\n3,60.1%,55.5%\n');
  assert.equal(got['Train'], 'score');
  assert.equal(got['Val'], 'score');
});

test('columns behind known tasks are tasks; settings before them and durations are not', () => {
  const got = rolesOf(
    'representation,active_mlp,gsm8k,math,unheardofbench,Wall\n' +
      'reprobe,0.9,0.568,0.558,0.492,1h 41m\nattn,0.8,0.495,0.533,0.486,3h 01m\nlast,0.7,0.459,0.414,0.347,5h 12m\n',
  );
  assert.equal(got['unheardofbench'], 'score');
  assert.notEqual(got['active_mlp'], 'score');
  assert.notEqual(got['Wall'], 'model');
  assert.notEqual(rolesOf('Step,Loss,Took\n10,3.2,1h 41m\n20,3.1,3h 01m\n30,3.0,5h 12m\n')['Took'], 'model');
});

test('norms of gradients and weights are by-products', () => {
  const got = rolesOf('Step,Loss,Gradient norm,param_norm\n1,3.1,0.42,0.9\n2,3.0,0.48,0.8\n3,2.9,0.40,0.7\n');
  for (const name of ['Gradient norm', 'param_norm']) assert.equal(got[name], 'ignore', name);
});
