/**
 * What becomes of a handler's failures. Whatever a document holds, the answer is an answer: what was refused is said,
 * a fault of ours is logged, and the server lives on.
 */
import { messageOf } from '../core/result.ts';
import type { Log } from '../language/ports.ts';
import type { Answer } from '../protocol/language.ts';
import { stackOf } from './stack.ts';

/** Why a request has no answer, in words for the user: nothing went wrong. */
export class Refused extends Error {}

export interface Handlers {
  /** A handler that never fails: what goes wrong is logged, and the client gets `nothing`. */
  guarded<P, R>(name: string, nothing: R, handle: (params: P) => Promise<R>): (params: P) => Promise<R>;
  /** A handler whose failures are answers: what was refused is said, a fault of ours is logged as well. */
  answering<P, T>(name: string, handle: (params: P) => Promise<T>): (params: P) => Promise<Answer<T>>;
  /** The answer to a failure. */
  failed(name: string, error: unknown): { readonly ok: false; readonly why: string };
}

export function handlersWith(log: Log): Handlers {
  const failed: Handlers['failed'] = (name, error) => {
    if (!(error instanceof Refused)) log.error(`${name}: ${stackOf(error)}`);
    return { ok: false, why: messageOf(error) };
  };
  return {
    failed,
    guarded: (name, nothing, handle) => async (params) => {
      try {
        return await handle(params);
      } catch (error) {
        log.error(`${name}: ${stackOf(error)}`);
        return nothing;
      }
    },
    answering: (name, handle) => async (params) => {
      try {
        return { ok: true, value: await handle(params) };
      } catch (error) {
        return failed(name, error);
      }
    },
  };
}
