/**
 * Notices a cache between the sampler and the model: it answers the same request with the same answer, its id included,
 * and trials that are copies of one another say nothing new. Only the first answers are looked at: some servers draw
 * their ids from so few numbers that they repeat later on by chance.
 */

const LOOKED_AT = 200;
const FEWEST = 20;

export class Copies {
  readonly #texts = new Map<string, string>();
  #answers = 0;
  #repeated = 0;
  /** An id came back with other texts: ids of this server mean nothing. */
  #loose = false;

  /**
   * @param response the server's id of the answer
   * @returns whether most answers so far are copies of earlier ones
   */
  see(response: string | null, texts: readonly string[]): boolean {
    if (response === null || response === '' || this.#loose || this.#answers >= LOOKED_AT) return false;
    this.#answers++;
    const text = texts.join('\u0000');
    const before = this.#texts.get(response);
    if (before === undefined) this.#texts.set(response, text);
    else if (before === text) this.#repeated++;
    else this.#loose = true;
    // One id for everything is a server without ids, not a cache.
    return !this.#loose && this.#texts.size > 1 && this.#answers >= FEWEST && this.#repeated > this.#answers / 2;
  }
}
