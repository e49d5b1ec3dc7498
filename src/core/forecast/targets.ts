/**
 * The `targets:` of a study's manifest: each is forecast on every series it names, and where the manifest states what
 * to expect, the forecast is held to it.
 */
import type { At } from '../law/law.ts';
import type { Forecast } from '../report-model.ts';
import type { StudyManifest, StudySeries } from '../study/study.ts';

export interface Target {
  readonly name: string;
  readonly at: At;
  /** Stated true value, in units of y; null where none is stated. */
  readonly expect: number | null;
}

export interface TargetForecast extends Forecast {
  readonly target: string;
  readonly expect: number | null;
  /** Whether the stated value lies inside the interval; null where either is missing. */
  readonly inside: boolean | null;
}

/** Targets of a manifest that concern a series and state its scale; `ratio` is the study's tokens per parameter. */
export function targetsOf(manifest: StudyManifest | null, series: StudySeries, place: (x: number) => At): Target[] {
  if (manifest === null) return [];
  const found: Target[] = [];
  for (const target of manifest.targets) {
    const name = typeof target['name'] === 'string' ? target['name'] : 'target';
    const tasks = target['tasks'];
    if (Array.isArray(tasks) && !tasks.some((t) => t === series.task || t === series.id)) continue;
    const params = numberOf(target['N']);
    const tokens = numberOf(target['D']);
    const compute = numberOf(target['C']) ?? (params !== null && tokens !== null ? 6 * params * tokens : null);
    const x =
      series.scale === 'params'
        ? params
        : series.scale === 'tokens'
          ? tokens
          : series.scale === 'compute'
            ? compute
            : null;
    if (x === null) continue;
    const known = {
      ...(params === null ? {} : { params }),
      ...(tokens === null ? {} : { tokens }),
      ...(compute === null ? {} : { compute }),
    };
    found.push({ name, at: { ...place(x), ...known, x }, expect: expected(target['expect'], series) });
  }
  return found;
}

/** Holds a forecast to what the manifest expects. */
export function judged(target: Target, forecast: Forecast): TargetForecast {
  const { low, high } = forecast;
  const inside =
    target.expect === null || low === null || high === null ? null : target.expect >= low && target.expect <= high;
  return { ...forecast, target: target.name, expect: target.expect, inside };
}

function expected(record: unknown, series: StudySeries): number | null {
  if (typeof record !== 'object' || record === null) return null;
  const values = record as Readonly<Record<string, unknown>>;
  for (const key of [series.id, `${series.task}/${series.metric}`, series.task]) {
    const value = numberOf(values[key]);
    if (value !== null) return value;
  }
  return null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
