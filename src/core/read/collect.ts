/**
 * Several files as one study: every file is read by itself, what cannot be read is named, the others are still read.
 */

import { err, type Result } from '../result.ts';
import type { ManifestRules } from '../study/manifest-rules.ts';
import type { InputFile, ReadProgress, StudyOptions } from '../study/study.ts';
import type { RawTable } from '../table/raw-table.ts';
import { type ReadFailure, readInput } from './open.ts';
import { OutputLimitError, type ReadPorts } from './ports.ts';

/** A file that gave no table. `grave` is false for what merely lies beside the results (a README, a script). */
export interface ReadProblem extends ReadFailure {
  readonly severity: 'information' | 'warning' | 'error';
}

export interface StudyTables {
  readonly tables: readonly RawTable[];
  readonly problems: readonly ReadProblem[];
}

/** Which format a file is pinned to, if any. */
export type FormatOf = (file: string) => string | undefined;

/** What the readers of streams need to know of the study, and whom they tell how far they are. */
export interface StreamContext {
  readonly rules: ManifestRules | null;
  readonly options: StudyOptions;
  readonly progress?: ReadProgress | undefined;
}

/**
 * Reads the files of a study, in their order.
 * @param formatOf the format that scaling.yaml pins for a file
 * @throws the signal's reason when aborted
 */
export async function readStudyTables(
  files: readonly InputFile[],
  ports: ReadPorts,
  formatOf: FormatOf = () => undefined,
  signal?: AbortSignal,
  streams: StreamContext = { rules: null, options: {} },
): Promise<StudyTables> {
  const tables: RawTable[] = [];
  const failures: ReadFailure[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    const format = formatOf(file.name);
    const result = await readOne(file, ports, format, signal, streams);
    if (result.ok) tables.push(...result.value);
    else failures.push(result.error);
  }
  // Alone, a file that is not understood is the whole matter; beside files that are, it is worth a word.
  const problems = failures.map((failure) => ({
    ...failure,
    severity:
      tables.length === 0
        ? ('error' as const)
        : failure.code === 'file.unrecognised'
          ? ('information' as const)
          : ('warning' as const),
  }));
  return { tables, problems };
}

async function readOne(
  file: InputFile,
  ports: ReadPorts,
  format: string | undefined,
  signal: AbortSignal | undefined,
  streams: StreamContext,
): Promise<Result<readonly RawTable[], ReadFailure>> {
  const { stream } = file;
  if (stream === undefined) return readInput(file, ports, format === undefined ? {} : { format });
  const { readStream } = await import('./stream.ts');
  try {
    return await readStream({ ...file, stream }, ports, { ...streams, format, signal });
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    const code = error instanceof OutputLimitError ? ('file.too-large' as const) : ('file.malformed' as const);
    return err({
      file: file.name,
      text: '',
      span: { start: 0, end: 0 },
      code,
      message: `The file could not be read to its end (${reason}).`,
    });
  }
}
