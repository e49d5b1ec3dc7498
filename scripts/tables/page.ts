/** Pages of docs/ with tables that a script makes, each between `<!-- table: name -->` and `<!-- end: name -->`. */
import { readFileSync, writeFileSync } from 'node:fs';

/** The text of a page, by the name of its file. */
export function readPage(page: string): string {
  return readFileSync(fileOf(page), 'utf8');
}

/** Puts tables into a page, by name. @throws where the page has no place for one */
export function writeTables(page: string, tables: ReadonlyMap<string, string>): void {
  writePage(page, withTables(readPage(page), tables));
}

export function writePage(page: string, text: string): void {
  writeFileSync(fileOf(page), text);
}

/** The text of a page with its tables replaced. @throws where it has no place for one */
export function withTables(text: string, tables: ReadonlyMap<string, string>): string {
  return [...tables].reduce((before, [name, table]) => {
    const { from, to } = placeOf(before, name);
    return `${before.slice(0, from)}\n${table}\n${before.slice(to)}`;
  }, text);
}

/** A table as the page has it. @throws where the page has no such table */
export function tableIn(text: string, name: string): string {
  const { from, to } = placeOf(text, name);
  return text.slice(from, to).trim();
}

/** The tables that a page has places for. */
export function tableNames(text: string): string[] {
  return [...text.matchAll(/<!-- table: (\S+) -->/g)].map(([, name = '']) => name);
}

function placeOf(text: string, name: string): { readonly from: number; readonly to: number } {
  const start = `<!-- table: ${name} -->`;
  const at = text.indexOf(start);
  const to = text.indexOf(`<!-- end: ${name} -->`);
  if (at < 0 || to < at) throw new Error(`the page has no place for the table '${name}'`);
  return { from: at + start.length, to };
}

function fileOf(page: string): URL {
  return new URL(`../../docs/${page}`, import.meta.url);
}
