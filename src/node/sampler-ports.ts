/**
 * What the sampler needs of Node: requests by fetch, with a time limit and a bound on answers; timers; and external
 * checkers as child processes. Keys are handed in, sent in one header, and taken out of everything that is said.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Reply } from '../core/passuntil/completions.ts';
import type { ModelSpec, PromptItem } from '../core/passuntil/run-plan.ts';
import type { SamplerPorts } from '../core/passuntil/run-sampler.ts';

/** An answer larger than this is no answer. */
const MAX_BODY = 64 * 1024 * 1024;
/** Checkers that run at once. */
const CHECKERS = Math.max(2, availableParallelism());

/** Whether processes can be ended group by group. */
const GROUPS = process.platform !== 'win32';

/** Keys by the name of their environment variable. */
export type Keys = ReadonlyMap<string, string>;

/** Takes every key out of a text. */
export function withoutKeys(text: string, keys: Keys): string {
  let clean = text;
  for (const key of keys.values()) if (key.length > 3) clean = clean.replaceAll(key, '***');
  return clean;
}

/** The `post` port over fetch. Never rejects but for an abort. */
export function createPost(keys: Keys): SamplerPorts['post'] {
  return async (url, body, model, timeout, signal) => {
    const key = model.keyEnv === null ? undefined : keys.get(model.keyEnv);
    const limit = AbortSignal.timeout(timeout * 1000);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body,
        redirect: 'error',
        signal: AbortSignal.any([signal, limit]),
      });
      const text = await bounded(response);
      if (text === null)
        return { kind: 'failure', why: 'too-large', message: `an answer of more than ${MAX_BODY / 1e6} MB` };
      return {
        kind: 'answer',
        status: response.status,
        retryAfter: waitHeader(response.headers),
        body: withoutKeys(text, keys),
      };
    } catch (error) {
      signal.throwIfAborted();
      return failure(error, timeout, limit.aborted, keys);
    }
  };
}

/** Some servers say it in milliseconds as well, and mean that. */
function waitHeader(headers: Headers): string | null {
  const milliseconds = Number(headers.get('retry-after-ms') ?? Number.NaN);
  return milliseconds >= 0 ? String(milliseconds / 1000) : headers.get('retry-after');
}

function failure(error: unknown, timeout: number, late: boolean, keys: Keys): Reply {
  if (late) return { kind: 'failure', why: 'timeout', message: `no answer within ${timeout} s` };
  // fetch says only "fetch failed"; the reason is its cause.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown }).code;
  const message = cause instanceof Error ? cause.message : String(cause);
  return {
    kind: 'failure',
    why: 'network',
    message: withoutKeys(`no connection, or it broke (${typeof code === 'string' ? code : message})`, keys),
  };
}

async function bounded(response: Response): Promise<string | null> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export const systemClock: SamplerPorts['clock'] = {
  now: () => Date.now(),
  after: (milliseconds, callback) => {
    // Longer than setTimeout can count is as good as for ever.
    const timer = setTimeout(callback, Math.min(milliseconds, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

/** The external checker could not be run, or said something else than pass or fail. */
export class CheckerError extends Error {
  override readonly name = 'CheckerError';
}

/**
 * The `command` port: the program gets prompt, completion, answer, instance and model as one JSON object on standard
 * input; exit code 0 is a pass, 1 a fail. Past its time it is ended with all that it started, and that is a fail too: a
 * program that a model wrote may never end. Anything else ends the run.
 * @param folder where it runs
 */
export function createCommand(folder: string): SamplerPorts['command'] {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (argv, item, completion, model, timeout, signal) => {
    if (running >= CHECKERS) await new Promise<void>((resolve) => queue.push(resolve));
    running++;
    try {
      return await check(argv, folder, { item, completion, model: model.name }, timeout, signal);
    } finally {
      running--;
      queue.shift()?.();
    }
  };
}

interface Question {
  readonly item: PromptItem;
  readonly completion: string;
  readonly model: ModelSpec['name'];
}

function check(
  argv: readonly string[],
  folder: string,
  { item, completion, model }: Question,
  timeout: number,
  signal: AbortSignal,
): Promise<boolean> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // A group of its own, so that what the checker starts can be ended with it.
    const child = spawn(program, args, { cwd: folder, stdio: ['pipe', 'ignore', 'pipe'], detached: GROUPS });
    let late = false;
    const end = (): void => {
      try {
        if (GROUPS && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended by itself meanwhile.
      }
    };
    const timer = setTimeout(() => {
      late = true;
      end();
    }, timeout * 1000);
    signal.addEventListener('abort', end, { once: true });
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      then();
    };
    let said = '';
    // Decoded by the stream: a piece may end in the middle of a character.
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 2000) said += text;
    });
    // A checker need not read its input.
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify({ instance: item.id, model, prompt: item.prompt, answer: item.answer, completion }));
    child.once('error', (error) =>
      settle(() => reject(new CheckerError(`the checker ${program} cannot be run: ${error.message}`))),
    );
    // What the checker left behind would hold its output open, and go on running.
    child.once('exit', end);
    child.once('close', (code, killed) =>
      settle(() => {
        if (signal.aborted) reject(signal.reason as Error);
        else if (late) resolve(false);
        else if (code === 0 || code === 1) resolve(code === 0);
        else
          reject(
            new CheckerError(
              killed === null
                ? `the checker ${program} ended with code ${code}${said.trim() === '' ? '' : `: ${said.trim().slice(0, 300)}`}`
                : `the checker ${program} was ended by ${killed}`,
            ),
          );
      }),
    );
  });
}
