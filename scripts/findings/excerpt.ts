// The picture of a finding at a place in a file: the lines around it as an editor shows them, underlined where the finding
// stands, with its message below.
import { element, escapeXml, linePath, textElement } from '../../src/core/render/svg-element.ts';
import type { Finding, Severity } from '../../src/core/report-model.ts';

const WIDTH = 720;
const LEFT = 58;
const CHARACTER = 7.4;
const LINE = 20;
const TOP = 44;
/** Characters of a line that fit, and of a line of the message. */
const COLUMNS = Math.floor((WIDTH - LEFT - 12) / CHARACTER);
const WRAP = 92;
/** Lines shown around the place, the first line of the file besides. */
const BEFORE = 3;
const AFTER = 3;
const CODE_FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif";

const COLORS: Readonly<Record<Severity, string>> = {
  error: '#b3261e',
  warning: '#8a5700',
  information: '#005a9c',
  hint: '#595959',
};

/** The lines of a file that the picture shows, by number; a gap is where the numbers jump. */
export function shownLines(text: string, at: number): readonly number[] {
  const count = text.replace(/\n$/, '').split('\n').length;
  const shown = [0];
  for (let line = Math.max(1, at - BEFORE); line <= Math.min(count - 1, at + AFTER); line++) shown.push(line);
  return shown;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WRAP) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A wavy line under characters `from` to `to`. */
function squiggle(from: number, to: number, y: number): string {
  const [start, end] = [LEFT + from * CHARACTER, LEFT + Math.max(to, from + 1) * CHARACTER];
  const points: [number, number][] = [];
  for (let x = start, k = 0; x <= end + 0.01; x += 3, k++) points.push([x, y + (k % 2 === 0 ? 1.5 : -1.5)]);
  return linePath(points);
}

/**
 * Of a picture of this kind what must not change unseen: the name, the lines and where the underline stands; its message
 * may be worded anew. Null for any other picture.
 */
export function excerptGist(svg: string): string | null {
  if (!svg.includes('xml:space="preserve"')) return null;
  const words = [...svg.matchAll(/<text[^>]*(?:xml:space="preserve"|font-weight="600")[^>]*>([^<]*)<\/text>/g)];
  const waves = [...svg.matchAll(/<path d="M([\d.]+ [\d.]+)[^"]*" stroke="#/g)].map(([, from]) => from);
  return [...words.map(([, text]) => text), ...waves].join('\n');
}

/** Draws a file with a finding in it. */
export function excerptPicture(name: string, text: string, finding: Finding): string {
  const { start, end } = finding.range;
  const lines = text.split('\n');
  const shown = shownLines(text, start.line);
  const color = COLORS[finding.severity];
  const parts: string[] = [];
  let y = TOP;
  let before = -1;
  for (const line of shown) {
    if (line > before + 1) {
      parts.push(textElement('⋮', { x: LEFT - 24, y: y + 2, fill: '#8a8a8a', 'font-size': '12' }));
      y += LINE - 6;
    }
    before = line;
    const whole = lines[line] ?? '';
    const cut = whole.length > COLUMNS ? `${whole.slice(0, COLUMNS - 1)}…` : whole;
    const number = { x: LEFT - 14, y, fill: '#8a8a8a', 'text-anchor': 'end', 'font-size': '11' };
    if (line >= start.line && line <= end.line)
      parts.push(element('rect', { x: LEFT - 6, y: y - 14, width: WIDTH - LEFT, height: LINE, fill: '#f4f4f4' }));
    parts.push(textElement(String(line + 1), number));
    if (cut.trim() !== '') {
      // The width is fixed, so that the underline meets its characters in any font.
      const size = { textLength: cut.length * CHARACTER, lengthAdjust: 'spacingAndGlyphs', 'xml:space': 'preserve' };
      parts.push(textElement(cut, { x: LEFT, y, fill: '#1f1f1f', 'font-size': '12', ...size }));
    }
    if (line >= start.line && line <= end.line) {
      const from = line === start.line ? start.character : 0;
      const to = line === end.line ? end.character : whole.length;
      const [a, b] = [Math.min(from, COLUMNS - 1), Math.min(to, COLUMNS)];
      parts.push(element('path', { d: squiggle(a, b, y + 5), stroke: color, fill: 'none', 'stroke-width': 1.2 }));
    }
    y += LINE;
  }
  const message = wrapped(finding.message);
  const boxTop = y + 2;
  const box = message.length * 17 + 34;
  const height = boxTop + box + 14;
  const say = [
    element('rect', { x: 16, y: boxTop, width: WIDTH - 32, height: box, fill: '#fafafa', stroke: '#d0d0d0' }),
    element('rect', { x: 16, y: boxTop, width: 4, height: box, fill: color }),
    textElement(finding.code, { x: 32, y: boxTop + 20, fill: color, 'font-weight': '600', 'font-size': '13' }),
    textElement(finding.severity, {
      x: WIDTH - 28,
      y: boxTop + 20,
      fill: '#595959',
      'text-anchor': 'end',
      'font-size': '11.5',
    }),
    ...message.map((line, i) =>
      textElement(line, { x: 32, y: boxTop + 40 + 17 * i, fill: '#1f1f1f', 'font-size': '13' }),
    ),
  ];
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: WIDTH,
      height,
      viewBox: `0 0 ${WIDTH} ${Math.ceil(height)}`,
      role: 'img',
    },
    element('title', {}, escapeXml(`${name}: ${finding.message}`)),
    element('rect', { width: WIDTH, height, fill: '#ffffff' }),
    textElement(name, { x: 16, y: 20, fill: '#595959', 'font-family': FONT, 'font-weight': '600', 'font-size': '13' }),
    element('path', { d: `M0 28H${WIDTH}`, stroke: '#d0d0d0' }),
    element('g', { 'font-family': CODE_FONT }, ...parts),
    element('g', { 'font-family': FONT }, ...say),
  );
}
