/**
 * The long table that most result formats become: one row per score, and a column for each thing the format tells about
 * it. The roles of these columns are fixed by the format, so they are hints and nothing is left to guess.
 */
import type { Better, Role } from '../report-model.ts';
import type { FormatFact, RawTable, TextProblem } from '../table/raw-table.ts';
import type { Span } from '../table/span.ts';
import type { Cell } from './cell-table.ts';
import { TableBuilder } from './cell-table.ts';

/** Columns in the order in which they appear, with the role each has. */
const COLUMNS = [
  ['model', 'model'],
  ['family', 'family'],
  ['params', 'params'],
  ['paramsNonEmbedding', 'params-non-embedding'],
  ['paramsActive', 'params-active'],
  ['tokens', 'tokens'],
  ['compute', 'compute'],
  ['step', 'step'],
  ['seed', 'seed'],
  ['task', 'task'],
  ['split', 'split'],
  ['shots', 'shots'],
  ['filter', 'filter'],
  ['metric', 'metric'],
  ['score', 'score'],
  ['stderr', 'stderr'],
  ['low', 'interval-low'],
  ['high', 'interval-high'],
  ['n', 'n'],
  ['chance', 'chance'],
  ['status', 'status'],
] as const satisfies readonly (readonly [string, Role])[];

type Field = (typeof COLUMNS)[number][0];

/** One score with everything the format says about it. Counts are in plain units. */
export type Measurement = { readonly [field in Field]?: Cell } & { readonly task: Cell; readonly score: Cell };

export interface MeasurementFrame {
  readonly file: string;
  readonly format: string;
  readonly text: string;
  /** How the roles are known: 'the layout of lm-eval results', for hovers. */
  readonly how: string;
  readonly facts?: readonly FormatFact[];
  readonly notes?: readonly string[];
  readonly problems?: readonly TextProblem[];
}

/** Headers that are not the field's own name. */
const HEADERS: Partial<Record<Field, string>> = {
  paramsNonEmbedding: 'params non-embedding',
  paramsActive: 'params active',
};

const COUNTS: ReadonlySet<string> = new Set(['params', 'paramsNonEmbedding', 'paramsActive', 'tokens', 'compute']);

/** Builds the long table; columns that no measurement fills are left out. */
export function measurementTable(rows: readonly Measurement[], frame: MeasurementFrame): RawTable {
  const builder = new TableBuilder();
  const used = COLUMNS.filter(([field]) => rows.some((row) => row[field] !== undefined));
  for (const [field, role] of used) {
    // The score column measures what the metric column of its row says: its header is enough, a fixed role would name
    // one metric for all rows.
    const hint =
      field === 'score' ? undefined : COUNTS.has(field) ? { role, unit: 1, how: frame.how } : { role, how: frame.how };
    builder.column(field, HEADERS[field] ?? field, hint);
  }
  for (const measurement of rows) {
    const row = builder.row();
    used.forEach(([field], column) => {
      const cell = measurement[field];
      if (cell !== undefined) builder.set(row, column, cell);
    });
  }
  return builder.build({
    file: frame.file,
    format: frame.format,
    text: frame.text,
    layout: 'long',
    facts: frame.facts ?? [],
    notes: frame.notes ?? [],
    problems: frame.problems ?? [],
  });
}

/** A fact with only the fields that are known. */
export function factOf(
  task: string | null,
  metric: string | null,
  span: Span | null,
  known: {
    better?: Better | undefined;
    chance?: number | undefined;
    ceiling?: number | undefined;
    n?: number | undefined;
    aggregate?: boolean | undefined;
  },
): FormatFact {
  return {
    task,
    metric,
    span,
    ...(known.better !== undefined && { better: known.better }),
    ...(known.chance !== undefined && { chance: known.chance }),
    ...(known.ceiling !== undefined && { ceiling: known.ceiling }),
    ...(known.n !== undefined && { n: known.n }),
    ...(known.aggregate === true && { aggregate: true }),
  };
}
