/**
 * Which files a manifest speaks of: the globs of its sources and the table of its models, looked up in folders that the
 * host lists. Paths are relative to the manifest's folder and written with `/`; the folder itself is ''.
 */
import { compileGlob } from './glob.ts';
import type { ParsedManifest } from './parse.ts';

/** What a host knows of folders. */
export interface FolderPort {
  /**
   * Names in a folder, those of folders with a `/` at the end; null where there is no such folder or it cannot be read.
   * @param folder relative to the manifest's folder ('', 'runs', '../shared'), or absolute where the manifest says so
   */
  list(folder: string): Promise<readonly string[] | null>;
}

/** The files of a study. */
export interface StudyFiles {
  /** In the order of the sources, by name within a glob, each once; the table of models last. */
  readonly files: readonly string[];
  /** Globs (or the table of models) that name no file, as written. */
  readonly unmatched: readonly string[];
  /** More files match than are taken. */
  readonly truncated: boolean;
}

export interface Search {
  readonly signal?: AbortSignal | undefined;
  /** Files that are taken: beyond this many a glob means something else than a study. 5,000 by default. */
  readonly most?: number;
}

const MOST_FILES = 5000;
/** Folders within folders that `**` looks into: links may lead round in circles. */
const DEEPEST = 16;
/** Folders listed for one manifest. */
const MOST_FOLDERS = 20_000;

/** Names of folders that are not looked into unless they are named: nobody keeps results there. */
export const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.vscode',
  '__pycache__',
  '.venv',
  '.ipynb_checkpoints',
]);

/**
 * Looks up the files that a manifest names.
 * @param manifest parsed under its bare name ('scaling.yaml'), so that its paths start from its own folder
 * @throws the signal's reason when aborted
 */
export async function resolveStudyFiles(
  { globs, modelsFile }: Pick<ParsedManifest, 'globs' | 'modelsFile'>,
  port: FolderPort,
  { signal, most = MOST_FILES }: Search = {},
): Promise<StudyFiles> {
  const walk = new Walk(port, signal, most);
  const files = new Set<string>();
  const unmatched: string[] = [];
  const wanted = modelsFile === null ? globs : [...globs, modelsFile];
  for (const [at, pattern] of wanted.entries()) {
    const found = await walk.match(pattern, at >= globs.length);
    if (found.length === 0) unmatched.push(pattern);
    for (const file of found) files.add(file);
  }
  const all = [...files];
  return { files: all.slice(0, most), unmatched, truncated: all.length > most || walk.tired };
}

class Walk {
  readonly #port: FolderPort;
  readonly #signal: AbortSignal | undefined;
  readonly #most: number;
  readonly #listed = new Map<string, Promise<readonly string[] | null>>();
  /** Gave up in the middle: too many folders. */
  tired = false;

  constructor(port: FolderPort, signal: AbortSignal | undefined, most: number) {
    this.#port = port;
    this.#signal = signal;
    this.#most = most;
  }

  /** @param literal the pattern is a path, whatever characters it has */
  async match(pattern: string, literal: boolean): Promise<string[]> {
    // Braces may hold slashes: every alternative is a pattern of its own.
    const patterns = literal ? [pattern] : alternatives(pattern);
    const found = new Set<string>();
    for (const one of patterns) {
      const parts = segmentsOf(one);
      for (const path of literal ? [parts] : withFolders(parts))
        if (path.length > 0) await this.#descend(rootOf(one), path, 0, literal, found);
    }
    return [...found].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  async #descend(
    folder: string,
    parts: readonly string[],
    depth: number,
    literal: boolean,
    found: Set<string>,
  ): Promise<void> {
    this.#signal?.throwIfAborted();
    const [part = '', ...rest] = parts;
    if (found.size > this.#most) return;
    if (part === '..' || (rest.length > 0 && (literal || !/[*?[{]/.test(part)))) {
      return this.#descend(joined(folder, [part]), rest, depth, literal, found);
    }
    const names = await this.#list(folder);
    if (names === null) return;
    if (!literal && part === '**') {
      await this.#descend(folder, rest.length === 0 ? ['*'] : rest, depth, literal, found);
      if (depth >= DEEPEST) return;
      for (const name of names) {
        if (!name.endsWith('/') || SKIPPED_FOLDERS.has(name.slice(0, -1))) continue;
        await this.#descend(joined(folder, [name.slice(0, -1)]), parts, depth + 1, literal, found);
      }
      return;
    }
    const fits = literal ? (name: string) => name === part : matcher(part);
    for (const name of names) {
      const isFolder = name.endsWith('/');
      const bare = isFolder ? name.slice(0, -1) : name;
      if (isFolder !== rest.length > 0 || !fits(bare)) continue;
      if (!isFolder) found.add(joined(folder, [bare]));
      else if (!SKIPPED_FOLDERS.has(bare)) await this.#descend(joined(folder, [bare]), rest, depth + 1, literal, found);
    }
  }

  #list(folder: string): Promise<readonly string[] | null> {
    const known = this.#listed.get(folder);
    if (known !== undefined) return known;
    if (this.#listed.size >= MOST_FOLDERS) {
      this.tired = true;
      return Promise.resolve(null);
    }
    const names = this.#port.list(folder);
    this.#listed.set(folder, names);
    return names;
  }
}

function matcher(part: string): (name: string) => boolean {
  const pattern = compileGlob(part);
  return (name) => pattern.test(name);
}

/** Names that the braces of one glob may stand for: they multiply, and a manifest may be a stranger's. */
const MOST_ALTERNATIVES = 500;

/** 'a/{b,c/d}.csv' → 'a/b.csv', 'a/c/d.csv'; nested braces too. The first 500 of them. */
function alternatives(pattern: string, room = { left: MOST_ALTERNATIVES }): string[] {
  if (room.left <= 0) return [];
  const open = pattern.indexOf('{');
  if (open < 0) {
    room.left--;
    return [pattern];
  }
  let depth = 0;
  const commas = [open];
  for (let i = open; i < pattern.length; i++) {
    if (pattern[i] === '{') depth++;
    else if (pattern[i] === ',' && depth === 1) commas.push(i);
    else if (pattern[i] === '}' && --depth === 0) {
      commas.push(i);
      const head = pattern.slice(0, open);
      const tail = pattern.slice(i + 1);
      return commas
        .slice(0, -1)
        .flatMap((comma, k) => alternatives(head + pattern.slice(comma + 1, commas[k + 1]) + tail, room));
    }
  }
  return [pattern];
}

/** `**` within a name crosses folders too ('run**.csv'): the name, or a folder, folders within it and a name. */
function withFolders(parts: readonly string[], room = { left: MOST_ALTERNATIVES }): (readonly string[])[] {
  const at = parts.findIndex((part) => part !== '**' && part.includes('**'));
  const part = parts[at];
  if (part === undefined || room.left <= 0) return [parts];
  room.left--;
  const [, before = '', after = ''] = /^(.*?)\*{2,}(.*)$/.exec(part) ?? [];
  const ways = [[`${before}*${after}`], [`${before}*`, '**', `*${after}`]];
  return ways.flatMap((way) => withFolders([...parts.slice(0, at), ...way, ...parts.slice(at + 1)], room));
}

function segmentsOf(path: string): string[] {
  return path
    .replaceAll('\\', '/')
    .replace(/^[A-Za-z]:\//, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
}

/** '/' or 'C:/' of an absolute path, else ''. */
function rootOf(path: string): string {
  return /^(?:\/|[A-Za-z]:\/)/.exec(path.replaceAll('\\', '/'))?.[0] ?? '';
}

/** Appends to a path; `..` goes up as far as there is something to leave. */
function joined(folder: string, parts: readonly string[]): string {
  const root = rootOf(folder);
  const out = segmentsOf(folder);
  for (const part of parts) {
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (part !== '..' || root === '') out.push(part);
  }
  return root + out.join('/');
}
