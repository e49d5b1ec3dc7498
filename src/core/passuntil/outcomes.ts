/**
 * The outcomes of one draw by trial number, as answers bring them: stretches in any order, with holes where an answer is
 * still missing. A byte per trial, so that ten million trials are ten megabytes.
 */

/** Trials first … first + length − 1; `data` holds 1 for a pass and 0 for a fail and may be longer than `length`. */
export interface Stretch {
  first: number;
  length: number;
  data: Uint8Array;
}

const ZERO = 48;

export class Outcomes {
  /** By first trial; neither overlapping nor touching. */
  readonly #stretches: Stretch[] = [];

  get stretches(): readonly Readonly<Stretch>[] {
    return this.#stretches;
  }

  /**
   * Adds trials `first` … from characters '0' and '1' in text[from … to).
   * @returns the first trial that is there already, -1 when all are new, null for any other character (nothing is added)
   */
  add(first: number, text: Uint8Array, from: number, to: number): number | null {
    const length = to - from;
    for (let i = from; i < to; i++) if (((text[i] as number) | 1) !== (ZERO | 1)) return null;
    if (length === 0) return -1;
    const stretches = this.#stretches;
    // Answers come nearly in order: the place is nearly always the last.
    let at = stretches.length - 1;
    while (at >= 0 && (stretches[at] as Stretch).first > first) at--;
    const before = stretches[at];
    const after = stretches[at + 1];
    if (before !== undefined && before.first + before.length > first) return first;
    if (after !== undefined && first + length > after.first) return after.first;
    let here: Stretch;
    if (before !== undefined && before.first + before.length === first) here = before;
    else {
      here = { first, length: 0, data: new Uint8Array(Math.max(16, length)) };
      stretches.splice(at + 1, 0, here);
      at++;
    }
    grow(here, here.length + length);
    for (let i = 0; i < length; i++) here.data[here.length + i] = (text[from + i] as number) - ZERO;
    here.length += length;
    if (after !== undefined && here.first + here.length === after.first) {
      grow(here, here.length + after.length);
      here.data.set(after.data.subarray(0, after.length), here.length);
      here.length += after.length;
      stretches.splice(at + 1, 1);
    }
    return -1;
  }

  /** Passes and trials in the order of the numbers, up to the `wanted`-th pass, the cap, or the first hole. */
  count(wanted: number, cap: number): { readonly passes: number; readonly trials: number } {
    const [start] = this.#stretches;
    if (start === undefined || start.first !== 0) return { passes: 0, trials: 0 };
    const end = Math.min(start.length, cap);
    let passes = 0;
    let trials = 0;
    while (trials < end && passes < wanted) passes += start.data[trials++] as number;
    return { passes, trials };
  }
}

function grow(stretch: Stretch, length: number): void {
  if (length <= stretch.data.length) return;
  const data = new Uint8Array(Math.max(length, 2 * stretch.data.length));
  data.set(stretch.data.subarray(0, stretch.length));
  stretch.data = data;
}
