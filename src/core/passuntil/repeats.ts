/** What goes wrong over and over is said once in a while, with how often. */

const REPEAT_EVERY_MS = 10_000;

export class Repeats {
  readonly #log: (message: string) => void;
  readonly #known = new Map<string, { at: number; count: number }>();

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  /** @param now milliseconds */
  say(message: string, now: number): void {
    const known = this.#known.get(message);
    if (known !== undefined && now - known.at < REPEAT_EVERY_MS) {
      known.count++;
      return;
    }
    const more = known === undefined || known.count === 0 ? '' : ` (and ${known.count} times before)`;
    this.#known.set(message, { at: now, count: 0 });
    this.#log(`${message}; asking again${more}`);
  }
}
