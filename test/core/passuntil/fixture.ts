/** The simulated PassUntil fixture of the shared data, or null where that folder does not exist. */
import { existsSync, readFileSync } from 'node:fs';
import type { Draw } from '../../../src/core/passuntil/estimators.ts';

const FOLDER = '../shared/data/passuntil/';

export const MISSING = existsSync(FOLDER) ? false : 'needs ../shared/data/passuntil';

export interface FixtureRow extends Draw {
  readonly instance: string;
  readonly params: number;
}

export function fixtureRows(): FixtureRow[] {
  return lines('fixture_passuntil.csv').map((c) => ({
    instance: c[0] as string,
    params: Number(c[1]) * 1e9,
    wanted: Number(c[2]),
    trials: Number(c[4]),
    passes: Number(c[5]),
    capped: c[6] === '1',
  }));
}

export function lines(file: string): string[][] {
  return readFileSync(FOLDER + file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((l) => l.split(','));
}

export function reference(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(FOLDER + file, 'utf8')) as Record<string, unknown>;
}
