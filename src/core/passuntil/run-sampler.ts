/**
 * The run itself: keeps as many requests in flight as the servers take, judges completions, writes every answer to the
 * journal before it counts, and stops at r passes, at the budget, or when told to. Network, clock, randomness, journal
 * and checker are ports, so a test can run hours of it in milliseconds.
 */
import { createRandom } from '../stats/random.ts';
import { Budget } from './budget.ts';
import { judge } from './checkers.ts';
import { type LimitField, type Meaning, type Reply, requestBody, understand } from './completions.ts';
import { backoff } from './concurrency.ts';
import { Desk, type Endpoint, type Job, type ModelState } from './desk.ts';
import type { JournalLine } from './journal.ts';
import type { JournalTally } from './journal-tally.ts';
import type { Progress } from './progress.ts';
import { Repeats } from './repeats.ts';
import type { ModelSpec, PromptItem, RunPlan } from './run-plan.ts';
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

/** An overloaded server is asked this often before it counts as failing. */
const BUSY_ATTEMPTS = 50;
const PROGRESS_EVERY_MS = 200;
/** A model that refuses this many prompts before it has answered one refuses them all. */
const REFUSED_PROMPTS = 3;

/**
 * Runs to the end. Never rejects for what a server does.
 * @param earlier what an earlier session wrote, to go on from
 * @throws what the journal or the checker's command throws: without them a run cannot go on
 */
export async function runSampler(
  plan: RunPlan,
  items: readonly PromptItem[],
  earlier: JournalTally | null,
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
  readonly #budget: Budget;
  readonly #desk: Desk;
  readonly #repeats: Repeats;
  readonly #random;
  readonly #stop = new AbortController();
  readonly #started: number;
  readonly #drawnBefore: number;
  #requests = 0;
  #repeated = 0;
  #next = 1;
  #fatal: Error | null = null;
  #lastProgress = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | null = null;

  constructor(
    plan: RunPlan,
    items: readonly PromptItem[],
    earlier: JournalTally | null,
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
    this.#desk = new Desk(plan, items, this.#sampler, this.#budget);
    if (earlier !== null) this.#replay(earlier);
    this.#sampler.ready();
    this.#drawnBefore = this.#sampler.drawn;
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
        const wakeAt = this.#stopped()
          ? null
          : this.#desk.pump(this.#ports.clock.now(), (endpoint, job) => this.#send(endpoint, job));
        this.#report(false);
        if (this.#desk.inFlight === 0 && (this.#stopped() || wakeAt === null)) break;
        await this.#event(wakeAt);
      }
    } finally {
      this.#signal.removeEventListener('abort', abort);
    }
    if (this.#fatal !== null) throw this.#fatal;
    this.#report(true);
    const problems = this.#desk.models.flatMap((model) => this.#problemsOf(model));
    const end = this.#signal.aborted
      ? 'cancelled'
      : problems.length > 0
        ? 'failed'
        : this.#desk.budgetSpent && this.#sampler.totals().expected > 0
          ? 'budget'
          : 'done';
    return { end, problems, progress: this.#progress() };
  }

  #problemsOf({ spec, givenUp, refused }: ModelState): string[] {
    if (givenUp !== null) return [`${spec.name}: ${givenUp}`];
    const [first] = refused;
    if (first === undefined) return [];
    const [instance, why] = first;
    const { id } = this.#items[instance] as PromptItem;
    return [
      `${spec.name}: ${refused.size === 1 ? `the prompt ${id} was` : `${refused.size} prompts, the first ${id}, were`} refused: ${why}`,
    ];
  }

  #replay(earlier: JournalTally): void {
    const models = new Map(this.#desk.models.map((m) => [m.spec.name, m]));
    const instances = new Map(this.#items.map((item, i) => [item.id, i]));
    for (const { model: name, instance: id, outcomes } of earlier.draws) {
      const model = models.get(name);
      const instance = instances.get(id);
      if (model === undefined || instance === undefined)
        throw new Error(`the journal has ${id} at ${name}, the run has not`);
      for (const { first, length, data } of outcomes.stretches) {
        this.#sampler.replay(model.index, instance, first, data.subarray(0, length));
      }
    }
    for (const [name, tokens] of earlier.tokens) {
      const model = models.get(name);
      if (model !== undefined) this.#budget.bill(model.spec, tokens);
    }
    this.#next = earlier.nextId;
  }

  #stopped(): boolean {
    return this.#signal.aborted || this.#fatal !== null;
  }

  #send(endpoint: Endpoint, job: Job): void {
    const { request, model } = job;
    const worst = this.#desk.worst(job);
    this.#budget.reserve(worst, 1);
    endpoint.inFlight++;
    this.#desk.inFlight++;
    this.#requests++;
    const number = endpoint.concurrency.begin();
    const { prompt } = this.#desk.item(request);
    const field = model.limitField;
    const body = requestBody(model.spec, this.#plan.sampling, prompt, request.n, field);
    this.#ports
      .post(model.url, body, model.spec, this.#plan.timeout, this.#stop.signal)
      .then((reply) =>
        this.#handle(
          endpoint,
          job,
          number,
          field,
          understand(reply, model.spec.api, request.n, this.#ports.clock.now()),
        ),
      )
      .catch((error: unknown) => {
        this.#sampler.release(request);
        if (!this.#stopped()) this.#fail(error);
        // The server may have worked for it, and the answer will never be seen.
        else if (this.#fatal === null) this.#spend(job, 'cancelled');
      })
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#budget.reserve(worst, -1);
        endpoint.inFlight--;
        this.#desk.inFlight--;
        this.#wake?.();
      });
  }

  async #handle(endpoint: Endpoint, job: Job, number: number, field: LimitField, meaning: Meaning): Promise<void> {
    const { request, model } = job;
    if (meaning.kind === 'completions') {
      model.failures = 0;
      model.answers++;
      endpoint.concurrency.success(endpoint.inFlight);
      await this.#accept(job, meaning);
      return;
    }
    if (meaning.kind === 'refused') {
      this.#refused(job, field, meaning);
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
    const patience = asked !== null && asked >= 5 ? ` (the server asks for ${Math.round(asked)} s)` : '';
    this.#repeats.say(`${model.spec.name}: ${meaning.message}${patience}`, now);
    model.waiting.push({ request, model, attempt, notBefore: now + wait * 1000 });
  }

  /** Asking the same again would be refused again: ask otherwise, leave the prompt out, or give the model up. */
  #refused({ request, model }: Job, field: LimitField, meaning: Meaning & { kind: 'refused' }): void {
    const { name } = model.spec;
    const wanted = meaning.limitField;
    if (wanted !== null && wanted !== field && !model.fieldChanged) {
      this.#ports.log(`${name}: the server wants ${wanted} in place of ${field}`);
      model.limitField = wanted;
      model.fieldChanged = true;
    }
    if (wanted !== null && wanted !== field && wanted === model.limitField) {
      this.#sampler.release(request);
    } else if (meaning.batch && request.n > model.widest) {
      const narrower = Math.max(1, Math.floor(request.n / 2));
      if (narrower < model.batch) {
        this.#ports.log(
          `${name}: ${request.n} completions at once were refused (${meaning.message}); trying ${narrower}`,
        );
        model.batch = narrower;
      }
      this.#sampler.release(request);
    } else if (meaning.scope === 'model') this.#giveUp(model, request, meaning.message);
    else {
      model.refused.set(request.instance, meaning.message);
      const all = Math.min(REFUSED_PROMPTS, this.#items.length);
      if (model.answers === 0 && model.refused.size >= all) this.#giveUp(model, request, meaning.message);
      else {
        this.#ports.log(`${name}: the prompt ${this.#desk.item(request).id} is left out, ${meaning.message}`);
        this.#sampler.setAside(request);
      }
    }
  }

  async #accept(job: Job, answer: Meaning & { kind: 'completions' }): Promise<void> {
    const { request, model } = job;
    const item = this.#desk.item(request);
    const texts = answer.texts.slice(0, request.n);
    model.widest = Math.max(model.widest, texts.length);
    if (texts.length > model.batch) model.batch = texts.length;
    // A server that ignores n gives one completion, whatever it is asked.
    else if (texts.length === 1 && request.n > 1) model.batch = 1;
    if (model.copies.see(answer.response, answer.texts)) {
      this.#giveUp(
        model,
        request,
        'most answers are copies of earlier ones, ids included: a cache stands before the model, and its copies are no trials. Switch it off and begin a new journal',
      );
      return;
    }
    const outcomes = await Promise.all(texts.map((text) => this.#judge(text, item, model.spec)));
    const tokens: [number, number] = [
      answer.promptTokens ?? Math.ceil(item.prompt.length / 4),
      answer.completionTokens ?? texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0),
    ];
    if (answer.promptTokens !== null) this.#desk.learn(job, answer.promptTokens);
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
    const { tokens } = this.#desk.worst(job);
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
      inFlight: this.#desk.inFlight,
      tokens: this.#budget.tokens,
      dollars: this.#plan.models.some((m) => m.price !== null) ? this.#budget.dollars : null,
      elapsed,
      eta: totals.expected === 0 ? 0 : pace > 0 ? totals.expected / pace : null,
    };
  }
}
