import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { FINDINGS_URL } from '../../../src/core/finding/pages.ts';
import { reportSarif } from '../../../src/core/render/sarif.ts';
import type { Finding, Report } from '../../../src/core/report-model.ts';
import { HOSTILE, reportOf, table } from './report-fixture.ts';

/** The published schema; draft 4 spells two keywords differently from the draft that ajv reads. */
const schema = JSON.parse(
  readFileSync('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', 'utf8'),
) as { $schema?: string; id?: string };
delete schema.$schema;
delete schema.id;
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
ajv.addFormat('uri', (text: string) => URL.canParse(text));
ajv.addFormat(
  'uri-reference',
  (text: string) => /^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/.test(text) && !/%(?![\dA-F]{2})/i.test(text),
);
ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
const validate = ajv.compile(schema);

interface Log {
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: { readonly version: string; readonly rules: readonly { id: string; helpUri: string }[] };
      };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string };
              readonly region: Readonly<Record<'startLine' | 'startColumn' | 'endLine' | 'endColumn', number>>;
            };
          },
        ];
      }[];
    },
  ];
}

function checked(report: Report): Log {
  const log = JSON.parse(JSON.stringify(reportSarif(report, FINDINGS_URL))) as Log;
  assert.ok(validate(log), JSON.stringify(validate.errors?.slice(0, 5), null, 1));
  return log;
}

test('the schema refuses what is not SARIF', () => {
  assert.equal(validate({ version: '2.1.0', runs: [{ results: [] }] }), false, 'no tool');
  const log = checked(withFinding({ file: 'a.csv' }));
  const result = log.runs[0].results[0];
  assert.ok(result);
  const { region, artifactLocation } = result.locations[0].physicalLocation as {
    region: { startLine: number };
    artifactLocation: { uri: string };
  };
  region.startLine = 0;
  assert.equal(validate(log), false, 'lines count from 1');
  artifactLocation.uri = 'two words.csv';
  assert.ok(validate.errors !== null);
});

for (const path of ['examples/study-long.csv', 'examples/study-wide.csv', 'examples/study-runs.yaml']) {
  test(`${path}: every finding is a result at its place`, async () => {
    const report = await reportOf({ [path]: readFileSync(path) });
    const [run] = checked(report).runs;
    assert.ok(report.findings.length >= 4);
    assert.equal(run.results.length, report.findings.length);
    const lines = readFileSync(path, 'utf8').split('\n');
    for (const [i, result] of run.results.entries()) {
      const finding = report.findings[i] as Finding;
      const { region } = result.locations[0].physicalLocation;
      assert.equal(result.ruleId, finding.code);
      assert.equal(run.tool.driver.rules[result.ruleIndex]?.id, finding.code);
      assert.equal(run.tool.driver.rules[result.ruleIndex]?.helpUri, `${FINDINGS_URL}${finding.code}.md`);
      assert.ok(existsSync(`docs/findings/${finding.code}.md`), finding.code);
      const line = lines[region.startLine - 1] ?? '';
      const text = line.slice(region.startColumn - 1, region.endColumn - 1);
      const [task = '', metric = ''] = finding.series?.split('/') ?? [];
      assert.ok(line.includes(task), `${line} names ${task}`);
      const names = [task, metric, `${task}/${metric}`];
      assert.ok(names.includes(text) || Number(text) > 0, `“${text}” is the task, its metric or one of its scores`);
    }
  });
}

for (const path of ['overtraining/models.csv', 'inverse-scaling/all_results.csv', 'isoflop/isoflops.csv']) {
  const full = `../shared/data/${path}`;
  const skip = existsSync(full) ? false : `no ${full}: skipped`;
  test(`published data: ${path}`, { skip }, async () => {
    const report = await reportOf({ [path]: readFileSync(full) }, { assume: true });
    assert.ok(report.series.length > 0);
    checked(report);
  });
}

test('bad input: findings without a place are at the first character', async () => {
  for (const [name, text] of [
    ['empty.csv', ''],
    ['two words/täsk 数.csv', 'model,params,accuracy\n'],
    ['binary.csv', '\u0000\u0001\u0002'],
  ] as const) {
    const report = await reportOf({ [name]: text });
    const [run] = checked(report).runs;
    assert.ok(run.results.length > 0, name);
    for (const { locations } of run.results) {
      const { startLine, startColumn, endLine, endColumn } = locations[0].physicalLocation.region;
      assert.ok(startLine >= 1 && startColumn >= 1 && endLine >= startLine);
      assert.ok(endLine > startLine || endColumn >= startColumn);
    }
  }
});

test('hostile names stay text', async () => {
  const report = await reportOf({ 'a.csv': table(HOSTILE.map((name) => `down ${name}`)) });
  const [run] = checked(report).runs;
  assert.ok(run.results.some(({ message }) => message.text.includes('<script>alert(1)</script>')));
});

test('paths become URIs: spaces, unicode, Windows, absolute, lone surrogates', () => {
  const uri = (file: string) =>
    checked(withFinding({ file })).runs[0].results[0]?.locations[0].physicalLocation.artifactLocation.uri;
  assert.equal(uri('two words/100% #1.csv'), 'two%20words/100%25%20%231.csv');
  assert.equal(uri('runs\\数.csv'), 'runs/%E6%95%B0.csv');
  assert.equal(uri('C:\\runs\\a b.csv'), 'file:///C:/runs/a%20b.csv');
  assert.equal(uri('/data/a.csv'), 'file:///data/a.csv');
  assert.equal(uri('bad\ud800.csv'), 'bad%EF%BF%BD.csv');
  assert.equal(uri('-'), '-');
});

test('a fingerprint does not move with the rows', async () => {
  const text = readFileSync('examples/study-long.csv', 'utf8');
  const [head = '', ...body] = text.trim().split('\n');
  const prints = async (csv: string) =>
    checked(await reportOf({ 'a.csv': csv }))
      .runs[0].results.map((r) => r.partialFingerprints['codeAndSeries/v1'] ?? '')
      .toSorted((a, b) => (a < b ? -1 : 1));
  assert.deepEqual(await prints(text), await prints(`${[head, ...body.toReversed()].join('\n')}\n`));
});

test('no findings: an empty list of results, not an absent one', () => {
  const { runs } = checked({ version: 1, tool: 'scaling-lens 1.2.3', sources: [], series: [], findings: [] });
  assert.deepEqual(runs[0].results, []);
  assert.equal(runs[0].tool.driver.version, '1.2.3');
});

function withFinding(change: Partial<Finding>): Report {
  const finding: Finding = {
    code: 'data.unit',
    severity: 'hint',
    message: 'm',
    file: 'a.csv',
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    series: null,
    data: {},
    ...change,
  };
  return { version: 1, tool: 'scaling-lens 0.0.0', sources: [], series: [], findings: [finding] };
}
