import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromText, models, RULES, SOURCE } from './tables.ts';

test('missing spellings, constants and path groups', () => {
  const rules = {
    ...RULES,
    sources: [
      {
        ...SOURCE,
        missing: ['999'],
        set: new Map([['family', 'own']]),
        path: /(?<task>[a-z]+)\/(?<model>m-\w+)\.csv$/,
      },
    ],
  };
  const study = fromText('step,acc\n1,0.1\n2,999\n3,0.3\n', {}, rules, 'copa/m-1B.csv');
  const [only] = study.series;
  assert.deepEqual(
    [
      only?.task,
      only?.points.length,
      only?.points.at(0)?.model,
      only?.points.at(0)?.family,
      only?.points.at(0)?.params,
    ],
    ['copa', 2, 'm-1B', 'own', 1e9],
  );
});

test('a header pattern splits wide headers', () => {
  const rules = { ...RULES, sources: [{ ...SOURCE, header: /^(?<metric>acc)@(?<task>\w+)@(?<shots>\d)$/ }] };
  const study = fromText('model,params,acc@copa@5,acc@copa@0\na,1e8,0.5,0.4\nb,1e9,0.6,0.5\n', {}, rules);
  assert.deepEqual(study.series.map((s) => s.id).sort(), ['copa/acc/shots=0', 'copa/acc/shots=5']);
});

test('scale: parameters of one kind, compute as given, a factor', () => {
  const text = 'model,params,params_no_emb,tokens,loss\na,2e8,1e8,2e9,3\nb,2e9,1e9,2e10,2\n';
  const scale = {
    x: null,
    column: null,
    params: 'non-embedding' as const,
    compute: '6ND-if-missing' as const,
    factor: 2,
    tolerance: 0.5,
  };
  assert.deepEqual(
    fromText(text, {}, { ...RULES, scale }).series[0]?.points.map((p) => p.x),
    [4e17, 4e19],
  );
  assert.equal(fromText(text, {}, { ...RULES, scale: { ...scale, compute: 'as-given' } }).series[0]?.scale, 'params');
  assert.equal(fromText(text, {}, { ...RULES, scale: { ...scale, x: 'D' } }).series[0]?.scale, 'tokens');
});

test('checkpoints, seeds, filters', () => {
  const text =
    'model,params,seed,step,acc\na-1B,1e9,1,10,0.1\na-1B,1e9,1,20,0.2\na-1B,1e9,2,20,0.4\nb-2B,2e9,1,20,0.5\n';
  const select = (s: Partial<typeof RULES.select>): number[] | undefined =>
    fromText(text, {}, { ...RULES, select: { ...RULES.select, ...s } }).series[0]?.points.map((p) => p.y);
  assert.deepEqual(select({}), [0.1, 0.2, 0.4, 0.5]);
  assert.deepEqual(select({ checkpoints: 'last' }), [0.2, 0.4, 0.5]);
  const mean = select({ checkpoints: 'last', seeds: 'mean' }) ?? [];
  assert.ok(Math.abs((mean[0] ?? 0) - 0.3) < 1e-12 && mean.length === 2);
  assert.deepEqual(select({ checkpoints: 'last', seeds: 'best' }), [0.4, 0.5]);
  assert.deepEqual(select({ where: [{ column: 'seed', op: '!=', value: '2' }] }), [0.1, 0.2, 0.5]);
});

test('pinned models beat names and columns, by alias too', () => {
  const rules = { ...RULES, models: models({ 'a-1B': { params: 1.2e9, aliases: ['alpha'] } as never }) };
  assert.deepEqual(
    fromText('model,acc\na-1B,0.2\nc-3B,0.3\n', {}, rules).series[0]?.points.map((p) => p.params),
    [1.2e9, 3e9],
  );
});

test('direction and range from the manifest', () => {
  const rules = { ...RULES, metrics: new Map([['zork', { better: 'lower' as const, min: 0, max: 9, span: null }]]) };
  const study = fromText('model,params,task,metric,value\na,1e8,t,zork,3\nb,1e9,t,zork,4\n', {}, rules);
  assert.deepEqual(
    [study.series[0]?.better, study.series[0]?.lower, study.series[0]?.upper, study.questions.length],
    ['lower', 0, 9, 0],
  );
});
