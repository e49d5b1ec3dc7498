/**
 * JSON as people and diffs like it: one field a line, but arrays of numbers, names or small records on one line each. In
 * pieces, because the report of a big study is as large as the study and would stand in memory twice.
 */

/** Pieces are gathered to about so many characters. */
const PIECE = 1 << 16;

/** The text of any plain JSON value, piece by piece; it ends with a line break. */
export function* jsonText(value: unknown): Generator<string> {
  let piece = '';
  for (const part of partsOf(value, '\n')) {
    piece += part;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n`;
}

/** @param line a line break with the indentation of what contains the value */
function* partsOf(value: unknown, line: string): Generator<string> {
  if (typeof value !== 'object' || value === null || isShort(value)) {
    yield JSON.stringify(value ?? null);
    return;
  }
  const inner = `${line} `;
  const list = Array.isArray(value);
  let before = list ? '[' : '{';
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined && !list) continue;
    yield `${before}${inner}${list ? '' : `${JSON.stringify(key)}: `}`;
    yield* partsOf(item, inner);
    before = ',';
  }
  yield `${line}${list ? ']' : '}'}`;
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
