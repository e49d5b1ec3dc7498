/**
 * What the keys of a map are when each names a row and not a column: models, steps, seeds, shots, splits, tasks. Runs are
 * often kept under such keys (`{"pythia-70m": {…}}`, `{"step1000": {…}}`), and the column of keys is named by what its
 * values look like.
 */
import { readWideHeader } from '../table/header-grammar.ts';
import { readHeader } from '../table/headers.ts';
import { namesQuantity } from '../table/name-roles.ts';
import { parseNumber } from '../table/numbers.ts';
import { GATES } from '../table/quantity.ts';
import { findTask } from '../table/registry/tasks.ts';
import { readModelName } from '../table/sizes.ts';

/** What a key names; `number` is a bare number, `quantity` a header such as `params`, `unknown` anything else. */
export type KeyKind =
  | 'model'
  | 'task'
  | 'metric'
  | 'quantity'
  | 'step'
  | 'seed'
  | 'shots'
  | 'split'
  | 'filter'
  | 'number'
  | 'unknown';

const STEP = /^(?:(?:global|train)[-_ ]?)?(?:steps?|iter(?:ation)?s?|ckpt|checkpoint)[-_ ]?(\d+)(?:-unsharded|-hf)?$/i;
/** Names of a column that counts steps or passes over the data. */
const COUNTS = /^_?(?:(?:global|train(?:ing)?)[-_ ]?)?(?:steps?|iter(?:ation)?s?|epochs?)$/i;
const SEED = /^(?:seed|run|trial|rep(?:eat)?|fold)[-_ ]?\d+$/i;
const SHOTS = /^(\d+|zero|one|few)[-_ ]?shots?$/i;
const SPLIT = /^(?:train(?:ing)?|val(?:id(?:ation)?)?|dev|test)$/i;
const FILTER = /^(?:none|strict-match|flexible-extract|get-answer|get_response|custom-extract|remove_whitespace)$/;

/** Share of the keys that must be of one kind. Models are often named without a size: of them fewer are enough. */
const SHARE = 0.6;
const MODEL_SHARE = 0.4;

/** Keys of a level that are looked at. */
const SAMPLE = 500;

/** A metric and nothing else: `acc`, `acc_norm,none`, `acc_stderr`, `loss`; not `lambada_acc`. */
function isMetricKey(key: string): boolean {
  if (key.length > 80) return false;
  const reading = readWideHeader(key, null);
  return reading !== null && reading.task === '' && Object.keys(reading.facets).every((name) => name === 'filter');
}

/** `steps`, `epoch`: a column of counts, or a list of things to be done. */
export function isCountKey(key: string): boolean {
  return COUNTS.test(key);
}

/** `eval/loss`, `eval/hellaswag/acc_norm`: a path whose leaf is a metric, as loggers write it. */
function isMetricPath(key: string): boolean {
  if (!key.includes('/') || key.length > 200) return false;
  const reading = readWideHeader(key, null);
  return reading !== null && !reading.assumed;
}

/** Keys judged before: the same few names stand in every map of a file, and in the next file. */
const judged = new Map<string, KeyKind>();
const REMEMBERED = 10_000;

/** What one key names, by itself. */
export function kindOfKey(key: string): KeyKind {
  let kind = judged.get(key);
  if (kind === undefined) {
    if (judged.size >= REMEMBERED) judged.clear();
    kind = judgedKey(key);
    judged.set(key, kind);
  }
  return kind;
}

function judgedKey(key: string): KeyKind {
  if (key === '') return 'unknown';
  if (key.length > 200) return 'unknown';
  if (STEP.test(key)) return 'step';
  if (SEED.test(key)) return 'seed';
  if (SHOTS.test(key)) return 'shots';
  if (SPLIT.test(key)) return 'split';
  if (FILTER.test(key)) return 'filter';
  if (/^[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(key)) return 'number';
  if (isCountKey(key) || namesQuantity(readHeader(key))) return 'quantity';
  if (isMetricKey(key) || isMetricPath(key)) return 'metric';
  if (findTask(key) !== null) return 'task';
  return readModelName(key).params === null ? 'unknown' : 'model';
}

/** What the keys of a level name: what enough of them name; tasks before models, of which some are called like tasks. */
export function kindOfKeys(all: readonly string[]): KeyKind {
  if (all.length === 0) return 'unknown';
  const every = Math.ceil(all.length / SAMPLE);
  const keys = every === 1 ? all : all.filter((_, i) => i % every === 0);
  const counts = new Map<KeyKind, number>();
  for (const key of keys) {
    const kind = kindOfKey(key);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  let best: KeyKind = 'unknown';
  let most = 0;
  for (const [kind, count] of counts) {
    if (kind !== 'unknown' && count > most) {
      best = kind;
      most = count;
    }
  }
  // Sizes and losses beside each other are columns of one table.
  const measures = (counts.get('metric') ?? 0) + (counts.get('quantity') ?? 0);
  if (measures / keys.length >= SHARE) return best === 'quantity' ? best : 'metric';
  const share = most / keys.length;
  if (best === 'model') return share >= MODEL_SHARE ? best : 'unknown';
  if (share >= SHARE) return best;
  // Many tasks are known to nobody else: a third of known names beside unknown ones makes a list of tasks.
  const others = keys.length - most - (counts.get('unknown') ?? 0);
  return best === 'task' && share >= 1 / 3 && others === 0 ? best : 'unknown';
}

/** Steps are counted in thousands; what is larger may as well be parameters, tokens or compute. */
const MOST_STEPS = 5_000_000;

/** What bare numbers as keys count, null where they may count several things. */
export function kindOfNumbers(keys: readonly string[]): 'step' | 'compute' | null {
  const values = keys.map(parseNumber);
  const [least, most] = GATES.compute ?? [1e13, 1e28];
  if (values.every((value) => value >= least && value <= most)) return 'compute';
  return values.length > 1 && values.every((value) => Number.isInteger(value) && value >= 0 && value <= MOST_STEPS)
    ? 'step'
    : null;
}

/** The number in a key such as `step143000`; the words of shots as digits. Null: the key stands for itself. */
export function numberInKey(kind: KeyKind, key: string): string | null {
  if (kind === 'step') return STEP.exec(key)?.[1] ?? null;
  const shots = kind === 'shots' ? SHOTS.exec(key)?.[1]?.toLowerCase() : undefined;
  if (shots === undefined) return null;
  return shots === 'zero' ? '0' : shots === 'one' ? '1' : shots;
}
