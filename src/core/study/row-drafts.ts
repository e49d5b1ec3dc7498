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
    const rows = this.#rows;
    const source = this.#source;
    const n = source.n === null ? Number.NaN : (source.n[row] as number);
    const loss = source.loss === null ? Number.NaN : (source.loss[row] as number);
    const draft: Draft = {
      x: Number.NaN,
      y: this.score(row),
      stderr: this.#stderr(row, n),
      n: n > 0 && Number.isFinite(n) ? n : null,
      model: source.run !== null && rows.modelColumn === null ? source.run : rows.modelOf(row),
      family: rows.familyOf(row),
      run: this.run(row),
      params: orNull(rows.params[row] as number),
      tokens: orNull(rows.tokens[row] as number),
      compute: orNull(rows.compute[row] as number),
      step: orNull(rows.step[row] as number),
      loss: Number.isFinite(loss) ? loss : null,
      table: rows.index,
      row,
      column: source.column.index,
    };
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
