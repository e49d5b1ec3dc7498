// scaling.yaml: what it gives, and what it says about mistakes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseManifest } from '../../../src/core/manifest/parse.ts';
import { sharedData, withoutData } from '../read/shared.ts';

test('the example of the schema is valid and gives its rules', { skip: withoutData }, () => {
  const file = join(sharedData, 'formats/scaling.example.yaml');
  const { findings, rules, names, formatOf, globs } = parseManifest({ name: file, bytes: readFileSync(file) });
  assert.deepEqual(findings, []);
  assert.equal(rules?.models.get('1B')?.params, 1279395840);
  assert.deepEqual(rules?.models.get('1B')?.aliases, ['1.3B']);
  assert.deepEqual(rules?.sources[0]?.columns.get('throughput/total_training_Gflops'), { role: 'compute', unit: 1e9 });
  assert.equal(rules?.scale?.x, 'N,D');
  assert.equal(rules?.select.checkpoints, 'last');
  assert.match(rules?.select.exclude[0]?.why ?? '', /627/);
  assert.equal(rules?.study.targets[0]?.['D'], 3.945e12);
  assert.equal(rules?.study.holdout?.['cutoff'], 2e9);
  assert.equal(names(join(sharedData, 'formats/samples/csv-ladder/olmo-ladder_190M-1xC.csv')), true);
  assert.equal(names(join(sharedData, 'formats/samples/csv-wide/x.csv')), false);
  assert.equal(formatOf('x'), undefined);
  assert.deepEqual(globs, ['samples/csv-ladder/olmo-ladder_*-1xC*.csv']);
  const path = rules?.sources[0]?.path?.exec('a/olmo-ladder_190M-1xC.csv');
  assert.equal(path?.groups?.['model'], '190M');
});

const VALID = 'version: 1\nsources:\n  - files: "*.csv"\n';

test('quantities as people write them', () => {
  const { findings, rules } = parseManifest({
    name: 'scaling.yaml',
    text: `${VALID}models:\n  a: {N: 7B, D: 1.4T, C: 5 ZFLOP}\n  b: {N: 739_328, D: 2e12, N_active: 1.3b, moe: true}\ntargets: [{name: t, C: 3e22}]\n`,
  });
  assert.deepEqual(findings, []);
  assert.deepEqual(
    [rules?.models.get('a')?.params, rules?.models.get('a')?.tokens, rules?.models.get('a')?.compute],
    [7e9, 1.4e12, 5e21],
  );
  assert.deepEqual([rules?.models.get('b')?.params, rules?.models.get('b')?.paramsActive], [739328, 1.3e9]);
  assert.equal(rules?.study.targets[0]?.['C'], 3e22);
});

const FAULTS: readonly (readonly [text: string, at: string, says: RegExp])[] = [
  ['version: 2\nsources: [{files: x}]\n', '2', /version must be 1/],
  ['sources: [{files: x}]\n', 'sources', /needs version/],
  ['version: 1\nsources: []\n', '[]', /at least 1/],
  [`${VALID}    fromat: csv\n`, 'fromat', /did you mean format/],
  [`${VALID}    columns: {MMLU: scroe}\n`, 'scroe', /did you mean score/],
  [`${VALID}    columns: {N: {role: params, unit: Q}}\n`, 'Q', /not known/],
  [`${VALID}    columns: {N: {unit: B}}\n`, 'unit', /needs role/],
  [`${VALID}    path: "(?<model>x"\n`, '"(?<model>x"', /no regular expression/],
  [`${VALID}    path: "(?P<model>x)"\n`, '"(?P<model>x)"', /\(\?<name>/],
  [`${VALID}models: {a: {N: 7Q}}\n`, '7Q', /quantity such as/],
  [`${VALID}fits: [{law: chincilla}]\n`, 'chincilla', /did you mean chinchilla/],
  [`${VALID}fits: [{law: custom}]\n`, 'custom', /needs a formula/],
  [`${VALID}select: {exclude: [{model: x}]}\n`, 'model', /needs why/],
  [`${VALID}select: {exclude: [{model: x, why: no}]}\n`, 'no', /at least 3 characters/],
  [`${VALID}select: {where: [abc]}\n`, 'abc', /no row filter/],
  [`${VALID}findings: {trend.inverse: loud}\n`, 'loud', /ignore, hint, information/],
  [`${VALID}findings: {trend.invers: ignore}\n`, 'trend.invers', /did you mean trend\.inverse/],
  [`${VALID}targets: [{name: t, N: -5}]\n`, '-5', /positive/],
  [`${VALID}name: x\nname: y\n`, 'name: y', /twice/],
  [`${VALID}x: [1, 2\n`, '', /./],
  ['- a\n- b\n', '', /map that begins with version/],
];

for (const [text, where, says] of FAULTS) {
  test(`${says.source} at ${where === '' ? 'the fault' : where}`, () => {
    const { findings } = parseManifest({ name: 'scaling.yaml', text });
    const found = findings.find(({ message }) => says.test(message));
    assert.ok(found !== undefined, JSON.stringify(findings.map(({ message }) => message)));
    assert.equal(found.code, 'manifest.invalid');
    if (where !== '') assert.equal(found.data['start'], text.lastIndexOf(where), found.message);
  });
}

test('one mistake does not undo the rest', () => {
  const { rules, findings } = parseManifest({
    name: 'scaling.yaml',
    text: `${VALID}    columns: {a: params, b: nonsense}\nmodels: {m: {N: 1B, D: oops}}\n`,
  });
  assert.equal(findings.length, 2);
  assert.equal(rules?.sources[0]?.columns.get('a')?.role, 'params');
  assert.equal(rules?.sources[0]?.columns.has('b'), false);
  assert.deepEqual([rules?.models.get('m')?.params, rules?.models.get('m')?.tokens], [1e9, undefined]);
});

test('findings, custom laws and silenced series pass the schema', () => {
  const { rules, findings } = parseManifest({
    name: 'scaling.yaml',
    text: `${VALID}fits:\n  - {law: custom, formula: "E + A * N^-alpha", start: {E: 1.7}, bounds: {alpha: [0, 2]}}\nfindings:\n  trend.inverse: ignore\n  trend.mirage: {severity: hint, silence: ["mmlu*/acc"], why: known}\n`,
  });
  assert.deepEqual(findings, []);
  assert.equal(rules?.study.findings?.['trend.inverse'], 'ignore');
  assert.equal(rules?.study.fits[0]?.['formula'], 'E + A * N^-alpha');
});

test('a models file is named from where the manifest stands', () => {
  assert.equal(
    parseManifest({ name: 'study/scaling.yaml', text: `${VALID}models: ../models.csv\n` }).modelsFile,
    'models.csv',
  );
  assert.equal(parseManifest({ name: 'scaling.yaml', text: `${VALID}models: models.csv\n` }).modelsFile, 'models.csv');
});

test('a format pinned for some files', () => {
  const { formatOf } = parseManifest({
    name: 'scaling.yaml',
    text: 'version: 1\nsources:\n  - {files: a/*.txt, format: csv}\n  - {files: "b/**", format: auto}\n',
  });
  assert.equal(formatOf('a/x.txt'), 'csv');
  assert.equal(formatOf('b/c/x.txt'), undefined);
});

test('__proto__ and bombs', () => {
  const { findings } = parseManifest({ name: 'scaling.yaml', text: `${VALID}__proto__: {polluted: 1}\n` });
  assert.match(findings[0]?.message ?? '', /no key __proto__/);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  const huge = parseManifest({ name: 'scaling.yaml', text: `${VALID}# ${'x'.repeat(1_100_000)}` });
  assert.match(huge.findings[0]?.message ?? '', /million characters/);
});

test('empty, and no text', () => {
  assert.match(parseManifest({ name: 's', text: '# nothing yet\n' }).findings[0]?.message ?? '', /empty/);
  assert.match(
    parseManifest({ name: 's', bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47) }).findings[0]?.message ?? '',
    /PNG/,
  );
});
