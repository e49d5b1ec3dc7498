/**
 * The journal on disk: appended line by line with one write each, so that a process killed at any moment leaves whole
 * lines and at most one torn one, which the next session cuts off. Data reach the disk itself (fsync) once a second and
 * at the end: a kill loses nothing that was counted, a power cut at most a second. One writer at a time, by a lock file.
 */
import {
  closeSync,
  fdatasync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { contradiction, encodeLine, type JournalLine, type RunLine } from '../core/passuntil/journal.ts';
import { JournalTally } from '../core/passuntil/journal-tally.ts';
import { err, messageOf, ok, type Result } from '../core/result.ts';

const SYNC_EVERY_MS = 1000;

export interface JournalFile {
  /** What an earlier session wrote; null for a new file. */
  readonly earlier: JournalTally | null;
  /** Bytes of a torn last line that were cut off. */
  readonly torn: number;
  readonly append: (line: JournalLine) => void;
  /** Syncs, closes, and gives the lock back. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a journal for writing.
 * @param run what this session sets out to do: written first, and compared with what is there
 * @param resume whether a journal that exists may be continued
 */
export function openJournal(path: string, run: RunLine, resume: boolean): Result<JournalFile, string> {
  const exists = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
  if (exists && !resume) return err(`${path} exists already: go on with --resume, or name another file with --out`);
  const lock = takeLock(`${path}.lock`);
  if (lock !== null) return err(lock);
  const opened = openLocked(path, run, exists);
  if (!opened.ok) rmSync(`${path}.lock`, { force: true });
  return opened;
}

function openLocked(path: string, run: RunLine, exists: boolean): Result<JournalFile, string> {
  let earlier: JournalTally | null = null;
  let torn = 0;
  let whole = 0;
  if (exists) {
    const tally = new JournalTally();
    let head = '';
    for (const piece of piecesOf(path)) {
      if (head === '') head = new TextDecoder().decode(piece.subarray(0, 60));
      const fault = tally.push(piece);
      if (fault !== null) return err(`${path}: ${fault}`);
    }
    torn = tally.torn;
    // A file of something else must not be cut to pieces.
    if (tally.whole === 0 && !head.startsWith('{"kind":"run"'.slice(0, Math.min(13, torn)))) {
      return err(`${path} is no journal of a sampling run`);
    }
    const conflict = tally.run === null ? null : contradiction(tally.run, run);
    if (conflict !== null) return err(`${path} belongs to another run: ${conflict}. Name another file with --out.`);
    if (tally.run !== null) earlier = tally;
    whole = tally.whole;
  }
  const file = openSync(path, 'a', 0o644);
  if (torn > 0) ftruncateSync(file, whole);
  let broken: Error | null = null;
  let dirty = false;
  let syncing: Promise<void> = Promise.resolve();
  // Never in the way of answers: a disk may take its time.
  const sync = (): void => {
    if (!dirty) return;
    dirty = false;
    syncing = syncing.then(
      () =>
        new Promise((done) => {
          fdatasync(file, (error) => {
            if (error !== null) broken ??= error;
            done();
          });
        }),
    );
  };
  const append = (line: JournalLine): void => {
    // After a write that failed half-way nothing may follow: its torn line must stay the last.
    if (broken !== null) throw broken;
    const bytes = Buffer.from(encodeLine(line), 'utf8');
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } catch (error) {
      broken = error instanceof Error ? error : new Error(String(error));
      throw broken;
    }
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
    close: async () => {
      clearInterval(timer);
      sync();
      await syncing;
      closeSync(file);
      rmSync(`${path}.lock`, { force: true });
    },
  });
}

const PIECE = 1 << 20;

/** A file in pieces; the buffer of a piece is filled again for the next one. */
export function* piecesOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    const buffer = new Uint8Array(PIECE);
    for (;;) {
      const count = readSync(file, buffer);
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}

/** Takes the lock, also from a process that is no more. @returns why it cannot be taken */
function takeLock(path: string): string | null {
  const mine = JSON.stringify({ pid: process.pid, host: hostname() });
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return null;
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') return `${path}: ${messageOf(error)}`;
    }
    const holder = readHolder(path);
    if (holder !== null && (holder.host !== hostname() || alive(holder.pid))) {
      return `another run writes this journal (process ${holder.pid} on ${holder.host}); if that is no longer so, delete ${path}`;
    }
    if (!discard(path)) return `${path} was just taken by another run`;
  }
  return `${path} cannot be taken`;
}

/** Removes the lock of a process that is gone. Moved first and looked at again: another run may have been quicker. */
function discard(path: string): boolean {
  const moved = `${path}.${process.pid}`;
  try {
    renameSync(path, moved);
  } catch {
    return true;
  }
  const holder = readHolder(moved);
  if (holder !== null && (holder.host !== hostname() || alive(holder.pid))) {
    renameSync(moved, path);
    return false;
  }
  rmSync(moved, { force: true });
  return true;
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
