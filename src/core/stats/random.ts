/**
 * Seeded randomness for everything that resamples: PCG32 streams, so that a result depends on the seed and on the name
 * of what is resampled (a series id, a law id), never on the order of work or the number of workers.
 */

const MULTIPLIER_HIGH = 0x5851f42d;
const MULTIPLIER_LOW = 0x4c957f2d;

/** One stream of pseudo-random numbers. */
export interface Random {
  /** 32 random bits as an unsigned integer. */
  bits(): number;
  /** Uniform on [0, 1) with 53 random bits. */
  uniform(): number;
  /** Uniform integer on 0 … n-1 without modulo bias; n from 1 to 2^32. */
  integer(n: number): number;
  /** Standard normal (Marsaglia's polar method). */
  normal(): number;
}

/** FNV-1a of a text, as an unsigned 32-bit integer: names to stream numbers. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A PCG32 (XSH-RR) generator (O'Neill 2014). Different names give different streams of the same seed.
 *
 * @param seed any finite number; its integer part, low and high word, is used
 * @param name what the stream is for, e.g. `${series.id}/${law.id}`
 */
export function createRandom(seed: number, name = ''): Random {
  // 64-bit state in two unsigned words: BigInt would be fifty times slower.
  const increment = (hashText(name) << 1) | 1;
  const incrementHigh = hashText(`${name}#`) >>> 0;
  let high = 0;
  let low = 0;

  const advance = (): void => {
    const a = low & 0xffff;
    const b = low >>> 16;
    const c = MULTIPLIER_LOW & 0xffff;
    const d = MULTIPLIER_LOW >>> 16;
    const ac = a * c;
    const cross = a * d + (ac >>> 16);
    const cross2 = b * c + (cross & 0xffff);
    const productLow = ((cross2 << 16) | (ac & 0xffff)) >>> 0;
    const carry = b * d + Math.floor(cross / 0x10000) + Math.floor(cross2 / 0x10000);
    const productHigh = (carry + Math.imul(high, MULTIPLIER_LOW) + Math.imul(low, MULTIPLIER_HIGH)) >>> 0;
    const sum = productLow + (increment >>> 0);
    low = sum >>> 0;
    high = (productHigh + incrementHigh + (sum > 0xffffffff ? 1 : 0)) >>> 0;
  };

  const bits = (): number => {
    const oldHigh = high;
    const oldLow = low;
    advance();
    // ((state >> 18) ^ state) >> 27, rotated right by the top five bits.
    const shiftedHigh = oldHigh >>> 18;
    const shiftedLow = ((oldLow >>> 18) | (oldHigh << 14)) >>> 0;
    const mixedHigh = (shiftedHigh ^ oldHigh) >>> 0;
    const mixedLow = (shiftedLow ^ oldLow) >>> 0;
    const word = ((mixedLow >>> 27) | (mixedHigh << 5)) >>> 0;
    const turn = oldHigh >>> 27;
    return ((word >>> turn) | (word << (-turn & 31))) >>> 0;
  };

  const whole = Number.isFinite(seed) ? Math.floor(Math.abs(seed)) : 0;
  advance();
  const withSeed = low + (whole >>> 0);
  low = withSeed >>> 0;
  high = (high + (Math.floor(whole / 0x100000000) >>> 0) + (withSeed > 0xffffffff ? 1 : 0)) >>> 0;
  advance();

  let spare = Number.NaN;
  const uniform = (): number => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  return {
    bits,
    uniform,
    integer(n) {
      const limit = 0x100000000 - (0x100000000 % n);
      let word = bits();
      while (word >= limit) word = bits();
      return word % n;
    },
    normal() {
      if (!Number.isNaN(spare)) {
        const kept = spare;
        spare = Number.NaN;
        return kept;
      }
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const s = u * u + v * v;
        if (s > 0 && s < 1) {
          const scale = Math.sqrt((-2 * Math.log(s)) / s);
          spare = v * scale;
          return u * scale;
        }
      }
    },
  };
}

/** Shuffles in place (Fisher–Yates). */
export function shuffle<T>(items: T[], random: Random): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = items[i] as T;
    items[i] = items[j] as T;
    items[j] = kept;
  }
  return items;
}

/** Draws `counts.length` items with replacement and writes how often each was drawn. */
export function resampleCounts(random: Random, counts: Float64Array): Float64Array {
  counts.fill(0);
  const n = counts.length;
  for (let i = 0; i < n; i++) {
    const j = random.integer(n);
    counts[j] = (counts[j] as number) + 1;
  }
  return counts;
}
