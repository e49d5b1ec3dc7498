/** Errors as values: what crosses a boundary says whether it worked. */

export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** Wraps a value that worked. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps the reason why something did not work. */
export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/** What a thrown value says. The protocol has its own: the rooms that speak it alone carry nothing of the core. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
