/**
 * What is known of the run behind every row: model, family, N, D, C and step, as arrays over the rows of one table, with
 * the pedigree of each value on demand. A stated value is never overwritten; what is missing is joined, read from the
 * name, or derived (C = 6ND, D = C/6N), in that order.
 */
import type { Column } from '../table/column.ts';
import { parseQuantity } from '../table/numbers.ts';
import type { Position, Range, Span } from '../table/span.ts';
import { lineStarts, positionAt, rangeOf } from '../table/span.ts';
import type { TableReading } from '../table/understand.ts';
import { columnFor } from '../table/understand.ts';
import type { From } from './from.ts';
import { FROM } from './from.ts';
import type { Interned } from './intern.ts';
import { intern } from './intern.ts';
import type { ManifestRules, SourceRules } from './manifest-rules.ts';
import type { Joined, ModelBook } from './model-book.ts';
import { bareSize } from './model-book.ts';
import { factsOf } from './pedigree.ts';
import { sizesOf, stepsOf } from './quantity-values.ts';
import type { RunFacts } from './study.ts';

export interface Quantities {
  readonly params: number;
  readonly tokens: number;
  readonly compute: number;
  readonly step: number;
}

export interface Rows {
  readonly reading: TableReading;
  readonly index: number;
  readonly count: number;
  /** Model names, interned; rows of a table without a model column all carry the file's. */
  readonly models: Interned;
  readonly fileModel: string | null;
  /** Task and metric that the manifest fixes for the whole file (`set`, or named groups of `path`). */
  readonly fileTask: string | null;
  readonly fileMetric: string | null;
  readonly families: Interned | null;
  readonly params: Float64Array;
  readonly tokens: Float64Array;
  readonly compute: Float64Array;
  readonly step: Float64Array;
  readonly paramsFrom: Uint8Array;
  readonly tokensFrom: Uint8Array;
  readonly computeFrom: Uint8Array;
  readonly modelColumn: Column | null;
  readonly paramsColumn: Column | null;
  readonly tokensColumn: Column | null;
  readonly computeColumn: Column | null;
  readonly stepColumn: Column | null;
  readonly familyColumn: Column | null;
  modelOf(row: number): string;
  familyOf(row: number): string | null;
  /** Quantities of a model that is not a row (a column of a transposed table); NaN where unknown. */
  quantitiesOf(
    model: string,
  ): Quantities & { readonly paramsFrom: From; readonly tokensFrom: From; readonly computeFrom: From };
  familyOfModel(model: string): string | null;
  range(span: Span | null): Range | null;
  facts(row: number): RunFacts;
}

/** File name without folder and ending: the model of files that hold one. */
export function fileStem(file: string): string {
  const base = file.replace(/\\/g, '/').split('/').at(-1) ?? file;
  return base.replace(/\.(?:gz|zst)$/i, '').replace(/\.(?:csv|tsv|txt|jsonl?|ya?ml|md|parquet|eval)$/i, '');
}

interface NameQuantities {
  readonly params: number;
  readonly paramsFrom: From;
  readonly tokens: number;
  readonly tokensFrom: From;
  readonly compute: number;
  readonly computeFrom: From;
  readonly step: number;
}

/** Which parameter count of a manifest entry the study means. */
function pinnedParams(
  facts: { params?: number; paramsNonEmbedding?: number; paramsActive?: number } | null,
  kind: string,
): number {
  if (facts === null) return Number.NaN;
  if (kind === 'non-embedding') return facts.paramsNonEmbedding ?? Number.NaN;
  if (kind === 'active') return facts.paramsActive ?? facts.params ?? Number.NaN;
  return facts.params ?? Number.NaN;
}

/** A place in an excerpt as the place in the file. */
function inFile(range: Range, lines: Uint32Array): Range {
  const at = (p: Position): Position => ({ line: lines[p.line] ?? p.line, character: p.character });
  return { start: at(range.start), end: at(range.end) };
}

/** Resolves the rows of one table. */
export function resolveRows(
  reading: TableReading,
  index: number,
  book: ModelBook,
  rules: ManifestRules | null,
  source: SourceRules | null,
): Rows {
  const { table } = reading;
  const count = table.rowCount;
  const kind = rules?.scale?.params ?? 'as-given';
  const computeRule = rules?.scale?.compute ?? '6ND-if-missing';
  const factor = rules?.scale?.factor ?? 6;
  const modelColumn = columnFor(reading, 'model');
  const paramsColumn =
    kind === 'non-embedding'
      ? columnFor(reading, 'params-non-embedding')
      : kind === 'active'
        ? (columnFor(reading, 'params-active') ?? columnFor(reading, 'params'))
        : (columnFor(reading, 'params') ??
          columnFor(reading, 'params-non-embedding') ??
          columnFor(reading, 'params-active'));
  const tokensColumn = columnFor(reading, 'tokens');
  const computeColumn = columnFor(reading, 'compute');
  const perTokenColumn = columnFor(reading, 'compute-per-token');
  const stepColumn = columnFor(reading, 'step');
  const familyColumn = columnFor(reading, 'family');

  const fromPath = source?.path?.exec(table.file)?.groups ?? {};
  const set = (name: string): string | undefined => source?.set.get(name);
  const fileModel = fromPath['model'] ?? set('model') ?? (modelColumn === null ? fileStem(table.file) : null);
  const models: Interned =
    modelColumn === null
      ? { codes: new Int32Array(count), values: [fileModel ?? ''] }
      : intern(table, modelColumn.index);
  const families = familyColumn === null ? null : intern(table, familyColumn.index);

  let nothing: Float64Array | null = null;
  const unknown = (): Float64Array => (nothing ??= new Float64Array(count).fill(Number.NaN));
  const params = sizesOf(reading, paramsColumn, unknown);
  const tokens = sizesOf(reading, tokensColumn, unknown);
  const compute = sizesOf(reading, computeColumn, unknown);
  const step = stepsOf(reading, stepColumn, unknown);
  const perToken = perTokenColumn === null ? null : sizesOf(reading, perTokenColumn, unknown).values;
  // Histories that log no token count: steps times the batch in tokens.
  const perStep =
    tokensColumn === null && stepColumn !== null
      ? reading.columns.find((c) => c.header.key === 'batch_size_in_tokens')
      : undefined;
  const tokensPerStep = perStep === undefined ? null : sizesOf(reading, perStep, unknown).values;
  const paramsFrom = new Uint8Array(count);
  const tokensFrom = new Uint8Array(count);
  const computeFrom = new Uint8Array(count);

  const constant = (role: string, letter: string): number => {
    const text = set(role) ?? set(letter);
    return text === undefined ? Number.NaN : parseQuantity(text);
  };
  const setParams = constant('params', 'N');
  const setTokens = constant('tokens', 'D');
  const setCompute = constant('compute', 'C');
  const pathStep = fromPath['step'] === undefined ? Number.NaN : parseQuantity(fromPath['step']);
  const pathTokens = fromPath['tokens'] === undefined ? Number.NaN : parseQuantity(fromPath['tokens']);

  const byName = new Map<string, NameQuantities & { readonly joined: Joined | null }>();
  const nameQuantities = (name: string): NameQuantities & { readonly joined: Joined | null } => {
    const known = byName.get(name);
    if (known !== undefined) return known;
    const pinned = book.pinned(name);
    const joined = book.joined(name, index);
    const read = book.read(name);
    let p = pinnedParams(pinned, kind);
    let pFrom: From = Number.isNaN(p) ? FROM.none : FROM.manifest;
    if (Number.isNaN(p) && joined?.params != null) {
      p = joined.params.value;
      pFrom = FROM.joined;
    }
    if (Number.isNaN(p)) {
      const exact =
        read.exact === null ? undefined : kind === 'non-embedding' ? read.exact.nonEmbedding : read.exact.total;
      const nominal =
        kind === 'active'
          ? (read.active ?? read.params?.value)
          : kind === 'non-embedding'
            ? undefined
            : read.params?.value;
      p = exact ?? nominal ?? (kind === 'non-embedding' ? undefined : bareSize(name)) ?? Number.NaN;
      if (!Number.isNaN(p)) pFrom = FROM.name;
    }
    let t = pinned?.tokens ?? Number.NaN;
    let tFrom: From = Number.isNaN(t) ? FROM.none : FROM.manifest;
    if (Number.isNaN(t) && joined?.tokens != null) {
      t = joined.tokens.value;
      tFrom = FROM.joined;
    }
    if (Number.isNaN(t) && read.tokens !== null) {
      t = read.tokens.value;
      tFrom = FROM.name;
    }
    let c = pinned?.compute ?? Number.NaN;
    let cFrom: From = Number.isNaN(c) ? FROM.none : FROM.manifest;
    if (Number.isNaN(c) && joined?.compute != null) {
      c = joined.compute.value;
      cFrom = FROM.joined;
    }
    const found = {
      params: p,
      paramsFrom: pFrom,
      tokens: t,
      tokensFrom: tFrom,
      compute: c,
      computeFrom: cFrom,
      step: read.step?.value ?? Number.NaN,
      joined,
    };
    byName.set(name, found);
    return found;
  };
  /** Fills what one row leaves open; the same rule for rows and for model columns. */
  const derive = (
    p: number,
    t: number,
    c: number,
  ): { tokens: number; compute: number; tokensDerived: boolean; computeDerived: boolean } => {
    let tokensDerived = false;
    let computeDerived = false;
    if (computeRule === '6ND' && p > 0 && t > 0) {
      c = factor * p * t;
      computeDerived = true;
    } else if (Number.isNaN(c) && computeRule !== 'as-given' && p > 0 && t > 0) {
      c = factor * p * t;
      computeDerived = true;
    }
    if (Number.isNaN(t) && c > 0 && p > 0 && !computeDerived) {
      t = c / (factor * p);
      tokensDerived = true;
    }
    return { tokens: t, compute: c, tokensDerived, computeDerived };
  };
  const manifestWins = (rules?.models.size ?? 0) > 0;
  const namesStep = stepColumn === null ? Uint8Array.from(models.values, (name) => (/step/i.test(name) ? 1 : 0)) : null;
  for (let row = 0; row < count; row++) {
    const code = models.codes[row] as number;
    const name = code < 0 ? '' : (models.values[code] as string);
    if (!Number.isNaN(params.values[row] as number)) paramsFrom[row] = FROM.column;
    if (!Number.isNaN(tokens.values[row] as number)) tokensFrom[row] = FROM.column;
    if (!Number.isNaN(compute.values[row] as number)) computeFrom[row] = FROM.column;
    // Names are read only where they can still say something: a study may have as many names as rows.
    const complete =
      paramsFrom[row] === FROM.column && tokensFrom[row] === FROM.column && computeFrom[row] === FROM.column;
    const needed = !complete || manifestWins || (code >= 0 && namesStep?.[code] === 1);
    const known = name === '' || !needed ? null : nameQuantities(name);
    if (known !== null) {
      if (paramsFrom[row] === FROM.none || (manifestWins && known.paramsFrom === FROM.manifest)) {
        params.set(row, known.params);
        paramsFrom[row] = known.paramsFrom;
      }
      // A checkpoint's tokens differ from the finished run's: joins fill only where no step says otherwise.
      const checkpoint = stepColumn !== null || !Number.isNaN(known.step);
      if (
        (tokensFrom[row] === FROM.none && (!checkpoint || known.tokensFrom === FROM.name)) ||
        (manifestWins && known.tokensFrom === FROM.manifest && tokensColumn === null)
      ) {
        tokens.set(row, known.tokens);
        tokensFrom[row] = known.tokensFrom;
      }
      if (
        (computeFrom[row] === FROM.none && !checkpoint) ||
        (manifestWins && known.computeFrom === FROM.manifest && computeColumn === null)
      ) {
        compute.set(row, known.compute);
        computeFrom[row] = known.computeFrom;
      }
      if (Number.isNaN(step.values[row] as number)) step.set(row, Number.isNaN(pathStep) ? known.step : pathStep);
    }
    if (paramsFrom[row] === FROM.none && !Number.isNaN(setParams)) {
      params.set(row, setParams);
      paramsFrom[row] = FROM.constant;
    }
    if (tokensFrom[row] === FROM.none && !Number.isNaN(pathTokens + 0)) {
      tokens.set(row, pathTokens);
      tokensFrom[row] = FROM.path;
    }
    if (tokensFrom[row] === FROM.none && !Number.isNaN(setTokens)) {
      tokens.set(row, setTokens);
      tokensFrom[row] = FROM.constant;
    }
    if (tokensFrom[row] === FROM.none && (tokensPerStep?.[row] ?? 0) > 0 && (step.values[row] as number) > 0) {
      tokens.set(row, (step.values[row] as number) * (tokensPerStep?.[row] ?? 0));
      tokensFrom[row] = FROM.steps;
    }
    if (computeFrom[row] === FROM.none && !Number.isNaN(setCompute)) {
      compute.set(row, setCompute);
      computeFrom[row] = FROM.constant;
    }
    if (computeFrom[row] === FROM.none && (perToken?.[row] ?? 0) > 0 && (tokens.values[row] as number) > 0) {
      compute.set(row, (perToken?.[row] ?? 0) * (tokens.values[row] as number));
      computeFrom[row] = FROM.perToken;
    }
    const d = derive(params.values[row] as number, tokens.values[row] as number, compute.values[row] as number);
    if (d.tokensDerived) {
      tokens.set(row, d.tokens);
      tokensFrom[row] = FROM.derived;
    }
    if (d.computeDerived) {
      compute.set(row, d.compute);
      computeFrom[row] = FROM.derived;
    }
  }

  let starts: Uint32Array | null = null;
  const range = (span: Span | null): Range | null => {
    if (span === null) return null;
    // A table that knows its lines need not be decoded for them.
    if (starts === null && table.lineStarts === undefined && table.text === '') return null;
    starts ??= table.lineStarts?.() ?? lineStarts(table.text);
    if (table.excerpt !== undefined) return inFile(rangeOf(starts, span), table.excerpt.lines);
    const start = positionAt(starts, span.start);
    // Cells rarely span lines: the end needs no second search then.
    const next = starts[start.line + 1];
    if (next === undefined || span.end < next)
      return { start, end: { line: start.line, character: start.character + span.end - span.start } };
    return rangeOf(starts, span);
  };
  const modelOf = (row: number): string => {
    const code = models.codes[row] as number;
    return code < 0 ? (fileModel ?? '') : (models.values[code] as string);
  };
  const familyOfModel = (model: string): string | null =>
    book.pinned(model)?.family ?? book.joined(model, index)?.family?.value ?? set('family') ?? null;
  const familyByCode: (string | null | undefined)[] = new Array(models.values.length + 1);
  const familyOf = (row: number): string | null => {
    const code = families === null ? -1 : (families.codes[row] as number);
    if (code >= 0) return (families as Interned).values[code] as string;
    const model = models.codes[row] as number;
    let family = familyByCode[model + 1];
    if (family === undefined) {
      family = familyOfModel(modelOf(row));
      familyByCode[model + 1] = family;
    }
    return family;
  };

  const resolved = {
    reading,
    index,
    count,
    models,
    fileModel,
    fileTask: fromPath['task'] ?? set('task') ?? null,
    fileMetric: set('metric') ?? null,
    families,
    params: params.values,
    tokens: tokens.values,
    compute: compute.values,
    step: step.values,
    paramsFrom,
    tokensFrom,
    computeFrom,
    modelColumn,
    paramsColumn,
    tokensColumn,
    computeColumn,
    stepColumn,
    familyColumn,
    modelOf,
    familyOf,
    familyOfModel,
    range,
    quantitiesOf: (model: string) => {
      const known = nameQuantities(model);
      const d = derive(known.params, known.tokens, known.compute);
      return {
        params: known.params,
        paramsFrom: known.paramsFrom,
        tokens: d.tokens,
        tokensFrom: d.tokensDerived ? FROM.derived : known.tokensFrom,
        compute: d.compute,
        computeFrom: d.computeDerived ? FROM.derived : known.computeFrom,
        step: known.step,
      };
    },
  };
  return { ...resolved, facts: factsOf(resolved, book, rules?.file ?? 'scaling.yaml', factor) };
}
