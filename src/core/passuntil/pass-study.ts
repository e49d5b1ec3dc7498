/**
 * Pass counts met as an ordinary file: a study whose tables all hold trials per instance is estimated as a PassUntil
 * study, so that opening such a file shows its pass rates and their law instead of one series per instance.
 */
import type { Report } from '../report-model.ts';
import type { Study } from '../study/study.ts';
import { holdsCounts, readCounts } from './counts.ts';
import { type EstimateOptions, estimateCounts } from './estimate.ts';

/** Columns that only a sampler writes: totals alone could be any benchmark's `n_correct` of `n`. */
const SAMPLED =
  /^(?:r|wanted|passes_wanted|target_passes|r_passes|k_max|kmax|max_trials|max_samples|cap|trial_cap|capped|censored|hit_cap|trials|passes)$/i;

/** The report of a study of pass counts; null where any table holds something else. */
export function passStudy(study: Study, options: EstimateOptions): Report | null {
  if (!holdsPasses(study)) return null;
  const counts = readCounts(study.tables);
  if (counts.rows.length === 0) return null;
  const report = estimateCounts(study.tables, counts, options);
  const files = new Set(study.tables.map(({ file }) => file));
  return {
    ...report,
    sources: study.sources.map((source) => ({ ...source, notes: [...new Set([...source.notes, ...counts.notes])] })),
    findings: [
      ...counts.findings,
      // The general reader, which looks for scores, knows nothing of trials.
      ...study.findings.filter(({ code, file }) => !(files.has(file) && code.startsWith('file.'))),
    ],
  };
}

/** Whether every table of the study holds pass counts of a sampler. */
export function holdsPasses({ tables }: Pick<Study, 'tables'>): boolean {
  return tables.length > 0 && tables.every((table) => isSampled(table) && holdsCounts(table));
}

function isSampled(table: Study['tables'][number]): boolean {
  let found = 0;
  for (let c = 0; c < table.columnCount; c++) if (SAMPLED.test(table.header(c).trim())) found++;
  return found >= 2;
}
