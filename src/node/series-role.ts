/** What marks a thread as an analyst of series among others that may load the same file. Light: it is asked first. */
import { isMainThread, workerData } from 'node:worker_threads';

export const SERIES_ROLE = 'scaling-lens/series';

/** True in a thread that the series pool started: the file's main program must not run there. */
export function isSeriesThread(): boolean {
  return !isMainThread && (workerData as { role?: unknown } | null)?.role === SERIES_ROLE;
}
