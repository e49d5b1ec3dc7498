/**
 * How many requests a server is asked at once: doubling until it first complains, then one more per round of answers and
 * half as many after a complaint (AIMD, as TCP does; Chiu & Jain 1989). And how long to wait before asking again:
 * exponential with full jitter, so that clients that failed together do not come back together.
 */

export class Concurrency {
  readonly #most: number;
  #limit: number;
  #threshold = Number.POSITIVE_INFINITY;
  /** Requests that began before this number was given out were sent under the old limit. */
  #epoch = 0;
  #started = 0;

  /**
   * @param most requests at once, never exceeded
   * @param first requests at once to begin with
   */
  constructor(most: number, first = 16) {
    this.#most = Math.max(1, most);
    this.#limit = Math.min(this.#most, Math.max(1, first));
  }

  /** Requests at once, at the moment. */
  get limit(): number {
    return Math.max(1, Math.floor(this.#limit));
  }

  /** A request goes out. @returns its number, to be given back with its outcome */
  begin(): number {
    return this.#started++;
  }

  /**
   * An answer came. A limit that was not even half used says nothing about what more the server could take.
   * @param inFlight requests at once when it came, itself included
   */
  success(inFlight: number): void {
    if (inFlight < this.#limit / 2) return;
    this.#limit = Math.min(this.#most, this.#limit + (this.#limit < this.#threshold ? 1 : 1 / this.#limit));
  }

  /** The server complained. Complaints about requests sent before the last reduction are old news. */
  strain(number: number): void {
    if (number < this.#epoch) return;
    this.#limit = Math.max(1, this.#limit / 2);
    this.#threshold = this.#limit;
    this.#epoch = this.#started;
  }
}

/**
 * Seconds until the next attempt: uniform on (0, base·2^attempt], at most `longest`, and never before the server's own
 * wait is over.
 * @param attempt 0 for the first repetition
 * @param uniform on [0, 1)
 */
export function backoff(attempt: number, base: number, asked: number | null, uniform: number, longest = 60): number {
  const ceiling = Math.min(longest, base * 2 ** Math.min(attempt, 30));
  return (asked ?? 0) + (1 - uniform) * ceiling;
}
