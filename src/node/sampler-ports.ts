/**
 * What the sampler needs of Node: requests by fetch, with a time limit and a bound on answers; timers; and external
 * checkers as child processes. Keys are handed in, sent in one header, and taken out of everything that is said.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Reply } from '../core/passuntil/completions.ts';
import type { ModelSpec, PromptItem } from '../core/passuntil/run-file.ts';
import type { SamplerPorts } from '../core/passuntil/run-sampler.ts';

/** An answer larger than this is no answer. */
const MAX_BODY = 64 * 1024 * 1024;
/** Checkers that run at once. */
const CHECKERS = Math.max(2, availableParallelism());

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
        retryAfter: response.headers.get('retry-after'),
        body: withoutKeys(text, keys),
      };
    } catch (error) {
      signal.throwIfAborted();
      return failure(error, timeout, limit.aborted, keys);
    }
  };
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
 * input; exit code 0 is a pass, 1 a fail, anything else ends the run.
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
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(program ?? '', args, {
      cwd: folder,
      stdio: ['pipe', 'ignore', 'pipe'],
      signal,
      timeout: timeout * 1000,
      killSignal: 'SIGKILL',
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < 2000) said += chunk.toString();
    });
    // A checker need not read its input.
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify({ instance: item.id, model, prompt: item.prompt, answer: item.answer, completion }));
    child.once('error', (error) =>
      reject(signal.aborted ? error : new CheckerError(`the checker ${program ?? ''} cannot be run: ${error.message}`)),
    );
    child.once('close', (code, killed) => {
      if (code === 0 || code === 1) resolve(code === 0);
      else if (killed !== null)
        reject(new CheckerError(`the checker ${program ?? ''} was stopped (${killed}) after at most ${timeout} s`));
      else
        reject(
          new CheckerError(
            `the checker ${program ?? ''} ended with code ${code}${said.trim() === '' ? '' : `: ${said.trim().slice(0, 300)}`}`,
          ),
        );
    });
  });
}
