// What the tests of the readers share: the sample files beside the project, and a short way to read a text.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type ReadFailure, readInput } from '../../../src/core/read/open.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';

export const sharedData = resolve(import.meta.dirname, '../../../../shared/data');

/** A reason to skip, or false: for the `skip` option of a test. */
export const withoutData: string | false = existsSync(join(sharedData, 'formats'))
  ? false
  : 'the sample files (../shared/data) are not here';

/** All files under a folder of the sample data, by their path there. */
export function sampleFiles(folder: string): { name: string; bytes: Uint8Array }[] {
  const root = join(sharedData, folder);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ name: relative(root, path).split(sep).join('/'), bytes: readFileSync(path) }));
}

export type Read = { tables: readonly RawTable[]; failure: null } | { tables: readonly []; failure: ReadFailure };

/** Reads a text or bytes under a name. */
export async function read(name: string, content: string | Uint8Array, format?: string): Promise<Read> {
  const file = typeof content === 'string' ? { name, text: content } : { name, bytes: content };
  const result = await readInput(file, nodeReadPorts, format === undefined ? {} : { format });
  return result.ok ? { tables: result.value, failure: null } : { tables: [], failure: result.error };
}

/** The one table of a text; fails loudly when there is none. */
export async function readOne(name: string, content: string | Uint8Array): Promise<RawTable> {
  const { tables, failure } = await read(name, content);
  if (failure !== null) throw new Error(`${name}: ${failure.message}`);
  return tables[0] as RawTable;
}

/** Rows as records of header → text; empty cells left out. */
export function rowsOf(table: RawTable): Record<string, string>[] {
  return Array.from({ length: table.rowCount }, (_, row) => {
    const record: Record<string, string> = {};
    for (let column = 0; column < table.columnCount; column++) {
      const text = table.cell(row, column);
      if (text !== '') record[table.header(column)] = text;
    }
    return record;
  });
}

/** Header → role, for the columns whose role the format fixes. */
export function rolesOf(table: RawTable): Record<string, string> {
  return Object.fromEntries(
    [...table.hints].flatMap(([column, { role }]) => (role === undefined ? [] : [[table.header(column), role]])),
  );
}

/** The text that a cell points at. */
export function placeOf(table: RawTable, row: number, column: number): string | null {
  const span = table.cellSpan(row, column);
  return span === null ? null : table.text.slice(span.start, span.end);
}
