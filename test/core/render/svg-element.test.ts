import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  areaPath,
  base64,
  coordinate,
  element,
  equationElement,
  escapeXml,
  fitText,
  linePath,
  textElement,
  textWidth,
  titleLines,
} from '../../../src/core/render/svg-element.ts';

test('base64 agrees with Node for all lengths and for text beyond Latin', () => {
  for (let n = 0; n < 50; n++) {
    const text = 'x²→🙂é'.repeat(n).slice(0, n);
    const whole = text.isWellFormed() ? text : text.slice(0, -1);
    assert.equal(base64(whole), Buffer.from(whole, 'utf8').toString('base64'));
  }
});

test('text cannot become markup, nor break the XML', () => {
  assert.equal(escapeXml(`<a b="c" d='e'>&amp;`), '&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;');
  assert.equal(escapeXml('a\u0000b\u0008c\ud800d'), 'abc\ufffdd');
  assert.equal(textElement('1 < 2', { x: 1 }), '<text x="1">1 &lt; 2</text>');
  assert.equal(element('g', { id: '"><script>', a: null, b: undefined }), '<g id="&quot;&gt;&lt;script&gt;"/>');
});

test('coordinates are short', () => {
  assert.equal(coordinate(12.04), '12');
  assert.equal(coordinate(-0.04), '0');
  assert.equal(
    linePath([
      [0, 0],
      [1.25, 2],
    ]),
    'M0 0L1.3 2',
  );
  assert.equal(
    areaPath(
      [
        [0, 0],
        [1, 0],
      ],
      [
        [0, 2],
        [1, 2],
      ],
    ),
    'M0 0L1 0L1 2L0 2Z',
  );
  assert.equal(areaPath([], []), '');
});

test('exponents of an equation are raised and the line comes down again', () => {
  const markup = equationElement('y = 2·x^−0.34 + 1', { x: 0 });
  assert.equal(
    markup,
    '<text x="0">y = 2·x<tspan dy="-4" font-size="78%">−0.34</tspan><tspan dy="4"> + 1</tspan></text>',
  );
});

test('names are cut in the middle, to the width', () => {
  const name = 'EleutherAI/pythia-deduplicated-step143000';
  const cut = fitText(name, 11, 120);
  assert.ok(textWidth(cut, 11) <= 120 && cut.startsWith('Eleuther') && cut.endsWith('000') && cut.includes('…'));
  assert.equal(fitText('short', 11, 120), 'short');
  assert.equal(fitText('anything', 11, 1), '…');
});

test('a title takes two lines before it is cut', () => {
  assert.deepEqual(titleLines('accuracy', 12, 200), ['accuracy']);
  const lines = titleLines('mean normalised accuracy over subjects', 12, 150);
  assert.equal(lines.length, 2);
  assert.equal(lines.join(' '), 'mean normalised accuracy over subjects');
  assert.match(titleLines('x'.repeat(80), 12, 100)[0] ?? '', /…/);
});
