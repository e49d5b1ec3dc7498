/**
 * What may be asked next, and of whom: endpoints with their limits and pauses, models with what waits to be repeated, and
 * the budget. The run (run-sampler.ts) sends what is picked here and says what became of it.
 */
import type { Budget, Cost } from './budget.ts';
import { type LimitField, requestUrl } from './completions.ts';
import { Concurrency } from './concurrency.ts';
import { Copies } from './copies.ts';
import type { ModelSpec, PromptItem, RunPlan } from './run-plan.ts';
import type { Sampler, TrialRequest } from './sampler.ts';

export interface Endpoint {
  readonly concurrency: Concurrency;
  readonly models: ModelState[];
  inFlight: number;
  /** Nothing goes out before (milliseconds). */
  pausedUntil: number;
  turn: number;
}

export interface ModelState {
  readonly index: number;
  readonly spec: ModelSpec;
  readonly url: string;
  batch: number;
  /** Most completions that one answer has brought. */
  widest: number;
  /** What the server calls the limit on new tokens; some refuse the older name. */
  limitField: LimitField;
  fieldChanged: boolean;
  /** Failures since the last answer. */
  failures: number;
  givenUp: string | null;
  /** Answers of this session. */
  answers: number;
  /** Instances whose prompt the server refuses, with its words. */
  readonly refused: Map<number, string>;
  readonly copies: Copies;
  readonly waiting: Job[];
}

export interface Job {
  readonly request: TrialRequest;
  readonly model: ModelState;
  readonly attempt: number;
  readonly notBefore: number;
}

/** Models as they stand at the start, in the order of the plan. */
function modelStates(plan: RunPlan): ModelState[] {
  return plan.models.map((spec, index) => ({
    index,
    spec,
    url: requestUrl(spec),
    batch: plan.batch,
    widest: 1,
    limitField: 'max_tokens',
    fieldChanged: false,
    failures: 0,
    givenUp: null,
    answers: 0,
    refused: new Map(),
    copies: new Copies(),
    waiting: [],
  }));
}

/** Models at the same address with the same key share their requests at once. */
function endpointsOf(models: readonly ModelState[], most: number): Endpoint[] {
  const endpoints = new Map<string, Endpoint>();
  for (const model of models) {
    const key = `${model.spec.endpoint} ${model.spec.keyEnv ?? ''}`;
    const known = endpoints.get(key);
    if (known !== undefined) known.models.push(model);
    else {
      endpoints.set(key, {
        concurrency: new Concurrency(most),
        models: [model],
        inFlight: 0,
        pausedUntil: 0,
        turn: 0,
      });
    }
  }
  return [...endpoints.values()];
}

export class Desk {
  readonly models: readonly ModelState[];
  readonly #endpoints: readonly Endpoint[];
  readonly #items: readonly PromptItem[];
  readonly #sampler: Sampler;
  readonly #budget: Budget;
  readonly #most: number;
  /** Prompt tokens of an instance at a model once a server has said them. */
  readonly #promptTokens = new Map<string, number>();
  /** Requests in flight over all endpoints. */
  inFlight = 0;
  /** Nothing more fits into the budget. */
  budgetSpent = false;

  constructor(plan: RunPlan, items: readonly PromptItem[], sampler: Sampler, budget: Budget) {
    this.models = modelStates(plan);
    this.#endpoints = endpointsOf(this.models, plan.concurrency);
    this.#items = items;
    this.#sampler = sampler;
    this.#budget = budget;
    this.#most = plan.concurrency;
  }

  /**
   * Hands out what can be asked now.
   * @returns when to look again (ms since 1970), null when only an answer can change anything
   */
  pump(now: number, send: (endpoint: Endpoint, job: Job) => void): number | null {
    let wakeAt: number | null = null;
    const later = (time: number): void => {
      wakeAt = wakeAt === null ? time : Math.min(wakeAt, time);
    };
    // One request for each endpoint in turn, so that none waits until another has had enough.
    let open = [...this.#endpoints];
    while (open.length > 0) {
      open = open.filter((endpoint) => {
        const job = this.#next(endpoint, now, later);
        if (job !== null) send(endpoint, job);
        return job !== null;
      });
    }
    return wakeAt;
  }

  /** What a request may cost at most. */
  worst({ request, model }: Job): Cost {
    const known = this.#promptTokens.get(`${model.index} ${request.instance}`);
    return this.#budget.worst(model.spec, known ?? this.item(request).prompt, request.n);
  }

  /** A server has counted the tokens of a prompt. */
  learn({ request, model }: Job, promptTokens: number): void {
    this.#promptTokens.set(`${model.index} ${request.instance}`, promptTokens);
  }

  item(request: TrialRequest): PromptItem {
    return this.#items[request.instance] as PromptItem;
  }

  /** The next job of an endpoint; null when nothing more can be sent to it now. */
  #next(endpoint: Endpoint, now: number, later: (time: number) => void): Job | null {
    if (endpoint.inFlight >= endpoint.concurrency.limit || this.inFlight >= this.#most) return null;
    if (endpoint.pausedUntil > now) {
      if (endpoint.models.some((m) => m.givenUp === null)) later(endpoint.pausedUntil);
      return null;
    }
    const repeated = this.#repeated(endpoint, now, later);
    return repeated === 'unaffordable' ? null : (repeated ?? this.#fresh(endpoint));
  }

  /** A repetition that is due. */
  #repeated(endpoint: Endpoint, now: number, later: (time: number) => void): Job | 'unaffordable' | null {
    for (const model of endpoint.models) {
      for (let i = 0; i < model.waiting.length; i++) {
        const job = model.waiting[i] as Job;
        if (model.givenUp !== null || this.#sampler.finished(job.request)) {
          model.waiting.splice(i--, 1);
          this.#sampler.release(job.request);
          continue;
        }
        if (job.notBefore > now) {
          later(job.notBefore);
          continue;
        }
        if (!this.#affordable(job)) return 'unaffordable';
        model.waiting.splice(i, 1);
        return job;
      }
    }
    return null;
  }

  /** New trials of the endpoint's models in turn. */
  #fresh(endpoint: Endpoint): Job | null {
    if (this.budgetSpent) return null;
    for (let step = 0; step < endpoint.models.length; step++) {
      const model = endpoint.models[(endpoint.turn + step) % endpoint.models.length] as ModelState;
      // A server that fails gets one probe at a time until it answers again.
      if (model.givenUp !== null || (model.failures > 0 && model.waiting.length > 0)) continue;
      const request = this.#sampler.next(model.index, model.batch);
      if (request === null) continue;
      const job = { request, model, attempt: 0, notBefore: 0 };
      if (!this.#affordable(job)) {
        this.#sampler.release(request);
        return null;
      }
      endpoint.turn = (endpoint.turn + step + 1) % endpoint.models.length;
      return job;
    }
    return null;
  }

  #affordable(job: Job): boolean {
    if (this.#budget.covers(this.worst(job), this.#sampler.drawn)) return true;
    // What is in flight may cost less than it may at most; only with nothing in flight is this the end.
    if (this.inFlight === 0) this.budgetSpent = true;
    return false;
  }
}
