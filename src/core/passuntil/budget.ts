/**
 * What a run has cost and may still cost. A request goes out only if even its worst case fits beside everything in
 * flight, so a budget is never exceeded by what servers report; answers that were lost are billed at their worst case.
 */
import type { ModelSpec, RunPlan } from './run-plan.ts';

/** What a request may cost at most. */
export interface Cost {
  /** Prompt and completion tokens. */
  readonly tokens: readonly [number, number];
  readonly dollars: number;
  readonly trials: number;
}

/** Tokens around a prompt: roles, template, beginning of text. */
const FRAME_TOKENS = 16;

export class Budget {
  readonly #plan: RunPlan;
  readonly #sizes = new Map<string, number>();
  #prompt = 0;
  #completion = 0;
  #dollars = 0;
  #reservedTokens = 0;
  #reservedDollars = 0;
  #reservedTrials = 0;

  constructor(plan: RunPlan) {
    this.#plan = plan;
  }

  /** Prompt and completion tokens so far. */
  get tokens(): readonly [number, number] {
    return [this.#prompt, this.#completion];
  }

  get dollars(): number {
    return this.#dollars;
  }

  get limitsTokens(): boolean {
    return this.#plan.budget.tokens !== null || this.#plan.budget.dollars !== null;
  }

  /**
   * @param prompt its tokens where a server has counted them, else its text: no tokenizer makes more tokens than bytes
   * @param n completions asked for
   */
  worst(model: ModelSpec, prompt: number | string, n: number): Cost {
    if (!this.limitsTokens) return { tokens: [0, 0], dollars: 0, trials: n };
    const tokens = [
      typeof prompt === 'number'
        ? prompt
        : this.#bytes(prompt) + this.#bytes(this.#plan.sampling.system ?? '') + FRAME_TOKENS,
      n * this.#plan.sampling.maxTokens,
    ] as const;
    return { tokens, dollars: price(model, tokens), trials: n };
  }

  /** @param drawn trials drawn so far */
  covers(cost: Cost, drawn: number): boolean {
    const { tokens, dollars, trials } = this.#plan.budget;
    return (
      (tokens === null ||
        this.#prompt + this.#completion + this.#reservedTokens + cost.tokens[0] + cost.tokens[1] <= tokens) &&
      (dollars === null || this.#dollars + this.#reservedDollars + cost.dollars <= dollars) &&
      (trials === null || drawn + this.#reservedTrials + cost.trials <= trials)
    );
  }

  /** Sets aside what a request in flight may cost (1), or gives it back (-1). */
  reserve(cost: Cost, sign: 1 | -1): void {
    this.#reservedTokens += sign * (cost.tokens[0] + cost.tokens[1]);
    this.#reservedDollars += sign * cost.dollars;
    this.#reservedTrials += sign * cost.trials;
  }

  bill(model: ModelSpec, tokens: readonly [number, number]): void {
    this.#prompt += tokens[0];
    this.#completion += tokens[1];
    this.#dollars += price(model, tokens);
  }

  #bytes(text: string): number {
    const known = this.#sizes.get(text);
    if (known !== undefined) return known;
    const size = new TextEncoder().encode(text).length;
    this.#sizes.set(text, size);
    return size;
  }
}

function price(model: ModelSpec, tokens: readonly [number, number]): number {
  return model.price === null ? 0 : (tokens[0] * model.price.input + tokens[1] * model.price.output) / 1e6;
}
