// The panel's page as a reader meets it: it draws, under the strict policy, in every theme, and says what it drew.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { FitView } from '../../src/core/render/view-model.ts';
import type { ToPanel } from '../../src/protocol/panel.ts';
import { richView } from '../fixture/fit-view.ts';
import { closeBrowser, openPanel, type PanelPage, type ThemeName } from './page.ts';

after(closeBrowser);

const INIT: ToPanel = { type: 'init', strings: {}, test: true };

async function show(panel: PanelPage, view: FitView, series: number): Promise<string> {
  const { id } = view.series[series] as FitView['series'][number];
  await panel.send({ type: 'select', series: id });
  await panel.posts('drawn', (message) => message.series === id);
  return id;
}

for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as readonly ThemeName[]) {
  test(`draws every series in ${theme} and violates no policy`, async () => {
    const panel = await openPanel({ theme });
    const view = richView();
    await panel.send(INIT);
    await panel.send({ type: 'view', view });
    for (const [i, series] of view.series.entries()) {
      await show(panel, view, i);
      const drawn = await panel.posts('drawn', (message) => message.series === series.id);
      assert.equal(drawn.uri, view.uri);
      assert.equal(drawn.version, 1);
      assert.deepEqual(
        drawn.plotted.points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]),
        series.points
          .map(({ x, y }) => [x, y])
          .toSorted((a, b) => (a[0] as number) - (b[0] as number) || (a[1] as number) - (b[1] as number)),
        series.id,
      );
      assert.equal(drawn.law, series.curves[0]?.law ?? null);
      assert.equal(drawn.plotted.threshold, series.threshold?.x ?? null);
      assert.equal(drawn.plotted.chance, series.chance);
      const { painted, colours, width, height } = drawn.census;
      assert.ok(painted > 0.005 * width * height, `${series.id}: ${painted} of ${width * height} pixels`);
      assert.ok(colours > (series.points.length > 0 ? 20 : 1), `${series.id}: ${colours} colours`);
      if (i === 2 || i === 6) await panel.screenshot(`${theme}-${series.task.slice(0, 12)}`);
    }
    await panel.clean();
    await panel.close();
  });
}

test('an empty series leaves axes and words, an empty view a message, never a blank page', async () => {
  const panel = await openPanel();
  assert.match((await panel.page.textContent('.message')) ?? '', /Reading the file/);
  await panel.send(INIT);
  const view = richView();
  await panel.send({ type: 'view', view: { ...view, state: 'fitting', series: [], message: null } });
  assert.match((await panel.page.textContent('.message')) ?? '', /Reading the file/);
  await panel.send({
    type: 'view',
    view: { ...view, version: 2, state: 'empty', series: [], message: 'No score column was found.' },
  });
  await panel.page.waitForFunction(() => document.querySelector('.message')?.textContent?.includes('No score column'));
  await panel.screenshot('empty');
  await panel.send({ type: 'view', view: { ...view, version: 3 } });
  await show(panel, view, 8);
  assert.equal(await panel.page.isVisible('.message'), false);
  assert.match((await panel.page.textContent('.heading')) ?? '', /No points were read/);
  await panel.screenshot('empty-series');
  await panel.send({ type: 'clear', message: 'Open a results file to see its chart.' });
  await panel.page.waitForFunction(() =>
    document.querySelector('.message')?.textContent?.includes('Open a results file'),
  );
  await panel.clean();
  await panel.close();
});

test('text of the file never becomes markup', async () => {
  const panel = await openPanel();
  const view = richView();
  await panel.send(INIT);
  await panel.send({ type: 'view', view });
  await show(panel, view, 9);
  assert.match((await panel.page.textContent('h1')) ?? '', /<img src=x onerror=alert\(1\)>/);
  await panel.page.click('#tab-table');
  assert.equal(await panel.page.textContent('.data tbody tr:first-child th'), '</script><b>0</b>');
  assert.equal(await panel.page.locator('img, .data b').count(), 0);
  await panel.clean();
  await panel.close();
});

test('a change of theme recolours chart and page', async () => {
  const panel = await openPanel({ theme: 'dark' });
  const view = richView();
  await panel.send(INIT);
  await panel.send({ type: 'view', view });
  await show(panel, view, 1);
  // Pixels in the ink of the curve: the editor's foreground, #cccccc in the dark theme and #3b3b3b in the light one.
  const inked = (grey: number) =>
    panel.page.evaluate((level) => {
      const canvas = document.querySelector('canvas') as HTMLCanvasElement;
      const copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      if (copy === null) return 0;
      copy.canvas.width = canvas.width;
      copy.canvas.height = canvas.height;
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === level && data[i + 1] === level && data[i + 2] === level && data[i + 3] === 255) count++;
      }
      return count;
    }, grey);
  assert.ok((await inked(0xcc)) > 300 && (await inked(0x3b)) < 50);
  await panel.theme('light');
  await panel.page.waitForTimeout(150);
  assert.ok((await inked(0x3b)) > 300 && (await inked(0xcc)) < 50);
  assert.equal(await panel.page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  await panel.clean();
  await panel.close();
});

test('an older view of the same document is dropped, a newer one keeps series and zoom', async () => {
  const panel = await openPanel();
  await panel.send(INIT);
  await panel.send({ type: 'view', view: richView(5) });
  const id = await show(panel, richView(), 1);
  await panel.page.keyboard.press('Tab');
  await panel.page.focus('#chart');
  await panel.page.keyboard.press('+');
  const zoomed = await panel.posts('state', ({ state }) => state.zoom !== null);
  await panel.send({ type: 'view', view: { ...richView(4), title: 'old' } });
  await panel.send({ type: 'view', view: richView(6) });
  const drawn = await panel.posts('drawn', ({ version }) => version === 6);
  assert.equal(drawn.series, id);
  assert.ok(panel.posted().every((message) => message.type !== 'drawn' || message.version !== 4));
  const last = await panel.posts('state');
  assert.deepEqual(last.state.zoom, zoomed.state.zoom);
  assert.equal(await panel.page.isVisible('#reset'), true);
  await panel.clean();
  await panel.close();
});

test('a reload restores series, axes, tab and zoom from the kept state, and shrugs at a broken one', async () => {
  const view = richView();
  const id = (view.series[3] as FitView['series'][number]).id;
  const state = {
    uri: view.uri,
    series: id,
    law: null,
    xLog: false,
    yLog: null,
    zoom: null,
    tab: 'table',
    picture: null,
    hidden: ['band'],
  };
  const panel = await openPanel({ state });
  assert.deepEqual((await panel.posts('ready')).state, state);
  await panel.send(INIT);
  await panel.send({ type: 'view', view });
  assert.equal(await panel.page.getAttribute('#tab-table', 'aria-selected'), 'true');
  await panel.page.click('#tab-chart');
  const drawn = await panel.posts('drawn');
  assert.equal(drawn.series, id);
  assert.equal(await panel.page.getAttribute('#x-log', 'aria-pressed'), 'false');
  assert.equal(await panel.page.getAttribute('[data-key=band]', 'aria-pressed'), 'false');
  await panel.clean();
  await panel.close();

  const broken = await openPanel({ state: { uri: 7, series: {}, zoom: { x: ['a', null] }, hidden: 'x', tab: 9 } });
  await broken.send({ type: 'view', view });
  await broken.posts('drawn');
  await broken.clean();
  await broken.close();
});

test('2 000 points are all drawn; 12 000 are thinned for drawing and complete in the table', async (t) => {
  const { largeSeries } = await import('../fixture/fit-view.ts');
  const panel = await openPanel();
  const view = richView();
  const [two, twelve] = [largeSeries(2000, 'two'), largeSeries(12_000, 'twelve')];
  await panel.send({ type: 'init', strings: {}, test: false });
  let best = Number.POSITIVE_INFINITY;
  for (let version = 1; version <= 3; version++) {
    await panel.send({ type: 'view', view: { ...view, version, series: [{ ...two, summary: `run ${version}` }] } });
    const drawn = await panel.posts('drawn', (message) => message.version === version);
    assert.equal(drawn.plotted.points.length, 2000);
    best = Math.min(best, drawn.milliseconds);
  }
  t.diagnostic(`2 000 points drawn in ${best.toFixed(0)} ms, the best of three`);
  await panel.send({ type: 'view', view: { ...view, version: 4, series: [twelve] } });
  const drawn = await panel.posts('drawn', (message) => message.version === 4);
  assert.ok(
    drawn.plotted.points.length <= 5000 && drawn.plotted.points.length > 1000,
    `${drawn.plotted.points.length}`,
  );
  assert.match((await panel.page.textContent('.notes')) ?? '', /of 12000 points drawn/);
  const { data } = (await panel.ask('export', { kind: 'csv', theme: 'current' })) as { data: string };
  assert.equal(data.split('\r\n').filter((line) => line.startsWith('point,')).length, 12_000);
  await panel.page.click('#tab-table');
  await panel.page.waitForFunction(() => document.querySelectorAll('.data tbody tr').length === 12_000, null, {
    timeout: 20_000,
  });
  await panel.clean();
  await panel.close();
});

test('narrow: the list folds behind a button, nothing overflows sideways', async () => {
  for (const width of [320, 480, 640, 900]) {
    const panel = await openPanel({ width, height: 720, theme: 'light' });
    const view = richView();
    await panel.send(INIT);
    await panel.send({ type: 'view', view });
    await show(panel, view, 6);
    const overflow = await panel.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.querySelector('.content') as HTMLElement;
      return scrollWidth - clientWidth;
    });
    assert.ok(overflow <= 0, `${width} px: ${overflow} px too wide`);
    assert.equal(await panel.page.isVisible('.fold'), width <= 680);
    await panel.screenshot(`narrow-${width}`);
    await panel.clean();
    await panel.close();
  }
});
