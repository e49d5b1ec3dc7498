/**
 * From files to a study: read every file as a table, read scaling.yaml, build the series. Bad input becomes findings
 * at their places; nothing is thrown for it, and what can be read is read.
 */
import { parseManifest } from './manifest/parse.ts';
import { type ReadProblem, readStudyTables } from './read/collect.ts';
import type { ReadPorts } from './read/ports.ts';
import type { Finding, SourceReport } from './report-model.ts';
import { buildStudy, pinnedScale } from './study/build.ts';
import type { InputFile, ReadProgress, Study, StudyOptions } from './study/study.ts';
import { lineStarts, NO_RANGE, rangeOf } from './table/span.ts';

/**
 * @param options pins and filters; `options.manifest` is the text of a scaling.yaml
 * @param progress told how far the reading of streamed files is
 * @throws the signal's reason when aborted
 */
export async function readStudy(
  files: readonly InputFile[],
  options: StudyOptions,
  ports: ReadPorts,
  signal?: AbortSignal,
  progress?: ReadProgress,
): Promise<Study> {
  const manifest = options.manifest === undefined ? null : parseManifest(options.manifest);
  const rules = manifest?.rules ?? null;
  const x = options.x ?? pinnedScale(rules);
  const { tables, problems } = await readStudyTables(files, ports, manifest?.formatOf, signal, {
    rules,
    options: x === null ? options : { ...options, x },
    progress,
  });
  signal?.throwIfAborted();
  const study = buildStudy(tables, rules, options);
  const findings: Finding[] = [...problems.map(findingOf), ...(manifest?.findings ?? []), ...study.findings];
  return { ...study, sources: [...study.sources, ...problems.map(sourceOf)], findings };
}

function findingOf(problem: ReadProblem): Finding {
  return {
    code: problem.code,
    severity: problem.severity,
    message: problem.message,
    file: problem.file,
    range: problem.text === '' ? NO_RANGE : rangeOf(lineStarts(problem.text), problem.span),
    series: null,
    data: problem.code === 'file.unrecognised' ? {} : { unread: true },
  };
}

/** A file that gave no table is still a source: nothing disappears from the list. */
function sourceOf(problem: ReadProblem): SourceReport {
  return { file: problem.file, format: 'unknown', layout: 'unknown', rows: 0, columns: [], notes: [problem.message] };
}
