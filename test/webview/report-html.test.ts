// The HTML report in headless Chromium, without a network: nothing is asked for, nothing runs, both themes are legible,
// and it fits a phone and paper.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/host/chromium.ts';
import { contrast, parseColor } from '../../src/core/render/palette.ts';
import { reportHtml } from '../../src/core/render/report-html.ts';
import { HOSTILE, reportOf, table } from '../core/render/report-fixture.ts';

const SHOTS = process.env['SCALING_LENS_SCREENSHOTS'];
let browser: Browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser.close());

async function show(
  html: string,
  options: { readonly colorScheme?: 'light' | 'dark'; readonly width?: number } = {},
): Promise<{ page: Page; trouble: string[] }> {
  const context = await browser.newContext({
    offline: true,
    viewport: { width: options.width ?? 1400, height: 1000 },
    colorScheme: options.colorScheme ?? 'light',
  });
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('console', (message) => trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => trouble.push(`request ${request.url()}`));
  await page.setContent(html);
  return { page, trouble };
}

const LONG = 'examples/study-long.csv';
const report = await reportOf({ [LONG]: readFileSync(LONG) }, { at: [1e23], bootstrap: 20 });
const html = (title: string, of = report) =>
  reportHtml({ report: of, title, command: 'scaling-lens analyze', dataHash: 'sha256:0', date: null });

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}: no request, no complaint, text and lines stand out`, async () => {
    const { page, trouble } = await show(html(LONG), { colorScheme });
    const colors = (await page.evaluate(`(() => {
      const behind = (node) => {
        for (let at = node; at; at = at.parentElement) {
          const color = getComputedStyle(at).backgroundColor;
          if (!/, 0\\)$|transparent|color\\(/.test(color)) return color;
        }
        return 'rgb(255, 255, 255)';
      };
      return ['h1', 'p.soft', 'a', 'td', '.badge.warn', '.badge.good', '.badge.info', 'dt', 'nav a']
        .map((selector) => [selector, document.querySelector(selector)])
        .map(([selector, node]) => [selector, getComputedStyle(node).color, behind(node)]);
    })()`)) as [string, string, string][];
    for (const [selector, ink, ground] of colors) {
      assert.ok(parseColor(ink) !== null && parseColor(ground) !== null, `${selector}: ${ink} on ${ground}`);
      assert.ok(contrast(ink, ground) >= 4.5, `${selector}: ${ink} on ${ground} is ${contrast(ink, ground)}`);
    }
    const curve = (await page.evaluate(
      `getComputedStyle(document.querySelector('figure svg path[stroke-width="2"]')).stroke`,
    )) as string;
    const card = (await page.evaluate(`getComputedStyle(document.querySelector('figure svg rect')).fill`)) as string;
    assert.ok(contrast(curve, card) >= 4.5, `${curve} on ${card}`);
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/report-${colorScheme}.png` });
    assert.deepEqual(trouble, []);
    await page.context().close();
  });
}

test('a phone: nothing sticks out sideways', async () => {
  const { page } = await show(html(LONG), { width: 390 });
  const widths = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number];
  assert.ok(widths[0] <= widths[1], widths.join(' > '));
  await page.context().close();
});

test('paper: folded sections are printed, the contents are not', async () => {
  const { page } = await show(html(LONG), { colorScheme: 'dark' });
  await page.evaluate(`document.querySelectorAll('details').forEach((one) => one.removeAttribute('open'))`);
  await page.emulateMedia({ media: 'print' });
  const [nav, figure, ground] = (await page.evaluate(`[
    getComputedStyle(document.querySelector('nav')).display,
    document.querySelector('figure').getBoundingClientRect().height,
    getComputedStyle(document.body).backgroundColor,
  ]`)) as [string, number, string];
  assert.equal(nav, 'none');
  assert.ok(figure > 100, `the chart is ${figure} px high`);
  assert.equal(ground, 'rgb(255, 255, 255)', 'white paper, whatever the screen prefers');
  await page.context().close();
});

test('hostile names run nothing and style nothing', async () => {
  const hostile = await reportOf({ 'a.csv': table(HOSTILE.map((name) => `down ${name}`)) });
  const { page, trouble } = await show(html('<img src=x onerror=alert(1)>', hostile));
  await page.waitForTimeout(200);
  assert.deepEqual(trouble, []);
  assert.equal(await page.locator('script, img').count(), 0);
  const names = (await page.locator('details.series h2').allTextContents()).slice(0, HOSTILE.length);
  assert.deepEqual(
    names,
    HOSTILE.map((name) => `down ${name}, accuracy`),
  );
  assert.equal(await page.locator('h1').textContent(), '<img src=x onerror=alert(1)>');
  assert.ok(await page.locator('h1').isVisible());
  await page.context().close();
});
