/**
 * The rows of a per-question table folded to what the study needs of them: mean and errors of every score, of the accuracy
 * and TC Brier of its options, and what was left out. A table that is held is folded at once, one that is read as a stream
 * piece by piece: the numbers are the same.
 */
import { faultText, type OptionColumns, scoreOptionRows } from '../slice/option-rows.ts';
import { isMissing } from '../table/numbers.ts';
import type { RawTable } from '../table/raw-table.ts';
import { MeanFold, type MeanOfRows } from './mean-fold.ts';

/** One score column. */
export interface FoldedColumn {
  readonly mean: MeanOfRows;
  /** Cells that hold nothing. */
  readonly empty: number;
}

/** What the columns of options come to. */
export interface FoldedOptions {
  readonly accuracy: MeanOfRows;
  readonly tcBrier: MeanOfRows;
  /** Mean over questions of 1/options. */
  readonly guessed: number | null;
  /** One sentence on the rows left out; null if none were. */
  readonly note: string | null;
}

export class SampleFold {
  /** Rows taken in. */
  rows = 0;
  /** Rows that the filter left out. */
  filtered = 0;
  readonly #columns = new Map<string, { readonly mean: MeanFold; empty: number }>();
  readonly #accuracy = new MeanFold();
  readonly #tcBrier = new MeanFold();
  readonly #guessed = new MeanFold();
  #scored = 0;
  #faults = 0;
  #firstFault = '';

  /**
   * Takes in the rows of a table, or of the next piece of it.
   * @param headers of the score columns
   * @param keep 1 for every row that the filter lets pass; null if there is no filter
   */
  add(table: RawTable, headers: readonly string[], options: OptionColumns | null, keep: Uint8Array | null): void {
    const count = table.rowCount;
    const passes = (row: number): boolean => keep === null || keep[row] === 1;
    for (let row = 0; row < count; row++) {
      if (passes(row)) this.rows++;
      else this.filtered++;
    }
    // Of two columns of one name the first counts.
    const seen = new Set<string>();
    for (let column = 0; column < table.columnCount; column++) {
      const header = table.header(column);
      if (!headers.includes(header) || seen.has(header)) continue;
      seen.add(header);
      let folded = this.#columns.get(header);
      if (folded === undefined) {
        folded = { mean: new MeanFold(), empty: 0 };
        this.#columns.set(header, folded);
      }
      const values = table.numbers(column);
      for (let row = 0; row < count; row++) {
        if (!passes(row)) continue;
        const value = values[row] as number;
        folded.mean.add(value);
        if (Number.isNaN(value) && isMissing(table.cell(row, column))) folded.empty++;
      }
    }
    if (options === null) return;
    const { questions, faults } = scoreOptionRows(table, options, keep);
    for (const { scored, probabilities } of questions) {
      this.#scored++;
      this.#accuracy.add(scored.correct ? 1 : 0);
      this.#tcBrier.add(scored.score);
      this.#guessed.add(1 / probabilities.length);
    }
    if (faults[0] !== undefined && this.#faults === 0) this.#firstFault = faults[0].message;
    this.#faults += faults.length;
  }

  /** The fold of a column by its header. */
  column(header: string): FoldedColumn {
    const folded = this.#columns.get(header);
    return { mean: (folded?.mean ?? new MeanFold()).result(), empty: folded?.empty ?? 0 };
  }

  options(): FoldedOptions {
    return {
      accuracy: this.#accuracy.result(),
      tcBrier: this.#tcBrier.result(),
      guessed: this.#scored === 0 ? null : this.#guessed.result().mean,
      note: this.#faults === 0 ? null : faultText(this.#faults, this.#faults + this.#scored, this.#firstFault),
    };
  }
}
