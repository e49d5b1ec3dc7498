/** One field of delimited text (RFC 4180): quoted where it must be, and the guard against formulas that spreadsheets run. */

export type Cell = string | number | boolean | null;

/** One field: quoted when it must be; text that a spreadsheet would run as a formula gets a leading apostrophe. */
export function csvField(value: Cell, delimiter = ','): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'boolean') return String(value);
  // OWASP, CSV injection: = + - @ tab CR at the start; a plain negative number is no formula.
  const armed = /^[=+\-@\t\r]/.test(value) && !/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value);
  return quotedField(armed ? `'${value}` : value, delimiter);
}

/** Text to the letter, quoted when it must be: for tables that are read back, where an apostrophe would rename a task. */
export function quotedField(text: string, delimiter = ','): string {
  const quoted = text.includes(delimiter) || /["\r\n]/.test(text) || text !== text.trim();
  return quoted ? `"${text.replaceAll('"', '""')}"` : text;
}
