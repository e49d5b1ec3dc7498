/**
 * What the chart's page says, looked at before it is believed: a page shows text of files that come from anywhere, and
 * the editor does not act on a message of another shape than its own.
 */
import type { Drawn, FromPanel } from '../protocol/panel.ts';

/** The messages that the extension acts on; of the page's state it needs the file. */
export type Said =
  | { readonly type: 'ready'; readonly uri: string | null }
  | { readonly type: 'drawn'; readonly drawn: Drawn }
  | Extract<FromPanel, { type: 'reveal' }>
  | Extract<FromPanel, { type: 'log' }>;

/** The message, or null for anything else. */
export function saidBy(message: unknown): Said | null {
  const { type, state, uri, range, level, message: text } = record(message);
  switch (type) {
    case 'ready':
      return { type, uri: uriOf(state) };
    case 'drawn':
      return isDrawn(message) ? { type, drawn: message } : null;
    case 'reveal': {
      const [start, end] = [position(record(range)['start']), position(record(range)['end'])];
      if (typeof uri !== 'string' || start === null || end === null) return null;
      return { type, uri, range: { start, end } };
    }
    case 'log':
      if (typeof text !== 'string' || (level !== 'info' && level !== 'warn' && level !== 'error')) return null;
      return { type, level, message: text };
    default:
      return null;
  }
}

/** The file of a state that the page has kept, maybe by an earlier version. */
export function uriOf(state: unknown): string | null {
  const { uri } = record(state);
  return typeof uri === 'string' ? uri : null;
}

function isDrawn(message: unknown): message is Drawn {
  const { uri, series, law, version, milliseconds, census, plotted } = record(message);
  const counts = record(census);
  const { points, curve } = record(plotted);
  return (
    typeof uri === 'string' &&
    typeof series === 'string' &&
    (law === null || typeof law === 'string') &&
    [version, milliseconds, counts['width'], counts['height'], counts['painted'], counts['colours']].every(isNumber) &&
    Array.isArray(points) &&
    Array.isArray(curve)
  );
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function position(value: unknown): { line: number; character: number } | null {
  const { line, character } = record(value);
  return isIndex(line) && isIndex(character) ? { line, character } : null;
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
