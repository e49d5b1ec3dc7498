/**
 * The journal on disk: appended line by line with one write each, so that a process killed at any moment leaves whole
 * lines and at most one torn one, which the next session cuts off. Data reach the disk itself (fsync) once a second and
 * at the end: a kill loses nothing that was counted, a power cut at most a second. One writer at a time, by a lock file.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import {
  contradiction,
  encodeLine,
  type Journal,
  type JournalLine,
  type RunLine,
  readJournal,
} from '../core/passuntil/journal.ts';
import { err, ok, type Result } from '../core/result.ts';

const SYNC_EVERY_MS = 1000;

export interface JournalFile {
  /** What an earlier session wrote; null for a new file. */
  readonly earlier: Journal | null;
  /** Bytes of a torn last line that were cut off. */
  readonly torn: number;
  readonly append: (line: JournalLine) => void;
  /** Syncs, closes, and gives the lock back. */
  readonly close: () => void;
}

/**
 * Opens a journal for writing.
 * @param run what this session sets out to do: written first, and compared with what is there
 * @param resume whether a journal that exists may be continued
 */
export function openJournal(path: string, run: RunLine, resume: boolean): Result<JournalFile, string> {
  const exists = existsSync(path) && readFileSync(path).length > 0;
  if (exists && !resume) return err(`${path} exists already: go on with --resume, or name another file with --out`);
  const lock = takeLock(`${path}.lock`);
  if (lock !== null) return err(lock);
  const opened = openLocked(path, run, exists);
  if (!opened.ok) rmSync(`${path}.lock`, { force: true });
  return opened;
}

function openLocked(path: string, run: RunLine, exists: boolean): Result<JournalFile, string> {
  let earlier: Journal | null = null;
  let torn = 0;
  let whole = 0;
  if (exists) {
    const bytes = readFileSync(path);
    whole = bytes.lastIndexOf(0x0a) + 1;
    torn = bytes.length - whole;
    const text = bytes.toString('utf8', 0, whole);
    // A file of something else must not be cut to pieces.
    if (
      whole === 0 &&
      !bytes.toString('utf8', 0, 60).startsWith('{"kind":"run"'.slice(0, Math.min(13, bytes.length)))
    ) {
      return err(`${path} is no journal of a sampling run`);
    }
    const journal = readJournal(text);
    if (!journal.ok) return err(`${path}: ${journal.error}`);
    earlier = journal.value;
    const conflict = earlier === null ? null : contradiction(earlier.run, run);
    if (conflict !== null) return err(`${path} belongs to another run: ${conflict}. Name another file with --out.`);
  }
  const file = openSync(path, 'a', 0o644);
  if (torn > 0) ftruncateSync(file, whole);
  let dirty = false;
  const sync = (): void => {
    if (!dirty) return;
    dirty = false;
    fdatasyncSync(file);
  };
  const append = (line: JournalLine): void => {
    const bytes = Buffer.from(encodeLine(line), 'utf8');
    // A short write (full disk) would leave a torn line in the middle: finish it or fail.
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    dirty = true;
  };
  append(run);
  sync();
  const timer = setInterval(sync, SYNC_EVERY_MS);
  timer.unref();
  return ok({
    earlier,
    torn,
    append,
    close: () => {
      clearInterval(timer);
      sync();
      closeSync(file);
      rmSync(`${path}.lock`, { force: true });
    },
  });
}

/** Takes the lock, also from a process that is no more. @returns why it cannot be taken */
function takeLock(path: string): string | null {
  const mine = JSON.stringify({ pid: process.pid, host: hostname() });
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return null;
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST')
        return `${path}: ${error instanceof Error ? error.message : String(error)}`;
    }
    const holder = readHolder(path);
    if (holder !== null && (holder.host !== hostname() || alive(holder.pid))) {
      return `another run writes this journal (process ${holder.pid} on ${holder.host}); if that is no longer so, delete ${path}`;
    }
    rmSync(path, { force: true });
  }
  return `${path} cannot be taken`;
}

function readHolder(path: string): { pid: number; host: string } | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as { pid?: unknown; host?: unknown };
    return typeof holder.pid === 'number' && typeof holder.host === 'string'
      ? { pid: holder.pid, host: holder.host }
      : null;
  } catch {
    // Killed while writing the lock, or just released: either way nobody holds it.
    return null;
  }
}

function alive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
