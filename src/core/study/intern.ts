/** Columns of repeated texts as small integers: one string per distinct value, not per cell. */
import { isMissing } from '../table/numbers.ts';
import type { RawTable } from '../table/raw-table.ts';

export interface Interned {
  /** Index into `values` per row; −1 where the cell is empty. */
  readonly codes: Int32Array;
  readonly values: readonly string[];
}

/** Interns one column; padding is dropped, missing spellings count as empty. */
export function intern(table: RawTable, column: number): Interned {
  const index = new Map<string, number>();
  const values: string[] = [];
  const codeOf = (text: string): number => {
    let code = index.get(text);
    if (code === undefined) {
      if (isMissing(text)) code = -1;
      else {
        const trimmed = text.trim();
        code = index.get(trimmed);
        if (code === undefined) {
          code = values.length;
          values.push(trimmed);
          index.set(trimmed, code);
        }
      }
      index.set(text, code);
    }
    return code;
  };
  const texts = table.texts?.(column);
  if (texts === undefined)
    return { codes: Int32Array.from({ length: table.rowCount }, (_, row) => codeOf(table.cell(row, column))), values };
  const meaning = Int32Array.from(texts.values, codeOf);
  // Texts that stand for themselves: the table's own codes serve.
  if (meaning.every((code, at) => code === at)) return { codes: texts.codes, values };
  return { codes: texts.codes.map((code) => meaning[code] as number), values };
}
