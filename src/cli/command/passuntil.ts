/** `passuntil estimate FILE`: PassUntil estimators and task law. The sampler is `passuntil run` (passuntil-run.ts). */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { parseManifest } from '../../core/manifest/parse.ts';
import { type Guess, locate } from '../../core/passuntil/count-columns.ts';
import { type CountPins, selectedRows, sizesOf } from '../../core/passuntil/count-pins.ts';
import { type Counts, holdsCounts, readCounts } from '../../core/passuntil/counts.ts';
import { estimateCounts } from '../../core/passuntil/estimate.ts';
import { readJournalCounts } from '../../core/passuntil/journal-counts.ts';
import { resultsTable } from '../../core/passuntil/results-table.ts';
import { readStudyTables } from '../../core/read/collect.ts';
import { formatNumber, formatScale } from '../../core/render/number.ts';
import type { Report } from '../../core/report-model.ts';
import type { InputFile } from '../../core/study/study.ts';
import { columnByHeader, rowsWhere } from '../../core/study/where.ts';
import type { RawTable } from '../../core/table/raw-table.ts';
import { rowView } from '../../core/table/row-view.ts';
import { nodeReadPorts } from '../../node/read-ports.ts';
import { analyseOptions, type Flags, finish, sayUnread, studyOptions, withStudyFlags } from '../common.ts';
import { parseAt, parseSeverity, parseWhere } from '../flags.ts';
import { readInputs } from '../inputs.ts';
import { journalPieces } from '../journals.ts';
import { withManifestFiles } from '../manifest-files.ts';
import { findingLine, fitLines, forecastLines } from '../print.ts';
import { table } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { writeOut } from '../write-out.ts';
import { addPassUntilRun } from './passuntil-run.ts';

interface EstimateFlags extends Flags {
  readonly at?: string;
  readonly csv?: string;
}

export function addPassUntil(program: Command): void {
  const passuntil = program
    .command('passuntil')
    .description('infinite-resolution evaluation by sampling until r passes');
  withStudyFlags(
    passuntil
      .command('estimate')
      .description('unbiased pass rates per size, and the task law of the dataset and of every instance'),
    {
      x: 'params (the only scale of a task law)',
      y: 'the column of passes, or of the pass/fail cell of each trial',
      group: 'one series per value of these columns (comma separated) in place of the task',
    },
  )
    .argument('<files...>', 'pass counts per instance and model, or one row per trial; journals of passuntil run')
    .optionsGroup('What is fitted:')
    .option('--fit-below <params>', 'fit only sizes with N strictly below; the others are forecast')
    .option('--at <params>', 'forecast at these sizes (comma separated), or held-out: those not fitted')
    .option('--level <fraction>', 'level of intervals (default 0.9)')
    .option('--bootstrap <count>', 'resamples of instances behind the intervals; 0 switches them off (default 200)')
    .option('--seed <number>', 'seed of the resampling (default 1)')
    .optionsGroup('What is printed:')
    .option('--csv <file>', 'also write one row per task and size, as a table of results')
    .action(async (files: string[], flags: EstimateFlags) => {
      if (flags.x !== undefined && flags.x !== 'params')
        throw new UsageError(`--x ${flags.x}: the task law is in params`);
      if (flags.failOn !== undefined) parseSeverity(flags.failOn);
      const { sources, counts } = await countsOf(files, flags);
      const options = analyseOptions(flags);
      const at = flags.at === undefined ? undefined : parseAt(flags.at);
      if (at === 'held-out' && options.fitBelow === undefined)
        throw new UsageError('--at held-out needs --fit-below X');
      const report = estimateCounts(sources, counts, { ...options, ...(at === undefined ? {} : { at }) });
      if (report.series.length === 0) {
        for (const f of report.findings) process.stderr.write(`${findingLine(f)}\n`);
        process.exitCode = 2;
        return;
      }
      if (flags.csv !== undefined) writeOut(flags.csv, resultsTable(counts.rows));
      finish(report, flags, () => estimateLines(report));
    });
  addPassUntilRun(passuntil);
}

type Source = Parameters<typeof estimateCounts>[0][number];

/** Counts of tables and of sampling journals, as one study. */
async function countsOf(
  args: readonly string[],
  flags: EstimateFlags,
): Promise<{ sources: readonly Source[]; counts: Counts }> {
  const inputs = await withManifestFiles(await readInputs(args, flags.manifest));
  sayUnread(inputs.unreadable);
  const journals: { name: string; pieces: Iterable<Uint8Array> }[] = [];
  const others: InputFile[] = [];
  for (const file of inputs.files) {
    const pieces = journalPieces(file);
    if (pieces === null) others.push(file);
    else journals.push({ name: file.name, pieces });
  }
  const { tables, counts } = await tableCounts(others, inputs.manifest, flags);
  const sources: Source[] = [...tables];
  const found = [counts];
  for (const { name, pieces } of journals) {
    const counts = readJournalCounts(pieces, sources.length);
    if (!counts.ok) throw new UsageError(`${name}: ${counts.error}`);
    if (counts.value === null) throw new UsageError(`${name}: the journal has no answers yet`);
    sources.push({ file: name, format: 'passuntil-journal', rowCount: counts.value.rows.length });
    found.push(counts.value);
  }
  return {
    sources,
    counts: {
      rows: found.flatMap((c) => c.rows),
      findings: found.flatMap((c) => c.findings),
      notes: found.flatMap((c) => c.notes),
    },
  };
}

/**
 * Counts of tables, under the flags and the manifest.
 * @throws UsageError where a flag names no column, the manifest that was asked for is broken, or a question is open
 */
async function tableCounts(
  files: readonly InputFile[],
  manifest: InputFile | null,
  flags: EstimateFlags,
): Promise<{ tables: readonly RawTable[]; counts: Counts }> {
  const parsed = manifest === null ? null : parseManifest(manifest);
  const rules = parsed?.rules ?? null;
  const broken = (parsed?.findings ?? []).filter((f) => f.severity === 'error');
  if (flags.manifest !== undefined && broken.length > 0)
    throw new UsageError(broken.map((f) => findingLine(f)).join('\n'));
  const { tables: read, problems } = await readStudyTables(files, nodeReadPorts, parsed?.formatOf);
  for (const p of problems) process.stderr.write(`${p.file}: ${p.message}\n`);
  if (problems.some((p) => p.code !== 'file.unrecognised')) process.exitCode = 2;
  const named = rules?.modelsFile ?? null;
  const models = read.find((t) => named !== null && basename(t.file) === basename(named) && !holdsCounts(t));
  const whole = read.filter((t) => t !== models);
  const where = (flags.where ?? []).map(parseWhere);
  const { y, group } = studyOptions(flags);
  const asked = [
    ...where.map(({ column }) => ['--where', column] as const),
    ...(y === undefined ? [] : [['--y', y] as const]),
    ...(group ?? []).map((column) => ['--group', column] as const),
  ];
  for (const [flag, column] of whole.length === 0 ? [] : asked)
    if (!whole.some((t) => columnByHeader(t, column) >= 0))
      throw new UsageError(`${flag} names “${column}”, but no column is called so`);
  const pins: CountPins = {
    ...(y === undefined ? {} : { y }),
    ...(group === undefined ? {} : { group }),
    rules,
    ...(models === undefined ? {} : { sizes: sizesOf(models) }),
  };
  const tables = whole.map((t) => {
    const kept = keptBy(t, rowsWhere(t, where));
    return keptBy(kept, selectedRows(kept, rules, locate(kept, pins).model ?? null));
  });
  const counts = tables.length > 0 ? readCounts(tables, pins) : { rows: [], findings: [], notes: [] };
  const guesses = counts.guesses ?? [];
  if (guesses.length > 0 && flags.assume !== true) throw new UsageError(guesses.map(questionText).join('\n'));
  return {
    tables,
    counts: {
      rows: counts.rows,
      findings: [...(parsed?.findings ?? []), ...counts.findings],
      notes: [...counts.notes, ...guesses.map(({ question, guess }) => `${question} Assumed: ${guess}.`)],
    },
  };
}

function keptBy(table: RawTable, keep: Uint8Array | null): RawTable {
  return keep === null ? table : rowView(table, keep);
}

function questionText({ question, guess, settle }: Guess): string {
  return [`question: ${question}`, `  settle it: ${settle}`, `  or pass --assume to take: ${guess}`].join('\n');
}

function estimateLines(report: Report): string[] {
  const lines: string[] = [];
  for (const s of report.series) {
    const record = s['passuntil'] as {
      sizes: {
        params: number;
        pu: number;
        stderr: number | null;
        f: number | null;
        instances: number;
        capped: number;
      }[];
      emergence: { statement: string };
      mechanisms: { statement: string } | null;
    };
    lines.push(`${s.task}: PassUntil, ${record.sizes.length} ${record.sizes.length === 1 ? 'size' : 'sizes'}`);
    lines.push(
      ...table(
        [
          ['  size', 'PU', 'standard error', 'ln(−ln PU)', 'instances', 'capped'],
          ...record.sizes.map((z) => [
            `  ${formatScale(z.params, 'params')}`,
            formatNumber(z.pu, 4),
            formatNumber(z.stderr, 2),
            formatNumber(z.f, 4),
            String(z.instances),
            String(z.capped),
          ]),
        ],
        true,
      ),
      `  ${record.emergence.statement}`,
      ...(record.mechanisms === null ? [] : [`  ${record.mechanisms.statement}`]),
      ...(s.notes ?? []).map((n) => `  note: ${n}`),
    );
  }
  const told = report.series.flatMap((s) => s.notes ?? []);
  return [...lines, ...fitLines(report.series, told), ...forecastLines(report.series)];
}
