/**
 * The few SVG parts that the renderers need, as text: elements with escaped attributes, paths, markers, base64 for data
 * URIs. All text and attribute values are escaped here, so nothing in a file's cells can become markup.
 */
import type { Marker } from './palette.ts';

export type Attributes = Readonly<Record<string, string | number | null | undefined>>;

/** XML text and attribute values; control characters that XML 1.0 forbids are dropped. */
export function escapeXml(text: string): string {
  return (
    text
      // Exactly these are not allowed in XML
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/'/g, '&#39;')
  );
}

/** A coordinate with one decimal, as short as it gets: 12, 0.5, -3.2. */
export function coordinate(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return Object.is(rounded, -0) ? '0' : String(rounded);
}

/** An element; attributes that are null or undefined are left out, numbers become coordinates, children are markup. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  let text = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    text += ` ${key}="${typeof value === 'number' ? coordinate(value) : escapeXml(value)}"`;
  }
  return children.length === 0 ? `${text}/>` : `${text}>${children.join('')}</${name}>`;
}

/** An element around plain text. */
export function textElement(text: string, attributes: Attributes): string {
  return element('text', attributes, escapeXml(text));
}

/** Plain text whose `^−0.34` and `^2` stand raised, as in `y = 1.69 + 406·x^−0.34`. */
export function equationElement(text: string, attributes: Attributes): string {
  const parts = text.split(/\^(−?[\d.,]*\d)/);
  const spans = parts.map((part, i) => {
    if (i % 2 === 1) return element('tspan', { dy: -4, 'font-size': '78%' }, escapeXml(part));
    return i === 0 ? escapeXml(part) : element('tspan', { dy: 4 }, escapeXml(part === '' ? '\u200b' : part));
  });
  return element('text', attributes, ...spans);
}

/** A path through pixels: M x y L x y …; empty for no points. */
export function linePath(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${coordinate(x)} ${coordinate(y)}`).join('');
}

/** The closed outline between an upper and a lower edge, both given from left to right. */
export function areaPath(
  upper: readonly (readonly [number, number])[],
  lower: readonly (readonly [number, number])[],
): string {
  return upper.length === 0 ? '' : `${linePath([...upper, ...[...lower].reverse()])}Z`;
}

/** Outline of a marker around a place; `cross`, `plus` and `star` are strokes, the others closed shapes of like area. */
export function markerPath(marker: Marker, x: number, y: number, radius: number): string {
  const c = coordinate;
  const r = radius;
  switch (marker) {
    case 'circle':
      return `M${c(x - r)} ${c(y)}a${c(r)} ${c(r)} 0 1 0 ${c(2 * r)} 0a${c(r)} ${c(r)} 0 1 0 ${c(-2 * r)} 0Z`;
    case 'square': {
      const h = 0.89 * r;
      return `M${c(x - h)} ${c(y - h)}h${c(2 * h)}v${c(2 * h)}h${c(-2 * h)}Z`;
    }
    case 'diamond':
      return `M${c(x)} ${c(y - 1.25 * r)}L${c(x + 1.25 * r)} ${c(y)}L${c(x)} ${c(y + 1.25 * r)}L${c(x - 1.25 * r)} ${c(y)}Z`;
    case 'triangle':
      return `M${c(x)} ${c(y - 1.3 * r)}L${c(x + 1.15 * r)} ${c(y + 0.75 * r)}H${c(x - 1.15 * r)}Z`;
    case 'triangle-down':
      return `M${c(x)} ${c(y + 1.3 * r)}L${c(x + 1.15 * r)} ${c(y - 0.75 * r)}H${c(x - 1.15 * r)}Z`;
    case 'cross':
      return `M${c(x - r)} ${c(y - r)}L${c(x + r)} ${c(y + r)}M${c(x - r)} ${c(y + r)}L${c(x + r)} ${c(y - r)}`;
    case 'plus':
      return `M${c(x - 1.2 * r)} ${c(y)}H${c(x + 1.2 * r)}M${c(x)} ${c(y - 1.2 * r)}V${c(y + 1.2 * r)}`;
    case 'star':
      return `${markerPath('plus', x, y, r)}${markerPath('cross', x, y, 0.8 * r)}`;
  }
}

/** True for markers that are drawn as strokes and cannot be filled. */
export function strokeOnly(marker: Marker): boolean {
  return marker === 'cross' || marker === 'plus' || marker === 'star';
}

/** About how wide a text is in a sans-serif face: enough to leave room, not to align. */
export function textWidth(text: string, size: number): number {
  let units = 0;
  for (const character of text) {
    if (/[\u0300-\u036f]/.test(character)) continue;
    if (/[iljtfI1.,:;|'!()[\]·\s⁰¹²³⁴-⁹⁻]/.test(character)) units += 0.36;
    else if (/[mwMW@%×±]/.test(character)) units += 0.86;
    else if (/[A-Z]/.test(character)) units += 0.67;
    else units += character.charCodeAt(0) > 0x2e80 ? 1 : 0.56;
  }
  return units * size;
}

/** The text, cut in the middle with an ellipsis so that it fits the width. Both ends of a model's name tell it apart. */
export function fitText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  const letters = [...text];
  let keep = Math.max(1, Math.floor((letters.length * width) / textWidth(text, size)));
  while (keep > 1) {
    const head = Math.ceil(keep * 0.6);
    const cut = `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (keep - head)).join('')}`;
    if (textWidth(cut, size) <= width) return cut;
    keep--;
  }
  return '…';
}

/** An axis title on one line, or on two where it does not fit, cut at a space or an underscore; each line fits. */
export function titleLines(text: string, size: number, width: number): string[] {
  if (textWidth(text, size) <= width) return [text];
  const places = [...text.matchAll(/[\s_/-]+/g)].map((found) => found.index + found[0].length);
  const middle = text.length / 2;
  const best = places.reduce((a, b) => (Math.abs(b - middle) < Math.abs(a - middle) ? b : a), 0);
  if (best <= 0 || best >= text.length) return [fitText(text, size, width)];
  return [text.slice(0, best).trimEnd(), text.slice(best)].map((line) => fitText(line, size, width));
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of a text's UTF-8 bytes (RFC 4648). The core has no btoa. */
export function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i] as number, bytes[i + 1], bytes[i + 2]];
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += BASE64.charAt(group >> 18) + BASE64.charAt((group >> 12) & 63);
    out += b === undefined ? '=' : BASE64.charAt((group >> 6) & 63);
    out += c === undefined ? '=' : BASE64.charAt(group & 63);
  }
  return out;
}

/** The SVG as a data URI that Markdown hovers accept. */
export function svgDataUri(svg: string): string {
  return `data:image/svg+xml;base64,${base64(svg)}`;
}
