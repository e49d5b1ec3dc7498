import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { reportHtml } from '../../../src/core/render/report-html.ts';
import { breakable, seriesAnchor } from '../../../src/core/render/report-html-parts.ts';
import { escapeXml } from '../../../src/core/render/svg-element.ts';
import { validityOf } from '../../../src/core/render/validity.ts';
import type { Report, SeriesReport } from '../../../src/core/report-model.ts';
import { HOSTILE, reportOf, table } from './report-fixture.ts';
import { wellFormed } from './well-formed.ts';

const LONG = 'examples/study-long.csv';
const input = (report: Report, title = LONG) => ({
  report,
  title,
  command: `scaling-lens analyze '${title}' --html out.html`,
  dataHash: 'sha256:0123456789abcdef',
  date: '2026-01-31',
  help: 'https://example.org/findings/',
});
const study = await reportOf({ [LONG]: readFileSync(LONG) }, { at: [1e23], bootstrap: 20 });
const page = reportHtml(input(study));

/** The page as strict XML: void elements closed, doctype and style sheet taken out. */
function strict(html: string): string {
  return html
    .replace(/^<!doctype html>\n/, '')
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<(meta|br|wbr)((?:\s[\w-]+="[^"]*")*)>/g, '<$1$2/>')
    .replace(/<details([^>]*) open>/g, '<details$1>');
}

test('one file: no script, no network, nothing fetched but by a click', () => {
  assert.doesNotMatch(page, /<script|<link|<iframe|<object|<img|@import|url\((?!#)|\son\w+=/i);
  assert.match(page, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'/);
  const addresses = [...page.matchAll(/(?:href|src)="([^"#][^"]*)"/g)].map(([, address]) => address);
  assert.ok(addresses.length > 0);
  for (const address of addresses) assert.match(address ?? '', /^https:\/\/example\.org\/findings\/[a-z.-]+\.md$/);
});

test('well-formed, no duplicate id, every link inside the page has a target', () => {
  wellFormed(strict(page));
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length, 'ids are unique, those of clip paths included');
  for (const [, target] of page.matchAll(/(?:href="|url\()#([^")]+)/g)) assert.ok(ids.includes(target), target);
  assert.doesNotMatch(strict(page).replace(/<[^>]+>/g, ' '), /undefined|NaN|\[object|Infinity/);
});

test('it says what made it: title, tool, date, data hash, command', () => {
  for (const text of [LONG, study.tool, '2026-01-31', 'sha256:0123456789abcdef']) assert.ok(page.includes(text), text);
  assert.ok(page.includes(`scaling-lens analyze &#39;${LONG}&#39; --html out.html`));
  assert.doesNotMatch(reportHtml({ ...input(study), date: null }), /2026-01-31/);
});

test('the overview holds threshold, law and forecast of every series in five columns', () => {
  const overview = /<div class="card overview">[\s\S]*?<\/table>/.exec(page)?.[0] ?? '';
  assert.equal(overview.split('<th scope="col"').length - 1, 5);
  assert.equal(overview.split('<tr>').length - 2, study.series.length);
  for (const series of study.series)
    if (series.threshold !== null) assert.match(overview, /threshold [^<]+FLOP \([^<]+ to [^<]+FLOP\)/);
  assert.equal(overview.split('R² ').length - 1, study.series.filter((s) => s.chosen !== null).length);
});

test('a long name breaks behind its underscores, and nothing of it is markup', () => {
  assert.equal(breakable('a_b<c>'), 'a_<wbr>b&lt;c&gt;');
});

test('every series: chart, parameters of the chosen law, forecast with verdict, checklist, points', () => {
  const sections = page.split('<details class="series"').slice(1, study.series.length + 1);
  for (const [i, series] of study.series.entries()) {
    const section = sections[i] as string;
    assert.ok(section.includes(`id="${seriesAnchor(series.id)}"`));
    assert.match(section, /<svg [^>]*viewBox="0 0 760 430"/);
    for (const name of Object.keys(series.fits.find((f) => f.law === series.chosen)?.parameters ?? {}))
      assert.ok(section.includes(`<code>${name}</code>`), `${series.id}: ${name}`);
    for (const { verdict, why } of series.forecast) {
      assert.ok(section.includes(verdict.replaceAll('-', ' ')), verdict);
      assert.ok(section.includes(escapeXml(why)));
    }
    for (const { topic, text } of validityOf(series, study)) {
      assert.ok(section.includes(`<dt>${topic}</dt>`));
      assert.ok(section.includes(escapeXml(text)), text);
    }
    for (const model of series.models) assert.ok(section.includes(`<td>${model}</td>`), model);
  }
  for (const finding of study.findings) assert.ok(page.includes(escapeXml(finding.message)));
});

test('charts take the colours of the page, light, dark and print', () => {
  const charts = [...page.matchAll(/<svg [\s\S]*?<\/svg>/g)].map(([svg]) => svg).join('');
  assert.doesNotMatch(charts, /#[0-9a-f]{6}|rgba?\(/);
  const used = new Set([...charts.matchAll(/var\(--([\w]+)\)/g)].map(([, name]) => name));
  for (const name of used) {
    assert.equal(page.split(`--${name}:`).length - 1 >= 2, true, `--${name} has a light and a dark value`);
  }
});

test('hostile names are text: no tag, attribute or style of theirs survives', async () => {
  const report = await reportOf({ 'a"><script>.csv': table(HOSTILE.map((name) => `down ${name}`)) });
  assert.equal(report.series.length, HOSTILE.length);
  const html = reportHtml(input(report, '</title><script>alert(1)</script>'));
  wellFormed(strict(html));
  assert.doesNotMatch(html, /<script|<img|<\/title><script|\*\{display:none\}<\/style>/i);
  assert.equal(html.split('</style>').length, 2, 'one style sheet');
  for (const name of HOSTILE) assert.ok(html.includes(escapeXml(`down ${name}`)), name);
});

test('200 series: folded sections, a folded list of contents, still under 5 MB', async () => {
  const [first] = study.series as [SeriesReport];
  const many: Report = {
    ...study,
    series: Array.from({ length: 200 }, (_, i) => ({ ...first, id: `task ${i}/loss`, task: `task ${i}` })),
    findings: Array.from({ length: 100 }, (_, i) => ({
      ...(study.findings[0] as Report['findings'][0]),
      series: `task ${i}/loss`,
    })),
  };
  const html = reportHtml(input(many));
  wellFormed(strict(html));
  assert.ok(html.length < 5_000_000, `${html.length}`);
  assert.equal(html.split('<details class="series" id="s-task').length - 1, 200);
  assert.doesNotMatch(html, /<details class="series" id="s-task[^>]* open/);
  assert.match(html, /<summary>200 series<\/summary>/);
  assert.match(html, /<summary>60 more findings<\/summary>/);
  assert.match(page, /<details class="series" id="s-[^>]* open/, 'a small study is open');
});

test('an empty report is a page with a sentence', () => {
  const html = reportHtml(input({ version: 1, tool: 'scaling-lens 0.1.0', sources: [], series: [], findings: [] }));
  wellFormed(strict(html));
  assert.match(html, /No series was found/);
});

test('a family has one colour on the whole page', async () => {
  const lines = ['model,family,params,task,metric,score'];
  for (const [task, families] of [
    ['one', ['alpha', 'beta']],
    ['two', ['beta', 'gamma']],
  ] as const) {
    for (const family of families)
      for (let i = 0; i < 6; i++)
        lines.push(`${family}-${i},${family},${1e8 * 3 ** i},${task},accuracy,${0.3 + 0.08 * i}`);
  }
  const report = await reportOf({ 'a.csv': `${lines.join('\n')}\n` }, { assume: true });
  const pooled: Report = {
    ...report,
    series: ['one', 'two'].map((task) => {
      const parts = report.series.filter((s) => s.task === task);
      return { ...(parts[0] as SeriesReport), ...joined(parts) };
    }),
  };
  const [one = '', two = ''] = [...reportHtml(input(pooled)).matchAll(/<figure>[\s\S]*?<\/figure>/g)].map(
    ([svg]) => svg,
  );
  const colors = (svg: string) => new Set([...svg.matchAll(/fill="var\(--(s\d)\)"/g)].map(([, color]) => color));
  assert.deepEqual(colors(one), new Set(['s0', 's1']));
  assert.deepEqual(colors(two), new Set(['s1', 's2']));
});

/** The points of several series as one. */
function joined(parts: readonly SeriesReport[]): Partial<SeriesReport> {
  return {
    family: null,
    x: parts.flatMap((s) => s.x),
    y: parts.flatMap((s) => s.y),
    models: parts.flatMap((s) => s.models),
    families: parts.flatMap((s) => s.families ?? s.x.map(() => s.family)),
    stderr: null,
    predicted: null,
    curve: null,
  };
}
