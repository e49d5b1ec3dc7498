/**
 * The completions API as many servers speak it (vLLM, SGLang, llama.cpp server, hosted ones): what a request looks like,
 * and what an answer means, faults included. No network here.
 */
import type { ModelSpec, Sampling } from './run-plan.ts';

/** What a server calls the limit on new tokens: the newer name is asked for by some hosted models. */
export type LimitField = 'max_tokens' | 'max_completion_tokens';

/** What came back from the network. */
export type Reply =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfter: string | null; readonly body: string }
  | { readonly kind: 'failure'; readonly why: 'timeout' | 'network' | 'too-large'; readonly message: string };

/** What a reply means for the run. */
export type Meaning =
  | {
      readonly kind: 'completions';
      readonly texts: readonly string[];
      readonly response: string | null;
      readonly promptTokens: number | null;
      readonly completionTokens: number | null;
    }
  /** Ask less: 429 and 503, with the wait that the server asked for (seconds). */
  | { readonly kind: 'busy'; readonly wait: number | null; readonly message: string }
  /** Ask again. `billed`: the server may have worked for it. `strain`: a sign of too much load. */
  | { readonly kind: 'again'; readonly message: string; readonly billed: boolean; readonly strain: boolean }
  /**
   * Asking again would give the same. `batch`: perhaps because several completions were asked for at once. `scope`: whether
   * this prompt is refused, or whatever is asked of the model. `limitField`: the name that the server asks for instead.
   */
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly batch: boolean;
      readonly scope: 'prompt' | 'model';
      readonly limitField: LimitField | null;
    };

export function requestUrl(model: ModelSpec): string {
  const url = model.endpoint.replace(/\/+$/, '');
  if (/\/(completions|chat\/completions)(\?.*)?$/.test(url)) return url;
  const [path, query] = url.split('?', 2) as [string, string | undefined];
  const base = /\/v\d+$/.test(path.replace(/\/+$/, '')) ? path.replace(/\/+$/, '') : `${path.replace(/\/+$/, '')}/v1`;
  return `${base}/${model.api === 'chat' ? 'chat/completions' : 'completions'}${query === undefined ? '' : `?${query}`}`;
}

export function requestBody(
  model: ModelSpec,
  sampling: Sampling,
  prompt: string,
  n: number,
  limitField: LimitField = 'max_tokens',
): string {
  const common = {
    // What the run file adds never replaces what the sampler needs.
    ...sampling.extra,
    model: model.model,
    n,
    temperature: sampling.temperature,
    [limitField]: sampling.maxTokens,
    ...(sampling.topP === null ? {} : { top_p: sampling.topP }),
    ...(sampling.stop.length === 0 ? {} : { stop: sampling.stop }),
    stream: false,
  };
  if (model.api === 'completions') return JSON.stringify({ ...common, prompt });
  const messages = [
    ...(sampling.system === null ? [] : [{ role: 'system', content: sampling.system }]),
    { role: 'user', content: prompt },
  ];
  return JSON.stringify({ ...common, messages });
}

/**
 * @param now milliseconds since 1970, for a Retry-After that is a date
 */
export function understand(reply: Reply, api: ModelSpec['api'], n: number, now: number): Meaning {
  if (reply.kind === 'failure') {
    if (reply.why === 'too-large') {
      return { kind: 'refused', message: reply.message, batch: n > 1, scope: 'prompt', limitField: null };
    }
    return { kind: 'again', message: reply.message, billed: true, strain: true };
  }
  const { status, body } = reply;
  if (status === 200 || status === 201) return readCompletions(body, api);
  const message = `HTTP ${status}${explanation(body)}`;
  // Money that has run out comes as "too many requests", and does not come back by waiting.
  if (status === 429 && /insufficient_quota|billing_hard_limit/.test(body)) {
    return { kind: 'refused', message, batch: false, scope: 'model', limitField: null };
  }
  if (status === 429 || status === 503) return { kind: 'busy', wait: waitOf(reply.retryAfter, now), message };
  if (status === 408 || status === 409 || status === 425 || status >= 500) {
    return { kind: 'again', message, billed: status === 504 || status === 408, strain: true };
  }
  const ofPrompt = status === 400 || status === 413 || status === 422;
  return {
    kind: 'refused',
    message,
    batch: n > 1 && (status === 400 || status === 422),
    scope: ofPrompt ? 'prompt' : 'model',
    limitField: ofPrompt ? wantedField(message) : null,
  };
}

/** "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead." */
function wantedField(message: string): LimitField | null {
  const wanted = /\buse\W+(max_tokens|max_completion_tokens)\b/i.exec(message)?.[1];
  return wanted === undefined ? null : (wanted as LimitField);
}

function readCompletions(body: string, api: ModelSpec['api']): Meaning {
  const broken = (message: string): Meaning => ({ kind: 'again', message, billed: true, strain: false });
  let data: unknown;
  try {
    data = JSON.parse(body) as unknown;
  } catch {
    return broken(body.trim() === '' ? 'an empty answer' : 'an answer that is no JSON, or was cut off');
  }
  const choices = field(data, 'choices');
  if (!Array.isArray(choices) || choices.length === 0) {
    return broken(`an answer without choices${explanation(body)}`);
  }
  const placed: { index: number; text: string }[] = [];
  for (const [at, choice] of choices.entries()) {
    const text = api === 'chat' ? (field(field(choice, 'message'), 'content') ?? '') : field(choice, 'text');
    const reason = field(choice, 'finish_reason');
    if (typeof text !== 'string' || reason === 'abort' || reason === 'error')
      return broken('an answer with an unfinished choice');
    const index = field(choice, 'index');
    placed.push({ index: typeof index === 'number' ? index : at, text });
  }
  // The order within a batch is the server's numbering, which it gives before a completion exists; see sampler.ts.
  if (new Set(placed.map((p) => p.index)).size === placed.length) placed.sort((a, b) => a.index - b.index);
  const usage = field(data, 'usage');
  const id = field(data, 'id');
  return {
    kind: 'completions',
    texts: placed.map((p) => p.text),
    response: typeof id === 'string' ? id.slice(0, 200) : null,
    promptTokens: countOf(field(usage, 'prompt_tokens')),
    completionTokens: countOf(field(usage, 'completion_tokens')),
  };
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** What an error body says, in a few words. */
function explanation(body: string): string {
  let text = body;
  try {
    const data = JSON.parse(body) as unknown;
    const error = field(data, 'error');
    const message = field(error, 'message') ?? field(data, 'message') ?? field(data, 'detail') ?? error;
    if (typeof message === 'string') text = message;
  } catch {
    // Not JSON: the text itself is what the server says.
  }
  const short = text.replace(/\s+/g, ' ').trim().slice(0, 200);
  return short === '' ? '' : `: ${short}`;
}

/** Longest wait that a server can ask for, seconds. */
const LONGEST_WAIT = 600;

/** Retry-After in seconds, from seconds or a date; null where there is none that can be read. */
export function waitOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(LONGEST_WAIT, Math.max(0, seconds)) : null;
}
