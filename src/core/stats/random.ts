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
  // 64-bit state in two signed words: BigInt would be fifty times slower, and an unsigned word above 2^31 is boxed anew
  // at every step.
  const increment = (hashText(name) << 1) | 1;
  const incrementHigh = hashText(`${name}#`) | 0;
  let high = 0;
  let low = 0;

  const advance = (): void => {
    const a = low & 0xffff;
    const b = low >>> 16;
    const c = MULTIPLIER_LOW & 0xffff;
    const d = MULTIPLIER_LOW >>> 16;
    const ac = Math.imul(a, c);
    const ad = Math.imul(a, d);
    const bc = Math.imul(b, c);
    const middle = (ac >>> 16) + (ad & 0xffff) + (bc & 0xffff);
    const productLow = (middle << 16) | (ac & 0xffff);
    const carry = (Math.imul(b, d) + (ad >>> 16) + (bc >>> 16) + (middle >>> 16)) | 0;
    const productHigh = (carry + Math.imul(high, MULTIPLIER_LOW) + Math.imul(low, MULTIPLIER_HIGH)) | 0;
    low = (productLow + increment) | 0;
    high = (productHigh + incrementHigh + (low >>> 0 < productLow >>> 0 ? 1 : 0)) | 0;
  };

  const bits = (): number => {
    const oldHigh = high;
    const oldLow = low;
    advance();
    // ((state >> 18) ^ state) >> 27, rotated right by the top five bits.
    const mixedHigh = (oldHigh >>> 18) ^ oldHigh;
    const mixedLow = ((oldLow >>> 18) | (oldHigh << 14)) ^ oldLow;
    const word = (mixedLow >>> 27) | (mixedHigh << 5);
    const turn = oldHigh >>> 27;
    return ((word >>> turn) | (word << (-turn & 31))) >>> 0;
  };

  const whole = Number.isFinite(seed) ? Math.floor(Math.abs(seed)) : 0;
  advance();
  const withSeed = (low >>> 0) + (whole >>> 0);
  low = withSeed | 0;
  high = ((high >>> 0) + (Math.floor(whole / 0x100000000) >>> 0) + (withSeed > 0xffffffff ? 1 : 0)) | 0;
  advance();

  let spare = Number.NaN;
  let range = 1;
  let limit = 0x100000000;
  const uniform = (): number => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  return {
    bits,
    uniform,
    integer(n) {
      if (n !== range) {
        range = n;
        limit = 0x100000000 - (0x100000000 % n);
      }
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
