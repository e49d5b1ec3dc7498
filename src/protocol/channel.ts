/**
 * Request and reply over a pair of posts (a webview's `postMessage` or anything like it). A request always ends: with the
 * answer, with the other side's error, with a timeout, or with 'closed' when the channel is disposed; nothing hangs when
 * a panel closes, and an error in a handler reaches the caller instead of vanishing.
 */

export type Envelope =
  | { readonly type: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: string };

/** Method name → [parameters, result]. */
type Methods<T> = { readonly [M in keyof T]: readonly [unknown, unknown] };
type Params<T extends Methods<T>, M extends keyof T> = T[M][0];
type Value<T extends Methods<T>, M extends keyof T> = T[M][1];

/** One function per method that this side answers. */
export type Handlers<T extends Methods<T>> = {
  readonly [M in keyof T]: (params: Params<T, M>) => Value<T, M> | Promise<Value<T, M>>;
};

/** Why a request failed. `kind` tells a refusal by the other side from a lost one. */
export class ChannelError extends Error {
  readonly kind: 'remote' | 'timeout' | 'closed';

  constructor(kind: 'remote' | 'timeout' | 'closed', message: string) {
    super(message);
    this.name = 'ChannelError';
    this.kind = kind;
  }
}

interface Pending {
  readonly settle: (value: unknown) => void;
  readonly fail: (error: ChannelError) => void;
  readonly timer: unknown;
}

/**
 * One end of a channel: `Answers` are the methods it serves, `Asks` those it may call. Feed every incoming message to
 * `receive`; it takes envelopes and returns false for anything else, so that plain messages go on to their own handler.
 */
export class Channel<Asks extends Methods<Asks>, Answers extends Methods<Answers>> {
  readonly #post: (message: Envelope) => void;
  readonly #handlers: Handlers<Answers>;
  readonly #timeout: number;
  readonly #pending = new Map<number, Pending>();
  #next = 1;
  #closed = false;

  /** `timeout` in milliseconds is the default for each request; 0 waits for as long as the channel lives. */
  constructor(post: (message: Envelope) => void, handlers: Handlers<Answers>, timeout = 10_000) {
    this.#post = post;
    this.#handlers = handlers;
    this.#timeout = timeout;
  }

  /** Asks the other side. Rejects with a ChannelError, never with anything else. */
  request<M extends keyof Asks & string>(
    method: M,
    params: Params<Asks, M>,
    timeout = this.#timeout,
  ): Promise<Value<Asks, M>> {
    if (this.#closed) return Promise.reject(new ChannelError('closed', `${method}: the channel is closed`));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer =
        timeout > 0
          ? setTimeout(() => {
              this.#pending.delete(id);
              reject(new ChannelError('timeout', `${method}: no answer within ${timeout} ms`));
            }, timeout)
          : null;
      this.#pending.set(id, { settle: resolve as (value: unknown) => void, fail: reject, timer });
      try {
        this.#post({ type: 'request', id, method, params });
      } catch (error) {
        this.#take(id)?.fail(new ChannelError('closed', `${method}: ${messageOf(error)}`));
      }
    });
  }

  /** Takes an envelope; false when the message is none. */
  receive(message: unknown): boolean {
    if (!isEnvelope(message)) return false;
    if (this.#closed) return true;
    if (message.type === 'request') {
      void this.#answer(message.id, message.method, message.params);
      return true;
    }
    const pending = this.#take(message.id);
    if (pending === undefined) return true;
    if (message.ok) pending.settle(message.value);
    else pending.fail(new ChannelError('remote', message.error));
    return true;
  }

  /** Ends every open request with 'closed'; later messages are swallowed. */
  dispose(): void {
    this.#closed = true;
    for (const id of [...this.#pending.keys()]) {
      this.#take(id)?.fail(new ChannelError('closed', 'the channel was closed'));
    }
  }

  async #answer(id: number, method: string, params: unknown): Promise<void> {
    let reply: Envelope;
    try {
      if (!Object.hasOwn(this.#handlers, method)) throw new Error(`no method ${method}`);
      const handler = this.#handlers[method as keyof Answers] as (params: unknown) => unknown;
      reply = { type: 'reply', id, ok: true, value: (await handler(params)) ?? null };
    } catch (error) {
      reply = { type: 'reply', id, ok: false, error: messageOf(error) };
    }
    if (this.#closed) return;
    try {
      this.#post(reply);
    } catch {
      // The other side is gone: it ends its own requests when it is disposed.
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    if (pending.timer !== null) clearTimeout(pending.timer as never);
    return pending;
  }
}

function isEnvelope(message: unknown): message is Envelope {
  if (typeof message !== 'object' || message === null) return false;
  const { type, id, method } = message as { type?: unknown; id?: unknown; method?: unknown };
  return typeof id === 'number' && ((type === 'request' && typeof method === 'string') || type === 'reply');
}

/** What a thrown value says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
