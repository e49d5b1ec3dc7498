// Delimited text by the tool that wrote it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read, readOne, rolesOf } from './shared.ts';

const FORMATS: readonly (readonly [format: string, text: string])[] = [
  ['csv', 'Model,N,mmlu\na,1e9,0.3\n'],
  ['tsv', 'Model\tN\tmmlu\na\t1e9\t0.3\n'],
  ['csv', 'Model;N;mmlu\na;1e9;0,3\nb;2e9;0,4\n'],
  ['csv', 'Model|N|mmlu\na|1e9|0.3\nb|2e9|0.4\n'],
  [
    'wandb-chart',
    '"Step","run-1 - train/loss","run-1 - train/loss__MIN","run-1 - train/loss__MAX"\n"0","1.6","1.6","1.6"\n',
  ],
  ['wandb-history', '_step,eval/downstream/arc_easy_acc,throughput/total_tokens\n1,0.3,1000\n'],
  ['wandb-runs', '"Name","State","eval/loss","N"\n"a","finished","2.3","1e9"\n'],
  [
    'mlflow',
    'Start Time,Duration,Run ID,Name,Source Type,Source Name,User,Status,lr,acc\n2019,0ms,x,y,LOCAL,a.py,u,FINISHED,0.1,0.4\n',
  ],
  ['mlflow', 'run_id,experiment_id,status,params.N,metrics.acc\na,0,FINISHED,1e9,0.4\n'],
  ['per-sample', 'index,loss,correct,total_logprob\n0,1.2,1,-0.5\n1,0.3,0,-0.4\n'],
  ['question-groups', 'Model,N,0_100_acc,100_200_acc\na,1e9,0.2,0.3\n'],
  ['inspect-evals', 'eval_id,model,task_name,score_headline_value,score_headline_stderr\na,m,t,0.3,0.1\n'],
  ['open-llm-leaderboard', 'eval_name,fullname,#Params (B),BBH Raw,BBH\na,org/a,7,0.4,20\n'],
  [
    'big-bench',
    'task,subtask,model_family,model_name,total_params,n_shot,metric_name,score\nnavigate,,BIG-G,128b,1e11,0,acc,0.4\n',
  ],
  ['opencompass', 'dataset,version,metric,mode,opt350m\nsiqa,e7,accuracy,gen,21.5\n'],
];

for (const [format, text] of FORMATS) {
  test(`${format}: ${text.slice(0, 40).replaceAll('\n', ' ')}`, async () => {
    assert.equal((await readOne('no-extension', text)).format, format);
  });
}

test('a chart export: the run is in the header, the range is no error', async () => {
  const table = await readOne('chart.csv', FORMATS[4]?.[1] ?? '');
  assert.deepEqual(rolesOf(table), {
    Step: 'step',
    'run-1 - train/loss': 'loss',
    'run-1 - train/loss__MIN': 'ignore',
    'run-1 - train/loss__MAX': 'ignore',
  });
});

test('prompts are a table about the task, lists of names are refused for what they are', async () => {
  const prompts = await read('data.csv', ',prompt,classes,answer_index\n0,"Is it?","[\' Yes\', \' No\']",1\n');
  assert.equal(prompts.tables[0]?.layout, 'metadata');
  assert.match(prompts.tables[0]?.notes.join(' ') ?? '', /questions of a task/);
  const names = await read('all_models.txt', 'EleutherAI/pythia-70m\nEleutherAI/pythia-160m\n');
  assert.match(names.failure?.message ?? '', /list of 2 names/);
});
