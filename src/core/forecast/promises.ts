/**
 * Forecasts as promises: an append-only log, one JSON record a line, dated and bound to the data it was made from, and
 * what became of each when the run arrived. The user commits the log, so that nobody can forget a miss.
 */
import type { Forecast, SeriesReport, Verdict } from '../report-model.ts';
import { err, ok, type Result } from '../result.ts';

export interface PromiseRecord {
  readonly version: 1;
  /** ISO date (UTC) of the forecast. */
  readonly date: string;
  /** Of the data that the forecast was made from. */
  readonly dataHash: string;
  readonly tool: string;
  readonly series: string;
  readonly scale: string;
  readonly x: number;
  /** Largest fitted x. */
  readonly lastFitted: number | null;
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number;
  readonly law: string;
  readonly verdict: Verdict;
  /** The model the forecast is for, where it has a name. */
  readonly model: string | null;
}

export interface ScoredPromise {
  readonly promise: PromiseRecord;
  /** `open`: the run has not arrived; `kept`: measured inside the interval; `broken`: outside. */
  readonly status: 'open' | 'kept' | 'broken' | 'no-interval';
  readonly actual: number | null;
  /** Measured minus predicted. */
  readonly error: number | null;
  readonly why: string;
}

export interface PromiseScore {
  readonly scored: readonly ScoredPromise[];
  readonly kept: number;
  readonly broken: number;
  readonly open: number;
  /** Share kept of those that have arrived; null before the first. */
  readonly covered: number | null;
  /** Nominal level, mean over those that have arrived. */
  readonly level: number | null;
}

/** Relative difference of x below which a measured point is the promised one. */
const SAME_X = 0.02;

/** Records of the forecasts of a report, to be appended. */
export function promisesOf(
  series: readonly SeriesReport[],
  made: { readonly date: string; readonly dataHash: string; readonly tool: string },
): PromiseRecord[] {
  return series.flatMap((s) =>
    s.forecast.map(
      (f: Forecast): PromiseRecord => ({
        version: 1,
        ...made,
        series: s.id,
        scale: s.scale,
        x: f.x,
        lastFitted: s.curve?.lastFitted ?? null,
        y: f.y,
        low: f.low,
        high: f.high,
        level: f.level,
        law: f.law,
        verdict: f.verdict,
        model: f.model ?? null,
      }),
    ),
  );
}

/** One line of the log, newline included. */
export function promiseLine(record: PromiseRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Reads a log; a line that is no record is named with its number. */
export function parsePromises(
  text: string,
): Result<PromiseRecord[], { readonly line: number; readonly message: string }> {
  const records: PromiseRecord[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return err({ line: i + 1, message: 'is no JSON' });
    }
    if (!isRecord(value))
      return err({ line: i + 1, message: 'is no prediction record (version 1 with series, x and level)' });
    records.push(value);
  }
  return ok(records);
}

function isRecord(value: unknown): value is PromiseRecord {
  if (typeof value !== 'object' || value === null) return false;
  const v = value as Readonly<Record<string, unknown>>;
  const number = (x: unknown): boolean => x === null || (typeof x === 'number' && Number.isFinite(x));
  return (
    v['version'] === 1 &&
    typeof v['series'] === 'string' &&
    typeof v['x'] === 'number' &&
    typeof v['level'] === 'number' &&
    typeof v['dataHash'] === 'string' &&
    number(v['y']) &&
    number(v['low']) &&
    number(v['high'])
  );
}

/** Compares promises with what has been measured since. */
export function scorePromises(promises: readonly PromiseRecord[], series: readonly SeriesReport[]): PromiseScore {
  const byId = new Map(series.map((s) => [s.id, s]));
  const scored = promises.map((promise): ScoredPromise => {
    const open = (why: string): ScoredPromise => ({ promise, status: 'open', actual: null, error: null, why });
    const found = byId.get(promise.series);
    if (found === undefined) return open(`There is no series ${promise.series} in these files.`);
    const index = indexOf(promise, found);
    if (index === null) return open(`No run near ${promise.x.toPrecision(4)} has been measured yet.`);
    const actual = found.y[index] as number;
    const error = promise.y === null ? null : actual - promise.y;
    if (promise.low === null || promise.high === null)
      return { promise, status: 'no-interval', actual, error, why: 'The forecast had no interval to be held to.' };
    const inside = actual >= promise.low && actual <= promise.high;
    return {
      promise,
      status: inside ? 'kept' : 'broken',
      actual,
      error,
      why: `Measured ${actual.toPrecision(4)}, promised ${promise.low.toPrecision(4)} to ${promise.high.toPrecision(4)}.`,
    };
  });
  const kept = scored.filter((s) => s.status === 'kept').length;
  const broken = scored.filter((s) => s.status === 'broken').length;
  const arrived = scored.filter((s) => s.status === 'kept' || s.status === 'broken');
  return {
    scored,
    kept,
    broken,
    open: scored.filter((s) => s.status === 'open').length,
    covered: arrived.length === 0 ? null : kept / arrived.length,
    level: arrived.length === 0 ? null : arrived.reduce((s, a) => s + a.promise.level, 0) / arrived.length,
  };
}

/** The promised model by name, else the nearest measured x beyond what was fitted then. */
function indexOf(promise: PromiseRecord, series: SeriesReport): number | null {
  if (promise.model !== null) {
    const named = series.models.indexOf(promise.model);
    if (named >= 0) return named;
  }
  let best: number | null = null;
  let least = SAME_X;
  series.x.forEach((x, i) => {
    if (promise.lastFitted !== null && promise.x > promise.lastFitted && x <= promise.lastFitted) return;
    const distance = Math.abs(x / promise.x - 1);
    if (distance <= least) {
      least = distance;
      best = i;
    }
  });
  return best;
}
