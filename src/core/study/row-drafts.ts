/** The scores of one column as drafts: what a row of the table says about its score, put together when it is asked for. */
import type { Draft } from './draft.ts';
import type { DraftSource } from './draft-list.ts';
import type { Interned } from './intern.ts';
import type { Rows } from './rows.ts';
import type { ScoreSource } from './score-sources.ts';

/** Names of runs: the model, and the seed or run column where there is one. */
export class RunNames {
  readonly #rows: Rows;
  readonly #seeds: readonly Interned[];
  readonly #names = new Map<string | number, string>();

  constructor(rows: Rows, seeds: readonly Interned[]) {
    this.#rows = rows;
    this.#seeds = seeds;
  }

  of(row: number): string {
    const seeds = this.#seeds;
    const model = this.#rows.models.codes[row] as number;
    const key =
      seeds.length === 0 ? model : seeds.reduce((text, s) => `${text}|${s.codes[row] as number}`, String(model));
    let name = this.#names.get(key);
    if (name === undefined) {
      const parts = seeds
        .map((s) => ((s.codes[row] as number) < 0 ? '' : (s.values[s.codes[row] as number] as string)))
        .filter((p) => p !== '');
      name = [this.#rows.modelOf(row), ...parts].join(' · ');
      this.#names.set(key, name);
    }
    return name;
  }
}

/** Values of a pinned scale column. */
export interface PinnedScale {
  readonly values: Float64Array;
  readonly factor: number;
}

/** A number that may be absent. */
function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/**
 * Made by a constructor: the engine takes records that are written down with braces for long-lived where many are made at
 * once, and half a million that are needed for a moment would then stand in memory together.
 */
class RowDraft implements Draft {
  declare x: number;
  declare y: number;
  declare stderr: number | null;
  declare n: number | null;
  declare model: string;
  declare family: string | null;
  declare run: string;
  declare params: number | null;
  declare tokens: number | null;
  declare compute: number | null;
  declare step: number | null;
  declare loss: number | null;
  declare table: number;
  declare row: number;
  declare column: number;

  constructor(
    rows: Rows,
    source: ScoreSource,
    row: number,
    y: number,
    stderr: number | null,
    n: number | null,
    run: string,
  ) {
    const loss = source.loss === null ? Number.NaN : (source.loss[row] as number);
    this.x = Number.NaN;
    this.y = y;
    this.stderr = stderr;
    this.n = n;
    this.model = source.run !== null && rows.modelColumn === null ? source.run : rows.modelOf(row);
    this.family = rows.familyOf(row);
    this.run = run;
    this.params = orNull(rows.params[row] as number);
    this.tokens = orNull(rows.tokens[row] as number);
    this.compute = orNull(rows.compute[row] as number);
    this.step = orNull(rows.step[row] as number);
    this.loss = Number.isFinite(loss) ? loss : null;
    this.table = rows.index;
    this.row = row;
    this.column = source.column.index;
  }
}

export class RowDrafts implements DraftSource {
  readonly #rows: Rows;
  readonly #source: ScoreSource;
  readonly #scores: Float64Array;
  readonly #runs: RunNames;
  readonly #pinned: PinnedScale | null;

  constructor(rows: Rows, source: ScoreSource, runs: RunNames, pinned: PinnedScale | null) {
    this.#rows = rows;
    this.#source = source;
    this.#scores = rows.reading.table.numbers(source.column.index);
    this.#runs = runs;
    this.#pinned = pinned;
  }

  score(row: number): number {
    return this.#scores[row] as number;
  }

  run(row: number): string {
    return this.#source.run ?? this.#runs.of(row);
  }

  draft(row: number): Draft {
    const n = this.#source.n === null ? Number.NaN : (this.#source.n[row] as number);
    const draft: Draft = new RowDraft(
      this.#rows,
      this.#source,
      row,
      this.score(row),
      this.#stderr(row, n),
      n > 0 && Number.isFinite(n) ? n : null,
      this.run(row),
    );
    if (this.#pinned !== null) draft.pinnedX = (this.#pinned.values[row] as number) * this.#pinned.factor;
    return draft;
  }

  #stderr(row: number, n: number): number | null {
    const { stderr: stated, stderrIsSd, low, high } = this.#source;
    let stderr = stated === null ? Number.NaN : (stated[row] as number);
    if (stderrIsSd) stderr = n > 1 ? stderr / Math.sqrt(n) : stderr;
    // A 95 % interval: its width is 2 · 1.96 standard errors.
    if (Number.isNaN(stderr) && low !== null && high !== null)
      stderr = ((high[row] as number) - (low[row] as number)) / 3.919928;
    if (stderr === 0 && n <= 1) return null;
    return stderr >= 0 && Number.isFinite(stderr) ? stderr : null;
  }
}
