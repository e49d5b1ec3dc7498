/** The prompts of a run: written in the run file, or the rows of a JSONL or CSV file filled into a template. */
import { readDelimited } from '../read/delimited.ts';
import { err, ok, type Result } from '../result.ts';
import type { PromptItem, PromptSource } from './run-plan.ts';

type Row = Readonly<Record<string, string>>;

/**
 * @param text content of the dataset file; not needed for a list
 */
export function loadPrompts(source: PromptSource, text: string): Result<readonly PromptItem[], string> {
  if (source.kind === 'list') return ok(source.items);
  const rows = /^\s*[[{]/.test(text) ? jsonRows(text) : tableRows(source.file, text);
  if (!rows.ok) return rows;
  const used = source.limit === null ? rows.value : rows.value.slice(0, source.limit);
  const items: PromptItem[] = [];
  const seen = new Set<string>();
  for (const [i, row] of used.entries()) {
    const where = `${source.file}, entry ${i + 1}`;
    const prompt = source.template === null ? row[source.prompt ?? ''] : fill(source.template, row);
    if (typeof prompt !== 'string' || prompt === '') {
      return err(
        source.template === null
          ? `${where}: no ${source.prompt ?? ''} (there are ${Object.keys(row).join(', ')})`
          : `${where}: the template needs ${missing(source.template, row).join(', ')} (there are ${Object.keys(row).join(', ')})`,
      );
    }
    const id = (source.id === null ? (row['id'] ?? `${i + 1}`) : row[source.id]) ?? '';
    if (id === '') return err(`${where}: no ${source.id ?? 'id'}`);
    if (seen.has(id)) return err(`${where}: the id ${id} stands there twice`);
    seen.add(id);
    items.push({ id, prompt, answer: row[source.answer] ?? '' });
  }
  return items.length === 0 ? err(`${source.file} holds no prompts`) : ok(items);
}

const HOLE = /\{\{\s*([^{}]+?)\s*\}\}/g;

function missing(template: string, row: Row): string[] {
  return [...template.matchAll(HOLE)].map(([, key]) => key as string).filter((key) => row[key] === undefined);
}

function fill(template: string, row: Row): string | null {
  if (missing(template, row).length > 0) return null;
  return template.replace(HOLE, (_, key: string) => row[key] ?? '');
}

function jsonRows(text: string): Result<readonly Row[], string> {
  const values: unknown[] = [];
  try {
    const whole = text.trimStart().startsWith('[') ? (JSON.parse(text) as unknown) : null;
    if (Array.isArray(whole)) values.push(...(whole as unknown[]));
    else {
      for (const [i, line] of text.split('\n').entries()) {
        if (line.trim() === '') continue;
        try {
          values.push(JSON.parse(line) as unknown);
        } catch {
          return err(`line ${i + 1} of the dataset is no JSON`);
        }
      }
    }
  } catch {
    return err('the dataset is no JSON');
  }
  return ok(
    values.map((value) =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value).map(([key, cell]) => [
              key,
              typeof cell === 'string'
                ? cell
                : cell === null
                  ? ''
                  : typeof cell === 'object'
                    ? JSON.stringify(cell)
                    : String(cell),
            ]),
          )
        : {},
    ),
  );
}

function tableRows(file: string, text: string): Result<readonly Row[], string> {
  const tables = readDelimited(file, text, []);
  if (!tables.ok) return err(`${file}: ${tables.error.message}`);
  const [table] = tables.value;
  if (table === undefined) return err(`${file} holds no table`);
  return ok(
    Array.from({ length: table.rowCount }, (_, row) =>
      Object.fromEntries(
        Array.from({ length: table.columnCount }, (__, column) => [
          table.header(column).trim(),
          table.cell(row, column),
        ]),
      ),
    ),
  );
}
