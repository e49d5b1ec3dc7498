/** The values of command-line flags: each parser says in one sentence what it expected. */
import { SEVERITIES } from '../core/finding/severity.ts';
import type { FitOptions, ObjectiveName } from '../core/law/law.ts';
import type { Severity } from '../core/report-model.ts';
import type { WhereClause } from '../core/study/study.ts';
import { UsageError } from './usage-error.ts';

const OBJECTIVES: readonly ObjectiveName[] = ['squared', 'log-squared', 'huber', 'log-huber', 'lad'];
const RESAMPLES = ['case', 'residual', 'run', 'family'] as const;

/** 'COLUMN OP VALUE' with OP one of = != < <= > >= in; the column may contain spaces. */
export function parseWhere(text: string): WhereClause {
  const match = /^\s*(.+?)\s*(!=|<=|>=|=|<|>|\sin\s)\s*(.*?)\s*$/s.exec(text);
  if (match === null)
    throw new UsageError(`--where '${text}': expected 'COLUMN OP VALUE' with OP one of = != < <= > >= in`);
  return {
    column: unquote(match[1] as string),
    op: (match[2] as string).trim() as WhereClause['op'],
    value: unquote(match[3] as string),
  };
}

function unquote(text: string): string {
  return /^(['"]).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

/** A finite number, or the usage error that names the flag. */
export function parseNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`${flag} ${text}: expected a number`);
  return value;
}

export function parsePositive(flag: string, text: string): number {
  const value = parseNumber(flag, text);
  if (value <= 0) throw new UsageError(`${flag} ${text}: expected a positive number`);
  return value;
}

/** A whole number of at least `least`. */
export function parseCount(flag: string, text: string, least = 0): number {
  const value = parseNumber(flag, text);
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`${flag} ${text}: expected a whole number of at least ${least}`);
  return value;
}

/** 'X[,X…]' in plain units, or the word held-out. */
export function parseAt(text: string): readonly number[] | 'held-out' {
  if (text === 'held-out') return 'held-out';
  return text.split(',').map((part) => {
    const value = parseNumber('--at', part);
    if (value <= 0) throw new UsageError(`--at ${part}: expected a positive scale`);
    return value;
  });
}

export function parseObjective(text: string): ObjectiveName {
  const found = OBJECTIVES.find((o) => o === text);
  if (found === undefined) throw new UsageError(`--objective ${text}: expected one of ${OBJECTIVES.join(', ')}`);
  return found;
}

export function parseResample(text: string): NonNullable<FitOptions['resample']> {
  const found = RESAMPLES.find((r) => r === text);
  if (found === undefined) throw new UsageError(`--resample ${text}: expected case, residual, run or family`);
  return found;
}

export function parseSeverity(text: string): Severity {
  const found = SEVERITIES.find((s) => s === text);
  if (found === undefined) throw new UsageError(`--fail-on ${text}: expected one of ${SEVERITIES.join(', ')}`);
  return found;
}

/** 'E=1.7,A=400' to a record; repeated flags are merged by the caller. */
export function parseAssignments(flag: string, text: string): Record<string, number> {
  const record: Record<string, number> = {};
  for (const part of text.split(',')) {
    const match = /^\s*([A-Za-z_]\w*)\s*=\s*(.+?)\s*$/.exec(part);
    if (match === null) throw new UsageError(`${flag} ${part}: expected NAME=NUMBER`);
    record[match[1] as string] = parseNumber(flag, match[2] as string);
  }
  return record;
}

/** 'alpha=0..2,E=0..' to bounds; an open end is infinite. */
export function parseBounds(text: string): Record<string, readonly [number, number]> {
  const record: Record<string, readonly [number, number]> = {};
  for (const part of text.split(',')) {
    const match = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\.\.(.*?)\s*$/.exec(part);
    if (match === null) throw new UsageError(`--bounds ${part}: expected NAME=LOW..HIGH`);
    const low = match[2] === '' ? Number.NEGATIVE_INFINITY : parseNumber('--bounds', match[2] as string);
    const high = match[3] === '' ? Number.POSITIVE_INFINITY : parseNumber('--bounds', match[3] as string);
    if (low >= high) throw new UsageError(`--bounds ${part}: the low end must be below the high end`);
    record[match[1] as string] = [low, high];
  }
  return record;
}

/** 'alpha=beta' pairs, comma separated. */
export function parseTies(text: string): readonly (readonly [string, string])[] {
  return text.split(',').map((part) => {
    const match = /^\s*([A-Za-z_]\w*)\s*=\s*([A-Za-z_]\w*)\s*$/.exec(part);
    if (match === null) throw new UsageError(`--tie ${part}: expected NAME=NAME`);
    return [match[1] as string, match[2] as string] as const;
  });
}
