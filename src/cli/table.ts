/**
 * Tables in a terminal. Where it is too narrow for all columns, the last ones follow under their row with their names:
 * nothing that was computed is cut away because of a window, and no row breaks in its middle.
 */
import { terminalWidth } from './terminal.ts';

/** Characters of a column between the first and the last. */
const MAX_COLUMN = 44;

/** The last column is cut to no less than this; with less room it goes under the row. */
const MIN_LAST = 22;

/** Between two columns. */
const GAP = 2;

/** Before what follows under a row. */
const INDENT = '      ';

/**
 * Columns padded to their widest cell, numbers to the right. The first column is never cut (it holds what one pastes into
 * --series), the last one only where the terminal ends, those between at some 44 characters.
 * @param room characters in a line; without a bound nothing is cut at the end and nothing folded
 */
export function table(rows: readonly (readonly string[])[], header: boolean, room = terminalWidth()): string[] {
  const widths: number[] = [];
  const numbers: boolean[] = [];
  for (const [r, row] of rows.entries()) {
    for (const [i, cell] of row.entries()) {
      const most = i === 0 ? Number.POSITIVE_INFINITY : MAX_COLUMN;
      widths[i] = Math.max(widths[i] ?? 0, Math.min(most, lengthOf(cell)));
      if (r > 0 || !header)
        numbers[i] = (numbers[i] ?? true) && /^(–?|[−≤\d][\d.,×⁰¹²³⁴-⁹⁻]*([\u00a0 ]%)?)$/.test(cell);
    }
  }
  const shown = columnsWithin(widths, room);
  const titles = header ? (rows[0] ?? []) : [];
  const lines = rows.flatMap((row, r) => {
    let used = 0;
    const cells = row.slice(0, shown).map((cell, i) => {
      const width = widths[i] ?? 0;
      const last = i === row.length - 1;
      const most = last ? Math.max(MIN_LAST, room - used) : i === 0 ? Number.POSITIVE_INFINITY : MAX_COLUMN;
      used += width + GAP;
      const text = cut(cell, most);
      const gap = ' '.repeat(Math.max(0, width - lengthOf(text)));
      return numbers[i] === true && i > 0 ? gap + text : last ? text : text + gap;
    });
    const line = cells.join(' '.repeat(GAP)).trimEnd();
    if (header && r === 0) {
      const rule = widths.slice(0, shown).map((w) => '─'.repeat(w));
      return [line, rule.join(' '.repeat(GAP)).slice(0, room)];
    }
    return [line, ...folded(row, titles, shown, room)];
  });
  return lines;
}

/** How many columns stand beside each other; at least the first. */
function columnsWithin(widths: readonly number[], room: number): number {
  let used = 0;
  for (const [i, width] of widths.entries()) {
    const last = i === widths.length - 1;
    if (i > 0 && used + (last ? Math.min(width, MIN_LAST) : width) > room) return i;
    used += width + GAP;
  }
  return widths.length;
}

/** The cells that did not find room, with their titles, in lines below. */
function folded(row: readonly string[], titles: readonly string[], shown: number, room: number): string[] {
  const parts = row.flatMap((cell, i) => {
    if (i < shown || cell.trim() === '' || cell === '–') return [];
    const title = titles[i]?.trim() ?? '';
    return title === '' ? [cell] : [`${title}: ${cell}`];
  });
  const lines: string[] = [];
  for (const word of parts.join(' · ').split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || lengthOf(line) + 1 + lengthOf(word) > room) lines.push(INDENT + word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return parts.length === 0 ? [] : lines;
}

function cut(text: string, most: number): string {
  const chars = [...text];
  return chars.length > most ? `${chars.slice(0, most - 1).join('')}…` : text;
}

function lengthOf(text: string): number {
  return [...text].length;
}
