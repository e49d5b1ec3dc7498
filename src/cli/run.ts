/** The path that every fitting command takes: read the study, refuse what cannot be used, analyse, print. */
import type { AnalyseOptions } from '../core/analyse-series.ts';
import { asksPassRates, holdsPasses } from '../core/passuntil/pass-study.ts';
import { analyse } from '../core/report.ts';
import type { Report } from '../core/report-model.ts';
import type { Study } from '../core/study/study.ts';
import { SeriesPool } from '../node/series-pool.ts';
import { analyseOptions, type Flags, namedSeries, openStudy, progress, refused } from './common.ts';

/** Files of so many bytes hold enough series for the other threads to start while they are read. */
const WORTH_THREADS = 1_000_000;

/**
 * @param change what the command asks for beyond the flags
 * @returns null when the input cannot be used (the reasons are on standard error, the exit code is 2)
 */
export async function analysed(
  files: readonly string[],
  flags: Flags,
  change: Partial<AnalyseOptions>,
): Promise<{ study: Study; report: Report } | null> {
  // The bundle is its own worker: `main.ts` serves series when it is loaded as a thread.
  const pool = new SeriesPool(process.argv[1] as string);
  const study = await openStudy(files, flags, (bytes) => {
    if (bytes >= WORTH_THREADS && (change.laws ?? 'auto') === 'auto' && flags.series === undefined) pool.start();
  });
  const asked = { ...analyseOptions(flags), ...change };
  const passRates = asksPassRates(asked);
  if (refused(study, change.laws !== undefined, passRates)) {
    pool.close();
    return null;
  }
  // Said now and not after the fits; pass rates have their names from the estimate.
  const estimated = passRates && holdsPasses(study);
  if (!estimated) namedSeries(study, flags);
  const tell = progress(flags);
  const options = {
    ...asked,
    ...(flags.series === undefined || estimated ? {} : { series: flags.series }),
    runner: pool.runner,
  };
  const report = await analyse(study, options, undefined, (s, done, total) => tell(done, total, s.id));
  pool.close();
  const one = estimated ? namedSeries(report, flags) : null;
  return { study, report: one === null ? report : { ...report, series: [one] } };
}
