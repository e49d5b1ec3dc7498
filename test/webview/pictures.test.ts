// Further charts of a series in the panel: tabs for slices and pass rates, tooltips, keyboard, legend, export, and the small
// tables of evidence below.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { seriesView } from '../../src/core/render/view.ts';
import type { FitView } from '../../src/core/render/view-model.ts';
import { passSeries, slicedSeries, turningSeries } from '../fixture/pictured.ts';
import { closeBrowser, openPanel } from './page.ts';

after(closeBrowser);

const view: FitView = {
  uri: 'file:///study/slices.csv',
  title: 'slices.csv',
  version: 1,
  state: 'ready',
  message: null,
  series: [slicedSeries, turningSeries, passSeries].map((series) => seriesView(series, [])),
  notes: [],
};

async function opened(options: Parameters<typeof openPanel>[0] = {}) {
  const panel = await openPanel(options);
  await panel.send({ type: 'init', strings: {}, test: true });
  await panel.send({ type: 'view', view });
  await panel.posts('drawn');
  return panel;
}

const tabsOf = `[...document.querySelectorAll('[role=tab]')].map((tab) => tab.textContent)`;

test('a sliced task has tabs for its pictures, and each draws', async () => {
  const panel = await opened();
  assert.deepEqual(await panel.page.evaluate(tabsOf), ['Chart', 'Slices', 'Slice forecast', 'Table']);
  for (const [id, words] of [
    ['slices', 'mean of both'],
    ['slice-forecast', 'slice ensemble'],
  ]) {
    const before = panel.posted().length;
    await panel.page.click(`#tab-${id}`);
    await panel.posts('drawn', () => panel.posted().length > before);
    assert.equal(await panel.page.getAttribute(`#tab-${id}`, 'aria-selected'), 'true');
    assert.match((await panel.page.textContent('.legend')) ?? '', new RegExp(words as string));
    const drawn = panel.posted().findLast((message) => message.type === 'drawn');
    assert.ok(drawn !== undefined && drawn.census.painted > 1000 && drawn.census.colours > 20);
    assert.equal(await panel.page.isVisible('#law'), false, 'a picture has its own lines');
    assert.match((await panel.page.textContent('#live')) ?? '', /Showing Slice/);
  }
  await panel.clean();
  await panel.close();
});

test('arrows move between tabs, and through the points of a picture, which are spoken', async () => {
  const panel = await opened();
  await panel.page.focus('#tab-chart');
  await panel.page.keyboard.press('ArrowRight');
  assert.equal(await panel.page.evaluate('document.activeElement.id'), 'tab-slices');
  await panel.page.focus('#chart');
  await panel.page.keyboard.press('End');
  assert.match((await panel.page.textContent('#live')) ?? '', /Point 12 of 12, d, (easy|medium|hard)/);
  await panel.page.keyboard.press('Enter');
  assert.ok(!panel.posted().some(({ type }) => type === 'reveal'), 'points of a picture have no cell');
  await panel.clean();
  await panel.close();
});

test('a pass rate is met on its log–log line, and the choice of the plain chart is kept', async () => {
  const panel = await opened();
  await panel.send({ type: 'select', series: 'coins/pass-until' });
  await panel.posts('drawn', ({ series }) => series === 'coins/pass-until');
  assert.equal(await panel.page.getAttribute('#tab-pass-until', 'aria-selected'), 'true');
  assert.match((await panel.page.getAttribute('#chart', 'aria-label')) ?? '', /log\(−log PU\)/);
  await panel.page.click('#tab-chart');
  assert.equal((await panel.posts('state', ({ state }) => state.picture === 'plain')).state.tab, 'chart');
  assert.equal(await panel.page.isVisible('#x-log'), true);
  await panel.clean();
  await panel.close();
});

test('a trace can be switched off, and the export holds the picture that is shown', async () => {
  const panel = await opened();
  await panel.page.click('#tab-slices');
  const { data, name } = (await panel.ask('export', { kind: 'svg', theme: 'light' })) as { data: string; name: string };
  assert.ok(data.includes('mean of both') && name.includes('Slices'));
  await panel.page.click('.legend-entry[data-key="slices:sandwich"]');
  const less = (await panel.ask('export', { kind: 'svg', theme: 'light' })) as { data: string };
  assert.ok(!less.data.includes('mean of both'));
  const csv = (await panel.ask('export', { kind: 'csv', theme: 'light' })) as { data: string };
  assert.match(csv.data, /^picture,series,trace,kind,label,x,y,low,high\r\nslices,arith\/acc,easy,points,a,/);
  await panel.clean();
  await panel.close();
});

test('evidence, thresholds and the turn are told below the chart', async () => {
  const panel = await opened();
  const texts = await panel.page.evaluate(`[...document.querySelectorAll('.evidence')].map((one) => one.textContent)`);
  assert.match(String(texts), /What decided the shape.*Threshold by definition.*first model above chance/);
  await panel.send({ type: 'select', series: 'hindsight/acc' });
  await panel.posts('drawn', ({ series }) => series === 'hindsight/acc');
  assert.match((await panel.page.textContent('.legend')) ?? '', /turn/);
  assert.match((await panel.page.textContent('.facts-area')) ?? '', /turns at 3×10²¹/);
  await panel.clean();
  await panel.close();
});

test('tabs, tables and legend fit a narrow panel', async () => {
  const panel = await opened({ width: 400, height: 760, theme: 'high-contrast' });
  await panel.page.click('#tab-slices');
  const wide = await panel.page.evaluate(
    'document.querySelector(".content").scrollWidth > document.querySelector(".content").clientWidth',
  );
  assert.equal(wide, false);
  await panel.screenshot('narrow-slices');
  await panel.clean();
  await panel.close();
});

test('every control has a name, and choosing a task says what the chart shows', async () => {
  const panel = await opened();
  const nameless = await panel.page.evaluate(
    `[...document.querySelectorAll('button, select, input, [tabindex="0"]')].filter((one) => one.offsetParent !== null && !(one.getAttribute('aria-label') ?? one.textContent ?? '').trim() && !one.labels?.length).map((one) => one.outerHTML.slice(0, 90))`,
  );
  assert.deepEqual(nameless, []);
  await panel.page.focus('#tasks');
  await panel.page.keyboard.press('ArrowDown');
  assert.match((await panel.page.textContent('#live')) ?? '', /^hindsight, acc: 4 points .*turns at/);
  await panel.clean();
  await panel.close();
});
