/**
 * The run itself: keeps as many requests in flight as the servers take, judges completions, writes every answer to the
 * journal before it counts, and stops at r passes, at the budget, or when told to. Network, clock, randomness, journal
 * and checker are ports, so a test can run hours of it in milliseconds.
 */
import { createRandom } from '../stats/random.ts';
import { Budget, type Cost } from './budget.ts';
import { judge } from './checkers.ts';
import { type Meaning, type Reply, requestBody, requestUrl, understand } from './completions.ts';
import { backoff, Concurrency } from './concurrency.ts';
import { type Journal, type JournalLine, outcomesOf } from './journal.ts';
import type { Progress } from './progress.ts';
import type { ModelSpec, PromptItem, RunPlan } from './run-file.ts';
import { Sampler, type TrialRequest } from './sampler.ts';

export interface SamplerPorts {
  /** Posts a body; rejects only when the signal is aborted. */
  readonly post: (url: string, body: string, model: ModelSpec, timeout: number, signal: AbortSignal) => Promise<Reply>;
  readonly clock: {
    /** Milliseconds since 1970. */
    now(): number;
    /** Calls back once after so many milliseconds, unless cancelled by the function that it returns. */
    after(milliseconds: number, callback: () => void): () => void;
  };
  /** Writes a line so that it survives the process; throws when it cannot. */
  readonly append: (line: JournalLine) => void;
  /** Runs an external checker; rejects when it cannot be run. */
  readonly command: (
    argv: readonly string[],
    item: PromptItem,
    completion: string,
    model: ModelSpec,
    timeout: number,
    signal: AbortSignal,
  ) => Promise<boolean>;
  readonly log: (message: string) => void;
  readonly progress: (progress: Progress) => void;
  /** Of the jitter only; outcomes never depend on it. */
  readonly seed: number;
}

export interface RunOutcome {
  readonly end: 'done' | 'budget' | 'cancelled' | 'failed';
  /** Models that were given up, and why. */
  readonly problems: readonly string[];
  readonly progress: Progress;
}

interface Endpoint {
  readonly concurrency: Concurrency;
  readonly models: ModelState[];
  inFlight: number;
  /** Nothing goes out before (milliseconds). */
  pausedUntil: number;
  turn: number;
}

interface ModelState {
  readonly index: number;
  readonly spec: ModelSpec;
  readonly url: string;
  batch: number;
  /** Failures since the last answer. */
  failures: number;
  givenUp: string | null;
  readonly waiting: Job[];
}

interface Job {
  readonly request: TrialRequest;
  readonly model: ModelState;
  readonly attempt: number;
  readonly notBefore: number;
}

/** An overloaded server is asked this often before it counts as failing. */
const BUSY_ATTEMPTS = 50;
const PROGRESS_EVERY_MS = 200;
const REPEAT_EVERY_MS = 10_000;

/**
 * Runs to the end. Never rejects for what a server does.
 * @param earlier what an earlier session wrote, to go on from
 * @throws what the journal or the checker's command throws: without them a run cannot go on
 */
export async function runSampler(
  plan: RunPlan,
  items: readonly PromptItem[],
  earlier: Journal | null,
  ports: SamplerPorts,
  signal: AbortSignal,
): Promise<RunOutcome> {
  return new Run(plan, items, earlier, ports, signal).run();
}

class Run {
  readonly #plan: RunPlan;
  readonly #items: readonly PromptItem[];
  readonly #ports: SamplerPorts;
  readonly #signal: AbortSignal;
  readonly #sampler: Sampler;
  readonly #models: readonly ModelState[];
  readonly #endpoints: readonly Endpoint[];
  readonly #random;
  readonly #stop = new AbortController();
  readonly #started: number;
  /** Prompt tokens of an instance at a model once a server has said them; `undefined` before. */
  readonly #promptTokens = new Map<string, number>();
  #inFlight = 0;
  #requests = 0;
  #repeated = 0;
  #next = 1;
  readonly #budget: Budget;
  readonly #repeats: Repeats;
  #drawnBefore = 0;
  #budgetSpent = false;
  #fatal: Error | null = null;
  #lastProgress = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | null = null;

  constructor(
    plan: RunPlan,
    items: readonly PromptItem[],
    earlier: Journal | null,
    ports: SamplerPorts,
    signal: AbortSignal,
  ) {
    this.#plan = plan;
    this.#items = items;
    this.#ports = ports;
    this.#signal = signal;
    this.#budget = new Budget(plan);
    this.#repeats = new Repeats(ports.log);
    this.#random = createRandom(ports.seed, 'backoff');
    this.#started = ports.clock.now();
    this.#sampler = new Sampler({
      models: plan.models.length,
      instances: items.length,
      wanted: plan.r,
      cap: plan.kMax,
    });
    this.#models = plan.models.map((spec, index) => ({
      index,
      spec,
      url: requestUrl(spec),
      batch: plan.batch,
      failures: 0,
      givenUp: null,
      waiting: [],
    }));
    const endpoints = new Map<string, Endpoint>();
    for (const model of this.#models) {
      const key = `${model.spec.endpoint} ${model.spec.keyEnv ?? ''}`;
      const known = endpoints.get(key);
      if (known !== undefined) known.models.push(model);
      else {
        endpoints.set(key, {
          concurrency: new Concurrency(plan.concurrency),
          models: [model],
          inFlight: 0,
          pausedUntil: 0,
          turn: 0,
        });
      }
    }
    this.#endpoints = [...endpoints.values()];
    if (earlier !== null) this.#replay(earlier);
    this.#sampler.ready();
    this.#drawnBefore = this.#sampler.totals().drawn;
  }

  async run(): Promise<RunOutcome> {
    const abort = (): void => {
      this.#stop.abort(this.#signal.reason);
      this.#wake?.();
    };
    this.#signal.addEventListener('abort', abort, { once: true });
    try {
      if (this.#signal.aborted) abort();
      for (;;) {
        const wakeAt = this.#stopped() ? null : this.#pump();
        this.#report(false);
        if (this.#inFlight === 0 && (this.#stopped() || wakeAt === null)) break;
        await this.#event(wakeAt);
      }
    } finally {
      this.#signal.removeEventListener('abort', abort);
    }
    if (this.#fatal !== null) throw this.#fatal;
    this.#report(true);
    const problems = this.#models.flatMap((m) => (m.givenUp === null ? [] : [`${m.spec.name}: ${m.givenUp}`]));
    const end = this.#signal.aborted
      ? 'cancelled'
      : problems.length > 0
        ? 'failed'
        : this.#budgetSpent && this.#sampler.totals().expected > 0
          ? 'budget'
          : 'done';
    return { end, problems, progress: this.#progress() };
  }

  #replay(earlier: Journal): void {
    const models = new Map(this.#models.map((m) => [m.spec.name, m]));
    const instances = new Map(this.#items.map((item, i) => [item.id, i]));
    for (const line of earlier.trials) {
      const model = models.get(line.model);
      const instance = instances.get(line.instance);
      if (model === undefined || instance === undefined)
        throw new Error(`the journal has ${line.instance} at ${line.model}, the run has not`);
      this.#sampler.replay(model.index, instance, line.first, outcomesOf(line.outcomes));
      this.#budget.bill(model.spec, line.tokens);
      this.#next = Math.max(this.#next, line.id + 1);
    }
    for (const line of earlier.spent) {
      const model = models.get(line.model);
      if (model !== undefined) this.#budget.bill(model.spec, line.tokens);
    }
  }

  #stopped(): boolean {
    return this.#signal.aborted || this.#fatal !== null;
  }

  /** Sends what can be sent. @returns when to look again (ms since 1970), null when only an answer can change anything */
  #pump(): number | null {
    const now = this.#ports.clock.now();
    let wakeAt: number | null = null;
    const later = (time: number): void => {
      wakeAt = wakeAt === null ? time : Math.min(wakeAt, time);
    };
    // One request for each endpoint in turn, so that none waits until another has had enough.
    let open = [...this.#endpoints];
    while (open.length > 0) {
      open = open.filter((endpoint) => this.#sendOne(endpoint, now, later));
    }
    return wakeAt;
  }

  /** @returns false when nothing more can be sent to the endpoint now */
  #sendOne(endpoint: Endpoint, now: number, later: (time: number) => void): boolean {
    if (endpoint.inFlight >= endpoint.concurrency.limit || this.#inFlight >= this.#plan.concurrency) return false;
    if (endpoint.pausedUntil > now) {
      if (endpoint.models.some((m) => m.givenUp === null)) later(endpoint.pausedUntil);
      return false;
    }
    const job = this.#pick(endpoint, now, later);
    if (job === null) return false;
    this.#send(endpoint, job);
    return true;
  }

  /** A repetition that is due, else new trials of the endpoint's models in turn. */
  #pick(endpoint: Endpoint, now: number, later: (time: number) => void): Job | null {
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
        if (!this.#affordable(job)) return null;
        model.waiting.splice(i, 1);
        return job;
      }
    }
    if (this.#budgetSpent) return null;
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

  #worst({ request, model }: Job): Cost {
    const known = this.#promptTokens.get(`${model.index} ${request.instance}`);
    return this.#budget.worst(model.spec, known ?? this.#item(request).prompt, request.n);
  }

  #affordable(job: Job): boolean {
    if (this.#budget.covers(this.#worst(job), this.#sampler.drawn)) return true;
    // What is in flight may cost less than it may at most; only with nothing in flight is this the end.
    if (this.#inFlight === 0) this.#budgetSpent = true;
    return false;
  }

  #send(endpoint: Endpoint, job: Job): void {
    const { request, model } = job;
    const worst = this.#worst(job);
    this.#budget.reserve(worst, 1);
    endpoint.inFlight++;
    this.#inFlight++;
    this.#requests++;
    const number = endpoint.concurrency.begin();
    const body = requestBody(model.spec, this.#plan.sampling, this.#item(request).prompt, request.n);
    this.#ports
      .post(model.url, body, model.spec, this.#plan.timeout, this.#stop.signal)
      .then((reply) =>
        this.#handle(endpoint, job, number, understand(reply, model.spec.api, request.n, this.#ports.clock.now())),
      )
      .catch((error: unknown) => {
        this.#sampler.release(request);
        if (!this.#stopped()) this.#fail(error);
      })
      .finally(() => {
        this.#budget.reserve(worst, -1);
        endpoint.inFlight--;
        this.#inFlight--;
        this.#wake?.();
      });
  }

  async #handle(endpoint: Endpoint, job: Job, number: number, meaning: Meaning): Promise<void> {
    const { request, model } = job;
    if (meaning.kind === 'completions') {
      model.failures = 0;
      endpoint.concurrency.success(endpoint.inFlight);
      await this.#accept(job, meaning);
      return;
    }
    if (meaning.kind === 'refused') {
      if (meaning.batch && model.batch > 1) {
        this.#ports.log(
          `${model.spec.name}: several completions at once were refused (${meaning.message}); asking for one at a time`,
        );
        model.batch = 1;
        this.#sampler.release(request);
      } else {
        // Another request may have set the batch to one since this one went out.
        if (request.n > 1 && model.batch === 1) this.#sampler.release(request);
        else this.#giveUp(model, request, meaning.message);
      }
      return;
    }
    const busy = meaning.kind === 'busy';
    if (busy || meaning.strain) endpoint.concurrency.strain(number);
    if (!busy && meaning.billed) this.#spend(job, meaning.message);
    model.failures++;
    const attempt = job.attempt + 1;
    if (attempt >= (busy ? BUSY_ATTEMPTS : this.#plan.retry.attempts)) {
      this.#giveUp(model, request, `${attempt} attempts failed, the last with ${meaning.message}`);
      return;
    }
    const asked = busy ? meaning.wait : null;
    const wait = backoff(job.attempt, this.#plan.retry.backoff, asked, this.#random.uniform());
    const now = this.#ports.clock.now();
    if (asked !== null) endpoint.pausedUntil = Math.max(endpoint.pausedUntil, now + asked * 1000);
    this.#repeated++;
    this.#repeats.say(`${model.spec.name}: ${meaning.message}`, now);
    model.waiting.push({ request, model, attempt, notBefore: now + wait * 1000 });
  }

  async #accept({ request, model }: Job, answer: Meaning & { kind: 'completions' }): Promise<void> {
    const item = this.#item(request);
    const texts = answer.texts.slice(0, request.n);
    // A server that ignores n gives one completion, whatever it is asked.
    if (texts.length === 1 && request.n > 1) model.batch = 1;
    const outcomes = await Promise.all(texts.map((text) => this.#judge(text, item, model.spec)));
    const tokens: [number, number] = [
      answer.promptTokens ?? Math.ceil(item.prompt.length / 4),
      answer.completionTokens ?? texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0),
    ];
    if (answer.promptTokens !== null) this.#promptTokens.set(`${model.index} ${request.instance}`, answer.promptTokens);
    // The journal first: what counts is on disk, what is on disk counts.
    this.#ports.append({
      kind: 'trials',
      id: this.#next++,
      model: model.spec.name,
      instance: item.id,
      first: request.first,
      outcomes: outcomes.map((passed) => (passed ? '1' : '0')).join(''),
      response: answer.response,
      tokens,
      ...(this.#plan.keepTexts ? { texts } : {}),
    });
    this.#budget.bill(model.spec, tokens);
    this.#sampler.accept(request, outcomes);
  }

  async #judge(text: string, item: PromptItem, model: ModelSpec): Promise<boolean> {
    const { checker } = this.#plan;
    if (checker.type === 'command')
      return this.#ports.command(checker.command, item, text, model, checker.timeout, this.#stop.signal);
    return judge(checker, text, item.answer) ?? false;
  }

  #spend(job: Job, why: string): void {
    // Only a budget needs to know what a lost answer may have cost.
    if (!this.#budget.limitsTokens) return;
    const { tokens } = this.#worst(job);
    this.#ports.append({ kind: 'spent', model: job.model.spec.name, tokens, why });
    this.#budget.bill(job.model.spec, tokens);
  }

  #giveUp(model: ModelState, request: TrialRequest, why: string): void {
    this.#sampler.release(request);
    if (model.givenUp !== null) return;
    model.givenUp = why;
    this.#ports.log(`${model.spec.name}: given up, ${why}`);
  }

  #fail(error: unknown): void {
    this.#fatal ??= error instanceof Error ? error : new Error(String(error));
    this.#stop.abort(this.#fatal);
  }

  #item(request: TrialRequest): PromptItem {
    return this.#items[request.instance] as PromptItem;
  }

  /** Waits for an answer, an abort, or a moment. */
  async #event(wakeAt: number | null): Promise<void> {
    await new Promise<void>((resolve) => {
      let cancel: (() => void) | null = null;
      this.#wake = () => {
        this.#wake = null;
        cancel?.();
        resolve();
      };
      if (wakeAt !== null)
        cancel = this.#ports.clock.after(Math.max(0, wakeAt - this.#ports.clock.now()), () => this.#wake?.());
    });
  }

  #report(always: boolean): void {
    const now = this.#ports.clock.now();
    if (!always && now - this.#lastProgress < PROGRESS_EVERY_MS) return;
    this.#lastProgress = now;
    this.#ports.progress(this.#progress());
  }

  #progress(): Progress {
    const totals = this.#sampler.totals();
    const elapsed = (this.#ports.clock.now() - this.#started) / 1000;
    const pace = elapsed > 0 ? (totals.drawn - this.#drawnBefore) / elapsed : 0;
    return {
      ...totals,
      requests: this.#requests,
      repeated: this.#repeated,
      inFlight: this.#inFlight,
      tokens: this.#budget.tokens,
      dollars: this.#plan.models.some((m) => m.price !== null) ? this.#budget.dollars : null,
      elapsed,
      eta: totals.expected === 0 ? 0 : pace > 0 ? totals.expected / pace : null,
    };
  }
}

/** What goes wrong over and over is said once in a while, with how often. */
class Repeats {
  readonly #log: (message: string) => void;
  readonly #known = new Map<string, { at: number; count: number }>();

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

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
