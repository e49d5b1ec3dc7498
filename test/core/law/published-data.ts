/** Reads the published data sets that the law tests compare against, and builds series by hand from their rows. */
import { existsSync, readFileSync } from 'node:fs';
import type { At, FitInput, FitOptions } from '../../../src/core/law/law.ts';
import type { Point, StudySeries } from '../../../src/core/study/study.ts';

const ROOT = new URL('../../../../shared/data/', import.meta.url);

/** False where the data folder does not stand beside the project: those tests are skipped. */
export function hasData(folder: string): boolean {
  return existsSync(new URL(`${folder}/`, ROOT));
}

/** The `skip` option of a test that needs a data folder. */
export function needsData(folder: string): { skip: string | false } {
  return { skip: hasData(folder) ? false : `../shared/data/${folder} is not here` };
}

/** Rows of a plain CSV (no quotes) as records of text. */
export function readCsv(path: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(new URL(path, ROOT), 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

export function readReference(folder: string): any {
  return JSON.parse(readFileSync(new URL(`${folder}/reference.json`, ROOT), 'utf8'));
}

/** A point with every field, from the few that matter. */
export function point(given: Partial<Point> & { readonly y: number }, row = 0): Point {
  const params = given.params ?? null;
  const tokens = given.tokens ?? null;
  const compute = given.compute ?? (params !== null && tokens !== null ? 6 * params * tokens : null);
  return {
    x: compute ?? params ?? tokens ?? 1,
    stderr: null,
    n: null,
    model: `m${row}`,
    family: null,
    run: `r${row}`,
    step: null,
    loss: null,
    table: 0,
    row,
    range: null,
    column: 0,
    ...given,
    params,
    tokens,
    compute,
  };
}

/** A loss series over the given points. */
export function series(points: readonly Point[], more: Partial<StudySeries> = {}): StudySeries {
  return {
    id: 'test/loss',
    task: 'test',
    metric: 'loss',
    family: null,
    facets: {},
    better: 'lower',
    betterHow: '',
    kind: 'continuous',
    isLoss: true,
    lower: null,
    upper: null,
    scale: 'compute',
    scaleHow: '',
    points,
    chance: null,
    ceiling: null,
    excluded: [],
    anchor: { table: 0, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } },
    aggregate: false,
    notes: [],
    ...more,
  };
}

export function input(points: readonly Point[], more: Partial<StudySeries> = {}): FitInput {
  return { series: series(points, more), points, study: null };
}

export const OPTIONS: FitOptions = { bootstrap: 0, seed: 1, level: 0.9, timeBudget: 60_000 };

/** A place given by N and D. */
export function at(params: number, tokens: number): At {
  return { x: 6 * params * tokens, params, tokens, compute: 6 * params * tokens };
}

/** |a - b| <= tolerance |b|. */
export function relative(a: number | null | undefined, b: number): number {
  return a === null || a === undefined ? Number.POSITIVE_INFINITY : Math.abs(a - b) / Math.abs(b);
}
