import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStudy } from '../../../src/core/read-study.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { fromText, models, RULES, SOURCE, series } from './tables.ts';

const LONG = `model,family,params,tokens,task,metric,value,stderr,n
a-1,a,1e8,2e9,t1,acc,0.25,0.01,500
a-2,a,1e9,2e10,t1,acc,0.35,0.01,500
a-3,a,1e10,2e11,t1,acc,0.55,0.01,500
a-1,a,1e8,2e9,t1,loss,3.5,,
a-2,a,1e9,2e10,t1,loss,3.0,,
a-3,a,1e10,2e11,t1,loss,2.6,,
`;

test('a long table: one series per task and metric over 6ND', () => {
  const study = fromText(LONG);
  assert.deepEqual(study.series.map((s) => s.id).sort(), ['t1/acc', 't1/loss']);
  const acc = series(study, 't1/acc');
  assert.equal(acc.scale, 'compute');
  assert.deepEqual(
    acc.points.map((p) => p.x),
    [6e8 * 2e9, 6e9 * 2e10, 6e10 * 2e11],
  );
  assert.deepEqual([acc.better, acc.family, acc.lower, acc.upper], ['higher', 'a', 0, 1]);
  assert.equal(acc.points.at(0)?.stderr, 0.01);
  assert.equal(series(study, 't1/loss').better, 'lower');
  assert.deepEqual(study.findings, []);
  assert.deepEqual(study.questions, []);
  const facts = study.run(0, 1);
  assert.equal(facts.compute?.value, 6 * 1e9 * 2e10);
  assert.match(facts.compute?.how ?? '', /derived/);
  assert.equal(facts.params?.range?.start.line, 2);
});

test('ids and points are the same after reordering rows', () => {
  const [head, ...rows] = LONG.trim().split('\n') as [string, ...string[]];
  const again = fromText([head, ...rows.reverse()].join('\n'));
  const ids = (s: typeof again): string[] => s.series.map((x) => x.id).sort();
  assert.deepEqual(ids(again), ids(fromText(LONG)));
  assert.deepEqual(
    series(again, 't1/acc').points.map((p) => p.y),
    [0.25, 0.35, 0.55],
  );
});

test('a stated compute is never overwritten; a missing token count is C/6N', () => {
  const study = fromText('model,params,flops,loss\na,1e8,1e18,3.5\nb,1e9,2e20,3.0\nc,2e9,8e20,2.9\n');
  const [only] = study.series;
  assert.deepEqual(
    only?.points.map((p) => p.compute),
    [1e18, 2e20, 8e20],
  );
  assert.equal(only?.points.at(0)?.tokens, 1e18 / 6e8);
});

test('prompts, splits and filters are never pooled', () => {
  const study = fromText(`model,params,task,filter,score
a,1e8,t,strict,0.1
a,1e8,t,flexible,0.3
b,1e9,t,strict,0.2
b,1e9,t,flexible,0.4
`);
  assert.deepEqual(study.series.map((s) => s.id).sort(), ['t/score/filter=flexible', 't/score/filter=strict']);
  assert.deepEqual(
    series(study, 't/score/filter=strict').points.map((p) => p.y),
    [0.1, 0.2],
  );
});

test('an unnamed column that alone explains repeats keeps rows apart; a train/test label does not', () => {
  const rows = ['a,1e8', 'b,1e9', 'c,1e10'].flatMap((m, i) =>
    ['alpha', 'beta'].map((v, k) => `${m},t,${v},${(0.2 + i * 0.1 + k * 0.01).toFixed(2)}`),
  );
  const study = fromText(`model,params,task,wording,score\n${rows.join('\n')}\n`);
  assert.deepEqual(study.series.map((s) => s.id).sort(), ['t/score/wording=alpha', 't/score/wording=beta']);
  const label = fromText('model,params,task,split,score\na,1e8,t,train,0.2\nb,1e9,t,train,0.3\nc,1e10,t,test,0.4\n');
  assert.deepEqual(
    label.series.map((s) => s.points.length),
    [3],
  );
  const evals = fromText(
    'model,params,task,split,score\na,1e8,t,val,0.2\na,1e8,t,test,0.3\nb,1e9,t,val,0.4\nb,1e9,t,test,0.5\n',
  );
  assert.equal(evals.series.length, 2);
});

test('families are split where each has sizes of its own', () => {
  const row = (f: string, n: number, y: number): string => `${f}-${n},${f},${n}e8,t,${y}`;
  const study = fromText(
    `model,family,params,task,acc\n${['a', 'b'].flatMap((f) => [1, 3, 9].map((n) => row(f, n, n / 20))).join('\n')}\n`,
  );
  assert.deepEqual(study.series.map((s) => s.id).sort(), ['t/acc/a', 't/acc/b']);
  const pooled = fromText(
    `model,family,params,task,acc\n${['a', 'b'].flatMap((f) => [1, 3, 9].map((n) => row(f, n, n / 20))).join('\n')}\n`,
    { group: ['task'] },
  );
  assert.equal(pooled.series.length, 1);
  assert.equal(pooled.series[0]?.points.length, 6);
  assert.match(pooled.series[0]?.notes.join(' ') ?? '', /pooled/);
});

test('x, y, group and where override detection', () => {
  const text = 'model,params,lr,kind,loss,weird\na,1e8,0.1,u,3.5,-1\nb,1e9,0.2,v,3.0,-2\nc,1e10,0.3,u,2.5,-3\n';
  const x = fromText(text, { x: 'lr' });
  assert.deepEqual(
    x.series[0]?.points.map((p) => p.x),
    [0.1, 0.2, 0.3],
  );
  assert.equal(x.series[0]?.scale, 'lr');
  const y = fromText(text, { y: 'weird', assume: true });
  assert.deepEqual(
    y.series.map((s) => [s.metric, s.points.length]),
    [['weird', 3]],
  );
  const group = fromText(text, { group: ['kind'] });
  assert.deepEqual(
    group.series.map((s) => s.points.length).sort((a, b) => (a < b ? -1 : 1)),
    [1, 2],
  );
  assert.match(group.series[0]?.id ?? '', /kind=/);
  const where = fromText(text, { where: [{ column: 'kind', op: '=', value: 'u' }] });
  assert.deepEqual(
    where.series[0]?.points.map((p) => p.model),
    ['a', 'c'],
  );
});

test('a sizes table joins a results table on the model name', async () => {
  const { buildStudy } = await import('../../../src/core/study/build.ts');
  const { parseCsv } = await import('../../../src/core/table/csv.ts');
  const study = buildStudy(
    [
      parseCsv('model,task,accuracy\norg/one,t,0.2\norg/two,t,0.3\norg/three,t,0.5\n', { file: 'results.csv' }),
      parseCsv('name,params,tokens\none,1e8,2e9\ntwo,1e9,2e10\nthree,1e10,2e11\n', { file: 'models.csv' }),
    ],
    null,
    {},
  );
  const tidy = fromText(
    'model,task,accuracy,params,tokens\none,t,0.2,1e8,2e9\ntwo,t,0.3,1e9,2e10\nthree,t,0.5,1e10,2e11\n',
  );
  assert.deepEqual(
    study.series.map((s) => [s.id, s.scale, s.points.map((p) => [p.x, p.y])]),
    tidy.series.map((s) => [s.id, s.scale, s.points.map((p) => [p.x, p.y])]),
  );
  assert.match(study.run(0, 0).params?.how ?? '', /joined/);
  assert.equal(study.sources.length, 3);
});

test('the manifest is authority one', () => {
  const text = 'Modell,Groesse,Punkte\neins,1,12\nzwei,2,30\ndrei,4,55\n';
  const rules = {
    ...RULES,
    sources: [
      {
        ...SOURCE,
        columns: new Map([
          ['Modell', { role: 'model' as const }],
          ['Groesse', { role: 'params' as const, unit: 1e9 }],
          ['Punkte', { role: 'score' as const, task: 'mmlu', metric: 'acc', unit: '%' }],
        ]),
      },
    ],
    tasks: new Map([['mmlu', { chance: 0.2, span: null }]]),
    select: { ...RULES.select, exclude: [{ model: 'zwei', where: null, why: 'broken run' }] },
  };
  const study = fromText(text, {}, rules);
  const [only] = study.series;
  assert.equal(only?.id, 'mmlu/acc');
  assert.deepEqual(
    only?.points.map((p) => p.x),
    [1e9, 4e9],
  );
  assert.deepEqual([only?.chance?.value, only?.upper], [20, 100]);
  assert.deepEqual(
    only?.excluded.map((e) => e.why),
    ['broken run'],
  );
  const sized = fromText(
    'model,acc\nx,0.2\ny,0.4\n',
    {},
    { ...RULES, models: models({ x: { params: 1e9, tokens: 1e10 }, y: { params: 2e9, tokens: 4e10 } }) },
  );
  assert.deepEqual(
    sized.series[0]?.points.map((p) => p.x),
    [6e19, 4.8e20],
  );
});

test('open questions carry the lines that settle them; assume takes the guess', () => {
  const text = 'name,size,score\nm-1,0.07,0.2\nm-2,0.4,0.3\nm-3,1.4,0.35\n';
  const study = fromText(text);
  assert.match(study.questions[0]?.yaml[0] ?? '', /size: \{role: params, unit: 1e9\}/);
  assert.equal(study.findings.find((f) => f.code === 'data.unit')?.severity, 'error');
  const assumed = fromText(text, { assume: true });
  assert.deepEqual(
    assumed.series[0]?.points.map((p) => p.x),
    [0.07e9, 0.4e9, 1.4e9],
  );
  assert.match(assumed.assumed[0] ?? '', /billions/);
  assert.deepEqual(assumed.questions, []);
});

test('bad input gives findings, never an exception', () => {
  const wide = `model,params,${Array.from({ length: 5000 }, (_, i) => `t${i}_acc`).join(',')}\n${['a,1e8', 'b,1e9'].map((m) => `${m},${Array.from({ length: 5000 }, () => '0.5').join(',')}`).join('\n')}\n`;
  const bad = [
    '',
    '\n',
    'model,params,acc\n',
    'acc\n0.1\n0.2\n',
    'a,b\nx,y\n',
    '\u0000\u0001',
    'a;b,c\n1;2,3\n',
    wide,
    'model,params,acc\na,NaN,0.1\nb,-5,0.2\nc,inf,0.3\nd,1e9,nan\n',
    'model,params,acc,acc\na,1e9,0.1,0.2\n',
    '1,2\n3,4\n',
    'model,params,__proto__,constructor\na,1e8,0.2,0.3\nb,1e9,0.3,0.4\n',
    'task,metric,value,model\n__proto__,acc,0.3,pythia-70m\n',
    ',,,\n,,,\n',
    '"a,b\n1,2\n',
    'model,params,acc\n"x,1e9,0.5\n',
  ];
  for (const text of bad) {
    const study = fromText(text, {}, null, 'bad.csv');
    for (const f of study.findings) assert.ok(f.message.length > 10 && f.file === 'bad.csv');
    if (study.series.length === 0) assert.ok(study.findings.length > 0, JSON.stringify(text.slice(0, 40)));
    for (const s of study.series) for (const p of s.points) assert.ok(Number.isFinite(p.x) && Number.isFinite(p.y));
  }
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

test('a quantity says the cell and the factor it was read from', () => {
  const study = fromText('Model,Model Size (B),D,MMLU\npythia-70m,0.07,3e11,0.25\n"pythia, 1.4b",1.4,3e11,0.35\n');
  const facts = study.run(0, 1);
  assert.match(facts.params?.how ?? '', /“1\.4” × 1e9 in column “Model Size \(B\)”/);
  assert.match(facts.compute?.how ?? '', /6·N·D/);
});

test('what several tables form together names each file once, and says how many tables it holds', async () => {
  const table = (metric: string) =>
    `| model | params | ${metric} |\n|---|---|---|\n| a | 1e8 | 0.3 |\n| b | 2e8 | 0.4 |\n`;
  const text = `# R\n\n${table('acc')}\ntext\n\n${table('f1')}`;
  const together = async (...names: readonly string[]) => {
    const study = await readStudy(
      names.map((name) => ({ name, text })),
      {},
      nodeReadPorts,
    );
    const last = study.sources.at(-1);
    return [last?.file, last?.format, last?.notes];
  };
  assert.deepEqual(await together('r/two.md'), ['r/two.md', 'study', ['2 tables of one file read as one study.']]);
  assert.deepEqual(await together('r/a.md', 'r/b.md'), ['r/', 'study', ['4 tables of 2 files read as one study.']]);
});
