/**
 * The drafts of a group. Those that are cells of a table are held as the number of their row and made when somebody asks:
 * a study of half a million scores has as many drafts before its first series stands.
 */
import type { Draft } from './draft.ts';

/** What rows mean as drafts. */
export interface DraftSource {
  /** The score of a row, as in its draft. */
  score(row: number): number;
  draft(row: number): Draft;
}

/** Drafts that stand in no column (means over rows, cells of a transposed table). */
class HeldDrafts implements DraftSource {
  readonly #drafts: Draft[] = [];

  /** @returns the number by which the draft is found again */
  hold(draft: Draft): number {
    return this.#drafts.push(draft) - 1;
  }

  score(row: number): number {
    return this.draft(row).y;
  }

  draft(row: number): Draft {
    return this.#drafts[row] as Draft;
  }
}

/** Consecutive drafts of one source. */
interface Stretch {
  readonly source: DraftSource;
  /** Index behind its last draft. */
  end: number;
}

export class DraftList {
  #rows = new Uint32Array(16);
  readonly #stretches: Stretch[] = [];
  #held: HeldDrafts | null = null;

  get length(): number {
    return this.#stretches.at(-1)?.end ?? 0;
  }

  /** A row of a source, whose draft is made when asked for. */
  addRow(source: DraftSource, row: number): void {
    const { length } = this;
    if (length === this.#rows.length) {
      const more = new Uint32Array(2 * length);
      more.set(this.#rows);
      this.#rows = more;
    }
    this.#rows[length] = row;
    const last = this.#stretches.at(-1);
    if (last?.source === source) last.end = length + 1;
    else this.#stretches.push({ source, end: length + 1 });
  }

  add(draft: Draft): void {
    this.#held ??= new HeldDrafts();
    this.addRow(this.#held, this.#held.hold(draft));
  }

  /** Takes out the draft at an index. */
  remove(index: number): void {
    this.#rows.copyWithin(index, index + 1, this.length);
    for (const stretch of this.#stretches) if (stretch.end > index) stretch.end--;
  }

  /** The scores of all drafts. */
  scores(): Float64Array {
    const scores = new Float64Array(this.length);
    let i = 0;
    for (const { source, end } of this.#stretches)
      for (; i < end; i++) scores[i] = source.score(this.#rows[i] as number);
    return scores;
  }

  /** All drafts, made anew where they stand in rows. */
  all(): Draft[] {
    const drafts = new Array<Draft>(this.length);
    let i = 0;
    for (const { source, end } of this.#stretches)
      for (; i < end; i++) drafts[i] = source.draft(this.#rows[i] as number);
    return drafts;
  }
}
