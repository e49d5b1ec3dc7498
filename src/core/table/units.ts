/**
 * Units as headers state them: `Model Size (B)`, `FLOPs (1E21)`, `total_Gflops`, `tokens_T`, `acc (%)`. A unit is what
 * one unit in the cell is worth, or a name.
 */
import type { Unit } from '../report-model.ts';

/** What a letter or word behind a count is worth. */
export const COUNT_WORDS: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  thousands: 1e3,
  m: 1e6,
  mn: 1e6,
  mln: 1e6,
  million: 1e6,
  millions: 1e6,
  b: 1e9,
  g: 1e9,
  bn: 1e9,
  billion: 1e9,
  billions: 1e9,
  t: 1e12,
  tn: 1e12,
  trillion: 1e12,
  trillions: 1e12,
};

/**
 * Count words of other languages, in small letters and without a full stop. No Spanish `billón`, no French `billion`: they are
 * 10¹² in one language and 10⁹ in the other.
 */
export const FOREIGN_COUNTS: Readonly<Record<string, number>> = {
  tsd: 1e3,
  tausend: 1e3,
  mil: 1e3,
  тыс: 1e3,
  тысяч: 1e3,
  mio: 1e6,
  mill: 1e6,
  millionen: 1e6,
  millón: 1e6,
  millones: 1e6,
  milhão: 1e6,
  milhões: 1e6,
  milione: 1e6,
  milioni: 1e6,
  miljoen: 1e6,
  млн: 1e6,
  миллион: 1e6,
  миллиона: 1e6,
  миллионов: 1e6,
  mrd: 1e9,
  mld: 1e9,
  md: 1e9,
  milliarde: 1e9,
  milliarden: 1e9,
  milliard: 1e9,
  milliards: 1e9,
  miliardo: 1e9,
  miliardi: 1e9,
  miljard: 1e9,
  bilhão: 1e9,
  bilhões: 1e9,
  'mil millones': 1e9,
  'mil milhões': 1e9,
  'miles de millones': 1e9,
  млрд: 1e9,
  миллиард: 1e9,
  миллиарда: 1e9,
  миллиардов: 1e9,
  трлн: 1e12,
  триллион: 1e12,
  триллиона: 1e12,
  триллионов: 1e12,
  万: 1e4,
  만: 1e4,
  百万: 1e6,
  百萬: 1e6,
  亿: 1e8,
  億: 1e8,
  억: 1e8,
  十亿: 1e9,
  十億: 1e9,
  십억: 1e9,
  万亿: 1e12,
  兆: 1e12,
};

/** What a prefix of FLOP is worth. */
export const FLOP_PREFIXES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  kilo: 1e3,
  m: 1e6,
  mega: 1e6,
  g: 1e9,
  giga: 1e9,
  t: 1e12,
  tera: 1e12,
  p: 1e15,
  peta: 1e15,
  e: 1e18,
  exa: 1e18,
  z: 1e21,
  zetta: 1e21,
  y: 1e24,
  yotta: 1e24,
};

/** FLOP in a petaFLOP/s-day. */
const PF_DAY = 8.64e19;

/** The factor that a bracket beside FLOP states with a bare prefix: `FLOPs (P)`, `compute (ZF)`; null if it states none. */
export function flopPrefix(text: string): number | null {
  const m = /^([kmgtpezy])f?$/.exec(text.trim().toLowerCase());
  return m === null ? null : (FLOP_PREFIXES[m[1] as string] as number);
}

/** The unit that a bracket or a pinned word states (`B`, `1E21`, `%`, `nats/token`, `GFLOP`), null if it is none. */
export function parseUnit(text: string): Unit | null {
  const t = text.trim().replace(/^(?:in|x|×)\s+/i, '');
  const lower = t.toLowerCase();
  if (lower === '%' || lower === 'percent' || lower === 'pct') return '%';
  if (lower === 'fraction') return 'fraction';
  const letter = COUNT_WORDS[lower.replace(/\s+(?:params?|parameters|tokens?)$/, '')];
  if (letter !== undefined && (lower.length > 1 || /^[KMBGTkmbgt]$/.test(t))) return letter;
  const foreign = FOREIGN_COUNTS[lower.replace(/\.$/, '')];
  if (foreign !== undefined) return foreign;
  const flop = /^([a-z]*?)\s?flops?$/.exec(lower);
  if (flop !== null) return FLOP_PREFIXES[flop[1] as string] ?? null;
  if (/^p(?:eta)?flops?(?:\/s)?[-_ ]days?$|^pf[-_ ]?days?$/.test(lower)) return PF_DAY;
  if (/^(?:1(?:\.0)?e\+?|10\^)\d{1,2}$/.test(lower)) return Number(lower.replace('10^', '1e').replace('+', ''));
  const loss = /^(nat|bit)s?\s*\/\s*(tok(?:en)?|byte|char(?:acter)?)s?$/.exec(lower);
  if (loss !== null) return `${loss[1]}s/${(loss[2] as string).replace(/^tok$/, 'token').replace('character', 'char')}`;
  if (/^(?:bits?|nats?) per (?:token|byte|char)/.test(lower))
    return lower.replace(/^(bit|nat)s? per (token|byte|char).*$/, '$1s/$2');
  return null;
}

/** What is counted, and per what: a path such as `scale/params` or `train/step` has no such word before its slash. */
const PER = new RegExp(
  '(?:^|[\\s_])(?:nats?|bits?|toks?|tokens?|samples?|seqs?|sequences?|examples?|images?|words?|chars?|bytes?|its?|iters?|' +
    'steps?|ms|s|secs?|seconds|time|flops?|[tgp]flops?|active(?: params)?|batch|reqs?|requests?|cost|usd|kwh|wh|j|[mg]i?b)' +
    '\\s?/\\s?(?:tok(?:en)?s?|bytes?|chars?|characters?|words?|s|secs?|seconds?|min|h|hr|hours?|day|step|iter|it|epoch|gpu|' +
    'update|params?|parameters?|image|sample)$',
  'i',
);

/** True if a text is a quantity per another one (`bits/byte`, `tokens/s`), not a path with a slash. */
export function isRatioUnit(text: string): boolean {
  return PER.test(text.trim());
}

/** A unit at the end of a normalised header: `params_b`, `flops_1e21`, `total_training_gflops`. */
export function unitSuffix(key: string): { readonly key: string; readonly unit: number } | null {
  let m = /^(.+?)_(?:in_)?(k|m|mn|b|bn|t|tn|thousands?|millions?|billions?|trillions?)$/.exec(key);
  if (m !== null) return { key: m[1] as string, unit: COUNT_WORDS[m[2] as string] as number };
  m = /^(.+?)_(1e\d{1,2})$/.exec(key);
  if (m !== null) return { key: m[1] as string, unit: Number(m[2]) };
  m = /^((?:.*_)?)(k|m|g|t|p|e|z|kilo|mega|giga|tera|peta|exa|zetta)_?flops?$/.exec(key);
  if (m !== null) return { key: `${m[1] as string}flops`, unit: FLOP_PREFIXES[m[2] as string] as number };
  m = /^((?:.*_)?)(k|m|b|bn|t)_?(params?|parameters|tokens?)$/.exec(key);
  if (m !== null) return { key: `${m[1] as string}${m[3] as string}`, unit: COUNT_WORDS[m[2] as string] as number };
  m = /^((?:.*_)?)(?:pf|petaflops?)(?:_s)?_days?$/.exec(key);
  if (m !== null) return { key: `${m[1] as string}flops`, unit: PF_DAY };
  return null;
}

/** A factor as people say it: 1e9 → "billions". */
export function factorWord(factor: number): string {
  const words: readonly (readonly [number, string])[] = [
    [1e3, 'thousands'],
    [1e6, 'millions'],
    [1e9, 'billions'],
    [1e12, 'trillions'],
  ];
  return words.find(([f]) => f === factor)?.[1] ?? `×${factor.toExponential(0).replace('+', '')}`;
}
