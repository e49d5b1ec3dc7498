/**
 * Mean and standard errors of numbers that come one after another: the same sums in the same order whether a table is held
 * whole or read piece by piece, so that both give the same digits.
 */

/** Mean with its standard errors: sample sd (n − 1) and population sd (n), both over √n. NaN below two rows. */
export interface MeanOfRows {
  readonly n: number;
  readonly mean: number;
  readonly stderr: number;
  readonly stderrPopulation: number;
}

/** A sum whose rounding errors are kept beside it (Neumaier, ZAMM 54, 1974). */
class Sum {
  #sum = 0;
  #rest = 0;

  add(value: number): void {
    const next = this.#sum + value;
    this.#rest += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    this.#sum = next;
  }

  get value(): number {
    return this.#sum + this.#rest;
  }
}

/** Takes numbers one by one; what is not finite counts for nothing. */
export class MeanFold {
  /** The first value: differences from it are small where all values lie far from zero. */
  #origin = 0;
  readonly #values = new Sum();
  readonly #differences = new Sum();
  readonly #squares = new Sum();
  n = 0;

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    if (this.n === 0) this.#origin = value;
    this.n++;
    this.#values.add(value);
    const difference = value - this.#origin;
    this.#differences.add(difference);
    this.#squares.add(difference * difference);
  }

  result(): MeanOfRows {
    const { n } = this;
    const shift = this.#differences.value / n;
    const squares = Math.max(0, this.#squares.value - n * shift * shift);
    return {
      n,
      mean: this.#values.value / n,
      stderr: n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.NaN,
      stderrPopulation: n > 0 ? Math.sqrt(squares / n / n) : Number.NaN,
    };
  }
}
