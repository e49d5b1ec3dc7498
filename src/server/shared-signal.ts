/**
 * An abort signal that lives in shared memory: a thread in the middle of a long fit sees it without returning to its
 * event loop. It can only be looked at (`aborted`, `throwIfAborted`), which is all that fits do.
 */
export class SharedSignal implements AbortSignal {
  readonly #flag: Int32Array<SharedArrayBuffer>;
  readonly reason = new Error('cancelled');
  onabort = null;

  constructor(flag: SharedArrayBuffer) {
    this.#flag = new Int32Array(flag);
  }

  get aborted(): boolean {
    return Atomics.load(this.#flag, 0) !== 0;
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(): void {
    // Nobody is woken by shared memory: those who may be cancelled look.
  }

  removeEventListener(): void {
    // See addEventListener.
  }

  dispatchEvent(): boolean {
    return false;
  }
}
