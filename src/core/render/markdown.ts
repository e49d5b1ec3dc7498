/**
 * Markdown for hovers, the CLI and comments on pull requests: escaping and tables. Whatever a cell of a user's file
 * holds comes out as the same characters on the page: no links, no HTML, no broken table.
 */

/** Characters that CommonMark or GitHub's dialect could take for markup, HTML included, as backslash escapes. */
const SPECIAL = /[\\`*_{}[\]()<>#+\-.!|~$:@&"']/g;

/**
 * Text as Markdown that renders as itself. Newlines and control characters become spaces; nothing can start a list,
 * heading, link, image, autolink, code span, HTML tag, entity or `$(icon)` of VS Code.
 */
export function escapeMarkdown(text: string): string {
  return (
    text
      // Control characters are what is removed
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ')
      .replace(SPECIAL, (character, at: number, all: string) =>
        plain(character, at, all) ? character : `\\${character}`,
      )
  );
}

/** Between two word characters, a dot, hyphen, colon or apostrophe of ordinary names means nothing to Markdown. */
function plain(character: string, at: number, all: string): boolean {
  if (character === "'" || character === '"') return true;
  if (character === '.' || character === '-') {
    // "1." and "-" open lists at the start of a line; "www." and "://" make links.
    const before = all.charAt(at - 1);
    const after = all.charAt(at + 1);
    return /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after) && !/www$/i.test(all.slice(0, at));
  }
  return character === '(' || character === ')' ? !/[\]$]/.test(all.charAt(at - 1)) && !hasOpenBracket(all, at) : false;
}

function hasOpenBracket(all: string, at: number): boolean {
  return /[\]$]\s*\(/.test(all.slice(0, at + 1));
}

/** A code span around any text, with as many backticks as it takes (CommonMark 6.1); `|` is safe in tables. */
export function codeSpan(text: string): string {
  // Control characters are what is removed
  // oxlint-disable-next-line no-control-regex
  const clean = text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').replace(/\|/g, '\\|');
  if (clean.trim() === '') return '';
  const longest = Math.max(0, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = clean.startsWith('`') || clean.endsWith('`') ? ' ' : '';
  return fence + pad + clean + pad + fence;
}

export type Align = 'left' | 'right' | 'center';

/**
 * A table whose cells are already Markdown (escape text with `escapeMarkdown`). Rows may be short; missing cells are
 * empty. A `|` that is not escaped yet is escaped, newlines become spaces.
 */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Align[] = [],
): string {
  const rule = header.map((_, i) => (align[i] === 'right' ? '---:' : align[i] === 'center' ? ':---:' : '---'));
  const line = (cells: readonly string[]) => `| ${header.map((_, i) => cell(cells[i] ?? '')).join(' | ')} |`;
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

function cell(markdown: string): string {
  return markdown
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/(\\*)\|/g, (all, slashes: string) => (slashes.length % 2 === 1 ? all : `${slashes}\\|`));
}

/** Text cut to a length in code points, with an ellipsis; cut before escaping, never after. */
export function clip(text: string, length: number): string {
  const letters = [...text];
  return letters.length <= length ? text : `${letters.slice(0, Math.max(1, length - 1)).join('')}…`;
}
