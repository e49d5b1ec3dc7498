/**
 * FILE arguments to file contents: files, folders, globs and standard input. Unreadable files are named; the others
 * are still read.
 */
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { isManifestName, MANIFEST_NAMES } from '../core/manifest/name.ts';
import { resolveStudyFiles, SKIPPED_FOLDERS, type StudyFiles } from '../core/manifest/resolve.ts';
import { STREAM_FROM } from '../core/read/ports.ts';
import type { InputFile } from '../core/study/study.ts';
import { fileProblem } from '../node/file-problem.ts';
import { fileStream } from '../node/file-stream.ts';
import { folderNames } from '../node/folder-names.ts';
import { UsageError } from './usage-error.ts';

export interface Inputs {
  readonly files: readonly InputFile[];
  /** Files that could not be read, each with the reason. */
  readonly unreadable: readonly { readonly name: string; readonly why: string }[];
  /** A scaling.yaml found beside the files, or named by --manifest. */
  readonly manifest: InputFile | null;
}

/**
 * Reads everything the arguments name.
 * @throws UsageError when nothing is named or nothing could be read
 */
export async function readInputs(args: readonly string[], manifestPath: string | undefined): Promise<Inputs> {
  const names: string[] = [];
  for (const arg of args) names.push(...(await expand(arg)));
  const read = someOf(readNamed([...new Set(names)]), `no file matches ${args.join(' ')}`);
  return { ...read, manifest: readManifest(manifestPath, names) };
}

/**
 * The inputs, unless nothing of them can be used.
 * @param none what to say where nothing was even tried
 * @throws UsageError with the reasons
 */
export function someOf<T extends Pick<Inputs, 'files' | 'unreadable'>>(inputs: T, none: string): T {
  if (inputs.files.length > 0) return inputs;
  const reasons = inputs.unreadable.map(({ name, why }) => `${name}: ${why}`);
  throw new UsageError(reasons.length > 0 ? reasons.join('\n') : none);
}

/** Reads files by name, large ones as streams. */
export function readNamed(names: readonly string[]): Pick<Inputs, 'files' | 'unreadable'> {
  const files: InputFile[] = [];
  const unreadable: { name: string; why: string }[] = [];
  for (const name of names) {
    try {
      files.push(isLarge(name) ? { name, stream: fileStream(name) } : whole(name));
    } catch (error) {
      unreadable.push({ name, why: fileProblem(error) });
    }
  }
  return { files, unreadable };
}

function whole(name: string): InputFile {
  return { name, bytes: readFileSync(name === '-' ? 0 : name) };
}

/** Large files are read in pieces. What a gzip file holds may be ten times as long. */
function isLarge(name: string): boolean {
  if (name === '-') return false;
  const { size } = statSync(name);
  return size >= STREAM_FROM || (size >= STREAM_FROM / 10 && /\.gz$/i.test(name));
}

async function expand(arg: string): Promise<string[]> {
  if (arg === '-') return ['-'];
  const stat = statSync(arg, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return walk(arg);
  if (stat !== undefined) return [arg];
  if (/[*?[{]/.test(arg)) {
    const found = await filesLike(arg.replaceAll('\\', '/'));
    if (found.length > 0) return found;
  }
  throw new UsageError(`${arg}: no such file`);
}

/** The files that a glob names, in order. Node's own `globSync` is younger than the oldest Node that runs this. */
async function filesLike(glob: string): Promise<string[]> {
  const wild = glob.search(/[*?[{]/);
  // What stands before the first wildcard is taken as it is, so that files are called as they were asked for.
  const root = glob.slice(0, glob.lastIndexOf('/', wild) + 1);
  const wanted = { globs: [glob.slice(root.length)], modelsFile: null };
  const { files } = await searchFiles(wanted, (path) => root + path || '.', glob);
  return files.map((path) => root + path);
}

/**
 * Looks for files on disk, and takes all there are.
 * @param placed a path of the search, on disk
 * @param what names the search in the error
 * @throws UsageError when there is too much to look through: a part must not pass for the whole
 */
export async function searchFiles(
  wanted: Parameters<typeof resolveStudyFiles>[0],
  placed: (path: string) => string,
  what: string,
): Promise<StudyFiles> {
  const list = (folder: string): Promise<readonly string[] | null> => folderNames(placed(folder));
  const found = await resolveStudyFiles(wanted, { list }, { most: Number.POSITIVE_INFINITY });
  if (found.truncated) throw new UsageError(`${what}: too many folders to look through`);
  return found;
}

/**
 * The files of a folder and of those in it, and the files elsewhere that links in it lead to. A folder that cannot be
 * listed and a link that leads nowhere count as files, so that they are named as unreadable. Linked folders are left
 * out, since they may lead round in circles.
 * @param top the real path of the folder that was asked for
 */
function walk(folder: string, top = realpathSync(folder)): string[] {
  const entries = entriesOf(folder);
  if (entries === null) return [folder];
  const found: string[] = [];
  for (const entry of entries) {
    if (SKIPPED_FOLDERS.has(entry.name) || isManifestName(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...walk(path, top));
    else if (entry.isFile() || (entry.isSymbolicLink() && addsFile(path, top))) found.push(path);
  }
  return found;
}

/** What is in a folder, by name; null where it cannot be listed. */
function entriesOf(folder: string): readonly Dirent[] | null {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return null;
  }
}

/** Whether a link leads to a file that the folder does not hold anyway, or nowhere. */
function addsFile(link: string, top: string): boolean {
  try {
    return statSync(link).isFile() && !realpathSync(link).startsWith(top + sep);
  } catch {
    return true;
  }
}

function readManifest(path: string | undefined, names: readonly string[]): InputFile | null {
  if (path !== undefined) {
    try {
      return { name: path, bytes: readFileSync(path) };
    } catch (error) {
      throw new UsageError(`${path}: ${fileProblem(error)}`);
    }
  }
  const folders = new Set(names.filter((n) => n !== '-').map((n) => dirname(n)));
  for (const folder of folders) {
    for (const name of MANIFEST_NAMES) {
      const candidate = join(folder, name);
      if (names.some((n) => basename(n) === name && dirname(n) === folder)) continue;
      if (statSync(candidate, { throwIfNoEntry: false })?.isFile())
        return { name: candidate, bytes: readFileSync(candidate) };
    }
  }
  return null;
}
