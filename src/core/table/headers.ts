/**
 * Headers brought into one spelling for matching; the raw header stays what is shown. `Average ⬆️` → `average`,
 * `Model Size (B)` → `model_size` with unit 1e9, `throughput/total_tokens` → leaf `total_tokens`.
 */
import type { Unit } from '../report-model.ts';
import { inEnglish } from './foreign-words.ts';
import { flopPrefix, isRatioUnit, parseUnit } from './units.ts';

export interface Header {
  readonly raw: string;
  /** Normalised, path included (`throughput_total_tokens`), unit bracket removed. */
  readonly key: string;
  /** Normalised last path segment. */
  readonly leaf: string;
  /** Raw path segments before the leaf. */
  readonly prefixes: readonly string[];
  /** Unit in brackets at the end. */
  readonly unit: Unit | null;
  /** N, D, C, L and X as single capitals are roles; single small letters are not. */
  readonly capital: string | null;
}

/** One spelling: camelCase and punctuation to `_`, lower case, `#` as `n`. */
export function snake(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Extended_Pictographic}\u{FE0F}\u{200D}]/gu, '')
    .replace(/#/g, ' n ')
    .replace(/%/g, ' pct ')
    .replace(/([a-z])([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z]{2,})([A-Z]{2,})/g, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}@+]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}

/** `N`, and `D (tokens)` where the bracket says the same. */
const CAPITAL =
  /^(?:([NDCLX])|(N)\s*[([]\s*(?:[Pp]aram|# ?[Pp]aram).*|(D)\s*[([]\s*(?:[Tt]rain\w* )?[Tt]oken.*|(C)\s*[([]\s*(?:FLOP|[Ff]lop|[Cc]ompute).*|(L)\s*[([]\s*(?:[Ll]oss|nats).*)$/;

/** A path with dots, as data frames flatten nested records: `hyperparameters.tokens`. No version (`v1.5`), no sentence. */
const DOTTED = /^[A-Za-z_]\w*(?:\.[A-Za-z_][\w-]*)+$/;

/** `$N_{\\text{opt}}$` → `N_opt`: a formula without its marks. */
export function plainFormula(text: string): string {
  return text
    .replace(/\\(?:text|mathrm|mathit|textbf|operatorname)\b/g, '')
    .replace(/[${}\\]/g, '')
    .trim();
}

/** `Params $N$` → `Params`; a formula alone is what it says: `$N$` → `N`. */
function withoutFormula(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.includes('$')) return trimmed;
  const bare = trimmed.replace(/\$[^$]*\$/g, ' ').trim();
  return bare === '' ? plainFormula(trimmed) : bare;
}

/** The segments of a path; a slash in brackets (`loss (nats/tok)`) divides nothing. */
function pathOf(text: string): string[] {
  const pieces = DOTTED.test(text) ? text.split('.') : text.split(/\/(?![^([]*[)\]])/);
  return pieces.filter((piece) => piece !== '');
}

/** Takes a header apart. Never fails; an empty header has an empty key. */
export function readHeader(raw: string): Header {
  let text = inEnglish(withoutFormula(raw.normalize('NFKC').replace(/^\ufeff/, '')));
  let unit: Unit | null = null;
  const bracket = /\s*[([]([^()[\]]+)[)\]]\s*$/.exec(text);
  if (bracket !== null && bracket.index > 0) {
    unit =
      parseUnit(bracket[1] as string) ??
      (/flop|compute/i.test(text.slice(0, bracket.index)) ? flopPrefix(bracket[1] as string) : null);
    if (unit !== null) text = text.slice(0, bracket.index);
  }
  if (unit === null && /[a-z\d]\s*%$/i.test(text) && !/_err%$/.test(text)) unit = '%';
  // `bits/byte` and `Tokens/sec` are no paths.
  const segments = isRatioUnit(text) || /^[NDCL]\s*\/\s*[NDCL]$/.test(text) ? [text] : pathOf(text);
  const leaf = segments.at(-1) ?? text;
  const capital =
    CAPITAL.exec(text)
      ?.slice(1)
      .find((letter) => letter !== undefined) ?? null;
  return { raw, key: snake(text), leaf: snake(leaf), prefixes: segments.slice(0, -1), unit, capital };
}
