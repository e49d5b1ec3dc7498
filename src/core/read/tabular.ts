/**
 * Table, prose or program: commas and semicolons stand in all three. A table has a header of short names, or numbers in its
 * cells; prose has sentences, and programs have lines that end in braces and semicolons.
 */

/** Lines that are looked at. */
const LINES = 60;
/** Share of filled cells that are numbers, from which on lines are rows of a table whatever stands above them. */
const NUMERIC = 0.2;
/** The same under a header of names. */
const SOME_NUMBERS = 0.02;

const NUMBER = /^[-+~<>±]?\s*[$€]?(?:\d[\d_.,]*|\.\d+)(?:e[-+]?\d+)?\s*(?:%|[kmbt])?$/i;
/** A header as programs write it. */
const KEY = /^[A-Za-z][\w.:/-]*$/;
/** A name of a column: no sentence, no call, no assignment. */
const CODE_SIGN = /[{};]|=>|\)\s*$|^(?:return|import|from|const|let|var|if|for|while|export|public|private|#include)\b/;
const CODE_LINE =
  /(?:[{};]|\)\s*[:,;]?|=>|\*\/)\s*$|^\s*(?:\/\/|\/\*|\*|#include|@\w+|\}|\]|return\b|import\b|export\b|const\b|let\b|var\b|def\b|class\b|if\b|for\b)/;

/** Cells of a line; quotes hold a delimiter together. */
function cellsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const sign of line) {
    if (sign === '"') quoted = !quoted;
    else if (sign === delimiter && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += sign;
  }
  cells.push(cell);
  return cells;
}

function wordsIn(text: string): number {
  return text.match(/\p{L}{2,}/gu)?.length ?? 0;
}

/** A line of a sentence: a bullet, a number or a heading before it does not count. */
function isSentence(line: string): boolean {
  const text = line.replace(/^\s*(?:[-*+>#|]+|\d+[.)])\s*/, '');
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length < 5) return false;
  return (
    words.filter((word) => /^[("'“‘`*_[]*\p{L}[\p{L}'’-]*[)"'”’`*_\].,;:!?]*$/u.test(word)).length >= 0.7 * words.length
  );
}

/** Whether most lines are sentences: a README, a licence, a change log. */
export function isProse(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line.trim() !== '').slice(0, LINES);
  const told = filled.filter((line) => !/^\s*(?:#|```|~~~|\||=+\s*$|-+\s*$)/.test(line));
  const sentences = told.filter(isSentence).length;
  return sentences >= 2 ? sentences >= 0.35 * told.length : sentences === 1 && told.length <= 2;
}

/**
 * Whether lines with a common delimiter are a table.
 * @param lines the filled lines at the beginning, comments left out
 * @param agreement share of lines with the most frequent number of cells
 */
export function isTabular(lines: readonly string[], delimiter: string, agreement: number): boolean {
  const [first = '', ...rest] = lines.slice(0, LINES);
  const header = cellsOf(first, delimiter).map((cell) => cell.trim());
  const filled = header.filter((cell) => cell !== '');
  const named =
    filled.length >= 2 &&
    filled.every((cell) => wordsIn(cell) <= 12 && !CODE_SIGN.test(cell.replace(/\([^()]*\)\s*$/, ''))) &&
    filled.filter((cell) => wordsIn(cell) <= 5).length >= 0.8 * filled.length;
  // One line alone is a header, if it is one.
  if (rest.length === 0) return named && !isSentence(first);
  // A quote that is closed in a later line: the cells of a table hold whole paragraphs.
  if (named && rest.some((line) => line.split('"').length % 2 === 0)) return true;
  let cells = 0;
  let numbers = 0;
  let code = 0;
  for (const line of rest) {
    if (CODE_LINE.test(line)) code++;
    for (const cell of cellsOf(line, delimiter)) {
      const text = cell.trim().replace(/^["']|["']$/g, '');
      if (text === '') continue;
      cells++;
      if (NUMBER.test(text)) numbers++;
    }
  }
  const share = cells === 0 ? 0 : numbers / cells;
  if (share >= NUMERIC) return true;
  if (!named || code >= 0.3 * rest.length) return false;
  if (share >= SOME_NUMBERS && !isProse([first, ...rest])) return true;
  // Keys of records (`model_name,release_date,source_url`) head a table, however long the remarks in its cells are.
  const keyed =
    filled.length >= 4 && filled.every((cell) => KEY.test(cell)) && filled.filter((c) => c.includes('_')).length >= 2;
  if (keyed && agreement >= 0.8) return true;
  // Under many names one row, cut off, agrees with nothing.
  const alone = filled.length >= 4 && rest.length < 3;
  return (alone || agreement >= 0.8) && !isProse([first, ...rest]);
}
