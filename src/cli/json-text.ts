/**
 * JSON as people and diffs like it: one field a line, but arrays of numbers, names or small records on one line each. In
 * pieces, because the report of a big study is as large as the study and would stand in memory twice.
 */

/** Pieces are gathered to about so many characters. */
const PIECE = 1 << 16;

/** The text of any plain JSON value, piece by piece; it ends with a line break. */
export function* jsonText(value: unknown): Generator<string> {
  let piece = '';
  for (const part of fieldsOf(value)) {
    piece += part;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n`;
}

/** A record field by field, and of its lists (series, findings) item by item: no part is larger than one of them. */
function* fieldsOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isShort(value)) {
    yield textOf(value, '\n');
    return;
  }
  let before = '{';
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    yield `${before}\n ${JSON.stringify(key)}: `;
    before = ',';
    if (Array.isArray(field) && !isShort(field)) {
      let open = '[';
      for (const item of field as unknown[]) {
        yield `${open}\n  ${textOf(item, '\n  ')}`;
        open = ',';
      }
      yield '\n ]';
    } else yield textOf(field, '\n ');
  }
  yield '\n}';
}

/** @param line a line break with the indentation of what contains the value */
function textOf(value: unknown, line: string): string {
  if (typeof value !== 'object' || value === null || isShort(value)) return JSON.stringify(value ?? null);
  const inner = `${line} `;
  if (Array.isArray(value)) return `[${inner}${value.map((item) => textOf(item, inner)).join(`,${inner}`)}${line}]`;
  const fields = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [`${JSON.stringify(key)}: ${textOf(item, inner)}`],
  );
  return `{${inner}${fields.join(`,${inner}`)}${line}}`;
}

/** Empty, or a list of plain values or of records of plain values that do not fill lines of their own. */
function isShort(value: object): boolean {
  if (!Array.isArray(value)) return Object.keys(value).length === 0;
  return value.every((item) => isPlain(item)) || (value.length > FEW && value.every((item) => isFlat(item)));
}

/** Longer lists of records (a prediction for every point) stand on one line. */
const FEW = 16;

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isFlat(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const fields = Object.values(value);
  return !Array.isArray(value) && fields.length <= 4 && fields.every(isPlain);
}
