/** The time budget of a fit: when to stop, whether told by the clock or by the user. */

/** Milliseconds that one fit may take unless told otherwise. */
const DEFAULT_TIME_BUDGET = 10_000;

export interface Deadline {
  /** True from the moment when the budget is spent or the work was cancelled. */
  expired(): boolean;
  /** Milliseconds left, 0 when expired. */
  left(): number;
}

/**
 * Starts the clock.
 *
 * @param budget milliseconds
 * @param signal cancels at once
 */
export function startDeadline(budget: number = DEFAULT_TIME_BUDGET, signal?: AbortSignal): Deadline {
  const end = performance.now() + budget;
  const left = (): number => (signal?.aborted ? 0 : Math.max(0, end - performance.now()));
  return { expired: () => left() === 0, left };
}

/** The same deadline `reserve` milliseconds earlier: time kept back for what follows. */
export function earlier(deadline: Deadline, reserve: number): Deadline {
  const left = (): number => Math.max(0, deadline.left() - reserve);
  return { expired: () => left() === 0, left };
}

/** Why there are fewer resamples than were asked for. */
export function outOfTime(done: number, count: number): string {
  return `The time budget ended after ${done} of ${count} resamples.`;
}
