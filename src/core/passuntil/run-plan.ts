/** What a run of the sampler is: whom it asks what, how often, and what counts as a pass. Read by run-file.ts. */
import type { CheckerSpec } from './checkers.ts';

export interface ModelSpec {
  readonly name: string;
  /** N, parameters. */
  readonly params: number;
  /** Base address of the server, e.g. http://127.0.0.1:8000/v1. */
  readonly endpoint: string;
  /** What the server calls the model. */
  readonly model: string;
  readonly api: 'completions' | 'chat';
  /** Environment variable that holds the key; null without one. */
  readonly keyEnv: string | null;
  /** Dollars per million tokens. */
  readonly price: { readonly input: number; readonly output: number } | null;
}

export interface Sampling {
  readonly temperature: number;
  readonly topP: number | null;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  /** System message; chat only. */
  readonly system: string | null;
  /** More fields of every request, as the server names them (top_k, min_p, chat_template_kwargs …). */
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface PromptItem {
  readonly id: string;
  readonly prompt: string;
  readonly answer: string;
}

/** Where the prompts come from: written in the run file, or a table beside it. */
export type PromptSource =
  | { readonly kind: 'list'; readonly items: readonly PromptItem[] }
  | {
      readonly kind: 'dataset';
      readonly file: string;
      readonly prompt: string | null;
      readonly template: string | null;
      readonly answer: string;
      readonly id: string | null;
      /** Rows taken from the top; null for all. */
      readonly limit: number | null;
    };

export interface RunPlan {
  readonly task: string;
  readonly r: number;
  readonly kMax: number;
  readonly prompts: PromptSource;
  readonly checker: CheckerSpec;
  readonly models: readonly ModelSpec[];
  readonly sampling: Sampling;
  /** Most completions of one request (`n`). */
  readonly batch: number;
  /** Requests at once, over all endpoints. */
  readonly concurrency: number;
  /** Seconds until a request is given up. */
  readonly timeout: number;
  readonly retry: { readonly attempts: number; readonly backoff: number };
  readonly budget: { readonly tokens: number | null; readonly dollars: number | null; readonly trials: number | null };
  /** Keep completions in the journal. */
  readonly keepTexts: boolean;
  /** What weakens the estimate, one sentence each. */
  readonly warnings: readonly string[];
}
