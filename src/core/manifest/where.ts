/** Row filters as they are written in a manifest: `condition == raw_loss`, `family != MoE`, `N >= 1e9`, `model in a, b`. */
import type { WhereClause } from '../study/study.ts';

/** Reads a filter; null if it is none. `==` and `=` are the same; quotes around column and value are dropped. */
export function parseWhere(text: string): WhereClause | null {
  if (text.length > 1000) return null;
  const match = /^\s*("[^"]*"|'[^']*'|[^=!<>\s].*?)\s*(==|!=|<=|>=|=|<|>|\s+in\s+)\s*(.*?)\s*$/s.exec(text);
  if (match === null) return null;
  const [, column = '', operator = '', value = ''] = match;
  const op = operator.trim();
  if (column.trim() === '' || (value === '' && op !== '==' && op !== '=' && op !== '!=')) return null;
  const bare = op === 'in' ? value.replace(/^[[(]|[\])]$/g, '') : unquote(value);
  return { column: unquote(column.trim()), op: (op === '==' ? '=' : op) as WhereClause['op'], value: bare };
}

function unquote(text: string): string {
  return /^"[^"]*"$|^'[^']*'$/.test(text) ? text.slice(1, -1) : text;
}
