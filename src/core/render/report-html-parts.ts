/** Small parts that the sections of the HTML report share: anchors, tables, findings, and the colour of a shape. */
import type { Finding, SeriesReport, Verdict } from '../report-model.ts';
import { placeText } from './place.ts';
import { escapeXml } from './svg-element.ts';

/** The id of a series' section: letters, digits, - and _ stay, everything else becomes its code point. */
export function seriesAnchor(id: string): string {
  return `s-${[...id].map((c) => (/[A-Za-z0-9_-]/.test(c) ? c : `.${(c.codePointAt(0) ?? 0).toString(16)}.`)).join('')}`;
}

/**
 * @param header plain text
 * @param body cells that are HTML already
 * @param numeric columns whose numbers stand under each other
 * @param chosen row to mark, −1 for none
 */
export function htmlTable(
  header: readonly string[],
  body: readonly (readonly string[])[],
  { numeric = [], chosen = -1 }: { readonly numeric?: readonly number[]; readonly chosen?: number } = {},
): string {
  const right = new Set(numeric);
  const attributes = (i: number) => (right.has(i) ? ' class="n"' : '');
  const head = header.map((h, i) => `<th scope="col"${attributes(i)}>${escapeXml(h)}</th>`).join('');
  const rows = body.map(
    (row, at) =>
      `<tr${at === chosen ? ' class="chosen"' : ''}>${row.map((c, i) => `<td${attributes(i)}>${c}</td>`).join('')}</tr>`,
  );
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** Text whose long names break behind an underscore, not within a word. */
export function breakable(text: string): string {
  return escapeXml(text).replaceAll('_', '_<wbr>');
}

/** What a reader may unfold. The summary is plain text, the body HTML. */
export function folded(summary: string, body: string): string {
  return `<details class="more"><summary>${escapeXml(summary)}</summary>${body}</details>`;
}

/** Text that may hold an equation: escaped, with `x^−0.16` as a superscript. */
export function htmlEquation(text: string): string {
  return escapeXml(text).replace(/\^(−?\d[\d.,]*(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)/g, (_, power: string) => {
    const end = /[.,]$/.exec(power)?.[0] ?? '';
    return end === '' ? `<sup>${power}</sup>` : `<sup>${power.slice(0, -1)}</sup>${end}`;
  });
}

const SEVERITY_TONE = { error: 'bad', warning: 'warn', information: 'info', hint: 'soft' } as const;

/** @param anchor the section of the finding's series, or null to leave the link out */
export function findingItem(f: Finding, help: string, anchor: string | null): string {
  const tone = SEVERITY_TONE[f.severity];
  const place = placeText(escapeXml(f.file), f.range);
  const series = anchor === null ? '' : ` · <a href="#${anchor}">chart</a>`;
  return `<li><span><span class="badge ${tone}">${f.severity}</span></span><span class="what">${escapeXml(f.message)}<br><span class="soft"><a href="${escapeXml(help)}${escapeXml(f.code)}.md"><code>${escapeXml(f.code)}</code></a> · ${place}${series}</span></span></li>`;
}

const VERDICT_TONE: Readonly<Record<Verdict, string>> = {
  tested: 'good',
  'beyond-tested-range': 'warn',
  'no-better-than-baseline': 'warn',
  'not-identifiable': 'bad',
};

/** A verdict as a badge in its colour; the words carry the meaning. */
export function verdictBadge(verdict: Verdict): string {
  return `<span class="badge ${VERDICT_TONE[verdict]}">${verdict.replaceAll('-', ' ')}</span>`;
}

/** CSS class of a shape: what a reader should notice. */
export function shapeTone(series: Pick<SeriesReport, 'shape'>): string {
  const { shape } = series;
  if (shape === null) return '';
  if (shape.emergent || shape.label === 'u-shaped') return 'info';
  if (shape.label === 'inverse' || shape.label === 'inverted-u') return 'warn';
  return shape.label === 'positive' ? 'good' : '';
}
