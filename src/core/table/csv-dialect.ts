/**
 * Which delimiter a delimited text uses, judged from its first lines: the one that cuts most lines into the same number
 * of fields, as many as the header has.
 */

export const DELIMITERS = [',', '\t', ';', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** How far the probe reads, UTF-16 units. */
export const PROBE = 1 << 16;
const PROBE_LINES = 60;

/** Fields per line for one delimiter, quotes respected; lines inside quotes are joined. Blank lines are not counted. */
function fieldCounts(text: string, delimiter: string, end: number): number[] {
  const code = delimiter.charCodeAt(0);
  const counts: number[] = [];
  let fields = 1;
  let quoted = false;
  let atStart = true;
  let length = 0;
  for (let i = 0; i < end; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 34) {
        if (text.charCodeAt(i + 1) === 34) i++;
        else quoted = false;
      }
      continue;
    }
    if (c === 34 && atStart) {
      quoted = true;
      atStart = false;
      length++;
    } else if (c === 10 || c === 13) {
      if (length > 0) counts.push(fields);
      if (counts.length >= PROBE_LINES) return counts;
      fields = 1;
      length = 0;
      atStart = true;
    } else {
      length++;
      if (c === code) {
        fields++;
        atStart = true;
      } else if (c !== 32) atStart = false;
    }
  }
  // The last line counts only if the probe saw its end (or the end of the text).
  if (length > 0 && (end === text.length || counts.length === 0)) counts.push(fields);
  return counts;
}

export interface Dialect {
  readonly delimiter: Delimiter;
  /** The number of fields that most lines have. */
  readonly fields: number;
  /** Share of probed lines with that number. */
  readonly agreement: number;
}

/** The most frequent value, the larger one on ties. */
function mode(counts: readonly number[]): { value: number; share: number } {
  const seen = new Map<number, number>();
  for (const c of counts) seen.set(c, (seen.get(c) ?? 0) + 1);
  let value = 1;
  let best = 0;
  for (const [c, n] of seen) {
    if (n > best || (n === best && c > value)) {
      value = c;
      best = n;
    }
  }
  return { value, share: counts.length === 0 ? 0 : best / counts.length };
}

/** The dialect of a text; a text without any delimiter is a table of one column. */
export function detectDialect(text: string): Dialect {
  const end = Math.min(text.length, PROBE);
  let best: Dialect = { delimiter: ',', fields: 1, agreement: 1 };
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const counts = fieldCounts(text, delimiter, end);
    const { value, share } = mode(counts);
    if (value < 2) continue;
    // A header with fewer fields than the rows speaks against a delimiter (decimal commas, prose).
    const headed = counts.slice(0, 3).includes(value) ? 1 : 0.5;
    const score = share * headed * (1 + Math.min(value, 50) / 1000);
    if (score > bestScore + 1e-9) {
      bestScore = score;
      best = { delimiter, fields: value, agreement: share };
    }
  }
  return best;
}
