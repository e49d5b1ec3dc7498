// The panel without a mouse: the order of focus, what each stop is called, the rows of the table, the folded list, and a
// page at twice its size.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { SeriesView } from '../../src/core/render/view-model.ts';
import { richView } from '../fixture/fit-view.ts';
import { closeBrowser, type OpenOptions, openPanel, type PanelPage } from './page.ts';

after(closeBrowser);

async function opened(options: OpenOptions = {}): Promise<PanelPage> {
  const panel = await openPanel(options);
  await panel.send({ type: 'init', strings: {}, test: true });
  await panel.send({ type: 'view', view: richView() });
  await panel.posts('drawn');
  return panel;
}

/** What has the focus: its id, or what it is. */
const focused = (panel: PanelPage): Promise<string> =>
  panel.page.evaluate(() => {
    const one = document.activeElement;
    if (one === null || one === document.body) return '';
    return one.id === '' ? one.className.split(' ')[0] || one.localName : one.id;
  });

test('Tab goes through the panel in the order in which it is read', async () => {
  const panel = await opened();
  const stops: string[] = [];
  for (let i = 0; i < 40; i++) {
    await panel.page.keyboard.press('Tab');
    const stop = await focused(panel);
    if (stop === '') break;
    if (stops.at(-1) !== stop) stops.push(stop);
  }
  const wanted = ['filter-input', 'tasks', 'tab-chart', 'law', 'x-log', 'y-log', 'export', 'chart', 'legend-entry'];
  assert.deepEqual(stops.slice(0, wanted.length), wanted);
  assert.equal(await panel.page.getAttribute('nav', 'aria-label'), 'Tasks');
  const { summary } = richView().series[0] as SeriesView;
  assert.equal(await panel.page.getAttribute('#chart', 'aria-label'), summary, 'the chart is called what it shows');
  assert.match((await panel.page.getAttribute('#chart', 'aria-description')) ?? '', /Arrow keys move/);
  await panel.clean();
  await panel.close();
});

test('rows of the table are one stop, arrows move between them, Enter shows the cell', async () => {
  const panel = await opened();
  await panel.page.click('#tab-table');
  await panel.page.focus('.data thead th:last-child button');
  await panel.page.keyboard.press('Tab');
  const row = (): Promise<string | null | undefined> =>
    panel.page.evaluate(() => document.activeElement?.closest('tbody tr')?.getAttribute('data-at'));
  const first = await row();
  assert.ok(first !== null && first !== undefined, await focused(panel));
  await panel.page.keyboard.press('ArrowDown');
  const second = await row();
  assert.notEqual(second, first);
  await panel.page.keyboard.press('End');
  await panel.page.keyboard.press('ArrowDown');
  assert.notEqual(await row(), second);
  assert.equal(await panel.page.locator('.data tbody tr[tabindex="0"]').count(), 1);
  await panel.page.keyboard.press('Home');
  assert.equal(await row(), first);
  await panel.page.keyboard.press('Enter');
  const { range } = await panel.posts('reveal');
  assert.ok(range.start.line >= 0);
  await panel.clean();
  await panel.close();
});

test('narrow: the button is called what it shows, and the list closes when the focus leaves it', async () => {
  const panel = await opened({ width: 480, height: 720 });
  const name = await panel.page.getAttribute('.fold', 'aria-label');
  const shown = (await panel.page.textContent('.fold-title')) ?? '';
  assert.ok(shown !== '' && name?.startsWith(shown), `${name}`);
  await panel.page.focus('.fold');
  await panel.page.keyboard.press('Enter');
  const open = (): Promise<string | null> => panel.page.getAttribute('.fold', 'aria-expanded');
  assert.equal(await open(), 'true');
  assert.equal(await focused(panel), 'filter-input');
  await panel.page.keyboard.press('Tab');
  assert.equal(await focused(panel), 'tasks');
  assert.equal(await open(), 'true');
  await panel.page.keyboard.press('Tab');
  assert.equal(await open(), 'false', 'what has the focus is not hidden');
  await panel.page.focus('.fold');
  await panel.page.keyboard.press('Enter');
  await panel.page.keyboard.press('Escape');
  assert.equal(await open(), 'false');
  assert.equal(await focused(panel), 'fold');
  await panel.clean();
  await panel.close();
});

test('at twice the size nothing overflows sideways, and everything can be scrolled to', async () => {
  // A page zoomed to 200 % has half the pixels.
  const panel = await opened({ width: 590, height: 410, theme: 'light' });
  const sizes = await panel.page.evaluate(() => {
    const content = document.querySelector('.content') as HTMLElement;
    const facts = document.querySelector('.facts-area') as HTMLElement;
    content.scrollTop = content.scrollHeight;
    return {
      wide: content.scrollWidth - content.clientWidth,
      end: facts.getBoundingClientRect().bottom - content.getBoundingClientRect().bottom,
      chart: (document.querySelector('.canvas-box') as HTMLElement).clientHeight,
    };
  });
  assert.ok(sizes.wide <= 0, `${sizes.wide} px too wide`);
  assert.ok(sizes.end <= 0, 'the last line can be reached');
  assert.ok(sizes.chart >= 200, `${sizes.chart} px of chart`);
  await panel.page.evaluate(() => ((document.querySelector('.content') as HTMLElement).scrollTop = 0));
  await panel.screenshot('zoom-200');
  await panel.page.click('#export');
  const menu = await panel.page.locator('.menu').boundingBox();
  assert.ok(menu !== null && menu.x >= 0 && menu.x + menu.width <= 590, JSON.stringify(menu));
  await panel.screenshot('zoom-200-menu');
  await panel.clean();
  await panel.close();
});
