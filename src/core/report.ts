/**
 * The one public verb of the laboratory: a study in, a report out. Everything that a face shows — diagnostics, hovers,
 * the chart panel, the CLI, SARIF, HTML — is a rendering of what this returns.
 */
import { type AnalyseOptions, analyseSeries } from './analyse-series.ts';
import { effortFor } from './effort.ts';
import { atLevels } from './finding/levels.ts';
import { seriesRules, studyRules } from './finding/rules.ts';
import { seriesNames } from './finding/series-names.ts';
import { byGravity, type Level } from './finding/severity.ts';
import { asksPassRates, describePasses, holdsPasses, passStudy } from './passuntil/pass-study.ts';
import type { Finding, Report, SeriesReport } from './report-model.ts';
import { withOtherMetrics } from './shape/metrics-of-task.ts';
import { withQValues } from './shape/multiple.ts';
import { sliceRecord } from './slice/slice-record.ts';
import type { Study, StudySeries } from './study/study.ts';
import { VERSION } from './version.ts';

/** Analysed series by content: an edit that touches one task refits only that task. */
export type SeriesCache = Map<string, SeriesReport>;

export interface ReportOptions extends AnalyseOptions {
  /** Only this series. */
  readonly series?: string;
  /** Level per finding code; 'ignore' drops it. */
  readonly levels?: Readonly<Record<string, Level>>;
  readonly cache?: SeriesCache;
  /** Analyses many series at once, on several threads; without it they are analysed one after another here. */
  readonly runner?: SeriesRunner;
}

/** Analyses series elsewhere. Reports in the order of the series; `onDone` as each is done, in any order. */
export type SeriesRunner = (
  series: readonly StudySeries[],
  options: AnalyseOptions,
  onDone: (index: number, report: SeriesReport) => void,
  signal?: AbortSignal,
) => Promise<SeriesReport[]>;

/** Below this many points the threads' start costs more than they save. */
const WORTH_THREADS = 3000;

/**
 * Analyses every series of a study.
 * @param onSeries called as each series is done
 * @throws the signal's reason when aborted
 */
export async function analyse(
  study: Study,
  options: ReportOptions,
  signal?: AbortSignal,
  onSeries?: (report: SeriesReport, done: number, total: number) => void,
): Promise<Report> {
  const passes = asksPassRates(options) ? passStudy(study, options) : null;
  if (passes !== null) {
    const series = passes.series.filter(({ id }) => options.series === undefined || id === options.series);
    return { ...passes, series, findings: levelled(passes.findings, options.levels, study) };
  }
  const wanted = options.series === undefined ? study.series : study.series.filter((s) => s.id === options.series);
  // One series asked for by itself is worth the full effort.
  const effort = options.effort ?? (options.laws === 'auto' && wanted.length > 1 ? effortFor(wanted) : undefined);
  const { levels: _, cache, runner, series: __, ...plain } = options;
  const settings: AnalyseOptions = {
    ...plain,
    ...(effort === undefined ? {} : { effort }),
    ...(study.manifest === null ? {} : { manifest: study.manifest }),
  };
  const keys = cache === undefined ? [] : wanted.map((one) => seriesKey(one, settings));
  const reports = wanted.map((_one, i) => cache?.get(keys[i] as string));
  let done = 0;
  const keep = (i: number, report: SeriesReport): void => {
    reports[i] = report;
    cache?.set(keys[i] as string, report);
    onSeries?.(report, ++done, wanted.length);
  };
  const missing: number[] = [];
  for (const [i, known] of reports.entries()) {
    if (known === undefined) missing.push(i);
    else onSeries?.(known, ++done, wanted.length);
  }
  const points = missing.reduce((sum, i) => sum + (wanted[i] as StudySeries).points.length, 0);
  if (runner !== undefined && settings.laws === 'auto' && missing.length > 1 && points >= WORTH_THREADS) {
    const open = missing.map((i) => wanted[i] as StudySeries);
    await runner(open, settings, (k, report) => keep(missing[k] as number, report), signal);
    return assemble(study, wanted, reports as SeriesReport[], options);
  }
  let since = performance.now();
  for (const i of missing) {
    signal?.throwIfAborted();
    keep(i, analyseSeries(wanted[i] as StudySeries, study, settings, signal));
    // Let cancellation and other work through, but not between every tiny fit.
    if (performance.now() - since > 30) {
      await pause();
      since = performance.now();
    }
  }
  return assemble(study, wanted, reports as SeriesReport[], options);
}

/** A report of what was read, without any fit. */
export function describeStudy(study: Study, options: Pick<ReportOptions, 'levels'>): Report {
  const { sources, findings } = holdsPasses(study) ? describePasses(study) : study;
  return {
    version: 1,
    tool: `scaling-lens ${VERSION}`,
    sources,
    series: [],
    findings: levelled(findings, options.levels, study),
  };
}

/** Puts analysed series and the study together: findings, levels, order. */
export function assemble(
  study: Study,
  series: readonly StudySeries[],
  analysed: readonly SeriesReport[],
  options: Pick<ReportOptions, 'levels' | 'seed' | 'level' | 'fitBelow'>,
): Report {
  const findings: Finding[] = [...study.findings];
  // Many tasks are many tests: each shape's p gets its q over all of them.
  const shapes = withOtherMetrics(
    series,
    withQValues(
      analysed.map((report) => report.shape),
      analysed.map((report) => report.family),
    ),
  );
  const names = seriesNames(study.series);
  const reports = analysed.map((report, i) => {
    // Here and not with the series' own analysis: groups stand in the tables, which worker threads do not have.
    const slices = sliceRecord(
      series[i] as StudySeries,
      study,
      options.fitBelow ?? report.threshold?.x ?? null,
      options,
    );
    return {
      ...report,
      name: names.get(report.id) ?? report.id,
      shape: shapes[i] ?? null,
      ...(slices === null ? {} : { slices }),
    };
  });
  for (const [i, report] of reports.entries()) {
    const one = series[i] as StudySeries;
    const file = study.tables[one.anchor.table]?.file ?? '';
    for (const rule of seriesRules) {
      const finding = rule({ series: one, report, file, name: report.name });
      if (finding !== null) findings.push(finding);
    }
  }
  for (const rule of studyRules) findings.push(...rule({ study, series, reports }));
  return {
    version: 1,
    tool: `scaling-lens ${VERSION}`,
    sources: study.sources,
    series: reports,
    findings: levelled(findings, options.levels, study),
    ...(study.assumed.length > 0 ? { assumed: study.assumed } : {}),
    ...(study.questions.length > 0 ? { questions: study.questions } : {}),
  };
}

/** Applies the levels of settings and manifest and puts the gravest first, then by place. */
function levelled(findings: readonly Finding[], levels: ReportOptions['levels'], study: Study): Finding[] {
  return atLevels(findings, levels, study.manifest?.findings ?? null).sort(
    (a, b) =>
      byGravity(a, b) ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.range.start.line - b.range.start.line ||
      a.range.start.character - b.range.start.character ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}

/** A key of everything an analysis depends on: the numbers of the series and the options. */
export function seriesKey(series: StudySeries, options: AnalyseOptions): string {
  const head = JSON.stringify([
    series.id,
    series.better,
    series.scale,
    series.lower,
    series.upper,
    series.chance?.value ?? null,
    series.ceiling?.value ?? null,
    series.notes,
    options,
  ]);
  let a = 0x811c9dc5;
  let b = 0x01000193;
  const mix = (text: string) => {
    for (let i = 0; i < text.length; i++) {
      a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
      b = Math.imul(b + text.charCodeAt(i), 0x85ebca6b) ^ (b >>> 13);
    }
  };
  mix(head);
  for (const p of series.points) {
    mix(
      `${p.x}|${p.y}|${p.stderr}|${p.n}|${p.params}|${p.tokens}|${p.compute}|${p.loss}|${p.model}|${p.family}|${p.run}|${p.row};`,
    );
  }
  return `${series.id}#${series.points.length}#${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
