/**
 * Pass counts met as an ordinary file: a study whose tables all hold trials per instance is estimated as a PassUntil
 * study, so that opening such a file shows its pass rates and their law instead of one series per instance.
 */
import type { AnalyseOptions } from '../analyse-series.ts';
import type { Report } from '../report-model.ts';
import type { Study } from '../study/study.ts';
import { countColumns } from './count-columns.ts';
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
  const read = describePasses(study);
  return {
    ...report,
    sources: read.sources.map((source) => ({ ...source, notes: [...new Set([...source.notes, ...counts.notes])] })),
    findings: [...counts.findings, ...read.findings],
  };
}

/** What the reader of counts makes of the columns, where the general reader, which looks for scores, passes them over. */
export function describePasses(study: Study): Pick<Study, 'sources' | 'findings'> {
  const tables = new Map(study.tables.map((table) => [table.file, table]));
  return {
    sources: study.sources.map((source) => {
      const table = tables.get(source.file);
      if (table === undefined) return source;
      const said = countColumns(table);
      return {
        ...source,
        columns: source.columns.map((column, c) => {
          const how = said.get(c);
          return how === undefined || column.role === 'model' || column.role === 'task' ? column : { ...column, how };
        }),
        notes: ['Pass counts of a sampler: estimated as pass rates (PassUntil), one series per task.'],
      };
    }),
    findings: study.findings.filter(({ code, file }) => !(tables.has(file) && code.startsWith('file.'))),
  };
}

/**
 * Whether counts of trials are to be estimated as pass rates: where no law is named, or just theirs. What holds or ties its
 * parameters, or asks for another objective, is meant for the law of one variable.
 */
export function asksPassRates({ laws, fix, tie, objective }: AnalyseOptions): boolean {
  if (laws === 'auto') return true;
  return laws.length === 1 && laws[0] === 'pass-until' && [fix, tie, objective].every((one) => one === undefined);
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
