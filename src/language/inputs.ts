/**
 * The files of an analysis: the source itself, the table of models that its manifest names beside it, or everything that
 * a manifest names when it is the source. Runs where the analysis runs; texts that an editor holds count, not the disk.
 */
import type { ParsedManifest } from '../core/manifest/parse.ts';
import { manifestFinding, parseManifest } from '../core/manifest/parse.ts';
import { resolveStudyFiles } from '../core/manifest/resolve.ts';
import type { Node } from '../core/read/tree.ts';
import type { Finding } from '../core/report-model.ts';
import { err, messageOf, ok, type Result } from '../core/result.ts';
import type { InputFile } from '../core/study/study.ts';
import { withoutJournal } from './journal.ts';
import type { AnalysisRequest, ManifestText } from './ports.ts';
import { resolved } from './uri.ts';

/** The disk, as far as an analysis may look at it. Failures are errors with a message for the user. */
export interface FilePorts {
  /** A file under a name: its bytes, or a stream of them when they are too many to be held. */
  open(name: string, uri: string): Promise<InputFile>;
  /** Bytes; null where there is no such file. */
  size(uri: string): Promise<number | null>;
  /** Names in a folder, those of folders with a `/` at the end; null where there is no such folder. */
  list(folder: string): Promise<readonly string[] | null>;
}

export interface Inputs {
  readonly files: readonly InputFile[];
  /** What the manifest names and nobody has. */
  readonly findings: readonly Finding[];
}

/** Reads what a request is about. The error is one sentence for the user. */
export async function inputsOf(
  { source, manifest, limit }: AnalysisRequest,
  ports: FilePorts,
  signal: AbortSignal,
): Promise<Result<Inputs, string>> {
  const parsed = manifest === null ? null : parseManifest({ name: manifest.name, text: manifest.text });
  if (source.kind === 'manifest') {
    if (manifest === null || parsed === null) return err('There is no manifest to read.');
    return studyInputs(manifest, parsed, limit, ports, signal);
  }
  const file = source.kind === 'text' ? source : await load(source.name, source.uri, ports);
  if ('why' in file) return err(`${source.name} cannot be read: ${file.why}`);
  const own: InputFile = file;
  const models = parsed?.modelsFile ?? null;
  if (manifest === null || parsed === null || models === null || models === own.name)
    return ok({ files: [own], findings: [] });
  // A table of sizes belongs to every file of the study.
  const beside = await held(models, manifest, ports);
  if (!('why' in beside)) return ok({ files: [own, beside], findings: [] });
  const finding = missing(parsed, models, `The table of models ${models} cannot be read: ${beside.why}.`);
  return ok({ files: [own], findings: [finding] });
}

async function studyInputs(
  manifest: ManifestText,
  parsed: ParsedManifest,
  limit: number,
  ports: FilePorts,
  signal: AbortSignal,
): Promise<Result<Inputs, string>> {
  const list = (folder: string): Promise<readonly string[] | null> => ports.list(resolved(manifest.folder, folder));
  const found = await resolveStudyFiles(parsed, { list }, { signal });
  const findings = found.unmatched.map((glob) => missing(parsed, glob, `No file matches ${glob}.`));
  if (found.truncated) return err('The sources of this manifest match more files than are read at once.');
  let bytes = 0;
  for (const name of found.files) bytes += (await ports.size(resolved(manifest.folder, name))) ?? 0;
  if (bytes > limit) {
    return err(
      `The files of this study have ${(bytes / 1e6).toFixed(0)} MB, more than \`scalingLens.maxFileSizeMB\` = ${(limit / 1e6).toFixed(0)}. *Fit Scaling Law* reads them all the same.`,
    );
  }
  const files: InputFile[] = [];
  for (const name of found.files) {
    signal.throwIfAborted();
    const file = await held(name, manifest, ports);
    if ('why' in file) findings.push(missing(parsed, name, `${name} cannot be read: ${file.why}.`));
    else files.push(file);
  }
  return ok({ files, findings });
}

/** A file of the study, from the editor that holds it or from disk. */
async function held(name: string, manifest: ManifestText, ports: FilePorts): Promise<InputFile | { why: string }> {
  const open = manifest.open.find((one) => one.name === name);
  return open ?? load(name, resolved(manifest.folder, name), ports);
}

async function load(name: string, uri: string, ports: FilePorts): Promise<InputFile | { why: string }> {
  try {
    const file = await withoutJournal(await ports.open(name, uri));
    return file.ok ? file.value : { why: file.error };
  } catch (error) {
    return { why: messageOf(error) };
  }
}

/** A finding at the place where the manifest names something; at its beginning where that is not to be found. */
function missing(manifest: ParsedManifest, named: string, message: string): Finding {
  const { root } = manifest;
  const span = (root === null ? null : scalar(root, named)) ?? { start: 0, end: 0 };
  return manifestFinding(manifest, span, message, 'warning', { named });
}

function scalar(node: Node, text: string): Node['span'] | null {
  if (node.kind === 'scalar') return node.raw === text ? node.span : null;
  const inside = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  for (const one of inside) {
    const found = scalar(one, text);
    if (found !== null) return found;
  }
  return null;
}
