/** What every command shares: its flags, reading the study, printing, exit codes. */
import type { Command } from 'commander';
import { type AnalyseOptions, DEFAULT_OPTIONS } from '../core/analyse-series.ts';
import { SEVERITY_ORDER } from '../core/finding/severity.ts';
import { holdsPasses } from '../core/passuntil/pass-study.ts';
import { readStudy } from '../core/read-study.ts';
import { placeText } from '../core/render/place.ts';
import type { Finding, Report, Severity } from '../core/report-model.ts';
import type { ReadProgress, Study, StudyOptions } from '../core/study/study.ts';
import { rowsWhere } from '../core/study/where.ts';
import { nodeReadPorts } from '../node/read-ports.ts';
import {
  parseAssignments,
  parseCount,
  parseNumber,
  parseObjective,
  parsePositive,
  parseResample,
  parseSeverity,
  parseTies,
  parseWhere,
} from './flags.ts';
import { readInputs } from './inputs.ts';
import { withJournalTables } from './journals.ts';
import { jsonText } from './json-text.ts';
import { withManifestFiles } from './manifest-files.ts';
import { findingLine, findingLines } from './print.ts';
import { UsageError } from './usage-error.ts';

/** Flags as commander collects them. */
export interface Flags {
  readonly x?: string;
  readonly y?: string;
  readonly group?: string;
  readonly manifest?: string;
  readonly where?: readonly string[];
  readonly assume?: boolean;
  readonly failOn?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly series?: string;
  readonly bootstrap?: string;
  readonly seed?: string;
  readonly level?: string;
  readonly objective?: string;
  readonly delta?: string;
  readonly fix?: readonly string[];
  readonly tie?: string;
  readonly resample?: string;
  readonly fitBelow?: string;
  readonly qualityControl?: string | boolean;
  readonly firstStage?: readonly string[];
  readonly secondStage?: readonly string[];
}

/** Values of a flag that may be given again and again. */
export const collect = (value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value];

/** The argument of every command that reads a study. */
export const FILES = ['<files...>', 'files, folders, globs, or - for standard input'] as const;

/** What a command reads where it is not what the others read. */
const READ = {
  x: 'compute, params, tokens, steps or a column',
  y: 'the score column',
  group: 'one series per value of these columns (comma separated); everything else is pooled',
};

/** Flags of every command. */
export function withStudyFlags(command: Command, { x, y, group }: typeof READ = READ): Command {
  return command
    .optionsGroup('What is read:')
    .option('--x <scale>', x)
    .option('--y <column>', y)
    .option('--group <columns>', group)
    .option('--manifest <file>', 'a scaling.yaml (default: the one beside the files)')
    .option('--where <clause>', "keep rows with 'COLUMN OP VALUE' (= != < <= > >= in); repeatable", collect)
    .option('--assume', 'take the best guess where a question would be asked, and list it')
    .optionsGroup('What is printed:')
    .option('--fail-on <severity>', 'exit 1 when a finding reaches hint, information, warning or error')
    .option('--quiet', 'print nothing but errors')
    .option('--json', 'print the report as JSON');
}

const SERIES = ['--series <id>', 'only this series, with the full effort'] as const;
const SEED = ['--seed <number>', 'seed of every random step (default 1)'] as const;
const LEVEL = ['--level <fraction>', 'level of intervals (default 0.9)'] as const;

/** Flags of a command that fits by itself, once. */
export function withSeriesFlags(command: Command): Command {
  return command
    .optionsGroup('What is fitted:')
    .option(...SERIES)
    .option(...SEED)
    .option(...LEVEL);
}

/** Flags of the commands that fit as they are told. */
export function withFitFlags(command: Command): Command {
  return command
    .optionsGroup('What is fitted:')
    .option(...SERIES)
    .option('--objective <name>', 'squared, log-squared, huber, log-huber or lad')
    .option('--delta <number>', 'Huber switch point on the residual scale')
    .option('--bootstrap <count>', 'resamples; 0 switches it off (default 200)')
    .option('--resample <unit>', 'case, residual, run or family')
    .option(...SEED)
    .option(...LEVEL)
    .option('--fix <assignments>', 'hold parameters, e.g. E=1.69; repeatable', collect)
    .option('--tie <pairs>', 'hold parameters equal, e.g. alpha=beta')
    .option('--fit-below <x>', 'fit only rows with x strictly below, in plain units')
    .option(
      '--first-stage <clause>',
      "composed laws: rows that feed the first stage, e.g. 'compute < 1e20'; repeatable",
      collect,
    )
    .option('--second-stage <clause>', 'composed laws: rows that feed the second stage; repeatable', collect)
    .option(
      '--quality-control [z]',
      'isoflop: drop rows by the published rules first (robust z of outliers, default 6)',
    );
}

export function studyOptions(flags: Flags): StudyOptions {
  return {
    ...(flags.x === undefined ? {} : { x: flags.x }),
    ...(flags.y === undefined ? {} : { y: flags.y }),
    ...(flags.group === undefined ? {} : { group: flags.group.split(',').map((g) => g.trim()) }),
    ...(flags.where === undefined ? {} : { where: flags.where.map(parseWhere) }),
    ...(flags.assume === true ? { assume: true } : {}),
  };
}

export function analyseOptions(flags: Flags): AnalyseOptions {
  const level = flags.level === undefined ? DEFAULT_OPTIONS.level : parseNumber('--level', flags.level);
  if (level <= 0 || level >= 1)
    throw new UsageError(`--level ${flags.level ?? ''}: expected a fraction between 0 and 1`);
  return {
    ...DEFAULT_OPTIONS,
    level,
    ...(flags.bootstrap === undefined ? {} : { bootstrap: parseCount('--bootstrap', flags.bootstrap) }),
    ...(flags.seed === undefined ? {} : { seed: parseCount('--seed', flags.seed) }),
    ...(flags.objective === undefined ? {} : { objective: parseObjective(flags.objective) }),
    ...(flags.delta === undefined ? {} : { delta: parsePositive('--delta', flags.delta) }),
    ...(flags.resample === undefined ? {} : { resample: parseResample(flags.resample) }),
    ...(flags.fix === undefined
      ? {}
      : { fix: Object.assign({}, ...flags.fix.map((f) => parseAssignments('--fix', f))) as Record<string, number> }),
    ...(flags.tie === undefined ? {} : { tie: parseTies(flags.tie) }),
    ...(flags.qualityControl === undefined
      ? {}
      : {
          qualityControl:
            typeof flags.qualityControl === 'string' ? parsePositive('--quality-control', flags.qualityControl) : true,
        }),
    ...(flags.firstStage === undefined && flags.secondStage === undefined
      ? {}
      : {
          stages: {
            ...(flags.firstStage === undefined ? {} : { first: flags.firstStage.map(parseWhere) }),
            ...(flags.secondStage === undefined ? {} : { second: flags.secondStage.map(parseWhere) }),
          },
        }),
    ...(flags.fitBelow === undefined ? {} : { fitBelow: parsePositive('--fit-below', flags.fitBelow) }),
  };
}

/**
 * Reads the files into a study; every unusable input and open question ends with exit code 2.
 * @param onBytes told how much there is to read, before it is read
 * @throws UsageError when nothing can be read, or a flag names a column that no file has
 */
export async function openStudy(
  files: readonly string[],
  flags: Flags,
  onBytes?: (bytes: number) => void,
): Promise<Study> {
  // Before any work: a severity that does not exist is not found out after minutes of fitting.
  if (flags.failOn !== undefined) parseSeverity(flags.failOn);
  const inputs = withJournalTables(await withManifestFiles(await readInputs(files, flags.manifest)));
  onBytes?.(inputs.files.reduce((sum, file) => sum + (file.bytes?.length ?? file.stream?.size ?? 0), 0));
  sayUnread(inputs.unreadable);
  const study = await readStudy(
    inputs.files,
    { ...studyOptions(flags), ...(inputs.manifest === null ? {} : { manifest: inputs.manifest }) },
    nodeReadPorts,
    undefined,
    readProgress(flags),
  );
  // A flag that names no column: whatever followed would be about other rows or scores than those asked for.
  const misnamed = study.findings.filter((f) => f.severity === 'error' && typeof f.data['flag'] === 'string');
  if (misnamed.length > 0) throw new UsageError(misnamed.map((f) => findingLine(f)).join('\n'));
  const where = studyOptions(flags).where ?? [];
  // Otherwise what is left would be called a table without scores.
  if (study.tables.length > 0 && study.tables.every((table) => rowsWhere(table, where)?.includes(1) === false))
    throw new UsageError(`--where ${(flags.where ?? []).join(' and ')}: no row is left`);
  // A manifest that was named on purpose and cannot be followed: going on without it would answer another question.
  const broken = study.findings.filter((f) => f.code === 'manifest.invalid' && f.severity === 'error');
  if (flags.manifest !== undefined && broken.length > 0)
    throw new UsageError(broken.map((f) => findingLine(f)).join('\n'));
  return study;
}

/** Names on standard error the files that could not be read; the others are read, but the code says that it is not all. */
export function sayUnread(unread: readonly { readonly name: string; readonly why: string }[]): void {
  for (const { name, why } of unread) process.stderr.write(`${name}: ${why}\n`);
  if (unread.length > 0) process.exitCode = 2;
}

/**
 * Says on standard error why a study cannot be used, or what it leaves open, and sets exit code 2.
 * @param fitOnly laws are fitted and no shapes asked for: whether higher is better does not matter
 * @param passRates counts of trials can be used
 * @returns false when the study can be used
 */
export function refused(study: Study, fitOnly = false, passRates = false): boolean {
  const lines = unusable(study, fitOnly, passRates);
  if (lines === null) return false;
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = 2;
  return true;
}

/**
 * The series that --series names; null without the flag.
 * @throws UsageError when there is none of that name
 */
export function namedSeries<S extends { readonly id: string }>(
  study: { readonly series: readonly S[] },
  { series: id }: Pick<Flags, 'series'>,
): S | null {
  if (id === undefined) return null;
  const found = study.series.find((s) => s.id === id);
  if (found !== undefined) return found;
  const known = study.series.slice(0, 20).map((s) => s.id);
  throw new UsageError(
    `--series ${id}: there is no such series; there are ${known.join(', ')}${study.series.length > 20 ? ', …' : ''}`,
  );
}

/** Why a study cannot be used; null when it can. */
function unusable(study: Study, fitOnly: boolean, passRates: boolean): string[] | null {
  const questions = study.questions.filter((q) => !fitOnly || q.topic !== 'direction');
  // What is wrong with the cells comes before what the cells leave open.
  const lines = questions.length === 0 ? [] : troubles(study, (f) => f.code !== 'data.missing');
  for (const question of questions) {
    lines.push(`${placeText(question.file, question.range)}: question: ${question.message}`);
    lines.push('  settle it in scaling.yaml, for example:');
    for (const line of (question.yaml[0] ?? '').split('\n')) lines.push(`    ${line}`);
    lines.push(`  or pass --assume to take: ${question.guess}`);
  }
  if (lines.length > 0) return lines;
  const counts = holdsPasses(study);
  if (study.series.length > 0 || (counts && passRates)) return null;
  if (counts) {
    const [first] = study.sources;
    return [
      `${first?.file ?? ''}: counts of trials and passes; only the law of pass rates fits them: --law pass-until, or passuntil estimate.`,
    ];
  }
  lines.push(...troubles(study));
  if (lines.length === 0) lines.push(...study.sources.map((s) => `${s.file}: no series found (${s.layout})`));
  return lines;
}

const MOST_TROUBLES = 12;

/** Findings that may be why nothing can be analysed, with their places. */
function troubles(study: Study, wanted: (finding: Finding) => boolean = () => true): string[] {
  const grave = study.findings.filter(
    (f) => wanted(f) && (SEVERITY_ORDER[f.severity] >= SEVERITY_ORDER.warning || f.code.startsWith('file.')),
  );
  const more = grave.length - MOST_TROUBLES;
  return [
    ...grave.slice(0, MOST_TROUBLES).map((f) => findingLine(f)),
    ...(more > 0 ? [`… and ${more} more of the kind`] : []),
  ];
}

/** Prints the report and sets the exit code by --fail-on. */
export function finish(report: Report, flags: Flags, body: () => readonly string[]): void {
  if (flags.json === true) for (const piece of jsonText(report)) process.stdout.write(piece);
  else if (flags.quiet !== true) {
    const lines = [...body()];
    const findings = findingLines(report);
    if (findings.length > 0) lines.push('', ...findings);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  if (flags.failOn !== undefined) failOn(report, parseSeverity(flags.failOn));
  // What could be read was analysed, but it is not all that was given.
  if (report.findings.some(isDamage)) process.exitCode = 2;
}

/** A file that could not be read, or that ends before its end. */
function isDamage({ code, severity, data }: Finding): boolean {
  return code.startsWith('file.') && (severity === 'error' || data['unread'] === true);
}

function failOn(report: Report, level: Severity): void {
  if (report.findings.some((f) => SEVERITY_ORDER[f.severity] >= SEVERITY_ORDER[level])) process.exitCode = 1;
}

/** How far large files are read, on standard error, only on a terminal. */
function readProgress(flags: Flags): ReadProgress {
  if (!process.stderr.isTTY || flags.quiet === true) return () => undefined;
  return (file, done, total) => {
    const of = total === null ? '' : `/${Math.round(total / 1e6)}`;
    process.stderr.write(done === total ? '\r\u001b[K' : `\r\u001b[K${Math.round(done / 1e6)}${of} MB ${file}`);
  };
}

/** A line of progress on standard error, only on a terminal. */
export function progress(flags: Flags): (done: number, total: number, what: string) => void {
  if (!process.stderr.isTTY || flags.quiet === true) return () => undefined;
  return (done, total, what) => {
    process.stderr.write(`\r\u001b[K${done}/${total} ${what}`);
    if (done === total) process.stderr.write('\r\u001b[K');
  };
}
