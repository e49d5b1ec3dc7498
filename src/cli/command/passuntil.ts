/** `passuntil estimate FILE`: PassUntil estimators and task law. The sampler is `passuntil run` (passuntil-run.ts). */
import type { Command } from 'commander';
import { type Counts, readCounts } from '../../core/passuntil/counts.ts';
import { estimateCounts } from '../../core/passuntil/estimate.ts';
import { readJournalCounts } from '../../core/passuntil/journal-counts.ts';
import { resultsTable } from '../../core/passuntil/results-table.ts';
import { readStudyTables } from '../../core/read/collect.ts';
import { formatNumber, formatScale } from '../../core/render/number.ts';
import type { Report } from '../../core/report-model.ts';
import type { InputFile, WhereClause } from '../../core/study/study.ts';
import { columnByHeader, rowsWhere } from '../../core/study/where.ts';
import { rowView } from '../../core/table/row-view.ts';
import { nodeReadPorts } from '../../node/read-ports.ts';
import { analyseOptions, collect, type Flags, finish, sayUnread } from '../common.ts';
import { parseAt, parseSeverity, parseWhere } from '../flags.ts';
import { readInputs } from '../inputs.ts';
import { journalPieces } from '../journals.ts';
import { findingLine, fitLines, forecastLines, table } from '../print.ts';
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
  passuntil
    .command('estimate')
    .description('unbiased pass rates per size, and the task law of the dataset and of every instance')
    .argument('<files...>', 'pass counts per instance and model, or one row per trial')
    .option('--fit-below <params>', 'fit only sizes with N strictly below; the others are forecast')
    .option('--at <params>', 'forecast at these sizes (comma separated), or held-out: those not fitted')
    .option('--x <scale>', 'params (the only scale of a task law)')
    .option('--level <fraction>', 'level of intervals (default 0.9)')
    .option('--bootstrap <count>', 'resamples of instances behind the intervals; 0 switches them off (default 200)')
    .option('--seed <number>', 'seed of the resampling (default 1)')
    .option('--csv <file>', 'also write one row per task and size, as a table of results')
    .option('--where <clause>', "keep rows with 'COLUMN OP VALUE' (= != < <= > >= in); repeatable", collect)
    .option('--fail-on <severity>', 'exit 1 when a finding reaches hint, information, warning or error')
    .option('--quiet', 'print nothing but errors')
    .option('--json', 'print the report as JSON')
    .action(async (files: string[], flags: EstimateFlags) => {
      if (flags.x !== undefined && flags.x !== 'params')
        throw new UsageError(`--x ${flags.x}: the task law is in params`);
      if (flags.failOn !== undefined) parseSeverity(flags.failOn);
      const { sources, counts } = await countsOf(files, (flags.where ?? []).map(parseWhere));
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
  where: readonly WhereClause[],
): Promise<{ sources: readonly Source[]; counts: Counts }> {
  const inputs = await readInputs(args, undefined);
  sayUnread(inputs.unreadable);
  const journals: { name: string; pieces: Iterable<Uint8Array> }[] = [];
  const others: InputFile[] = [];
  for (const file of inputs.files) {
    const pieces = journalPieces(file);
    if (pieces === null) others.push(file);
    else journals.push({ name: file.name, pieces });
  }
  const { tables: whole, problems } = await readStudyTables(others, nodeReadPorts);
  for (const { column } of where)
    if (!whole.some((t) => columnByHeader(t, column) >= 0))
      throw new UsageError(`--where names “${column}”, but no column is called so`);
  const tables = whole.map((t) => {
    const keep = rowsWhere(t, where);
    return keep === null ? t : rowView(t, keep);
  });
  for (const p of problems) process.stderr.write(`${p.file}: ${p.message}\n`);
  if (problems.some((p) => p.code !== 'file.unrecognised')) process.exitCode = 2;
  const sources: Source[] = [...tables];
  const found = tables.length > 0 ? [readCounts(tables)] : [];
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
  return [...lines, ...fitLines(report.series), ...forecastLines(report.series)];
}
