/**
 * What a text is, judged by its content. The file name never decides: results land in `.txt`, `.log` and files without
 * any extension, and a `.json` may hold a traceback.
 */
import { detectDialect } from '../table/csv-dialect.ts';
import { isProse, isTabular } from './tabular.ts';
import { isTrainingLog } from './training-log.ts';

export type TextKind =
  | 'json'
  | 'json-lines'
  | 'yaml'
  | 'model-card'
  | 'printed-table'
  | 'training-log'
  | 'delimited'
  | { readonly refused: string };

/** How far sniffing looks, UTF-16 units; one more says that there is more. Front matter may be longer. */
export const SNIFFED = 64 * 1024;
/** Lines in which a log of a training run must show itself. */
const LOGGED = 600;
/** And how far into a line: patterns must not meet a line of a megabyte. */
const LINE = 400;

/** What a text is that has sentences or messages and no rows. */
const NO_TABLE = 'prose, a log or a program: no table, no JSON, no YAML';

/** The clause for a text that passed for YAML and turns out to be prose; null where it is none. */
export function proseInstead(text: string): string | null {
  return isProse(text.slice(0, SNIFFED).split(/\r\n|\n|\r/, 80)) ? NO_TABLE : null;
}

/** Judges a text. A refusal is a clause that completes “this is …”. */
export function sniffText(text: string): TextKind {
  const head = text.slice(0, SNIFFED).replace(/^\u{FEFF}/u, '');
  const trimmed = head.trimStart();
  if (trimmed === '') return { refused: 'an empty file' };
  const refused = refuse(trimmed);
  if (refused !== null) return { refused };
  // Before JSON: `[rank0]:` and `[2026-01-02 …]` begin lines of logs.
  if (/loss/i.test(head) && isTrainingLog(head.split('\n', LOGGED).filter((line) => line.trim() !== '')))
    return 'training-log';
  const first = trimmed[0] as string;
  if (first === '{' || first === '[') {
    return isJsonLines(trimmed) ? 'json-lines' : 'json';
  }
  if (/^---\r?\n/.test(trimmed) && isModelCard(head, text)) return 'model-card';
  if (isPrintedTable(head)) return 'printed-table';
  const lines = head
    .split(/\r\n|\n|\r/, 80)
    .map((line) => line.slice(0, LINE))
    .filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  // The last line of the probe may be cut in the middle.
  if (head.length < text.length && lines.length > 1) lines.pop();
  const yamlLike = lines.filter((line) => YAML_LINE.test(line)).length / Math.max(1, lines.length);
  const firstLine = lines[0] ?? '';
  const startsAsYaml = /^(?:---|%YAML|\s*- |\s*["']?[\w./ -]+["']?:(?:\s|$))/.test(firstLine);
  const dialect = detectDialect(text);
  const tabular = dialect.fields >= 2 && isTabular(lines, dialect.delimiter, dialect.agreement);
  const delimited = tabular && dialect.agreement >= 0.5;
  if (startsAsYaml && (yamlLike >= 0.6 || !delimited) && yamlLike >= 0.3) return 'yaml';
  if (delimited) return 'delimited';
  if (tabular && yamlLike < 0.3 && /[,;\t|]/.test(firstLine)) return 'delimited';
  if (yamlLike >= 0.6) return 'yaml';
  return oneColumn(lines) ? 'delimited' : { refused: NO_TABLE };
}

const YAML_LINE = /^\s*(?:- .*|-|["']?[^\s"'#,][^"'\t]*["']?\s*:(?:\s.*)?|[\]}],?|---|\.\.\.)$/;

function refuse(head: string): string | null {
  if (/^<(?:!doctype|html|\?xml|svg|head|body)/i.test(head)) return 'an HTML or XML page';
  if (/^\[[A-Za-z_][\w. "-]*\]\s*(?:\r?\n|$)/.test(head)) return 'a TOML or INI file';
  if (/^version https:\/\/git-lfs/.test(head))
    return 'a Git LFS pointer: the data themselves are not here (git lfs pull)';
  if (/^(?:#!|\/\/|\/\*|import |from \w+ import |def |class |#include|function |const |package )/.test(head))
    return 'program code';
  if (/^Traceback \(most recent call last\)/.test(head)) return 'a Python traceback: the evaluation failed';
  return null;
}

/** A complete value on the first line and another one after it. */
function isJsonLines(head: string): boolean {
  const end = matchingEnd(head);
  if (end < 0) return false;
  return /^[\s,]*[{[]/.test(head.slice(end, end + 1000)) && head[0] === '{';
}

/** Offset after the bracket that closes the first one; -1 if it is not in the text. */
function matchingEnd(text: string): number {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 92) i++;
      else if (c === 34 || c === 10) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 123 || c === 91) depth++;
    else if (c === 125 || c === 93) {
      if (--depth === 0) return i + 1;
    }
  }
  return -1;
}

/** Front matter between two `---` lines, with results or prose after it. */
function isModelCard(head: string, text: string): boolean {
  const start = head.indexOf('---');
  const end = text.indexOf('\n---', start + 3);
  if (end < 0) return false;
  if (/^model-index:/m.test(text.slice(start, end))) return true;
  const body = text.slice(end + 4, end + 4000).trimStart();
  return body === '' ? false : /^(?:#|\||<|!?\[|[A-Z*])/.test(body) && !/^[\w-]+:\s/.test(body);
}

const MARKDOWN_RULE = /^[ \t#>]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{1,}:?[ \t]*)+\|?[ \t]*$/;
const ALIGNED_RULE = /^[ \t#]*-{3,}(?:[ \t]{2,}-{3,})+[ \t]*$/;

/** A table drawn with bars and dashes, or with dashes under aligned columns. */
function isPrintedTable(head: string): boolean {
  const lines = head.split(/\r\n|\n|\r/, 400);
  return lines.some((whole, index) => {
    // Only lines of dashes and bars are candidates, and without their margins the patterns are linear.
    if (!/^[-|:#>\s]*$/.test(whole) || !whole.includes('-')) return false;
    const line = whole.trim();
    const above = (lines[index - 1] ?? '').slice(0, LINE);
    if (MARKDOWN_RULE.test(line)) return above.includes('|');
    return ALIGNED_RULE.test(line) && above.trim() !== '' && /\S {2,}\S/.test(above);
  });
}

function oneColumn(lines: readonly string[]): boolean {
  return lines.length > 1 && lines.every((line) => /^\S+$/.test(line.trim()));
}
