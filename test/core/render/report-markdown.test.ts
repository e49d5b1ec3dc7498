import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MARKDOWN_LIMIT, reportMarkdown } from '../../../src/core/render/report-markdown.ts';
import type { Report, SeriesReport } from '../../../src/core/report-model.ts';
import { HOSTILE, reportOf, table } from './report-fixture.ts';

const LONG = 'examples/study-long.csv';
const COMMAND = `scaling-lens analyze ${LONG} --markdown`;

/** Rows of the first table after a heading; cells split at bars that are not escaped. */
function cells(markdown: string, start: string): string[][] {
  const lines = markdown.slice(Math.max(0, markdown.indexOf(start))).split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const rest = lines.slice(first);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end < 0 ? rest.length : end).map((line) => line.slice(2, -2).split(/(?<!\\) \| /));
}

test('the sample study: findings first, forecasts with verdicts, series by importance', async () => {
  const report = await reportOf({ [LONG]: readFileSync(LONG) }, { at: [1e23] });
  const text = reportMarkdown(report, COMMAND);
  assert.match(text, /^## Scaling Lens: examples\/study-long\.csv\n/);
  assert.match(text, /\n8 series: improves with scale 4, .*inverse scaling 1.* · 2 warnings\.\n/);
  const rows = cells(text, '### Series');
  assert.equal(rows.length, 2 + 8);
  assert.deepEqual(rows[0], ['series', 'n', 'range', 'shape', 'threshold', 'law', 'R²', 'one decade on']);
  assert.ok(rows.every((row) => row.length === 8));
  // Warned of first, then what else has findings, plain improvement last.
  assert.match(rows[2]?.[3] ?? '', /inverse|inverted/);
  assert.match(rows.at(-1)?.[3] ?? '', /improves/);
  assert.ok(text.indexOf('### Findings') < text.indexOf('### Forecasts'));
  assert.ok(text.indexOf('### Forecasts') < text.indexOf('### Series'));
  const emergent = rows.find(([name]) => name?.startsWith('arithmetic'));
  assert.match(emergent?.join(' ') ?? '', /emergent .*10²⁰\sFLOP/);
  const forecasts = cells(text, '### Forecasts');
  assert.equal(forecasts.length, 2 + 8);
  assert.match(forecasts[2]?.join(' ') ?? '', /10²³\sFLOP .* \(90\u00a0%\) tested /);
  const findings = text
    .slice(text.indexOf('### Findings'), text.indexOf('### Forecasts'))
    .split('\n')
    .filter((line) => line.startsWith('- '));
  assert.equal(findings.length, report.findings.length);
  assert.match(findings[0] ?? '', /^- \*\*warning\*\* `trend\.in/);
  assert.match(text, /<details><summary>\d+ more findings<\/summary>\n\n- /);
  assert.match(findings.at(-1) ?? '', /\*\*information\*\*.*\(`examples\/study-long\.csv:\d+`\)$/);
  assert.ok(text.endsWith(`\`${COMMAND}\`</sub>`));
});

test('hostile names stay text: no tag, link, code span, or extra cell', async () => {
  const report = await reportOf({ 'a|b.csv': table(HOSTILE.map((name) => `down ${name}`)) });
  const text = reportMarkdown(report, "scaling-lens analyze 'a|b`c.csv'");
  const own = /<\/?details>|<summary>\d+ more (?:findings|series)<\/summary>/g;
  const body = text.slice(0, text.lastIndexOf('<sub>')).replace(own, '');
  // What Markdown would still read as markup after backslash escapes and code spans are taken out.
  const live = body.replace(/(`+)[^`]*?\1/g, '').replace(/\\[!-/:-@[-`{-~]/g, '');
  assert.doesNotMatch(live, /[<>[\]]/);
  assert.doesNotMatch(live, /\]\(/);
  const rows = cells(text, '### Series');
  assert.equal(rows.length, 2 + Math.min(12, HOSTILE.length));
  for (const row of rows) assert.equal(row.length, rows[0]?.length, row.join(' ¦ '));
  assert.match(text, /``scaling-lens analyze 'a\\\|b`c\.csv'``<\/sub>$/);
});

test('large studies fit a comment, and what is left out is counted', async () => {
  const small = await reportOf({ [LONG]: readFileSync(LONG) }, { at: [1e23] });
  const [series] = small.series as [SeriesReport];
  const [finding] = small.findings;
  const many: Report = {
    ...small,
    sources: Array.from({ length: 40 }, (_, i) => ({
      ...(small.sources[0] as Report['sources'][0]),
      file: `run-${i}.json`,
    })),
    series: Array.from({ length: 500 }, (_, i) => ({
      ...series,
      id: `${'long name '.repeat(20)}${i}/loss`,
      task: `${'long name '.repeat(20)}${i}`,
      forecast: series.forecast.map((f) => ({ ...f, why: 'because '.repeat(200) })),
    })),
    findings: Array.from({ length: 300 }, () => ({
      ...(finding as Report['findings'][0]),
      message: '* '.repeat(1000),
    })),
  };
  const text = reportMarkdown(many, 'x'.repeat(5000));
  assert.ok(text.length <= MARKDOWN_LIMIT, `${text.length}`);
  assert.match(text, /run-0\.json, run-1\.json, run-2\.json and 37 more\n/);
  const counted = (kind: string) => Number(new RegExp(`… and (\\d+) more ${kind}`).exec(text)?.[1]);
  const shown = cells(text, '### Series').length - 2 + cells(text, 'more series</summary>').length - 2;
  assert.ok(shown > 10);
  assert.equal(counted('series'), 500 - shown);
  assert.equal(counted('forecasts'), 500 - (cells(text, '### Forecasts').length - 2));
  assert.match(text, /- … and \d+ more\.\n/);
});

test('nothing found: still a sentence', () => {
  const text = reportMarkdown({ version: 1, tool: 'scaling-lens 0.1.0', sources: [], series: [], findings: [] }, 'x');
  assert.match(text, /No series\./);
  assert.doesNotMatch(text, /undefined|NaN|null/);
});
