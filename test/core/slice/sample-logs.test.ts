// Sample logs of lm-evaluation-harness, from records to the groups that the slice laws read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sliceAndSandwich } from '../../../src/core/law/slice-and-sandwich.ts';
import { sliceEnsemble } from '../../../src/core/law/slice-ensemble.ts';
import { readStudy } from '../../../src/core/read-study.ts';
import { readGroupColumns } from '../../../src/core/slice/group-columns.ts';
import { sliceRecord } from '../../../src/core/slice/slice-record.ts';
import type { Study, StudySeries } from '../../../src/core/study/study.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { choiceRecord, LOGGED_MODELS, type LoggedModel, loggedFolder } from './sample-logs.ts';

const read = (files: readonly { readonly name: string; readonly text: string }[]) =>
  readStudy([...files], {}, nodeReadPorts);

function series(study: Study, id: string): StudySeries {
  const found = study.series.find((one) => one.id === id);
  assert.ok(found !== undefined, `${id} of ${study.series.map((one) => one.id).join(', ')}`);
  return found;
}

const logsOnly = () => loggedFolder().filter(({ name }) => name.includes('/samples_'));
const jsonl = (records: readonly object[]) => records.map((one) => JSON.stringify(one)).join('\n');

test('a folder of logs: accuracy, TC Brier and chance per task, sizes from the names of the models', async () => {
  const study = await read(logsOnly());
  const acc = series(study, 'quiz/acc');
  assert.equal(acc.points.length, LOGGED_MODELS.length);
  assert.deepEqual(
    acc.points.map(({ model, n }) => [model, n]),
    LOGGED_MODELS.map(({ name }) => [name, 120]),
  );
  assert.deepEqual([acc.points.at(3)?.x, acc.points.at(3)?.params], [162322944, 162322944], 'known models exactly');
  // Three, four and five options, a third of the questions each.
  assert.ok(Math.abs((acc.chance?.value ?? 0) - (1 / 3 + 1 / 4 + 1 / 5) / 3) < 1e-12);
  const tc = series(study, 'quiz/tc_brier');
  for (const [m, model] of LOGGED_MODELS.entries()) {
    let expected = 0;
    for (let id = 0; id < 120; id++) {
      const record = choiceRecord(model, id, 0);
      const lls = (record['filtered_resps'] as string[][]).map(([ll]) => Math.exp(Number(ll)));
      const share = (lls[Number(record['target'])] as number) / lls.reduce((a, b) => a + b);
      expected -= (share - 1) ** 2 / 120;
    }
    assert.ok(Math.abs((tc.points.at(m)?.y ?? 0) - expected) < 1e-9, 'answers e^-900 likely lose nothing');
  }
});

test('filters of one task are series of their own, one point per model each', async () => {
  const study = await read(logsOnly());
  const strict = series(study, 'sums/exact_match/filter=strict-match');
  const flexible = series(study, 'sums/exact_match/filter=flexible-extract');
  assert.deepEqual([strict.points.length, flexible.points.length], [10, 10]);
  for (const [i, { y, n }] of flexible.points.entries()) assert.ok(y >= (strict.points.at(i)?.y ?? 1) && n === 120);
});

test('the laws and the slices read the logs: options where there are any, right and wrong where not', async () => {
  const study = await read(logsOnly());
  for (const [id, how] of [
    ['quiz/acc', /^120 questions cut into 3 groups/],
    ['sums/exact_match/filter=flexible-extract', /no probabilities of options.*; 120 questions cut/],
  ] as const) {
    const one = series(study, id);
    const groups = readGroupColumns([...one.points], study);
    assert.ok(groups.ok, id);
    assert.match(groups.value.tcHow, how);
    const [easy, , hard] = groups.value.groups as [Float64Array, Float64Array, Float64Array];
    for (const [m, value] of easy.entries()) assert.ok(value >= (hard[m] as number), `${id} ${m}`);
    if (id.startsWith('sums'))
      for (const [m, value] of groups.value.tc.entries())
        assert.ok(Math.abs(value - (one.points.at(m)?.y ?? 0) + 1) < 1e-12);
    for (const law of [sliceAndSandwich, sliceEnsemble]) {
      const fitted = law.fit({ series: one, points: [...one.points], study }, { bootstrap: 0, seed: 1, level: 0.9 });
      assert.ok(fitted.ok && Number.isFinite(fitted.value.predict({ x: 2e10 })), `${id} ${law.id}`);
    }
    assert.ok(sliceRecord(one, study, null, { seed: 1, level: 0.9 }) !== null, id);
  }
});

test('results beside the logs: one point per model, sizes and shots as stated there', async () => {
  const study = await read(loggedFolder());
  const acc = series(study, 'quiz/acc');
  assert.equal(acc.points.length, LOGGED_MODELS.length);
  assert.deepEqual(
    acc.points.map(({ params }) => params),
    LOGGED_MODELS.map(({ size }) => Math.round(10 ** size)),
  );
  assert.equal(acc.excluded.filter(({ why }) => why.includes('counted question by question')).length, 10);
  assert.deepEqual(
    study.findings.map(({ code }) => code),
    [],
  );
  assert.ok(readGroupColumns([...acc.points], study).ok);
});

test('runs under other conditions stay series of their own', async () => {
  const at = (shots: number) =>
    loggedFolder(40).map(({ name, text }) => ({
      name: name.replace('out/', `out-${shots}/`),
      text: name.includes('results_') ? text.replace('"quiz": 0', `"quiz": ${shots}`) : text,
    }));
  const study = await read([...at(0), ...at(5)]);
  for (const shots of [0, 5]) {
    const one = series(study, `quiz/acc/shots=${shots}`);
    assert.equal(one.points.length, LOGGED_MODELS.length);
    assert.ok(one.points.every(({ table }) => study.tables[table]?.file.startsWith(`out-${shots}/`) === true));
    assert.ok(readGroupColumns([...one.points], study).ok);
  }
});

test('a run is known by its results: checkpoints in one folder, models without a folder of their own', async () => {
  const [model] = LOGGED_MODELS as [LoggedModel];
  const files = [1000, 4000, 16000, 64000].flatMap((step, i) => {
    const stamp = `2026-03-0${i + 1}T00-00-00.000000`;
    const later = { ...model, size: model.size + 0.5 * i };
    const records = Array.from({ length: 60 }, (_, id) => choiceRecord(later, id));
    const acc = records.reduce((sum, one) => sum + Number(one['acc']), 0) / 60;
    const results = {
      results: { quiz: { alias: 'quiz', 'acc,none': acc } },
      config: {
        model: 'hf',
        model_args: `pretrained=${model.name},revision=step${step}`,
        model_num_parameters: 14_067_712,
      },
      model_name: model.name,
    };
    return [
      { name: `runs/results_${stamp}.json`, text: JSON.stringify(results) },
      { name: `runs/samples_quiz_${stamp}.jsonl`, text: jsonl(records) },
    ];
  });
  const acc = series(await read(files), 'quiz/acc');
  assert.deepEqual(
    acc.points.map((point) => [point.model, point.step, point.params]),
    [1000, 4000, 16000, 64000].map((step) => [model.name, step, 14_067_712]),
  );
});

test('where the results are no mean over the questions, they count', async () => {
  const files = loggedFolder(60).map(({ name, text }) =>
    name.includes('results_')
      ? { name, text: text.replace(/"acc,none": [\d.]+/, '"acc,none": 0.875') }
      : { name, text },
  );
  const study = await read(files);
  assert.ok(series(study, 'quiz/acc').points.every(({ y }) => y === 0.875));
  assert.ok(study.sources.some(({ notes }) => notes.some((note) => note.includes('no mean over these questions'))));
});

test('sizes from a table of models', async () => {
  const files = logsOnly().map(({ name, text }) => ({ name: name.replace(/pythia-([\d.]+[mb])/, 'run-$1x'), text }));
  const sizes = LOGGED_MODELS.map(
    ({ name, size }) => `${name.replace(/.*pythia-(.*)/, 'run-$1x')},${10 ** size},${20 * 10 ** size}`,
  );
  const study = await read([...files, { name: 'models.csv', text: ['model,params,tokens', ...sizes].join('\n') }]);
  const acc = series(study, 'quiz/acc');
  assert.equal(acc.points.length, LOGGED_MODELS.length);
  assert.ok(acc.points.every(({ params, compute }) => params !== null && compute !== null));
});

test('other ages of the format: numbers, arguments in lists, an array, targets as text, doubled options', async () => {
  const old = Array.from({ length: 12 }, (_, id) => {
    const { doc_id, target, acc, filtered_resps } = choiceRecord({ name: 'm', size: 9 }, id, 5);
    const lls = (filtered_resps as string[][]).map(([ll]) => Number(ll));
    return {
      doc_id,
      doc: {},
      target: `answer ${target as string}`,
      arguments: lls.map((_, o) => ['Question', ` answer ${o}`]),
      resps: lls.map((ll) => [[ll, false]]),
      filtered_resps: lls.map((ll) => [ll, false]),
      acc,
    };
  });
  const doubled = old.map((record) => ({
    ...record,
    arguments: [...record.arguments, ...record.arguments.map(([, text]) => ['', text])],
    filtered_resps: [...record.filtered_resps, ...record.filtered_resps.map(() => [-1, false])],
    acc_mutual_info: 0,
  }));
  const value = async (text: string) => {
    const study = await read([{ name: 'quiz/m-1b.jsonl', text }]);
    const tc = study.series.find(({ metric }) => metric === 'tc_brier');
    return { y: tc?.points.at(0)?.y, model: tc?.points.at(0)?.model, task: tc?.task };
  };
  const plain = await value(jsonl(old));
  assert.deepEqual([plain.model, plain.task], ['m-1b', 'quiz']);
  assert.deepEqual(await value(JSON.stringify(old)), plain);
  assert.deepEqual(await value(jsonl(doubled)), plain);
});

test('a long log says the same, and keeps the text of its first question only', async () => {
  const file = (padding: number) => ({
    name: 'out/m-1b/samples_quiz.jsonl',
    text: jsonl(
      Array.from({ length: 60 }, (_, id) => ({
        ...choiceRecord({ name: 'm', size: 9 }, id),
        doc: 'x'.repeat(padding),
      })),
    ),
  });
  const [short, long] = [await read([file(10)]), await read([file(80_000)])];
  const values = (study: Study) =>
    study.series.map(({ id, points }) => [id, points.map(({ y, stderr, n }) => [y, stderr, n])]);
  assert.deepEqual(values(long), values(short));
  const [all, first] = [short.tables[0], long.tables[0]];
  assert.ok(all !== undefined && first !== undefined);
  assert.ok(first.text.length < 90_000 && JSON.parse(first.text).doc_id === 0);
  const acc = Array.from({ length: first.columnCount }, (_, c) => first.header(c)).indexOf('acc');
  const place = first.cellSpan(0, acc);
  assert.equal(first.text.slice(place?.start, place?.end), first.cell(0, acc));
  assert.equal(first.cellSpan(1, acc), null);
  for (let c = 0; c < all.columnCount; c++) assert.deepEqual(first.numbers(c), all.numbers(c), all.header(c));
});

test('options that contradict the scores of their own log are not used, and that is said', async () => {
  const records = Array.from({ length: 40 }, (_, id) => {
    const record = choiceRecord({ name: 'm', size: 9.5 }, id);
    return { ...record, target: String((Number(record['target']) + 1) % 3) };
  });
  const study = await read([{ name: 'out/m-1b/samples_quiz.jsonl', text: jsonl(records) }]);
  assert.equal(
    study.series.some(({ metric }) => metric === 'tc_brier'),
    false,
  );
  assert.ok(study.sources[0]?.notes.some((note) => /not used: .* of 40 questions contradict acc/.test(note)));
});
