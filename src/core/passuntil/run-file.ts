/**
 * The run file of the sampler: what is asked, whom, how often, and what counts as a pass. Everything is checked before
 * the first request goes out, every fault with its line; what would make the estimate meaningless is refused, what makes
 * it weaker is said.
 */
import { plainOf } from '../manifest/check.ts';
import type { Node } from '../read/tree.ts';
import { parseYaml } from '../read/yaml-tree.ts';
import { err, ok, type Result } from '../result.ts';
import { parseQuantity } from '../table/numbers.ts';
import { readModelName } from '../table/sizes.ts';
import { lineStarts, rangeOf } from '../table/span.ts';
import { type CheckerSpec, compilePattern } from './checkers.ts';
import { type FieldMap, type Path, plain, type RunFault, RunFields } from './run-fields.ts';

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

/** The keys of every map, as the schema of the editor states them too. */
export const RUN_KEYS = {
  run: [
    'task',
    'r',
    'kMax',
    'prompts',
    'dataset',
    'checker',
    'models',
    'sampling',
    'batch',
    'concurrency',
    'timeout',
    'retry',
    'budget',
    'keepTexts',
  ],
  prompt: ['id', 'prompt', 'answer'],
  dataset: ['file', 'prompt', 'template', 'answer', 'id', 'limit'],
  checker: [
    'type',
    'trim',
    'ignoreCase',
    'pattern',
    'flags',
    'tolerance',
    'relative',
    'take',
    'path',
    'options',
    'command',
    'timeout',
  ],
  model: ['name', 'params', 'endpoint', 'model', 'api', 'keyEnv', 'price'],
  price: ['input', 'output'],
  sampling: ['temperature', 'topP', 'maxTokens', 'stop', 'system'],
  retry: ['attempts', 'backoff'],
  budget: ['tokens', 'dollars', 'trials'],
} as const;

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
    const prompts = this.#prompts(top);
    const checker = this.#checker(top);
    const models = this.#models(top);
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

  #prompts(top: FieldMap): PromptSource | null {
    if ((top['prompts'] === undefined) === (top['dataset'] === undefined)) {
      this.#at.fault([], 'Give either prompts (a list) or dataset (a table), one of the two');
      return null;
    }
    if (top['dataset'] !== undefined) {
      const path = ['dataset'];
      const map = this.#at.map(
        typeof top['dataset'] === 'string' ? { file: top['dataset'] } : top['dataset'],
        path,
        RUN_KEYS.dataset,
        'dataset',
      );
      if (map === null) return null;
      const file = this.#at.text(map, [...path, 'file'], null);
      if (file === null) return null;
      if (map['prompt'] !== undefined && map['template'] !== undefined) {
        this.#at.fault(
          [...path, 'template'],
          'Give prompt (a column) or template (text with {{columns}}), one of the two',
        );
      }
      const template = map['template'] === undefined ? null : this.#at.text(map, [...path, 'template'], null);
      return {
        kind: 'dataset',
        file,
        template,
        prompt: template === null ? this.#at.text(map, [...path, 'prompt'], 'prompt') : null,
        answer: this.#at.text(map, [...path, 'answer'], 'answer') ?? 'answer',
        id: map['id'] === undefined ? null : this.#at.text(map, [...path, 'id'], null),
        limit: this.#at.whole(map, [...path, 'limit'], 1, Number.NaN, 'rows from the top'),
      };
    }
    const list = this.#at.list(top['prompts'], ['prompts']);
    const items = list.flatMap((entry, i) => {
      const path = ['prompts', i];
      const map = this.#at.map(entry, path, RUN_KEYS.prompt, `prompt ${i + 1}`);
      const prompt = map === null ? null : this.#at.text(map, [...path, 'prompt'], null);
      if (map === null || prompt === null) return [];
      return [
        {
          id: this.#at.text(map, [...path, 'id'], `${i + 1}`) ?? '',
          prompt,
          answer: this.#at.text(map, [...path, 'answer'], '') ?? '',
        },
      ];
    });
    const seen = new Set<string>();
    for (const [i, { id }] of items.entries()) {
      if (seen.has(id)) this.#at.fault(['prompts', i], `Two prompts have the id ${id}`);
      seen.add(id);
    }
    return { kind: 'list', items };
  }

  #checker(top: FieldMap): CheckerSpec | null {
    const path = ['checker'];
    const given = top['checker'];
    if (given === undefined) {
      this.#at.fault([], 'A checker is needed: exact, regex, numeric, json, choice or command');
      return null;
    }
    const map = this.#at.map(typeof given === 'string' ? { type: given } : given, path, RUN_KEYS.checker, 'checker');
    if (map === null) return null;
    const types = ['exact', 'regex', 'numeric', 'json', 'choice', 'command'];
    const type = this.#at.word(map, [...path, 'type'], types, null);
    switch (type) {
      case 'exact':
        return {
          type,
          trim: this.#at.flag(map, [...path, 'trim'], true),
          ignoreCase: this.#at.flag(map, [...path, 'ignoreCase'], false),
        };
      case 'regex': {
        const pattern = this.#at.text(map, [...path, 'pattern'], null);
        const flags = this.#at.text(map, [...path, 'flags'], '') ?? '';
        if (pattern === null) return null;
        try {
          compilePattern(pattern, flags, 'answer');
        } catch (error) {
          this.#at.fault([...path, 'pattern'], error instanceof Error ? error.message : String(error));
        }
        return { type, pattern, flags };
      }
      case 'numeric':
        return {
          type,
          tolerance: this.#at.atLeastZero(map, [...path, 'tolerance'], 1e-9),
          relative: this.#at.atLeastZero(map, [...path, 'relative'], 0),
          take: this.#at.word(map, [...path, 'take'], ['first', 'last'], 'last') === 'first' ? 'first' : 'last',
        };
      case 'json':
        return { type, path: this.#jsonPath(map, [...path, 'path']) };
      case 'choice': {
        const options = this.#at.whole(map, [...path, 'options'], 2, null, 'how many options the questions have', 26);
        this.#warnings.push(
          `A choice has a guessing floor (${options === null ? 'chance' : `1/${options}`} for a random guess): PassUntil needs P(random) = 0, so its law does not hold here. Ask for the answer in words instead.`,
        );
        return { type, options: options ?? 4 };
      }
      case 'command': {
        const list = this.#at.list(map['command'], [...path, 'command']);
        if (list.length === 0 || list.some((part) => typeof part !== 'string' || part === '')) {
          this.#at.fault([...path, 'command'], 'command is a list of texts: the program and its arguments');
        }
        return { type, command: list.map(String), timeout: this.#at.positive(map, [...path, 'timeout'], 30) ?? 30 };
      }
      default:
        return null;
    }
  }

  #jsonPath(map: FieldMap, path: Path): (string | number)[] {
    const given = map['path'];
    const parts =
      given === undefined
        ? []
        : Array.isArray(given)
          ? given
          : plain(given)
              .replace(/^\$\.?/, '')
              .split('.')
              .filter(Boolean);
    if (parts.some((p) => typeof p !== 'string' && typeof p !== 'number'))
      this.#at.fault(path, 'path is a list of keys and indexes, or a.b.0');
    return parts.map((p: unknown) => (typeof p === 'number' ? p : String(p)));
  }

  #models(top: FieldMap): ModelSpec[] {
    const names = new Set<string>();
    return this.#at.list(top['models'], ['models']).flatMap((entry, i) => {
      const path = ['models', i];
      const map = this.#at.map(entry, path, RUN_KEYS.model, `model ${i + 1}`);
      if (map === null) return [];
      const name = this.#at.text(map, [...path, 'name'], null);
      const endpoint = this.#endpoint(map, [...path, 'endpoint']);
      if (name === null || endpoint === null) return [];
      if (names.has(name)) this.#at.fault(path, `Two models are called ${name}`);
      names.add(name);
      const given = map['params'];
      const params =
        given === undefined ? (readModelName(name).params?.value ?? Number.NaN) : parseQuantity(plain(given));
      if (!(params > 0)) {
        this.#at.fault(
          given === undefined ? path : [...path, 'params'],
          `${name}: its size is needed, as params: 30M, 2.4B or a number`,
        );
      }
      const keyEnv = map['keyEnv'] === undefined ? null : plain(map['keyEnv']);
      if (keyEnv !== null && !/^[A-Za-z_]\w{0,99}$/.test(keyEnv)) {
        // Never repeat the value: it may be the key itself.
        this.#at.fault(
          [...path, 'keyEnv'],
          'keyEnv is the name of an environment variable that holds the key; keys themselves do not belong in a file',
        );
      }
      const price =
        map['price'] === undefined ? null : this.#at.map(map['price'], [...path, 'price'], RUN_KEYS.price, 'price');
      const model = {
        name,
        params,
        endpoint,
        model: this.#at.text(map, [...path, 'model'], name) ?? name,
        api:
          this.#at.word(map, [...path, 'api'], ['completions', 'chat'], 'completions') === 'chat'
            ? ('chat' as const)
            : ('completions' as const),
        keyEnv,
        price:
          price === null
            ? null
            : {
                input: this.#at.atLeastZero(price, [...path, 'price', 'input'], 0),
                output: this.#at.atLeastZero(price, [...path, 'price', 'output'], 0),
              },
      };
      if (keyEnv !== null && /^http:/i.test(endpoint) && !/^http:\/\/(127\.|localhost|\[::1\])/i.test(endpoint)) {
        this.#warnings.push(`${name}: the key would travel unencrypted (http).`);
      }
      return [model];
    });
  }

  #endpoint(map: FieldMap, path: Path): string | null {
    const text = this.#at.text(map, path, null);
    if (text === null) return null;
    const match = /^https?:\/\/([^/?#]+)([^?#]*)(\?[^#]*)?$/i.exec(text);
    if (match === null) {
      this.#at.fault(path, 'endpoint is an address such as http://127.0.0.1:8000/v1');
      return null;
    }
    if (match[1]?.includes('@')) {
      this.#at.fault(path, 'endpoint must not hold a user or password; name an environment variable with keyEnv');
      return null;
    }
    if (/[?&](api_?)?key=/i.test(match[3] ?? '')) {
      this.#at.fault(path, 'endpoint must not hold a key; name an environment variable with keyEnv');
      return null;
    }
    return text;
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
    };
  }
}
