/**
 * Builds a study from tables: understands every table, joins models across files, collects measurements, forms series and
 * reports what the reading itself found. Pure; bad input becomes findings, nothing is thrown.
 */

import type { DataCheck } from '../finding/data-check.ts';
import { computeMismatch } from '../finding/data-compute.ts';
import { degenerateMetrics } from '../finding/data-degenerate.ts';
import { directionConflicts } from '../finding/data-direction.ts';
import { duplicates } from '../finding/data-duplicate.ts';
import { fileProblems } from '../finding/data-file.ts';
import { missingValues } from '../finding/data-missing.ts';
import { mixedModelsOf, mixedParams } from '../finding/data-mixed-params.ts';
import { mixedPercent } from '../finding/data-mixed-percent.ts';
import { outliers } from '../finding/data-outlier.ts';
import { pinnedColumns } from '../finding/data-pinned.ts';
import { rivalColumns } from '../finding/data-rival.ts';
import { units } from '../finding/data-unit.ts';
import type { Finding, SourceReport } from '../report-model.ts';
import { maskMissing } from '../table/masked.ts';
import type { RawTable } from '../table/raw-table.ts';
import type { TableReading } from '../table/understand.ts';
import { understandTable } from '../table/understand.ts';
import type { Group } from './draft.ts';
import { GroupBook } from './draft.ts';
import { excludedRows } from './exclude.ts';
import type { ManifestRules, SourceRules } from './manifest-rules.ts';
import { isUnranked } from './measure-facts.ts';
import { bookOfModels } from './model-book.ts';
import { judgePercent } from './percent.ts';
import { questionsOf } from './questions.ts';
import type { Rows } from './rows.ts';
import { fileStem, resolveRows } from './rows.ts';
import { isSampleLog, SampleLogs } from './sample-logs.ts';
import { chancesOf, tidySamples } from './samples.ts';
import { quantityWord } from './scale-choice.ts';
import { buildSeries } from './series.ts';
import { describeSource } from './sources.ts';
import type { RunFacts, Study, StudyOptions } from './study.ts';
import { tasksOf } from './task-book.ts';
import { tidyRows } from './tidy.ts';
import { tidyTransposed } from './transposed.ts';
import { rowsWhere } from './where.ts';

const CHECKS: readonly DataCheck[] = [
  fileProblems,
  pinnedColumns,
  rivalColumns,
  units,
  computeMismatch,
  mixedParams,
  outliers,
  duplicates,
  missingValues,
  mixedPercent,
  directionConflicts,
  degenerateMetrics,
];

const NO_FACTS: RunFacts = { model: null, family: null, params: null, tokens: null, compute: null, step: null };

function sourceRules(table: RawTable, rules: ManifestRules | null): SourceRules | null {
  return rules?.sources.find((s) => s.matches(table.file)) ?? null;
}

/** The scale that the manifest pins, as a word or header; null where it leaves the choice open (C with 6ND is the default). */
export function pinnedScale(rules: ManifestRules | null): string | null {
  const scale = rules?.scale;
  switch (scale?.x) {
    case 'N':
      return 'params';
    case 'D':
      return 'tokens';
    case 'C':
      return 'compute';
    case 'step':
      return 'steps';
    case 'column':
      return scale.column;
    default:
      return null;
  }
}

/**
 * Builds the study of some tables.
 * @param given tables in the order the user named the files
 * @param rules the manifest, validated
 * @param options pins of the command line; they override the manifest and detection
 */
export function buildStudy(given: readonly RawTable[], rules: ManifestRules | null, options: StudyOptions): Study {
  const tables = given.map((table) => maskMissing(table, sourceRules(table, rules)?.missing ?? []));
  const readings: TableReading[] = tables.map((table) => understandTable(table, sourceRules(table, rules)));
  const assumed: string[] = [];
  if (options.assume === true) {
    for (const reading of readings) {
      for (const open of reading.open) {
        const best = open.choices[0];
        if (best === undefined) continue;
        best.apply();
        assumed.push(`${reading.table.file}: ${best.say}.`);
      }
    }
  }
  const book = bookOfModels(readings, rules);
  const rowsOf: Rows[] = readings.map((reading, index) =>
    resolveRows(reading, index, book, rules, sourceRules(reading.table, rules)),
  );
  const x = options.x ?? pinnedScale(rules);
  const grouped = options.group !== undefined && options.group.length > 0;
  // Several full loss tables (three sizes and more each) are several experiments; files of one run each are one.
  const full = rowsOf.map(
    (rows) => rows.reading.layout === 'loss-table' && new Set(rows.params.slice(0, 1000)).size >= 3,
  );
  const apart = full.filter((f) => f).length > 1;
  const groupBook = new GroupBook();
  const chances = chancesOf(readings);
  const where = [...(rules?.select.where ?? []), ...(options.where ?? [])];
  const notes: string[][] = readings.map(() => []);
  let logs: SampleLogs | null = null;
  /** Tables of one row per question: their scores are means over the rows. */
  const counted = new Set<number>();
  // Sample logs come last: their means belong to the series that the results of the same runs have opened.
  for (const rows of rowsOf.toSorted((a, b) => Number(isSampleLog(a)) - Number(isSampleLog(b)))) {
    const { reading, index } = rows;
    const isModels = rules?.modelsFile != null && reading.table.file.endsWith(rules.modelsFile);
    if (isModels || reading.table.columnCount === 0) continue;
    const kept = rowsWhere(reading.table, where);
    const excluded = excludedRows(rows, rules, where);
    const tidy = {
      xColumn: x !== null && quantityWord(x) === null ? x : null,
      yColumn: options.y ?? null,
      group: grouped ? (options.group as readonly string[]) : null,
      kept,
      taskMetric: (task: string) => rules?.tasks.get(task)?.metric ?? null,
      fileFacet: apart && full[index] === true ? fileStem(reading.table.file) : null,
      excluded: excluded.rows,
    };
    const said = notes[index] as string[];
    said.push(...excluded.notes);
    if (kept !== null) {
      // Of a folded table the fold knows what passed, of any other its rows do.
      const { folded } = reading.table;
      const passed = folded?.rows ?? kept.reduce((a, b) => a + b, 0);
      said.push(`${passed} of ${folded === undefined ? rows.count : passed + folded.filtered} rows pass the filter.`);
    }
    if (reading.layout === 'per-sample' && options.x === undefined) {
      counted.add(index);
      said.push(
        ...tidySamples(
          rows,
          groupBook,
          chances,
          options.y ?? null,
          isSampleLog(rows) ? (logs ??= new SampleLogs(rowsOf, groupBook)) : null,
          kept,
        ),
      );
    } else if (reading.layout === 'transposed') tidyTransposed(rows, groupBook, tidy);
    else if (options.y !== undefined || ['wide', 'long', 'loss-table', 'per-sample'].includes(reading.layout))
      said.push(...tidyRows(rows, groupBook, tidy));
  }
  // lm-eval's `bypass` metric is always 999: a placeholder, not a score.
  const groups: Group[] = [...groupBook.groups.values()].filter((g) => g.metric !== 'bypass');
  // A column that the user asks for is no average to leave out.
  const asked =
    options.y === undefined ? ranked(groups, rules, readings, notes) : groups.map((g) => ({ ...g, aggregate: false }));
  const percent = judgePercent(asked, rules);
  const moe = mixedModelsOf(rowsOf);
  const { built, unscaled } = buildSeries(asked, percent, {
    x,
    xBy: options.x === undefined ? 'pinned in scaling.yaml' : 'pinned by --x',
    grouped,
    rules,
    tasks: tasksOf(readings),
    mixedModels: moe,
  });
  const { place, run } = lookUps(rowsOf, counted);
  const context = { tables, readings, rowsOf, groups: asked, built, unscaled, percent, rules, options, place };
  const findings: Finding[] = CHECKS.flatMap((check) => check.find(context));
  const { questions, guesses } = questionsOf(context, options.assume === true);
  assumed.push(...guesses);
  const sources: SourceReport[] = rowsOf.map((rows, index) => describeSource(rows, notes[index] as string[]));
  if (tables.length > 1) sources.push(together(tables, sources));
  return {
    sources,
    tables,
    series: built.map((b) => b.series),
    findings,
    questions,
    assumed,
    run,
    place,
    manifest: rules?.study ?? null,
  };
}

/**
 * What a study is asked for later. By itself, since a function keeps alive whatever stands around it: here only the rows.
 * @param counted tables whose scores are means over their rows
 */
function lookUps(rowsOf: readonly Rows[], counted: ReadonlySet<number>): Pick<Study, 'place' | 'run'> {
  return {
    place: ({ table: index, row, column }) => {
      const rows = rowsOf[index];
      if (rows === undefined) return null;
      const { table } = rows.reading;
      return rows.range(counted.has(index) ? table.headerSpan(column) : table.cellSpan(row, column));
    },
    run: (table, row) => {
      const rows = rowsOf[table];
      return rows === undefined || row < 0 || row >= rows.count ? NO_FACTS : rows.facts(row);
    },
  };
}

/** Several tables, mostly a file each, are one study: one more source says what they form together. */
function together(tables: readonly RawTable[], sources: readonly SourceReport[]): SourceReport {
  const rows = sources.reduce((sum, s) => sum + s.rows, 0);
  const layouts = [...new Set(sources.map((s) => s.layout))];
  const results = layouts.filter((l) => l !== 'metadata' && l !== 'unknown' && l !== 'diagnostic');
  const files = [...new Set(tables.map((t) => t.file))];
  const folders = [...new Set(files.map((file) => file.replace(/[^/\\]*$/, '')))];
  return {
    file:
      files.length > 1 && folders.length === 1 && folders[0] !== ''
        ? (folders[0] as string)
        : files.slice(0, 3).join(', '),
    format: 'study',
    layout: results.length === 1 ? (results[0] as SourceReport['layout']) : (results[0] ?? 'metadata'),
    rows,
    columns: [],
    notes: [
      files.length === tables.length
        ? `${files.length} files read as one study.`
        : `${tables.length} tables of ${files.length === 1 ? 'one file' : `${files.length} files`} read as one study.`,
    ],
  };
}

/** Metrics that nobody can rank give no series; the source says so, with the way to rank them. */
function ranked(
  groups: readonly Group[],
  rules: ManifestRules | null,
  readings: readonly TableReading[],
  notes: readonly string[][],
): readonly Group[] {
  const left = groups.filter((g) => isUnranked(g, rules));
  for (const [index, reading] of readings.entries()) {
    const here = [...new Set(left.filter((g) => g.rows.reading === reading).map((g) => g.metric))];
    if (here.length === 0) continue;
    notes[index]?.push(
      `Neither direction of ${here.join(', ')} is better: no series is made of it unless scaling.yaml ranks it (metrics: {${here[0]}: {better: higher}}).`,
    );
  }
  return groups.filter((g) => !left.includes(g));
}
