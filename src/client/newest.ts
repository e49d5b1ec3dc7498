/**
 * The newest of something that keeps changing, fetched as often as needed and no oftener: of one key never twice at once,
 * and whoever turns to another key does not wait for the answer about the one before.
 */

export interface NewestPorts<T> {
  /** Rejects where there is nothing, with a sentence for the user. */
  readonly fetch: (key: string) => Promise<T>;
  readonly show: (key: string, value: T) => void;
  readonly fail: (key: string, error: unknown) => void;
}

export class Newest<T> {
  readonly #ports: NewestPorts<T>;
  #run: { readonly key: string } | null = null;
  #stale = false;

  constructor(ports: NewestPorts<T>) {
    this.#ports = ports;
  }

  /** Something has changed under a key, and that key is the one to be shown. */
  want(key: string): void {
    this.#stale = true;
    // What is under way looks again when its answer is here.
    if (this.#run?.key !== key) void this.#go({ key });
  }

  /** Nothing is wanted any more: an answer that is still to come is not shown. */
  drop(): void {
    this.#run = null;
    this.#stale = false;
  }

  async #go(run: { readonly key: string }): Promise<void> {
    this.#run = run;
    const { fetch, show, fail } = this.#ports;
    while (this.#stale) {
      this.#stale = false;
      try {
        const value = await fetch(run.key);
        if (this.#run !== run) return;
        show(run.key, value);
      } catch (error) {
        if (this.#run !== run) return;
        fail(run.key, error);
      }
    }
    this.#run = null;
  }
}
