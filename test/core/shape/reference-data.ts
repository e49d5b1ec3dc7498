/** Reads the reference data beside the project (`../shared/data`), for tests that skip when it is absent. */
import { existsSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../../../shared/data/', import.meta.url);

/** False when present, else the reason for node:test's `skip`. */
export function absent(folder: string): false | string {
  return existsSync(referencePath(`${folder}/`)) ? false : `../shared/data/${folder} is not present`;
}

/** A file or folder of the reference data. */
export function referencePath(path: string): URL {
  return new URL(path, ROOT);
}

export type Row = Readonly<Record<string, string>>;

/** A CSV of the reference data, one record per row; quotes may hold commas. */
export function referenceCsv(path: string): Row[] {
  const lines = readFileSync(referencePath(path), 'utf8').trim().split(/\r?\n/);
  const header = cells(lines[0] ?? '');
  return lines.slice(1).map((line) => {
    const values = cells(line);
    return Object.fromEntries(header.map((name, i) => [name, values[i] ?? '']));
  });
}

export function referenceJson<T>(path: string): T {
  return JSON.parse(readFileSync(referencePath(path), 'utf8')) as T;
}

export function column(rows: readonly Row[], name: string): number[] {
  return rows.map((row) => Number(row[name]));
}

function cells(line: string): string[] {
  const out: string[] = [];
  let cell = '';
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) {
      out.push(cell);
      cell = '';
    } else cell += character;
  }
  out.push(cell);
  return out;
}
