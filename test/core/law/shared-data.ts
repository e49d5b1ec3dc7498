/** Reading the shared reference data; tests skip with a message where it is missing. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const DATA = resolve(import.meta.dirname, '../../../../shared/data');

/** `false` when the folder is there, the reason to skip otherwise. */
export function missing(folder: string): string | false {
  return existsSync(join(DATA, folder)) ? false : `no ../shared/data/${folder}: skipped`;
}

export function sharedPath(...parts: string[]): string {
  return join(DATA, ...parts);
}

export function sharedJson(...parts: string[]): any {
  return JSON.parse(readFileSync(sharedPath(...parts), 'utf8'));
}

/** Rows of a small CSV by header; quotes may hold commas. */
export function sharedCsv(...parts: string[]): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(sharedPath(...parts), 'utf8')
    .trim()
    .split(/\r?\n/);
  const names = cells(head);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i] ?? '', cell])));
}

function cells(line: string): string[] {
  const out: string[] = [];
  let current = '';
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) {
      out.push(current);
      current = '';
    } else current += character;
  }
  out.push(current);
  return out;
}
