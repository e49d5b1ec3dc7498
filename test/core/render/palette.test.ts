import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  colorOf,
  contrast,
  fade,
  luminance,
  MARKERS,
  markerOf,
  mix,
  OKABE_ITO,
  paletteFor,
  parseColor,
  type ThemeKind,
  withContrast,
} from '../../../src/core/render/palette.ts';
import { SPARK_COLORS } from '../../../src/core/render/sparkline.ts';

test('contrast follows WCAG 2.2', () => {
  assert.ok(Math.abs(contrast('#000000', '#ffffff') - 21) < 1e-9);
  assert.ok(Math.abs(contrast('#777777', '#ffffff') - 4.48) < 0.01);
  assert.equal(luminance('#ffffff'), 1);
});

test('every colour of every theme stands out: graphics 3:1, text 4.5:1, more in high contrast', () => {
  const grounds: [ThemeKind, string][] = [
    ['dark', '#1e1e1e'],
    ['light', '#ffffff'],
    ['high-contrast', '#000000'],
    ['high-contrast-light', '#ffffff'],
    // Themes that people use: Solarized both ways, Monokai, Nord, Quiet Light, Abyss.
    ['light', '#fdf6e3'],
    ['dark', '#002b36'],
    ['dark', '#272822'],
    ['dark', '#2e3440'],
    ['light', '#f5f5f5'],
    ['dark', '#000c18'],
  ];
  for (const [kind, background] of grounds) {
    const palette = paletteFor(kind, { background });
    const strong = kind.startsWith('high');
    assert.equal(palette.background, background);
    for (const color of [...palette.series, palette.threshold, palette.chance]) {
      const ratio = contrast(color, background);
      assert.ok(ratio >= (strong ? 4.5 : 3), `${color} on ${background} (${kind}): ${ratio.toFixed(2)}`);
    }
    for (const color of [palette.foreground, palette.muted]) {
      const ratio = contrast(color, background);
      assert.ok(ratio >= (strong ? 7 : 4.5), `text ${color} on ${background} (${kind}): ${ratio.toFixed(2)}`);
    }
    assert.equal(new Set(palette.series).size, OKABE_ITO.length);
  }
});

test('sparkline colours stand out on white and on #1e1e1e alike', () => {
  for (const [name, color] of Object.entries(SPARK_COLORS)) {
    for (const background of ['#ffffff', '#1e1e1e']) {
      assert.ok(contrast(color, background) >= 3, `${name} ${color} on ${background}: ${contrast(color, background)}`);
    }
  }
});

test('a theme that hands out nonsense falls back', () => {
  assert.equal(paletteFor('dark', { background: 'bogus', foreground: 'rgba(1,2,3,0.2)' }).background, '#1e1e1e');
  assert.equal(paletteFor('light', { background: 'rgb(250, 250, 250)' }).background, '#fafafa');
  assert.deepEqual(parseColor('#12345680'), { r: 18, g: 52, b: 86, a: 128 / 255 });
  assert.deepEqual(parseColor('rgb(1 2 3 / 50%)'), { r: 1, g: 2, b: 3, a: 0.5 });
  assert.equal(parseColor('#12345'), null);
  assert.equal(parseColor('hotpink'), null);
  assert.equal(fade('#ff0000', 0.5), 'rgba(255, 0, 0, 0.5)');
  assert.equal(mix('#ffffff', '#000000', 0.5), '#808080');
});

test('contrast moves a colour no further than needed', () => {
  assert.equal(withContrast('#0072b2', '#ffffff', 3), '#0072b2');
  const moved = withContrast('#f0e442', '#ffffff', 3);
  assert.ok(contrast(moved, '#ffffff') >= 3 && contrast(moved, '#ffffff') < 3.3);
});

test('colour and marker repeat together only after 56 families', () => {
  const palette = paletteFor('dark');
  const pairs = Array.from({ length: 56 }, (_, i) => `${colorOf(palette, i)} ${markerOf(i)}`);
  assert.equal(new Set(pairs).size, 56);
  assert.equal(new Set(MARKERS).size, 8);
});
