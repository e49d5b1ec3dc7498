/**
 * Numbers as people write them in prose and printed tables, brought into the plain form that the number grammar reads:
 * `~10B`, `≈ 3.38 B`, `3.1×10²³`, `2.9 e18`, `22 057`, `4 Trillion`, `640M tokens`, `6.66 (first try)`, `45.1 ± 0.3`,
 * `3.07†`. An approximation, a remark in brackets or a footnote leaves the number what it is; a bound (`<0.1`) or a range
 * is none.
 */
import { COUNT_WORDS, FLOP_PREFIXES, FOREIGN_COUNTS } from './units.ts';

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Longer cells are sentences. */
const LONGEST = 80;

/** The letter that the number grammar reads for a factor. */
const LETTER_OF = new Map([
  [1e3, 'K'],
  [1e6, 'M'],
  [1e9, 'B'],
  [1e12, 'T'],
]);

/** A number and a count word of another language. */
const COUNTED = new RegExp(
  `^([-+]?\\d[\\d.]*)\\s*(${Object.keys(FOREIGN_COUNTS)
    .sort((a, b) => b.length - a.length)
    .join('|')}|millions)\\.?$`,
  'i',
);

/** The power of ten that a count word of another language stands for. */
function powerOf(word: string): number {
  return Math.round(Math.log10(FOREIGN_COUNTS[word] ?? 1e6));
}

/** True if the first character can begin a number: names and words are turned away at the cost of one look. */
function mayBegin(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || // 0–9
    code === 46 || // .
    code === 45 || // -
    code === 43 || // +
    code === 126 || // ~
    code === 177 || // ± of an error column
    code === 36 || // $ of a formula
    code === 0x2212 ||
    code === 0x2248 || // ≈
    code === 0x2243 || // ≃
    code === 0x223c || // ∼
    code >= 0x2600 // a coloured dot or a mark before the number
  );
}

function plainExponent(text: string): string {
  return [...text]
    .map((c) => {
      const at = SUPERSCRIPTS.indexOf(c);
      if (at >= 0) return String(at);
      return c === '⁻' || c === '−' ? '-' : c === '⁺' ? '+' : c;
    })
    .join('');
}

/**
 * The plain form of a written number, null if the text is plain already or no number that is known here.
 * @param text trimmed
 */
export function plainForm(text: string): string | null {
  if (text.length > LONGEST || !mayBegin(text.charCodeAt(0))) return null;
  let t = text
    .replace(/^\$(.*)\$$/, '$1')
    .replace(/\\(?:times|cdot)\s*/g, '×')
    .replace(/^(?:\p{Extended_Pictographic}\u{FE0F}?\s*)+/u, '')
    .replace(/^(?:[~≈≃∼±]|\+\/-|\\(?:sim|approx|pm))\s*/, '')
    .replace(/^−/, '-');
  for (let round = 0; round < 3; round++) {
    t = t.replace(/\s*(?:\([^()]*\)|\[[^[\]]*\]|<sup>[^<]*<\/sup>)$/, '').replace(/(?<=[\d%a-z])\s*[*†‡§¶]+$/i, '');
  }
  t = t.replace(
    /^([-+]?[\d.,]+)(\s*%)?\s*(?:±|\+\/-|\\pm)\s*[\d.]+(\s*%)?$/,
    (_, digits: string, before?: string, after?: string) => `${digits}${before ?? after ?? ''}`,
  );
  t = t.replace(
    /^(?:([-+]?\d[\d.]*)\s*[×x·*]\s*)?10\s*(?:\^|\*\*)?\s*(?:\{([-+]?\d+)\}|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?<=\^|\*\*)([-+−]?\d+))$/u,
    (_, mantissa: string | undefined, braced?: string, raised?: string, plain?: string) =>
      `${mantissa ?? '1'}e${plainExponent(braced ?? raised ?? plain ?? '')}`,
  );
  t = t.replace(/^([-+]?\d[\d.]*)\s+[eE]([+-]?\d+)$/, '$1e$2');
  t = t.replace(/\s*(?<=[\s\dKMBT])(?:tokens?|toks|params?|parameters?|steps?)$/i, '');
  t = t.replace(
    /^([-+]?\d[\d.,]*)\s*(thousand|million|mln|mn|billion|bn|trillion|tn)$/i,
    (_, digits: string, word: string) =>
      `${digits}${LETTER_OF.get(COUNT_WORDS[word.toLowerCase()] as number) as string}`,
  );
  t = t.replace(COUNTED, (_, digits: string, word: string) => `${digits}e${powerOf(word.toLowerCase())}`);
  t = t.replace(
    /^([-+]?\d[\d.]*)(e[+-]?\d+)?\s*([kmgtpezy]?)flops?$/i,
    (all, digits: string, exponent: string | undefined, prefix: string) => {
      const power = Math.round(Math.log10(FLOP_PREFIXES[prefix.toLowerCase()] as number));
      if (exponent === undefined) return power === 0 ? digits : `${digits}e${power}`;
      return power === 0 ? `${digits}${exponent}` : all;
    },
  );
  if (/^[-+]?\d{1,3}(?:[ \u00a0\u2009\u202f']\d{3})+(?:\.\d+)?$/.test(t)) t = t.replace(/[ \u00a0\u2009\u202f']/g, '');
  return t === text || t === '' ? null : t;
}

/** Cells that only a decimal comma or a grouping point explains: `0,25`, `17,4`, `134.515.008`. */
const COMMA = /^[-+−]?(?:0,\d+|\d+,\d{1,2}|\d+,\d{4,}|\d{1,3}(?:\.\d{3}){2,})\s*(?:%|[KMBT]|[KMGT]i?B)?$/i;
/** Cells that only a decimal point explains. */
const POINT = /^[-+−]?(?:0?\.\d+|\d+\.\d{1,2}|\d+\.\d{4,}|\d{1,3}(?:,\d{3}){2,})\s*(?:%|[KMBT]|[KMGT]i?B)?$/i;

/** True if the numbers of a table are written with a decimal comma: some cells can be nothing else, none says otherwise. */
export function writesDecimalComma(cells: Iterable<string>): boolean {
  let comma = false;
  for (const cell of cells) {
    if (POINT.test(cell)) return false;
    comma ||= COMMA.test(cell);
  }
  return comma;
}
