/**
 * The run file of the sampler: what is asked, whom, how often, and what counts as a pass. Everything is checked before
 * the first request goes out, every fault with its line; what would make the estimate meaningless is refused, what makes
 * it weaker is said.
 */
import { plainOf } from '../manifest/check.ts';
import type { Node } from '../read/tree.ts';
import { parseYaml } from '../read/yaml-tree.ts';
import { err, ok, type Result } from '../result.ts';
import { lineStarts, rangeOf } from '../table/span.ts';
import { readChecker } from './run-checker.ts';
import { type FieldMap, type Path, type RunFault, RunFields } from './run-fields.ts';
import { RUN_KEYS } from './run-keys.ts';
import { readModels } from './run-models.ts';
import type { RunPlan, Sampling } from './run-plan.ts';
import { readPrompts } from './run-prompts.ts';

/** Reads a run file. All faults are returned at once. */
export function parseRunFile(text: string): Result<RunPlan, readonly RunFault[]> {
  const { root, problems } = parseYaml(text);
  const starts = lineStarts(text);
  const lineAt = (start: number): number => rangeOf(starts, { start, end: start }).start.line + 1;
  const grave = problems.filter((p) => p.severity === 'error');
  if (root === null || root.kind !== 'map' || grave.length > 0) {
    const faults = grave.map((p) => ({ line: lineAt(p.span.start), message: p.message }));
    return err(
      faults.length > 0
        ? faults
        : [{ line: 1, message: 'A run file is a map with r, kMax, prompts, checker and models' }],
    );
  }
  const fields = new RunFields(root, lineAt);
  const plan = new Reader(root, fields).run();
  return fields.faults.length > 0 || plan === null ? err(fields.faults.toSorted((a, b) => a.line - b.line)) : ok(plan);
}

/** What the sampler sends itself, and where it is set. */
const OWN_FIELDS: Readonly<Record<string, string>> = {
  model: 'set models[].model',
  prompt: 'set prompts or dataset',
  messages: 'set prompts and sampling.system',
  n: 'set batch',
  temperature: 'set sampling.temperature',
  top_p: 'set sampling.topP',
  max_tokens: 'set sampling.maxTokens',
  max_completion_tokens: 'set sampling.maxTokens',
  stop: 'set sampling.stop',
  stream: 'answers are read whole',
  seed: 'one seed would make every draw the same',
  best_of: 'the best of several draws is no draw',
  use_beam_search: 'beams are no draws',
};

/** Seconds: the runtime's own limit on waiting for an answer. */
const LONGEST_TIMEOUT = 300;

class Reader {
  readonly #root: Node;
  readonly #at: RunFields;
  readonly #warnings: string[] = [];

  constructor(root: Node, fields: RunFields) {
    this.#root = root;
    this.#at = fields;
  }

  run(): RunPlan | null {
    const top = this.#at.map(plainOf(this.#root), [], RUN_KEYS.run, 'the run file');
    if (top === null) return null;
    const r = this.#at.whole(
      top,
      ['r'],
      1,
      null,
      'sampling until 0 passes says nothing; 3 or more is recommended, better 5',
    );
    const kMax = this.#at.whole(top, ['kMax'], 1, null, 'the cap on trials per instance and model');
    if (r !== null && kMax !== null && kMax < r) {
      this.#at.fault(['kMax'], `kMax ${kMax} is below r ${r}: no instance could ever reach r passes`);
    }
    if (r === 1)
      this.#warnings.push(
        'r = 1 has no unbiased estimate: instances that stop at their first pass are left out of PU. Use r of at least 3.',
      );
    else if (r === 2)
      this.#warnings.push(
        'r = 2 is unbiased by (r−1)/(K−1), but with heavy tails (r/K would be twice too high). r = 5 is better.',
      );
    const prompts = readPrompts(this.#at, top);
    const checker = readChecker(this.#at, top, this.#warnings);
    const models = readModels(this.#at, top, this.#warnings);
    const sampling = this.#sampling(top);
    const retry = this.#at.map(top['retry'] ?? {}, ['retry'], RUN_KEYS.retry, 'retry') ?? {};
    const budget = this.#at.map(top['budget'] ?? {}, ['budget'], RUN_KEYS.budget, 'budget') ?? {};
    const limits = {
      tokens: this.#at.positive(budget, ['budget', 'tokens'], null),
      dollars: this.#at.positive(budget, ['budget', 'dollars'], null),
      trials: this.#at.positive(budget, ['budget', 'trials'], null),
    };
    if (limits.dollars !== null) {
      for (const [i, model] of models.entries()) {
        if (model.price === null)
          this.#at.fault(['models', i], `A budget in dollars needs the price of every model; ${model.name} has none`);
      }
    }
    if (models.length === 1)
      this.#warnings.push(
        'Only one model: pass rates will be estimated, but a task law needs models of at least two sizes.',
      );
    else if (models.length > 1 && new Set(models.map((m) => m.params)).size === 1) {
      this.#warnings.push('All models have the same size: pass rates will be estimated, but no task law.');
    }
    const timeout = this.#at.positive(top, ['timeout'], 120) ?? 120;
    if (timeout > LONGEST_TIMEOUT) {
      this.#at.fault(
        ['timeout'],
        `timeout is at most ${LONGEST_TIMEOUT} seconds; ask for fewer completions at once (batch) or fewer tokens`,
      );
    }
    const plan = {
      task: this.#at.text(top, ['task'], 'task') ?? 'task',
      r: r ?? 1,
      kMax: kMax ?? 1,
      prompts,
      checker,
      models,
      sampling,
      batch: this.#at.whole(top, ['batch'], 1, 8, 'completions per request', 1024) ?? 8,
      concurrency: this.#at.whole(top, ['concurrency'], 1, 64, 'requests at once', 4096) ?? 64,
      timeout,
      retry: {
        attempts:
          this.#at.whole(retry, ['retry', 'attempts'], 1, 8, 'failures in a row until a model is given up') ?? 8,
        backoff: this.#at.positive(retry, ['retry', 'backoff'], 0.5) ?? 0.5,
      },
      budget: limits,
      keepTexts: this.#at.flag(top, ['keepTexts'], false),
      warnings: this.#warnings,
    };
    return prompts === null || checker === null ? null : { ...plan, prompts, checker };
  }

  #sampling(top: FieldMap): Sampling {
    const path = ['sampling'];
    const map = this.#at.map(top['sampling'] ?? {}, path, RUN_KEYS.sampling, 'sampling') ?? {};
    const temperature = this.#at.atLeastZero(map, [...path, 'temperature'], 1);
    if (temperature === 0) {
      this.#at.fault(
        [...path, 'temperature'],
        'At temperature 0 every draw is the same completion: sampling needs a temperature above 0',
      );
    }
    const stop = map['stop'] === undefined ? [] : Array.isArray(map['stop']) ? map['stop'] : [map['stop']];
    return {
      temperature,
      topP: this.#at.positive(map, [...path, 'topP'], null),
      maxTokens: this.#at.whole(map, [...path, 'maxTokens'], 1, 256, 'tokens of a completion') ?? 256,
      stop: stop.map(String),
      system: map['system'] === undefined ? null : this.#at.text(map, [...path, 'system'], null),
      extra: this.#extra(map, [...path, 'extra']),
    };
  }

  /** Fields that only the server knows; those that the sampler itself sends have their own keys. */
  #extra(map: FieldMap, path: Path): Readonly<Record<string, unknown>> {
    const given = map['extra'] ?? {};
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      this.#at.fault(path, 'extra is a map of request fields, as { top_k: -1 }');
      return {};
    }
    for (const key of Object.keys(given)) {
      const own = OWN_FIELDS[key];
      if (own !== undefined) this.#at.fault([...path, key], `${key} is not for extra: ${own}`);
    }
    return given as Readonly<Record<string, unknown>>;
  }
}
