/**
 * Conditions on the points of a series: which of them feed a stage of a composed law. A name is a quantity of the point, or
 * else the header of a column of its table.
 */

import type { Point, Study, WhereClause } from '../study/study.ts';
import { FLOP_PER_PARAMETER_TOKEN } from './allocation.ts';

const QUANTITIES: Readonly<Record<string, (point: Point) => number | string | null>> = {
  params: (p) => p.params,
  N: (p) => p.params,
  tokens: (p) => p.tokens,
  D: (p) => p.tokens,
  compute: (p) =>
    p.compute ?? (p.params !== null && p.tokens !== null ? FLOP_PER_PARAMETER_TOKEN * p.params * p.tokens : null),
  C: (p) =>
    p.compute ?? (p.params !== null && p.tokens !== null ? FLOP_PER_PARAMETER_TOKEN * p.params * p.tokens : null),
  loss: (p) => p.loss,
  M: (p) => (p.params !== null && p.tokens !== null ? p.tokens / p.params : null),
  'tokens-per-param': (p) => (p.params !== null && p.tokens !== null ? p.tokens / p.params : null),
  x: (p) => p.x,
  y: (p) => p.y,
  step: (p) => p.step,
  model: (p) => p.model,
  family: (p) => p.family,
  run: (p) => p.run,
};

/**
 * Whether a point meets every condition. A header of its table comes before a quantity's name. An unknown name, or a
 * quantity that the point lacks, meets nothing but `!=`.
 */
export function pointMatches(point: Point, clauses: readonly WhereClause[], study: Study | null): boolean {
  return clauses.every((clause) => holds(clause, valueOf(point, clause.column, study)));
}

function valueOf(point: Point, name: string, study: Study | null): number | string | null {
  const table = study?.tables[point.table];
  if (table !== undefined) {
    for (let c = 0; c < table.columnCount; c++) {
      if (table.header(c) === name) return table.cell(point.row, c);
    }
  }
  return QUANTITIES[name]?.(point) ?? null;
}

function holds(clause: WhereClause, value: number | string | null): boolean {
  if (value === null) return clause.op === '!=';
  const same = (text: string): boolean => {
    const [a, b] = [Number(value), Number(text)];
    if (String(value).trim() !== '' && text.trim() !== '' && !Number.isNaN(a) && !Number.isNaN(b)) {
      // Sizes such as 20 arrive as 19.999999 where they are quotients.
      return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
    }
    return String(value) === text;
  };
  const number = Number(value);
  const limit = Number(clause.value);
  switch (clause.op) {
    case '=':
      return same(clause.value);
    case '!=':
      return !same(clause.value);
    case 'in':
      return clause.value.split(',').some((text) => same(text.trim()));
    case '<':
      return number < limit;
    case '<=':
      return number <= limit;
    case '>':
      return number > limit;
    case '>=':
      return number >= limit;
  }
}
