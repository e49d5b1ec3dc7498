// Hands on the panel: keyboard walk, zoom by drag on logarithmic axes, picker, table, legend, exports.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { FitView, SeriesView } from '../../src/core/render/view-model.ts';
import { richView } from '../fixture/fit-view.ts';
import { closeBrowser, type OpenOptions, openPanel, type PanelPage } from './page.ts';

after(closeBrowser);

async function open(
  index: number,
  options: OpenOptions = {},
): Promise<{ panel: PanelPage; view: FitView; series: SeriesView }> {
  const panel = await openPanel(options);
  const view = richView();
  const series = view.series[index] as SeriesView;
  await panel.send({ type: 'init', strings: {}, test: true });
  await panel.send({ type: 'view', view });
  await panel.send({ type: 'select', series: series.id });
  await panel.posts('drawn', (message) => message.series === series.id);
  return { panel, view, series };
}

async function drag(panel: PanelPage, from: readonly [number, number], to: readonly [number, number], key?: string) {
  const box = (await panel.page.locator('#chart').boundingBox()) as {
    x: number;
    y: number;
    width: number;
    height: number;
  };
  const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  if (key !== undefined) await panel.page.keyboard.down(key);
  await panel.page.mouse.move(...at(from));
  await panel.page.mouse.down();
  await panel.page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await panel.page.mouse.move(...at(to));
  await panel.page.mouse.up();
  if (key !== undefined) await panel.page.keyboard.up(key);
}

test('arrow keys walk through the points, say them, and Enter shows the cell', async () => {
  const { panel, view, series } = await open(1);
  await panel.page.focus('#chart');
  const live = () => panel.page.textContent('#live');
  await panel.page.keyboard.press('ArrowRight');
  assert.match(
    (await live()) ?? '',
    /^Point 1 of 12, Pythia-70M, accuracy {2}0\.\d+ ± 0\.012, 1\.26×10²⁰\u00a0FLOP, predicted/,
  );
  await panel.page.keyboard.press('ArrowRight');
  assert.match((await live()) ?? '', /^Point 2 of 12, OPT-160M/);
  await panel.page.keyboard.press('End');
  assert.match((await live()) ?? '', /^Point 12 of 12/);
  await panel.page.keyboard.press('ArrowRight');
  assert.match((await live()) ?? '', /^Point 12 of 12/);
  await panel.page.keyboard.press('Home');
  await panel.page.keyboard.press('Shift+ArrowRight');
  assert.match((await live()) ?? '', /^Point 11 of 12/);
  await panel.page.keyboard.press('Enter');
  const reveal = await panel.posts('reveal');
  assert.deepEqual([reveal.uri, reveal.range], [view.uri, series.points[10]?.range]);
  const label = await panel.page.getAttribute('#chart', 'aria-label');
  assert.equal(label, series.summary);
  await panel.clean();
  await panel.close();
});

test('a drag zooms both logarithmic axes to the values under it; a double click resets', async () => {
  const { panel, series } = await open(0);
  assert.equal(series.y.log, true);
  await drag(panel, [0.35, 0.3], [0.7, 0.7]);
  const { state } = await panel.posts('state', (message) => message.state.zoom !== null);
  const [x0, x1] = state.zoom?.x ?? [0, 0];
  const [y0, y1] = state.zoom?.y ?? [0, 0];
  // The axis runs from about 7e19 to 2e24; a drag over a third of it covers a third of its decades.
  const decades = Math.log10(x1 / x0);
  assert.ok(x0 > 1e20 && x1 < 1e24 && decades > 1.2 && decades < 2, `${x0} to ${x1}`);
  assert.ok(y0 > 1.9 && y1 < 3.7 && y1 > y0, `${y0} to ${y1}`);
  await panel.screenshot('zoomed');
  assert.equal(await panel.page.isVisible('#reset'), true);
  await drag(panel, [0.3, 0.4], [0.8, 0.6]);
  const again = await panel.posts('state', (message) => (message.state.zoom?.x?.[0] ?? 0) > x0);
  assert.ok((again.state.zoom?.x?.[1] ?? 0) < x1);
  await panel.page.locator('#chart').dblclick({ position: { x: 300, y: 160 } });
  const reset = await panel.posts('state');
  assert.equal(reset.state.zoom, null);
  assert.equal(await panel.page.isVisible('#reset'), false);
  await panel.clean();
  await panel.close();
});

test('Shift zooms only y, a thin drag only the axis along it, keys zoom and reset', async () => {
  const { panel } = await open(1);
  await drag(panel, [0.3, 0.3], [0.7, 0.6], 'Shift');
  const shifted = await panel.posts('state', ({ state }) => state.zoom !== null);
  assert.equal(shifted.state.zoom?.x, null);
  assert.ok(shifted.state.zoom?.y !== null);
  await panel.page.click('#reset');
  await drag(panel, [0.3, 0.5], [0.7, 0.505]);
  const thin = await panel.posts('state', ({ state }) => state.zoom !== null && state.zoom.x !== null);
  assert.equal(thin.state.zoom?.y, null);
  await panel.page.focus('#chart');
  await panel.page.keyboard.press('0');
  assert.equal((await panel.posts('state')).state.zoom, null);
  await panel.page.keyboard.press('+');
  const keyed = await panel.posts('state', ({ state }) => state.zoom?.x != null && state.zoom.y !== null);
  const [x0, x1] = keyed.state.zoom?.x ?? [0, 0];
  assert.ok(x0 > 1e20 && x1 < 2e24);
  await panel.clean();
  await panel.close();
});

test('axes switch between linear and logarithmic; zero rules logarithmic out', async () => {
  const { panel } = await open(1);
  await panel.page.click('#x-log');
  assert.equal((await panel.posts('state', ({ state }) => state.xLog === false)).state.xLog, false);
  await panel.page.click('#y-log');
  assert.equal((await panel.posts('state', ({ state }) => state.yLog === true)).state.yLog, true);
  const view = richView(2);
  const first = view.series[1] as SeriesView;
  const zero = { ...first, y: { ...first.y, logPossible: false, log: false } };
  await panel.send({ type: 'view', view: { ...view, series: [zero] } });
  await panel.posts('drawn', ({ version }) => version === 2);
  assert.equal(await panel.page.getAttribute('#y-log', 'aria-disabled'), 'true');
  // It says why, and by keyboard too.
  await panel.page.focus('#y-log');
  await panel.page.keyboard.press('Enter');
  assert.match((await panel.page.textContent('.status')) ?? '', /values at or below zero/);
  assert.equal(await panel.page.getAttribute('#y-log', 'aria-pressed'), 'false');
  await panel.clean();
  await panel.close();
});

test('the picker works by keyboard, filters, and keeps its place', async () => {
  const { panel, view } = await open(0);
  await panel.page.focus('#tasks');
  await panel.page.keyboard.press('ArrowDown');
  await panel.posts('drawn', ({ series }) => series === view.series[1]?.id);
  assert.equal(await panel.page.getAttribute('#tasks', 'aria-activedescendant'), 'task-1');
  await panel.page.keyboard.press('End');
  await panel.posts('drawn', ({ series }) => series === view.series[9]?.id);
  await panel.page.keyboard.type('red');
  await panel.posts('drawn', ({ series }) => series === 'redefine/accuracy');
  await panel.page.fill('.filter-input', 'inverse');
  assert.deepEqual(await panel.page.locator('.task-name').allTextContents(), ['truthfulqa_mc']);
  await panel.page.keyboard.press('Enter');
  await panel.posts('drawn', ({ series }) => series === 'truthfulqa_mc/accuracy');
  await panel.page.fill('.filter-input', 'nothing like it');
  assert.match((await panel.page.textContent('.tasks-note')) ?? '', /No task matches/);
  await panel.clean();
  await panel.close();
});

test('the table holds the chart’s data, sorts, and says how', async () => {
  const { panel, series } = await open(1);
  const drawn = await panel.posts('drawn', (message) => message.series === series.id);
  await panel.page.click('#tab-table');
  const column = (n: number) => panel.page.locator(`.data tbody tr > :nth-child(${n})`).allTextContents();
  const headers = await panel.page.locator('.data thead th').allTextContents();
  assert.deepEqual(headers, [
    'Model',
    'Family',
    'Training compute (FLOP)',
    'accuracy',
    'Std. error',
    'Predicted',
    'Residual (σ)',
  ]);
  assert.equal(await panel.page.locator('.data thead th[scope=col]').count(), 7);
  assert.equal(await panel.page.locator('.data tbody th[scope=row]').count(), 12);
  const ys = (await column(4)).map(Number);
  const plotted = drawn.plotted.points.toSorted((a, b) => a[0] - b[0]).map(([, y]) => Number(y.toPrecision(4)));
  assert.deepEqual(ys, plotted);
  assert.equal(await panel.page.getAttribute('.data th[data-key=x]', 'aria-sort'), 'ascending');
  await panel.page.click('.data th[data-key=y] button');
  await panel.page.click('.data th[data-key=y] button');
  assert.equal(await panel.page.getAttribute('.data th[data-key=y]', 'aria-sort'), 'descending');
  assert.deepEqual(
    (await column(4)).map(Number),
    ys.toSorted((a, b) => b - a),
  );
  assert.equal(await panel.page.evaluate(() => document.activeElement?.textContent), 'accuracy');
  await panel.page.click('.data tbody tr:first-child td:nth-child(2)');
  await panel.posts('reveal');
  await panel.screenshot('table');
  await panel.clean();
  await panel.close();
});

test('legend entries hide and show their part', async () => {
  const { panel, series } = await open(1);
  await panel.page.click('[data-key="family:OPT"]');
  const without = await panel.posts('drawn', ({ plotted }) => plotted.points.length === 8);
  assert.equal(without.plotted.points.length, series.points.filter(({ family }) => family !== 'OPT').length);
  assert.equal(await panel.page.getAttribute('[data-key="family:OPT"]', 'aria-pressed'), 'false');
  assert.equal(await panel.page.evaluate(() => document.activeElement?.getAttribute('data-key')), 'family:OPT');
  await panel.page.click('[data-key=curve]');
  const bare = await panel.posts('drawn', ({ plotted }) => plotted.curve.length === 0);
  assert.equal(bare.series, series.id);
  await panel.clean();
  await panel.close();
});

test('another law of the series can be shown', async () => {
  const { panel, series } = await open(6);
  await panel.page.selectOption('#law', 'log-linear');
  const drawn = await panel.posts('drawn', ({ law }) => law === 'log-linear');
  assert.equal(drawn.series, series.id);
  assert.match((await panel.page.textContent('.equation')) ?? '', /−3\.1 \+ 0\.16·log₁₀ x/);
  await panel.clean();
  await panel.close();
});

test('a law that the view does not bring is fitted by the extension on request; a refusal goes back and says why', async () => {
  const { panel, view, series } = await open(1);
  await panel.page.selectOption('#law', 'power');
  const asked = await panel.posts('request', ({ method }) => method === 'fit');
  assert.deepEqual(asked.params, { uri: view.uri, series: series.id, law: 'power' });
  const curve = {
    ...(series.curves[0] as SeriesView['curves'][number]),
    law: 'power',
    title: 'power law',
    equation: 'y = 0.2·x^0.03',
  };
  const answer = {
    ...view,
    series: view.series.map((one) => (one.id === series.id ? { ...one, curves: [curve] } : one)),
  };
  await panel.send({ type: 'reply', id: asked.id, ok: true, value: answer });
  await panel.posts('drawn', ({ law }) => law === 'power');
  assert.match((await panel.page.textContent('.equation')) ?? '', /y = 0\.2·x/);
  assert.equal(await panel.page.inputValue('#law'), 'power');
  // The law is the reader's choice: after an edit it is asked for again.
  await panel.send({ type: 'view', view: richView(2) });
  const again = await panel.posts('request', ({ method, id }) => method === 'fit' && id !== asked.id);
  await panel.send({ type: 'reply', id: again.id, ok: false, error: '3 points are too few' });
  await panel.page.waitForFunction(
    () => document.querySelector('.status')?.textContent === 'power law: 3 points are too few',
  );
  assert.equal((await panel.posts('state')).state.law, null);
  assert.equal(await panel.page.inputValue('#law'), '');
  await panel.page.selectOption('#law', 'm4');
  await panel.page.selectOption('#law', '');
  assert.equal((await panel.posts('state')).state.law, null);
  await panel.clean();
  await panel.close();
});

/** Size, corners and the number of colours down the middle of a PNG, decoded by the browser. */
function readPng(panel: PanelPage, data: string) {
  return panel.page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const { width, height } = image;
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
    context.drawImage(image, 0, 0);
    const at = (x: number, y: number) => [...context.getImageData(x, y, 1, 1).data].join();
    const middle = context.getImageData(width >> 1, 0, 1, height).data;
    const colours = new Set<string>();
    for (let i = 0; i < middle.length; i += 4) colours.add([...middle.subarray(i, i + 4)].join());
    const corners = [at(0, 0), at(width - 1, 0), at(0, height - 1), at(width - 1, height - 1)];
    return { size: [width, height], corners: [...new Set(corners)], colours: colours.size };
  }, data);
}

test('exports: an opaque PNG in the look asked for, SVG, CSV, parameters', async () => {
  const { panel, series } = await open(2, { theme: 'dark' });
  for (const [theme, corner] of [
    ['light', '255,255,255,255'],
    ['dark', '30,30,30,255'],
    ['current', '31,31,31,255'],
  ] as const) {
    const { name, data } = (await panel.ask('export', { kind: 'png', theme })) as { name: string; data: string };
    assert.equal(name, 'modified_arithmetic-exact-match.png');
    const png = await readPng(panel, data);
    assert.deepEqual(png.size, [1760, 1080]);
    assert.deepEqual(png.corners, [corner]);
    assert.ok(png.colours > 3, 'the middle column is not blank');
  }
  const svg = (await panel.ask('export', { kind: 'svg', theme: 'light' })) as { name: string; data: string };
  assert.match(svg.data, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  const csv = (await panel.ask('export', { kind: 'csv', theme: 'light' })) as { data: string };
  assert.equal(csv.data.split('\r\n').filter((line) => line.startsWith('point,')).length, series.points.length);
  const json = (await panel.ask('export', { kind: 'json', theme: 'light' })) as { data: string };
  assert.deepEqual(JSON.parse(json.data).parameters, { floor: 0.02, top: 0.7, k: 4.1, x0: 22.6 });
  await panel.clean();
  await panel.close();
});

test('the export menu saves and copies through the extension, by keyboard', async () => {
  const { panel } = await open(1);
  await panel.page.focus('#export');
  await panel.page.keyboard.press('ArrowDown');
  assert.equal(await panel.page.evaluate(() => document.activeElement?.getAttribute('data-look')), 'current');
  await panel.screenshot('menu');
  await panel.page.click('[data-look=light]');
  await panel.page.click('[data-action=saveSvg]');
  const save = await panel.posts('request', ({ method }) => method === 'save');
  const { kind, name, data } = save.params as { kind: string; name: string; data: string };
  assert.deepEqual([kind, name], ['svg', 'hellaswag-accuracy.svg']);
  assert.match(data, /fill="#ffffff"/);
  await panel.send({ type: 'reply', id: save.id, ok: true, value: { saved: 'hellaswag-accuracy.svg' } });
  await panel.page.waitForFunction(
    () => document.querySelector('.status')?.textContent === 'Saved hellaswag-accuracy.svg',
  );
  assert.equal(await panel.page.evaluate(() => document.activeElement?.id), 'export');
  await panel.page.click('#export');
  await panel.page.click('[data-action=copyLatex]');
  const copy = await panel.posts('request', ({ method }) => method === 'copy');
  assert.match((copy.params as { text: string }).text, /\\begin\{tabular\}/);
  await panel.send({ type: 'reply', id: copy.id, ok: false, error: 'no clipboard' });
  await panel.page.waitForFunction(() => document.querySelector('.status')?.textContent?.includes('no clipboard'));
  await panel.page.click('#export');
  await panel.page.keyboard.press('Escape');
  assert.equal(await panel.page.isVisible('.menu'), false);
  await panel.clean();
  await panel.close();
});

test('reduced motion stops every animation', async () => {
  const panel = await openPanel({ reducedMotion: true });
  const running = await panel.page.evaluate(() => document.getAnimations().length);
  assert.equal(running, 0);
  await panel.clean();
  await panel.close();
});
