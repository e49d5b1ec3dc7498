/**
 * Sampling until r passes as a pure state machine: which trials to ask for next, and what each answer changes. Network,
 * disk and clock stand outside (run-sampler.ts).
 *
 * The rule that keeps the stopping rule unbiased: every trial of a draw (one instance at one model) has a number that is
 * given out when it is asked for, before its outcome exists, and trials are counted in the order of these numbers. An
 * answer that comes early waits for those before it. K is the number of the r-th pass in that order; what was drawn
 * beyond it is thrown away, passes included, even when it came in the same batch or arrived first. Counting in order of
 * arrival would favour short completions, which often are the passes. How many trials are asked for at once may depend
 * on what was seen; it does not change the order, hence not the estimate.
 */

/** What is sampled: every instance at every model. */
export interface SamplerPlan {
  readonly models: number;
  readonly instances: number;
  /** r ≥ 1. */
  readonly wanted: number;
  /** Kmax ≥ r. */
  readonly cap: number;
}

/** Trials first … first + n − 1 of one draw, to be asked for in one request. */
export interface TrialRequest {
  readonly model: number;
  readonly instance: number;
  readonly first: number;
  readonly n: number;
}

/** A draw as it stands. */
export interface DrawState {
  readonly passes: number;
  /** Trials counted, K. */
  readonly trials: number;
  readonly done: 'passed' | 'capped' | 'aside' | null;
}

export interface SamplerTotals {
  readonly draws: number;
  readonly finished: number;
  readonly capped: number;
  /** Trials that count, and all that were drawn. */
  readonly counted: number;
  readonly drawn: number;
  readonly passes: number;
  /** Trials that are still expected to be needed, from the pass rates seen so far. */
  readonly expected: number;
}

interface Range {
  readonly first: number;
  readonly n: number;
}

interface Draw {
  readonly instance: number;
  passes: number;
  trials: number;
  done: 'passed' | 'capped' | 'aside' | null;
  /** Next trial number to give out. */
  issued: number;
  /** Numbers given out whose answer was lost or cut short: they are asked for again before any new number. */
  holes: Range[];
  /** Outcomes that came before an earlier one. */
  early: Map<number, boolean> | null;
  flights: number;
  inFlight: number;
  level: number;
}

/** Not in any queue: finished, or nothing more to ask for until an answer comes. */
const PARKED = -1;
/** Trials in flight for a draw beyond what it is expected to need would mostly be thrown away. */
const SPECULATION = 2;

export class Sampler {
  readonly #plan: SamplerPlan;
  readonly #draws: Draw[][];
  /** Per model: draws by the number of their requests in flight, in order of their turn. */
  readonly #queues: Set<Draw>[][];
  #finished = 0;
  #capped = 0;
  #counted = 0;
  #drawn = 0;
  #passes = 0;

  constructor(plan: SamplerPlan) {
    if (!(Number.isInteger(plan.wanted) && plan.wanted >= 1)) throw new RangeError('r must be at least 1');
    if (!(Number.isInteger(plan.cap) && plan.cap >= plan.wanted)) throw new RangeError('Kmax must be at least r');
    this.#plan = plan;
    this.#draws = Array.from({ length: plan.models }, () =>
      Array.from({ length: plan.instances }, (_, instance) => ({
        instance,
        passes: 0,
        trials: 0,
        done: null,
        issued: 0,
        holes: [],
        early: null,
        flights: 0,
        inFlight: 0,
        level: 0,
      })),
    );
    this.#queues = this.#draws.map((draws) => [new Set(draws)]);
  }

  /**
   * Outcomes from an earlier session, in any order; call `ready` after the last. Numbers must not come twice.
   * @param outcomes true or 1 for a pass, from trial `first` on
   */
  replay(model: number, instance: number, first: number, outcomes: ArrayLike<boolean | number>): void {
    const draw = this.#draw(model, instance);
    draw.issued = Math.max(draw.issued, first + outcomes.length);
    this.#take(draw, first, outcomes);
  }

  /** Ends the replay: numbers that were given out and never answered are asked for again. */
  ready(): void {
    for (const [model, draws] of this.#draws.entries()) {
      for (const draw of draws) {
        if (draw.done === null) draw.holes = gaps(draw);
        this.#queue(model, draw);
      }
    }
  }

  /**
   * The next trials to ask a model for; null when it needs nothing, or nothing until an answer comes.
   * @param batch most trials of one request
   */
  next(model: number, batch: number): TrialRequest | null {
    const levels = this.#queues[model] ?? [];
    for (const level of levels) {
      for (const draw of level) {
        const range = this.#room(draw, batch);
        if (range === null) {
          level.delete(draw);
          draw.level = PARKED;
          continue;
        }
        draw.flights++;
        draw.inFlight += range.n;
        this.#queue(model, draw);
        return { model, instance: draw.instance, ...range };
      }
    }
    return null;
  }

  /**
   * The answer to a request. Fewer outcomes than asked for leave the rest to be asked for again; more are ignored.
   * @returns how many trials of this draw count now, K
   */
  accept(request: TrialRequest, outcomes: readonly boolean[]): number {
    const draw = this.#draw(request.model, request.instance);
    this.#land(draw, request);
    const used = outcomes.slice(0, request.n);
    this.#take(draw, request.first, used);
    if (used.length < request.n && draw.done === null) {
      draw.holes.push({ first: request.first + used.length, n: request.n - used.length });
    }
    this.#queue(request.model, draw);
    return draw.trials;
  }

  /** A request that will not be answered: its numbers are asked for again. */
  release(request: TrialRequest): void {
    const draw = this.#draw(request.model, request.instance);
    this.#land(draw, request);
    if (draw.done === null) draw.holes.push({ first: request.first, n: request.n });
    this.#queue(request.model, draw);
  }

  /** The draw of a request cannot be had in this session: nothing more is asked for it, and it does not count as finished. */
  setAside(request: TrialRequest): void {
    const draw = this.#draw(request.model, request.instance);
    this.#land(draw, request);
    draw.done ??= 'aside';
    draw.holes = [];
    this.#queue(request.model, draw);
  }

  /** True when nothing that a request would bring can still count. */
  finished(request: TrialRequest): boolean {
    return this.#draw(request.model, request.instance).done !== null;
  }

  state(model: number, instance: number): DrawState {
    const { passes, trials, done } = this.#draw(model, instance);
    return { passes, trials, done };
  }

  /** All trials drawn, those thrown away included. */
  get drawn(): number {
    return this.#drawn;
  }

  totals(): SamplerTotals {
    let expected = 0;
    let draws = 0;
    for (const list of this.#draws) {
      draws += list.length;
      for (const draw of list) if (draw.done === null) expected += this.#needed(draw);
    }
    return {
      draws,
      finished: this.#finished,
      capped: this.#capped,
      counted: this.#counted,
      drawn: this.#drawn,
      passes: this.#passes,
      expected,
    };
  }

  #draw(model: number, instance: number): Draw {
    const draw = this.#draws[model]?.[instance];
    if (draw === undefined) throw new RangeError(`no draw ${model}, ${instance}`);
    return draw;
  }

  /** Expected trials until r passes or the cap, by the rate seen so far (half a pass and half a trial beforehand). */
  #needed(draw: Draw): number {
    const rate = (draw.passes + 0.5) / (draw.trials + 1);
    return Math.min(Math.ceil((this.#plan.wanted - draw.passes) / rate), this.#plan.cap - draw.trials);
  }

  /** Numbers to give out now, or null. */
  #room(draw: Draw, batch: number): Range | null {
    if (draw.done !== null) return null;
    const hole = draw.holes.shift();
    if (hole !== undefined) {
      const n = Math.min(hole.n, Math.max(1, batch));
      if (n < hole.n) draw.holes.unshift({ first: hole.first + n, n: hole.n - n });
      return { first: hole.first, n };
    }
    const waiting = draw.inFlight + (draw.early?.size ?? 0);
    const useful = Math.max(1, SPECULATION * this.#needed(draw)) - waiting;
    const n = Math.min(Math.max(1, batch), useful, this.#plan.cap - draw.issued);
    if (n < 1) return null;
    const first = draw.issued;
    draw.issued += n;
    return { first, n };
  }

  #land(draw: Draw, request: TrialRequest): void {
    draw.flights--;
    draw.inFlight -= request.n;
  }

  #take(draw: Draw, first: number, outcomes: ArrayLike<boolean | number>): void {
    this.#drawn += outcomes.length;
    if (draw.done !== null) return;
    let at = first;
    for (let i = 0; i < outcomes.length; i++) {
      const outcome = Boolean(outcomes[i]);
      if (at === draw.trials) this.#count(draw, outcome);
      else if (at > draw.trials) {
        draw.early ??= new Map();
        draw.early.set(at, outcome);
      }
      if (draw.done !== null) return;
      at++;
    }
    while (draw.early !== null) {
      const outcome = draw.early.get(draw.trials);
      if (outcome === undefined) return;
      draw.early.delete(draw.trials);
      this.#count(draw, outcome);
    }
  }

  #count(draw: Draw, passed: boolean): void {
    draw.trials++;
    this.#counted++;
    if (passed) {
      draw.passes++;
      this.#passes++;
    }
    if (draw.passes === this.#plan.wanted) draw.done = 'passed';
    else if (draw.trials === this.#plan.cap) draw.done = 'capped';
    if (draw.done === null) return;
    this.#finished++;
    if (draw.done === 'capped') this.#capped++;
    draw.early = null;
    draw.holes = [];
  }

  /** Puts a draw at the end of the queue where it belongs. */
  #queue(model: number, draw: Draw): void {
    const levels = this.#queues[model] as Set<Draw>[];
    if (draw.level !== PARKED) levels[draw.level]?.delete(draw);
    if (draw.done !== null) {
      draw.level = PARKED;
      return;
    }
    while (levels.length <= draw.flights) levels.push(new Set());
    levels[draw.flights]?.add(draw);
    draw.level = draw.flights;
  }
}

/** Numbers below `issued` that have no outcome. */
function gaps(draw: Draw): Range[] {
  const found: Range[] = [];
  for (let at = draw.trials; at < draw.issued; at++) {
    if (draw.early?.has(at) === true) continue;
    const last = found.at(-1);
    if (last !== undefined && last.first + last.n === at)
      found[found.length - 1] = { first: last.first, n: last.n + 1 };
    else found.push({ first: at, n: 1 });
  }
  return found;
}
