/**
 * From the tree of a scaling.yaml to the rules that the reading room applies. What is wrong in one place does not undo
 * the rest: a bad entry is left out with a fault that says so, everything else holds.
 */
import { readQuantity } from '../read/quantity.ts';
import { at, type Entry, entriesOf, flagOf, itemsOf, type Node, numberOf, scalarOf, textOf } from '../read/tree.ts';
import { type Better, type Layout, ROLES, type Role, type Unit } from '../report-model.ts';
import type {
  ExcludeRule,
  ManifestRules,
  MetricFacts,
  ModelFacts,
  PinnedColumn,
  ScaleRules,
  SelectRules,
  SourceRules,
  TaskFacts,
} from '../study/manifest-rules.ts';
import type { MetricKind, StudyManifest, WhereClause } from '../study/study.ts';
import type { ManifestFault } from './check.ts';
import { compileExpression } from './expression.ts';
import { besideManifest, globMatcher } from './glob.ts';
import type { Pattern } from './pattern.ts';
import { parseWhere } from './where.ts';

/** The rules, and for every source the format that it is pinned to. */
export interface BuiltRules {
  readonly rules: ManifestRules;
  readonly formats: readonly (string | null)[];
  /** The globs of all sources, as written. */
  readonly globs: readonly string[];
  readonly faults: readonly ManifestFault[];
}

const UNITS: Readonly<Record<string, number>> = {
  K: 1e3,
  M: 1e6,
  B: 1e9,
  T: 1e12,
  GFLOP: 1e9,
  TFLOP: 1e12,
  PFLOP: 1e15,
  EFLOP: 1e18,
  ZFLOP: 1e21,
};

/** Builds the rules of a manifest. */
export function buildRules(file: string, text: string, root: Node): BuiltRules {
  const faults: ManifestFault[] = [];
  const builder = new Builder(file, faults);
  const sources = itemsOf(at(root, 'sources'));
  const models = at(root, 'models');
  const modelsPath = textOf(models);
  return {
    faults,
    formats: sources.map((source) => {
      const format = textOf(at(source, 'format'));
      return format === undefined || format === 'auto' ? null : format;
    }),
    globs: sources.flatMap((source) => globsOf(source)),
    rules: {
      file,
      text,
      sources: sources.map((source) => builder.source(source)),
      models: new Map(entriesOf(models).map((entry) => [entry.key, builder.model(entry)])),
      modelsFile: modelsPath === undefined ? null : besideManifest(modelsPath, file),
      tasks: new Map(entriesOf(at(root, 'tasks')).map((entry) => [entry.key, taskOf(entry)])),
      metrics: new Map(entriesOf(at(root, 'metrics')).map((entry) => [entry.key, metricOf(entry)])),
      scale: scaleOf(at(root, 'scale')),
      select: builder.select(at(root, 'select')),
      study: builder.study(root),
    },
  };
}

/** One glob or a list of them. */
export function globsOf(source: Node): string[] {
  const files = at(source, 'files');
  const list = files?.kind === 'list' ? files.items : files === undefined ? [] : [files];
  return list.flatMap((item) => textOf(item) ?? []);
}

class Builder {
  readonly #file: string;
  readonly #faults: ManifestFault[];

  constructor(file: string, faults: ManifestFault[]) {
    this.#file = file;
    this.#faults = faults;
  }

  source(node: Node): SourceRules {
    const matchers = globsOf(node).map((glob) => globMatcher(glob, this.#file));
    const layout = textOf(at(node, 'layout'));
    const percent = at(node, 'percent');
    const columns = new Map<string, PinnedColumn>();
    for (const { key, value } of entriesOf(at(node, 'columns'))) {
      const pinned = columnOf(value);
      if (pinned !== null) columns.set(key, pinned);
    }
    const set = new Map<string, string>();
    for (const { key, value } of entriesOf(at(node, 'set'))) {
      const constant = scalarOf(value);
      if (constant !== undefined) set.set(key, constant.raw);
    }
    return {
      matches: (file) => matchers.some((matches) => matches(file)),
      layout: layout === undefined || layout === 'auto' ? null : (layout as Layout),
      columns,
      header: this.#expression(at(node, 'header'), ['task', 'metric', 'split', 'shots', 'filter', 'model']),
      path: this.#expression(at(node, 'path'), ['model', 'step', 'seed', 'task', 'tokens']),
      percent: yesNo(percent),
      missing: itemsOf(at(node, 'missing')).flatMap((item) => scalarOf(item)?.raw ?? []),
      set,
    };
  }

  model(entry: Entry): ModelFacts {
    const { value } = entry;
    const params = this.quantity(at(value, 'N'));
    const paramsNonEmbedding = this.quantity(at(value, 'N_non_embedding'));
    const paramsActive = this.quantity(at(value, 'N_active'));
    const tokens = this.quantity(at(value, 'D'));
    const compute = this.quantity(at(value, 'C'));
    const family = scalarOf(at(value, 'family'))?.raw;
    const moe = flagOf(at(value, 'moe'));
    const source = scalarOf(at(value, 'source'))?.raw;
    return {
      ...(params !== undefined && { params }),
      ...(paramsNonEmbedding !== undefined && { paramsNonEmbedding }),
      ...(paramsActive !== undefined && { paramsActive }),
      ...(tokens !== undefined && { tokens }),
      ...(compute !== undefined && { compute }),
      ...(family !== undefined && { family }),
      ...(moe !== undefined && { moe }),
      aliases: itemsOf(at(value, 'aliases')).flatMap((item) => scalarOf(item)?.raw ?? []),
      ...(source !== undefined && { source }),
      span: entry.keySpan,
    };
  }

  select(node: Node | undefined): SelectRules {
    const checkpoints = textOf(at(node, 'checkpoints'));
    const seeds = textOf(at(node, 'seeds'));
    const exclude: ExcludeRule[] = [];
    for (const item of itemsOf(at(node, 'exclude'))) {
      const model = scalarOf(at(item, 'model'))?.raw ?? null;
      const where = this.#where(at(item, 'where'));
      const why = scalarOf(at(item, 'why'))?.raw;
      // Without a reason, or without saying what, the schema has already complained.
      if (why === undefined) continue;
      if (model === null && where === null) {
        if (at(item, 'where') === undefined)
          this.#fault('This exclusion names no model and no row filter (model or where).', item.span);
        continue;
      }
      exclude.push({ model, where, why });
    }
    return {
      where: itemsOf(at(node, 'where')).flatMap((item) => this.#where(item) ?? []),
      checkpoints: checkpoints === 'all' || checkpoints === 'last' || checkpoints === 'final-only' ? checkpoints : null,
      seeds: seeds === 'mean' || seeds === 'best' ? seeds : 'separate',
      exclude,
    };
  }

  study(root: Node): StudyManifest {
    const fits = itemsOf(at(root, 'fits'));
    const names = new Set(fits.flatMap((fit) => textOf(at(fit, 'name')) ?? []));
    for (const fit of fits) {
      const link = at(fit, 'link');
      const linked = textOf(link);
      // `link` may also name a column or metric that carries the first step (link: loss).
      if (linked !== undefined && names.size > 0 && !names.has(linked) && /^step\d|^fit/i.test(linked)) {
        this.#fault(`No fit is named ${linked}.`, (link as Node).span);
      }
      if (textOf(at(fit, 'law')) === 'custom' && at(fit, 'formula') === undefined) {
        this.#fault('A custom law needs a formula, e.g. formula: E + A * N^-alpha', at(fit, 'law')?.span ?? fit.span);
      }
      for (const { key, value } of entriesOf(at(fit, 'bounds'))) {
        const [low, high] = itemsOf(value).map(numberOf);
        if (low !== undefined && high !== undefined && low > high)
          this.#fault(`The bounds of ${key} are in the wrong order.`, value.span);
      }
    }
    const holdout = at(root, 'holdout');
    const where = this.#where(at(holdout, 'where'));
    return {
      file: this.#file,
      name: scalarOf(at(root, 'name'))?.raw ?? null,
      seed: numberOf(at(root, 'seed')) ?? null,
      fits: fits.filter((fit) => textOf(at(fit, 'law')) !== undefined).map((fit) => recordOf(fit)),
      holdout:
        holdout === undefined
          ? null
          : { ...this.#quantities(holdout, ['cutoff']), ...(where !== null && { clause: where }) },
      targets: itemsOf(at(root, 'targets')).map((target) => this.#quantities(target, ['N', 'D', 'C'])),
      thresholds: at(root, 'thresholds') === undefined ? null : recordOf(at(root, 'thresholds') as Node),
      uncertainty: at(root, 'uncertainty') === undefined ? null : recordOf(at(root, 'uncertainty') as Node),
      findings: at(root, 'findings') === undefined ? null : recordOf(at(root, 'findings') as Node),
    };
  }

  /** A quantity in plain units; a text that is none is a fault at its place. */
  quantity(node: Node | undefined): number | undefined {
    const scalar = scalarOf(node);
    if (scalar === undefined) return undefined;
    const value = typeof scalar.value === 'number' ? scalar.value : (readQuantity(scalar.raw)?.value ?? Number.NaN);
    if (Number.isFinite(value) && value > 0) return value;
    if (typeof scalar.value === 'number')
      this.#fault(`${scalar.raw} is no quantity: it must be positive and finite.`, scalar.span);
    else if (/e[-+]?\d+\s*[kmbt]$/i.test(scalar.raw)) {
      this.#fault(`${scalar.raw} could be tokens or a power of ten: write the number without the suffix.`, scalar.span);
    }
    return undefined;
  }

  #quantities(node: Node, keys: readonly string[]): Readonly<Record<string, unknown>> {
    const record = recordOf(node) as Record<string, unknown>;
    for (const key of keys) {
      const value = this.quantity(at(node, key));
      if (value === undefined) delete record[key];
      else record[key] = value;
    }
    return record;
  }

  #expression(node: Node | undefined, groups: readonly string[]): Pattern | null {
    const scalar = scalarOf(node);
    if (scalar === undefined) return null;
    if (scalar.raw.includes('(?P<'))
      this.#fault('Named groups are written (?<name>…) here, not (?P<name>…).', scalar.span, 'warning');
    const expression = compileExpression(scalar.raw.replaceAll('(?P<', '(?<'));
    if (!expression.ok) {
      this.#fault(`This is no regular expression that can be used: ${expression.error}.`, scalar.span);
      return null;
    }
    const named = [...scalar.raw.matchAll(/\(\?P?<([A-Za-z_]\w*)>/g)].map((match) => match[1] as string);
    if (!named.some((name) => groups.includes(name))) {
      this.#fault(
        `This expression has none of the named groups that are used here: ${groups.map((name) => `(?<${name}>…)`).join(', ')}.`,
        scalar.span,
        'warning',
      );
    }
    return expression.value;
  }

  #where(node: Node | undefined): WhereClause | null {
    const scalar = scalarOf(node);
    if (scalar === undefined) return null;
    const clause = parseWhere(scalar.raw);
    if (clause === null)
      this.#fault(
        `“${scalar.raw}” is no row filter; write e.g. condition == raw_loss, N >= 1e9 or family in a, b.`,
        scalar.span,
      );
    return clause;
  }

  #fault(message: string, span: ManifestFault['span'], severity: ManifestFault['severity'] = 'error'): void {
    if (!this.#faults.some((fault) => fault.span.start === span.start && fault.message === message)) {
      this.#faults.push({ message, span, severity });
    }
  }
}

function columnOf(node: Node): PinnedColumn | null {
  const role = textOf(node) ?? textOf(at(node, 'role'));
  if (role === undefined || !(ROLES as readonly string[]).includes(role)) return null;
  const unit = scalarOf(at(node, 'unit'));
  const task = scalarOf(at(node, 'task'))?.raw;
  const metric = scalarOf(at(node, 'metric'))?.raw;
  const split = scalarOf(at(node, 'split'))?.raw;
  const shots = scalarOf(at(node, 'shots'))?.raw;
  return {
    role: role as Role,
    ...(unit !== undefined && { unit: unitOf(unit.value) }),
    ...(task !== undefined && { task }),
    ...(metric !== undefined && { metric }),
    ...(split !== undefined && { split }),
    ...(shots !== undefined && { shots }),
  };
}

/** K, M, GFLOP… become what one unit in the cell is worth; other units keep their name. */
function unitOf(value: unknown): Unit {
  return typeof value === 'number' ? value : (UNITS[String(value)] ?? String(value));
}

/** `yes` and `no` are words in YAML 1.2 and booleans to those who write true and false. */
function yesNo(node: Node | undefined): 'auto' | 'yes' | 'no' {
  const value = scalarOf(node)?.value;
  if (value === 'yes' || value === true) return 'yes';
  return value === 'no' || value === false ? 'no' : 'auto';
}

function taskOf(entry: Entry): TaskFacts {
  const { value } = entry;
  const chance = numberOf(at(value, 'chance'));
  const ceiling = numberOf(at(value, 'ceiling'));
  const n = numberOf(at(value, 'n'));
  const words = (['metric', 'continuous', 'group', 'source'] as const).flatMap((key) => {
    const word = scalarOf(at(value, key))?.raw;
    return word === undefined ? [] : [[key, word] as const];
  });
  return {
    ...(chance !== undefined && { chance }),
    ...(ceiling !== undefined && { ceiling }),
    ...(n !== undefined && { n }),
    ...Object.fromEntries(words),
    span: entry.keySpan,
  };
}

function metricOf(entry: Entry): MetricFacts {
  const { value } = entry;
  const better = textOf(at(value, 'better'));
  const min = numberOf(at(value, 'min'));
  const max = numberOf(at(value, 'max'));
  const kind = textOf(at(value, 'kind'));
  const unit = scalarOf(at(value, 'unit'))?.raw;
  const kinds: Record<string, MetricKind> = {
    continuous: 'continuous',
    discontinuous: 'discontinuous',
    thresholded: 'discontinuous',
  };
  return {
    ...(better !== undefined && { better: better as Better }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(kind !== undefined && kinds[kind] !== undefined && { kind: kinds[kind] }),
    ...(unit !== undefined && { unit }),
    span: entry.keySpan,
  };
}

function scaleOf(node: Node | undefined): ScaleRules | null {
  if (node?.kind !== 'map') return null;
  const x = textOf(at(node, 'x'));
  const params = textOf(at(node, 'params'));
  const compute = textOf(at(node, 'compute'));
  const xs = ['C', 'N', 'D', 'N,D', 'step', 'column'] as const;
  const kinds = ['total', 'non-embedding', 'active'] as const;
  return {
    x: xs.find((known) => known === x) ?? null,
    column: scalarOf(at(node, 'column'))?.raw ?? null,
    params: kinds.find((known) => known === params) ?? 'as-given',
    compute: compute === 'as-given' || compute === '6ND' ? compute : '6ND-if-missing',
    factor: numberOf(at(node, 'compute', 'factor')) ?? 6,
    tolerance: numberOf(at(node, 'tolerance')) ?? 0.5,
  };
}

/** A map as a plain record; `__proto__` and its like are left out. */
export function recordOf(node: Node): Readonly<Record<string, unknown>> {
  const record: Record<string, unknown> = {};
  for (const { key, value } of entriesOf(node)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') continue;
    record[key] = valueOf(value);
  }
  return record;
}

function valueOf(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  return node.kind === 'list' ? node.items.map(valueOf) : recordOf(node);
}
