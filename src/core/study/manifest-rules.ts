/**
 * What a scaling.yaml says about reading files, in parsed and validated form. The manifest reader produces it, the study
 * builder applies it; everything here is authority 1: it beats formats, headers, values and names.
 */
import type { Better, Layout, Role, Unit } from '../report-model.ts';
import type { Span } from '../table/span.ts';
import type { MetricKind, StudyManifest, WhereClause } from './study.ts';

/** A pattern with named groups; a regular expression is one. */
export interface TextPattern {
  exec(text: string): { readonly groups?: Readonly<Record<string, string | undefined>> | undefined } | null;
}

/** A column pinned under `sources[].columns`. Absent fields are detected as usual. */
export interface PinnedColumn {
  readonly role: Role;
  /** What one unit in the cell is worth (1e9), or a named unit ('%', 'fraction', 'bits/byte'…). */
  readonly unit?: Unit;
  readonly task?: string;
  readonly metric?: string;
  readonly split?: string;
  readonly shots?: string;
}

/** One entry of `sources`. */
export interface SourceRules {
  /** True for the files this entry speaks of (globs are resolved by the manifest reader). */
  readonly matches: (file: string) => boolean;
  readonly layout: Layout | null;
  /** By raw header. */
  readonly columns: ReadonlyMap<string, PinnedColumn>;
  /** Splits wide headers: named groups task, metric, split, shots, filter, model. */
  readonly header: TextPattern | null;
  /** Applied to the file path: named groups model, step, seed, task, tokens. */
  readonly path: TextPattern | null;
  /** Bounded scores of these files are percent, fractions, or to be judged from the values. */
  readonly percent: 'auto' | 'yes' | 'no';
  /** Further spellings of a missing value. */
  readonly missing: readonly string[];
  /** Constants for every row: a role or N, D, C → text as in a cell ('OLMo-2', '7.3B'). */
  readonly set: ReadonlyMap<string, string>;
}

/** One model under `models:`, quantities in plain units. */
export interface ModelFacts {
  readonly params?: number;
  readonly paramsNonEmbedding?: number;
  readonly paramsActive?: number;
  readonly tokens?: number;
  readonly compute?: number;
  readonly family?: string;
  readonly moe?: boolean;
  readonly aliases: readonly string[];
  readonly source?: string;
  /** Place in the manifest text. */
  readonly span: Span | null;
}

/** One task under `tasks:`. */
export interface TaskFacts {
  readonly chance?: number;
  readonly ceiling?: number;
  readonly n?: number;
  readonly metric?: string;
  /** Companion metric that moves smoothly (a bits-per-byte metric of the same task). */
  readonly continuous?: string;
  readonly group?: string;
  readonly source?: string;
  readonly span: Span | null;
}

/** One metric under `metrics:`. */
export interface MetricFacts {
  readonly better?: Better;
  readonly min?: number;
  readonly max?: number;
  readonly kind?: MetricKind;
  readonly unit?: Unit;
  readonly span: Span | null;
}

export interface ScaleRules {
  readonly x: 'C' | 'N' | 'D' | 'N,D' | 'step' | 'column' | null;
  /** Header of the scale column when `x` is 'column'. */
  readonly column: string | null;
  readonly params: 'total' | 'non-embedding' | 'active' | 'as-given';
  readonly compute: 'as-given' | '6ND' | '6ND-if-missing';
  /** FLOP per parameter and token: 6 unless `compute: {factor}` says otherwise. */
  readonly factor: number;
  /** Warn when |ln(C/6ND) − median| exceeds this. */
  readonly tolerance: number;
}

export interface ExcludeRule {
  readonly model: string | null;
  readonly where: WhereClause | null;
  readonly why: string;
}

export interface SelectRules {
  readonly where: readonly WhereClause[];
  /** null: not said, so every row stays (loss tables keep their checkpoints). */
  readonly checkpoints: 'all' | 'last' | 'final-only' | null;
  readonly seeds: 'separate' | 'mean' | 'best';
  readonly exclude: readonly ExcludeRule[];
}

export interface ManifestRules {
  /** Name of the manifest, for messages. */
  readonly file: string;
  /** Text of the manifest: the spans of facts refer to it. */
  readonly text: string;
  readonly sources: readonly SourceRules[];
  /** `models:` given inline; names as written. */
  readonly models: ReadonlyMap<string, ModelFacts>;
  /** `models:` given as a path: the table of that file holds sizes, not results. */
  readonly modelsFile: string | null;
  readonly tasks: ReadonlyMap<string, TaskFacts>;
  readonly metrics: ReadonlyMap<string, MetricFacts>;
  readonly scale: ScaleRules | null;
  readonly select: SelectRules;
  /** The rest, which the laboratory reads. */
  readonly study: StudyManifest;
}
