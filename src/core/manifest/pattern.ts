/**
 * A matcher for the patterns of a manifest that cannot hang: all ways through the pattern are followed at once, one step per
 * character (Thompson 1968; with groups after Pike, as in Cox, "Regular expression matching: the virtual machine approach",
 * 2009). Time is linear in the text and in the pattern, whatever either holds. A backtracking engine is exponential on
 * patterns such as `(a*)*b`, and a manifest may come from a stranger's repository.
 */

/** A test for one UTF-16 code unit. */
export type Unit = (code: number) => boolean;

export type Instruction =
  | { readonly op: 'unit'; readonly test: Unit }
  /** Goes both ways, `first` preferred. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly holds: (text: string, at: number) => boolean }
  | { readonly op: 'match' };

/** Thrown by `Builder` when a pattern repeats itself into more steps than are allowed. */
export class PatternTooLong extends Error {}

/** Steps beyond which a pattern is refused. */
const MOST = 1500;

/** Puts a pattern together. */
export class Builder {
  readonly program: Instruction[] = [];

  /** Adds a step and returns its number. */
  add(instruction: Instruction): number {
    if (this.program.length >= MOST) throw new PatternTooLong();
    return this.program.push(instruction) - 1;
  }

  /** One of several branches; the first that leads to a match is preferred. */
  either(branches: readonly (() => void)[]): void {
    const ends: { op: 'jump'; to: number }[] = [];
    branches.forEach((branch, k) => {
      if (k === branches.length - 1) {
        branch();
        return;
      }
      const split = { op: 'split' as const, first: this.program.length + 1, second: 0 };
      this.add(split);
      branch();
      const end = { op: 'jump' as const, to: 0 };
      this.add(end);
      ends.push(end);
      split.second = this.program.length;
    });
    for (const end of ends) end.to = this.program.length;
  }

  /** `low` to `high` times (Infinity: any number), as many as possible or as few as possible. */
  repeat(body: () => void, low: number, high: number, greedy: boolean): void {
    for (let k = 0; k < low; k++) body();
    const fork = (): { op: 'split'; first: number; second: number } => {
      const split = { op: 'split' as const, first: 0, second: 0 };
      this.add(split);
      return split;
    };
    const settle = (split: { first: number; second: number }, inside: number): void => {
      const after = this.program.length;
      split.first = greedy ? inside : after;
      split.second = greedy ? after : inside;
    };
    if (high === Number.POSITIVE_INFINITY) {
      const at = this.program.length;
      const split = fork();
      body();
      this.add({ op: 'jump', to: at });
      settle(split, at + 1);
      return;
    }
    const splits: { split: { first: number; second: number }; inside: number }[] = [];
    for (let k = low; k < high; k++) {
      const split = fork();
      splits.push({ split, inside: this.program.length });
      body();
    }
    for (const { split, inside } of splits) settle(split, inside);
  }
}

export interface PatternMatch {
  readonly index: number;
  readonly groups: Readonly<Record<string, string | undefined>>;
}

interface Thread {
  readonly at: number;
  readonly saved: readonly number[];
}

/** A compiled pattern. */
export class Pattern {
  readonly source: string;
  readonly #program: readonly Instruction[];
  /** Names of groups by their number, from 0. */
  readonly #names: readonly (string | null)[];
  readonly #anchored: boolean;
  readonly #marks: Int32Array;
  #mark = 0;

  /** @param anchored the pattern speaks of the whole text */
  constructor(source: string, program: readonly Instruction[], names: readonly (string | null)[], anchored: boolean) {
    this.source = source;
    this.#program = program;
    this.#names = names;
    this.#anchored = anchored;
    this.#marks = new Int32Array(program.length).fill(-1);
  }

  /** True if the text matches. */
  test(text: string): boolean {
    return this.#run(text) !== null;
  }

  /** The leftmost match with its named groups. */
  exec(text: string): PatternMatch | null {
    const saved = this.#run(text);
    if (saved === null) return null;
    const groups: Record<string, string | undefined> = Object.create(null) as Record<string, string | undefined>;
    this.#names.forEach((name, k) => {
      if (name === null) return;
      const from = saved[2 * k + 2];
      const to = saved[2 * k + 3];
      groups[name] = from === undefined || to === undefined ? undefined : text.slice(from, to);
    });
    return { index: saved[0] as number, groups };
  }

  #run(text: string): readonly number[] | null {
    let threads: Thread[] = [];
    let found: readonly number[] | null = null;
    this.#mark++;
    for (let i = 0; i <= text.length; i++) {
      if (found === null && (i === 0 || !this.#anchored)) this.#follow(threads, 0, [i], text, i);
      const next: Thread[] = [];
      const code = i < text.length ? text.charCodeAt(i) : -1;
      this.#mark++;
      for (const thread of threads) {
        const step = this.#program[thread.at] as Instruction;
        if (step.op === 'match') {
          if (this.#anchored && i < text.length) continue;
          found = thread.saved;
          break;
        }
        if (step.op === 'unit' && code >= 0 && step.test(code))
          this.#follow(next, thread.at + 1, thread.saved, text, i + 1);
      }
      threads = next;
      if (threads.length === 0 && (found !== null || this.#anchored)) break;
    }
    return found;
  }

  /** Adds the thread that stands at a step, and those that it forks into without reading. */
  #follow(threads: Thread[], at: number, saved: readonly number[], text: string, i: number): void {
    if (this.#marks[at] === this.#mark) return;
    this.#marks[at] = this.#mark;
    const step = this.#program[at] as Instruction;
    switch (step.op) {
      case 'jump':
        this.#follow(threads, step.to, saved, text, i);
        return;
      case 'split':
        this.#follow(threads, step.first, saved, text, i);
        this.#follow(threads, step.second, saved, text, i);
        return;
      case 'save': {
        const more = saved.slice();
        more[step.slot] = i;
        this.#follow(threads, at + 1, more, text, i);
        return;
      }
      case 'assert':
        if (step.holds(text, i)) this.#follow(threads, at + 1, saved, text, i);
        return;
      default:
        threads.push({ at, saved });
    }
  }
}
