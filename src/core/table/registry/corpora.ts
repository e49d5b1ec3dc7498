/**
 * Text corpora on which language models are scored by loss or perplexity. A column named after one of them holds that,
 * never a share of right answers: which of the two its values say.
 */

/** Spellings without any `_`; sources: Paloma, The Pile, RedPajama and SlimPajama, lm-evaluation-harness, Gadre et al. */
const NAMES: ReadonlySet<string> = new Set([
  ...['c4', 'c4en', 'mc4', 'pile', 'thepile', 'openwebtext', 'openwebtext2', 'owt', 'webtext', 'wikitext', 'wikitext2'],
  ...['wikitext103', 'wiki', 'wikipedia', 'wikien', 'enwik8', 'text8', 'ptb', 'penntreebank', 'lm1b', 'onebillionword'],
  ...[
    'bookcorpus',
    'books',
    'books3',
    'pg19',
    'gutenberg',
    'arxiv',
    'github',
    'stackexchange',
    'pubmed',
    'commoncrawl',
  ],
  ...['redpajama', 'slimpajama', 'refinedweb', 'fineweb', 'finewebedu', 'dclm', 'dolma', 'paloma', 'thestack', 'oscar'],
  ...['cosmopedia', 'culturax', 'tinystories', 'minipile', 'reddit', 'hackernews', 'freelaw', 'uspto', 'europarl'],
  ...['indiccorp', 's2orc', 'pes2o', 'm2d2', 'twitteraae'],
]);

/** True if a normalised header names a corpus, a suffix such as `_val` or `_test` aside. */
export function isCorpus(key: string): boolean {
  return NAMES.has(key.replace(/_(?:val|valid|validation|test|dev|eval)$/, '').replaceAll('_', ''));
}
