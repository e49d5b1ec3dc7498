/**
 * A cheap look at the first 64 KB: could this be an eval table or a run file? It decides only whether the language
 * server is started at all, so it is generous and fast (2 ms at most); the server's readers judge what the file is.
 */

/** Characters of a header that can be a name: patterns with a gap are slow on more. */
const NAME = 200;

/** Characters that are looked at. */
export const PROBE = 64 * 1024;

/** Language ids that tables and run files come with; Rainbow CSV has its own. */
export const LANGUAGES: readonly string[] = [
  'csv',
  'tsv',
  'csv (semicolon)',
  'csv (pipe)',
  'csv (whitespace)',
  'dynamic csv',
  'yaml',
];

/** Documents that are not files of the user: other versions in a diff, output, settings. */
export const OTHER_SCHEMES: ReadonlySet<string> = new Set([
  'git',
  'output',
  'vscode',
  'vscode-scm',
  'debug',
  'gitlens',
  'review',
]);

const SCALE =
  /^(?:model|models|name|run|checkpoint|step|steps|n|d|c|size|flops?|compute|budget|params?|tokens?)$|model|param|flop|train.*token|token.*train|total_tokens|num_tokens|n_tokens|compute|checkpoint|global_step|train_step/i;
const SCORE =
  /^(?:l|y|score|value|metric|task|tasks|dataset|acc|em|f1|ppl|bpb|brier|average|avg|mmlu.*|result)$|loss|accuracy|accura|perplex|exact_?match|pass@|_acc|acc_|score|eval|bench|entropy|bits_per|hellaswag|arc_|gsm8k|humaneval|winogrande|lambada|piqa|bleu|rouge/i;
const SIZED_NAME = /(?:^|[-_/ ])\d+(?:[._]\d+)?[mbMB](?:$|[-_/ .,;\t|"])/;

// Blanks only: \s would run over line ends, from each of many empty lines to the last.
const RUN_KEY = /^[ \t]*(?:- +)?["']?(?:model|models|runs?|model[-_]index|experiments?)["']?\s*:/m;
const RESULT_KEY =
  /^[ \t]*(?:- +)?["']?(?:results?|metrics?|scores?|evals?|evaluations?|loss|params|n_params|tokens|compute|flops|task|dataset)["']?\s*:/m;

/** Runs under their own names: `pythia-70m:` with a metric somewhere below it, as a key or inside braces. */
const SIZED_KEY = /^[ \t]*(?:- +)?["']?[\w./-]{0,60}\d[mb](?:[-_./][\w./-]{0,60})?["']?\s*:/im;
const METRIC_KEY =
  /(?:^|[{,])[ \t]*["']?(?:loss|acc(?:uracy)?(?:_norm)?|ppl|perplexity|bpb|exact_match|em|f1)["']?\s*:/im;

/** Whether the beginning of a document is worth the language server's attention. */
export function looksLikeResults(languageId: string, fileName: string, head: string): boolean {
  if (/(?:^|[\\/])scaling\.ya?ml$/.test(fileName)) return true;
  // The run file of a sampler asks for results and holds none.
  if (/\.passuntil\.ya?ml$/i.test(fileName)) return false;
  const text = head.length > PROBE ? head.slice(0, PROBE) : head;
  if (text.trim() === '' || text.includes('\0')) return false;
  if (languageId === 'yaml')
    return (RUN_KEY.test(text) && RESULT_KEY.test(text)) || (SIZED_KEY.test(text) && METRIC_KEY.test(text));
  return looksLikeTable(text);
}

function looksLikeTable(text: string): boolean {
  const lines = text
    .slice(0, 16 * 1024)
    .split(/\r\n|\n|\r/, 60)
    .filter((line) => line !== '' && !line.startsWith('#'));
  const header = lines[0];
  if (header === undefined || lines.length < 2) return false;
  const delimiter = [',', '\t', ';', '|'].reduce((best, one) =>
    count(header, one) > count(header, best) ? one : best,
  );
  const fields = header.split(delimiter).map((field) =>
    field
      .trim()
      .slice(0, NAME)
      .replace(/^["']+|["']+$/g, ''),
  );
  if (fields.length < 2) return false;
  const scale = fields.some((field) => SCALE.test(field));
  const score = fields.some((field) => SCORE.test(field));
  if (scale && score) return true;
  const rows = lines.slice(1);
  const sized = rows.filter((line) => SIZED_NAME.test(line.slice(0, 200))).length;
  const numeric = rows.filter((line) => /\d/.test(line)).length;
  if (scale && numeric >= 3) return true;
  // Transposed tables have the models in the header: `dataset,version,metric,opt125m,opt350m`.
  const sizedHeaders = fields.filter((field) => /\d(?:\.\d+)?[mb](?:$|\W)/i.test(field)).length;
  return (sized >= 3 && numeric >= 3) || (sizedHeaders >= 3 && score);
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found++;
  return found;
}
