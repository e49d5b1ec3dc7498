/** Reads the published data sets that the law tests compare against, and builds series by hand from their rows. */
import type { At, FitInput, FitOptions } from '../../../src/core/law/law.ts';
import type { Point, StudySeries } from '../../../src/core/study/study.ts';
import { referenceJson } from '../shape/reference-data.ts';
import { makePoint, makeSeries, OPTIONS as QUICK } from './series.ts';

/** The reference numbers of a folder; each test knows their shape. */
export function readReference(folder: string): any {
  return referenceJson(`${folder}/reference.json`);
}

/** A point given by its size and data, or its compute. */
export function point(given: Partial<Point> & { readonly y: number }, row = 0): Point {
  const params = given.params ?? null;
  const tokens = given.tokens ?? null;
  const compute = given.compute ?? (params !== null && tokens !== null ? 6 * params * tokens : null);
  return makePoint(compute ?? params ?? tokens ?? 1, given.y, row, { ...given, compute });
}

export function input(points: readonly Point[], more: Partial<StudySeries> = {}): FitInput {
  return { series: makeSeries(points, more), points, study: null };
}

export const OPTIONS: FitOptions = { ...QUICK, timeBudget: 60_000 };

/** A place given by N and D. */
export function at(params: number, tokens: number): At {
  return { x: 6 * params * tokens, params, tokens, compute: 6 * params * tokens };
}

/** |a - b| <= tolerance |b|. */
export function relative(a: number | null | undefined, b: number): number {
  return a === null || a === undefined ? Number.POSITIVE_INFINITY : Math.abs(a - b) / Math.abs(b);
}
