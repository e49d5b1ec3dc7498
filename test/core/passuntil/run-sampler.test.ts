import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reply } from '../../../src/core/passuntil/completions.ts';
import { encodeLine, type JournalLine, runLine } from '../../../src/core/passuntil/journal.ts';
import type { Progress } from '../../../src/core/passuntil/progress.ts';
import { parseRunFile } from '../../../src/core/passuntil/run-file.ts';
import type { RunPlan } from '../../../src/core/passuntil/run-plan.ts';
import { type RunOutcome, runSampler, type SamplerPorts } from '../../../src/core/passuntil/run-sampler.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { tallyOf } from '../../fixture/journal-lines.ts';

/** Virtual time: what is due next happens next, as soon as nothing else is going on. */
class World {
  time = 0;
  readonly #due: { at: number; callback: () => void }[] = [];
  #running = true;

  readonly clock = {
    now: () => this.time,
    after: (milliseconds: number, callback: () => void) => {
      const one = { at: this.time + milliseconds, callback };
      this.#due.push(one);
      return () => {
        const index = this.#due.indexOf(one);
        if (index >= 0) this.#due.splice(index, 1);
      };
    },
  };

  async drive<T>(work: Promise<T>): Promise<T> {
    const done = work.finally(() => (this.#running = false));
    // Awaited below; until then a rejection is nobody's business.
    done.catch(() => undefined);
    while (this.#running) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#due.sort((a, b) => a.at - b.at);
      const next = this.#due.shift();
      if (next === undefined) continue;
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
    return done;
  }
}

interface Served {
  readonly n: number;
  readonly model: string;
  readonly prompt: string;
  /** As it was sent. */
  readonly body: string;
}

const PROMPTS = [0.5, 0.2, 0.1];

function planOf(extra = ''): RunPlan {
  const plan = parseRunFile(`r: 3
kMax: 100
checker: exact
prompts:
${PROMPTS.map((p) => `  - { prompt: "${p}", answer: "yes" }`).join('\n')}
models:
  - { name: a-1M, endpoint: http://one/v1, price: { input: 1, output: 2 } }
  - { name: b-2M, endpoint: http://two/v1, price: { input: 1, output: 2 } }
${extra}`);
  assert.ok(plan.ok, JSON.stringify(plan));
  return plan.value;
}

interface Played {
  readonly outcome: RunOutcome;
  readonly lines: readonly JournalLine[];
  readonly served: readonly Served[];
  readonly log: readonly string[];
  readonly progress: readonly Progress[];
  readonly seconds: number;
}

/** Plays a run against made-up servers. `answer` may misbehave; null is a completion as it should be. */
async function play(
  plan: RunPlan,
  options: {
    answer?: (request: Served, number: number, world: World) => Reply | null;
    earlier?: readonly JournalLine[];
    stopAfter?: number;
    ports?: Partial<SamplerPorts>;
  } = {},
): Promise<Played> {
  const world = new World();
  const random = createRandom(5, 'coins');
  const lines: JournalLine[] = [];
  const served: Served[] = [];
  const log: string[] = [];
  const progress: Progress[] = [];
  const abort = new AbortController();
  const items = plan.prompts.kind === 'list' ? plan.prompts.items : [];
  const header = runLine({
    task: plan.task,
    r: plan.r,
    kMax: plan.kMax,
    prompts: { count: items.length, hash: 'x' },
    checker: 'exact',
    sampling: '',
    models: plan.models.map(({ name, params, model, api }) => ({ name, params, model, api })),
  });
  const text = [header, ...(options.earlier ?? [])].map(encodeLine).join('');
  const earlier = tallyOf(text);
  const ports: SamplerPorts = {
    post: (_url, body, _model, _timeout, signal) =>
      new Promise((resolve, reject) => {
        const { n, model, prompt } = JSON.parse(body) as Served;
        served.push({ n, model, prompt, body });
        const outcomes = Array.from({ length: n }, () => random.uniform() < Number(prompt));
        const reply = options.answer?.(served.at(-1) as Served, served.length, world) ?? {
          kind: 'answer',
          status: 200,
          retryAfter: null,
          body: JSON.stringify({
            id: `r${served.length}`,
            choices: outcomes.map((passed, index) => ({ index, text: passed ? 'yes' : 'no' })),
            usage: { prompt_tokens: 10, completion_tokens: 5 * n },
          }),
        };
        if (signal.aborted) reject(signal.reason as Error);
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        world.clock.after(50 + 50 * random.uniform(), () => resolve(reply));
      }),
    clock: world.clock,
    append: (line) => {
      lines.push(line);
      if (lines.length === options.stopAfter) abort.abort(new Error('enough'));
    },
    command: () => Promise.reject(new Error('no command')),
    log: (message) => log.push(message),
    progress: (p) => progress.push(p),
    seed: 1,
    ...options.ports,
  };
  const outcome = await world.drive(runSampler(plan, items, earlier, ports, abort.signal));
  return { outcome, lines, served, log, progress, seconds: world.time / 1000 };
}

/** K and s per draw by the lines alone. */
function counted(lines: readonly JournalLine[]): Map<string, string> {
  const text = new Map<string, string[]>();
  for (const line of lines) {
    if (line.kind !== 'trials') continue;
    const key = `${line.model} ${line.instance}`;
    const trials = text.get(key) ?? [];
    text.set(key, trials);
    for (const [i, outcome] of [...line.outcomes].entries()) {
      assert.equal(trials[line.first + i], undefined, `${key}: trial ${line.first + i} twice`);
      trials[line.first + i] = outcome;
    }
  }
  return new Map([...text].map(([key, trials]) => [key, Array.from(trials, (t) => t ?? '?').join('')]));
}

test('every draw ends at r passes, and the journal holds every trial once', async () => {
  const { outcome, lines, served, progress } = await play(planOf());
  assert.equal(outcome.end, 'done');
  const { finished, draws, expected, tokens, dollars, drawn } = outcome.progress;
  assert.deepEqual([finished, draws, expected], [6, 6, 0]);
  for (const [key, outcomes] of counted(lines)) {
    const passes = [...outcomes].filter((o) => o === '1').length;
    assert.ok(!outcomes.includes('?') && (passes >= 3 || outcomes.length === 100), `${key}: ${outcomes}`);
  }
  assert.deepEqual(tokens, [10 * served.length, 5 * drawn]);
  assert.ok(Math.abs((dollars as number) - (10 * served.length + 10 * drawn) / 1e6) < 1e-12);
  assert.ok(progress.length >= 2 && progress.every((p, i) => p.counted >= (progress[i - 1]?.counted ?? 0)));
});

test('lost, broken and refused answers are asked for again; the wait that a server asks for is kept', async () => {
  let paused = 0;
  let early = 0;
  const { outcome, log } = await play(planOf('retry: { attempts: 20, backoff: 0.1 }'), {
    answer: (request, number, world) => {
      if (request.model === 'a-1M' && world.time > paused - 3000 && world.time < paused - 50) early++;
      if (number % 7 === 0) return { kind: 'failure', why: 'timeout', message: 'late' };
      if (number % 11 === 0) return { kind: 'answer', status: 200, retryAfter: null, body: '{"choi' };
      if (request.model === 'a-1M' && paused === 0) {
        paused = world.time + 100 + 3000;
        return { kind: 'answer', status: 429, retryAfter: '3', body: '' };
      }
      return null;
    },
  });
  assert.equal(outcome.end, 'done');
  assert.ok(outcome.progress.repeated > 3);
  assert.equal(early, 0, `${early} requests while the server had asked to wait`);
  assert.ok(log.some((l) => /late/.test(l)) && log.length < 20, log.join('\n'));
});

const ANSWER = { kind: 'answer', status: 200, retryAfter: null } as const;
const refusal = (message: string, status = 400): Reply => ({
  ...ANSWER,
  status,
  body: JSON.stringify({ error: { message } }),
});

test('a server that takes fewer completions at once, one, or ignores n', async () => {
  const refusing = await play(planOf(), { answer: ({ n }) => (n > 1 ? refusal('n') : null) });
  assert.equal(refusing.outcome.end, 'done');
  const wide = refusing.served.filter(({ n }) => n > 1).length;
  assert.ok(wide < 60 && refusing.served.slice(60).every(({ n }) => n === 1), `${wide} of ${refusing.served.length}`);
  const four = await play(planOf(), { answer: ({ n }) => (n > 4 ? refusal('at most 4') : null) });
  assert.equal(four.outcome.end, 'done');
  assert.ok(four.served.slice(30).some(({ n }) => n === 4));
  const one = JSON.stringify({ choices: [{ text: 'yes' }] });
  const ignoring = await play(planOf(), { answer: () => ({ ...ANSWER, body: one }) });
  assert.equal(ignoring.outcome.end, 'done');
  for (const outcomes of counted(ignoring.lines).values()) assert.match(outcomes, /^1{3,}$/);
});

test('a prompt that the server refuses is left out and named; the others go on at full width', async () => {
  const { outcome, served, lines, log } = await play(planOf(), {
    answer: ({ prompt, model }) =>
      prompt === '0.2' && model === 'a-1M' ? refusal('maximum context length is 3 tokens') : null,
  });
  assert.equal(outcome.end, 'failed');
  assert.deepEqual(outcome.problems, ['a-1M: the prompt 2 was refused: HTTP 400: maximum context length is 3 tokens']);
  assert.equal(outcome.progress.finished, 5);
  assert.equal(counted(lines).size, 5);
  assert.ok(served.slice(-10).some(({ n }) => n > 1));
  assert.ok(log.some((l) => /the prompt 2 is left out/.test(l)));
});

test('a model that refuses every prompt is given up', async () => {
  const { outcome, served } = await play(planOf(), {
    answer: ({ model }) => (model === 'a-1M' ? refusal('temperature is not supported') : null),
  });
  assert.match(outcome.problems.join(), /^a-1M: HTTP 400: temperature is not supported$/);
  assert.ok(served.filter((s) => s.model === 'a-1M').length < 100);
});

test('a server that wants the newer name of the limit gets it; one that wants neither is given up', async () => {
  const bodies: string[] = [];
  const strict = (body: string, wanted: string): Reply | null => {
    bodies.push(body);
    return body.includes(`"${wanted}"`) ? null : refusal(`Unsupported parameter. Use '${wanted}' instead.`);
  };
  const { outcome, log } = await play(planOf(), { answer: ({ body }) => strict(body, 'max_completion_tokens') });
  assert.equal(outcome.end, 'done');
  assert.equal(log.filter((l) => /wants max_completion_tokens in place of max_tokens/.test(l)).length, 2);
  assert.ok(!bodies.at(-1)?.includes('"max_tokens"'));
  const never = await play(planOf(), {
    answer: ({ body }) =>
      refusal(`Use '${body.includes('max_completion_tokens') ? 'max_tokens' : 'max_completion_tokens'}' instead.`),
  });
  assert.equal(never.outcome.problems.length, 2);
});

test('a cache in between is noticed; its copies do not count as trials for long', async () => {
  const cached = await play(planOf(), {
    answer: ({ prompt, model, n }) => ({
      ...ANSWER,
      body: JSON.stringify({
        id: `${prompt} ${model} ${n}`,
        choices: Array.from({ length: n }, (_, index) => ({ index, text: 'no' })),
      }),
    }),
  });
  assert.equal(cached.outcome.problems.length, 2);
  assert.match(cached.outcome.problems[0] ?? '', /copies of earlier ones.*cache/);
  const poor = await play(planOf(), {
    answer: ({ n }) => ({
      ...ANSWER,
      body: JSON.stringify({ id: 'cmpl-0', choices: Array.from({ length: n }, (_, index) => ({ index, text: 'no' })) }),
    }),
  });
  assert.equal(poor.outcome.end, 'done');
});

test('what is in flight when a run with a budget is cancelled is billed at its worst', async () => {
  const { outcome, lines } = await play(planOf('budget: { tokens: 100000 }'), { stopAfter: 6 });
  assert.equal(outcome.end, 'cancelled');
  const lost = lines.filter((l) => l.kind === 'spent');
  assert.ok(lost.length > 0 && lost.every((l) => l.why === 'cancelled'));
});

test('a model that keeps failing is given up with its reason, the others are finished', async () => {
  const { outcome } = await play(planOf('retry: { attempts: 3, backoff: 0.1 }'), {
    answer: ({ model }) =>
      model === 'a-1M' ? { kind: 'answer', status: 500, retryAfter: null, body: 'no memory' } : null,
  });
  assert.equal(outcome.end, 'failed');
  assert.equal(outcome.problems.length, 1);
  assert.match(outcome.problems[0] ?? '', /^a-1M: 3 attempts failed, the last with HTTP 500: no memory/);
  assert.equal(outcome.progress.finished, 3);
});

test('endpoints share the requests at once', async () => {
  const { served } = await play(planOf('concurrency: 8'));
  const first = served.slice(0, 8).map((s) => s.model);
  assert.equal(first.filter((m) => m === 'a-1M').length, 4, first.join());
});

test('a refused key ends a model at once', async () => {
  const { outcome, served } = await play(planOf(), {
    answer: ({ model }) =>
      model === 'b-2M' ? { kind: 'answer', status: 401, retryAfter: null, body: 'bad key' } : null,
  });
  assert.match(outcome.problems.join(), /b-2M: HTTP 401: bad key/);
  assert.ok(served.filter((s) => s.model === 'b-2M').length <= 64);
});

test('budgets are never exceeded', async () => {
  for (const [budget, spent] of [
    ['trials: 30', (p: Progress) => p.drawn / 30],
    ['tokens: 500', (p: Progress) => (p.tokens[0] + p.tokens[1]) / 500],
    ['dollars: 0.0008', (p: Progress) => (p.dollars ?? 0) / 0.0008],
  ] as const) {
    const { outcome } = await play(planOf(`budget: { ${budget} }\nsampling: { maxTokens: 20 }`));
    assert.equal(outcome.end, 'budget', budget);
    const share = spent(outcome.progress);
    assert.ok(share <= 1 && share > 0.05, `${budget}: ${share}`);
  }
});

test('answers that were lost count against the budget at their worst', async () => {
  const { lines, outcome } = await play(planOf('budget: { tokens: 20000 }\nretry: { attempts: 50, backoff: 0.01 }'), {
    answer: () => ({ kind: 'failure', why: 'timeout', message: 'late' }),
  });
  assert.equal(outcome.end, 'budget');
  assert.ok(lines.length > 0 && lines.every((l) => l.kind === 'spent'));
});

test('a run that was stopped goes on: nothing lost, nothing twice', async () => {
  const first = await play(planOf(), { stopAfter: 6 });
  assert.equal(first.outcome.end, 'cancelled');
  const second = await play(planOf(), { earlier: first.lines });
  assert.equal(second.outcome.end, 'done');
  const all = counted([...first.lines, ...second.lines]);
  assert.equal(all.size, 6);
  for (const [key, outcomes] of all) assert.ok(!outcomes.includes('?'), `${key}: ${outcomes}`);
  assert.equal(second.outcome.progress.finished, 6);
  const done = await play(planOf(), { earlier: [...first.lines, ...second.lines] });
  assert.equal(done.served.length, 0);
});

test('a journal that cannot be written, or a checker that cannot be run, ends the run with the reason', async () => {
  const full = () => {
    throw new Error('no space left');
  };
  await assert.rejects(play(planOf(), { ports: { append: full } }), /no space left/);
  await assert.rejects(
    play(
      planOf().checker.type === 'exact'
        ? { ...planOf(), checker: { type: 'command', command: ['x'], timeout: 1 } }
        : planOf(),
    ),
    /no command/,
  );
});
