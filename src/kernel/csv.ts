/**
 * The inner loops of reading delimited text, in AssemblyScript: cutting a block into cells 64 bytes at a time, and reading
 * plain decimals 16 characters at a time. `scripts/compile-kernel.ts` makes WebAssembly of it; the host's side (memory,
 * blocks, everything that is no plain decimal) stands in src/core/table.
 */

/** The cell stood in quotes, the cell holds doubled quotes: the flags of `ends` in src/core/table/csv-tokens.ts. */
const QUOTED: u32 = 0x80000000;
const ESCAPED: u32 = 0x40000000;
const PLACE: u32 = 0x3fffffff;

/** What `tokenize` leaves behind: cells, rows, rest, longLine, oneLine, faults. */
export const results: usize = memory.data(24);

const MOST_FAULTS: i32 = 200;

/** The highest bits of 64 lanes as one number. */
function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>(i8x16.bitmask(a) | (i8x16.bitmask(b) << 16))) |
    ((<u64>(<u32>(i8x16.bitmask(c) | (i8x16.bitmask(d) << 16)))) << 32)
  );
}

const CLOSED: i32 = 1;
const UNCLOSED: i32 = 2;
const TEXT_AFTER: i32 = 3;

/** Where the quoted cell ends that `quoted` found, its flags, and the place of a fault. */
let quotedAt: i32 = 0;
let quotedFlag: u32 = 0;
let faultFrom: i32 = 0;
let faultEnd: i32 = 0;

/** Looks for a quoted cell at `from`, blanks before and after the quotes allowed; 0 where there is no quote. */
function quoted(text: usize, from: i32, length: i32, delimiter: i32, oneLine: bool): i32 {
  let q = from;
  while (load<u8>(text + q) === 32) q++;
  if (q >= length || load<u8>(text + q) !== 34) return 0;
  faultFrom = q;
  quotedFlag = QUOTED;
  let j = q + 1;
  let c: i32 = 0;
  for (;;) {
    c = 0;
    while (j < length && (c = load<u8>(text + j)) !== 34 && !(oneLine && (c === 10 || c === 13))) j++;
    if (j + 1 >= length || c !== 34 || load<u8>(text + j + 1) !== 34) break;
    quotedFlag = QUOTED | ESCAPED;
    j += 2;
  }
  quotedAt = j;
  if (j >= length || c !== 34) {
    faultEnd = q + 1;
    return UNCLOSED;
  }
  let k = j + 1;
  while (load<u8>(text + k) === 32) k++;
  c = load<u8>(text + k);
  // `"a"b`: the cell is taken as it stands, up to the next delimiter.
  if (c !== delimiter && c !== 10 && c !== 13) {
    faultEnd = j + 1;
    return TEXT_AFTER;
  }
  quotedAt = k;
  return CLOSED;
}

/**
 * Cuts a block into cells.
 * @param text the block, a line feed behind its last byte and 64 bytes more
 * @param base what is added to every place
 * @param last the block ends the text: its last row needs no line end
 * @param cells number of the block's first cell
 * @param ends room for a cell per byte and 64 more
 */
export function tokenize(
  text: usize,
  length: i32,
  base: i32,
  delimiter: i32,
  maxLine: i32,
  last: bool,
  oneLine: bool,
  cells: i32,
  ends: usize,
  rowFrom: usize,
  rowStart: usize,
  faults: usize,
): void {
  const separator = i8x16.splat(<i8>delimiter);
  const feed = i8x16.splat(10);
  const carriage = i8x16.splat(13);
  const quote = i8x16.splat(34);
  const two = i8x16.splat(2);
  let end = ends;
  let rowEnd = ends;
  let rows = 0;
  let faultCount = 0;
  let faultsBefore = 0;
  let longLine = -1;
  let rest = length;
  let lineStart = 0;
  // A cell, and a line, begin with the chunk.
  let begins: u64 = 1;
  let afterLine: u64 = 1;
  /** What of the chunk is still to be cut: behind a quoted cell the scan begins anew. */
  let keep: u64 = ~0;
  let flag: u32 = 0;
  let chunk = 0;
  let going = true;
  while (load<u8>(text + lineStart) === 10 || load<u8>(text + lineStart) === 13) if (++lineStart >= length) break;
  while (going && chunk <= length) {
    const at = text + chunk;
    if (length - chunk < 63) keep &= ((<u64>2) << (length - chunk)) - 1;
    const p = v128.load(at);
    const q = v128.load(at, 16);
    const r = v128.load(at, 32);
    const s = v128.load(at, 48);
    const lines =
      bits(
        v128.or(i8x16.eq(p, feed), i8x16.eq(p, carriage)),
        v128.or(i8x16.eq(q, feed), i8x16.eq(q, carriage)),
        v128.or(i8x16.eq(r, feed), i8x16.eq(r, carriage)),
        v128.or(i8x16.eq(s, feed), i8x16.eq(s, carriage)),
      ) & keep;
    const cut =
      bits(i8x16.eq(p, separator), i8x16.eq(q, separator), i8x16.eq(r, separator), i8x16.eq(s, separator)) & keep;
    // A blank and a quote differ in one bit.
    const quotes = bits(
      i8x16.eq(v128.or(p, two), quote),
      i8x16.eq(v128.or(q, two), quote),
      i8x16.eq(v128.or(r, two), quote),
      i8x16.eq(v128.or(s, two), quote),
    );
    // A line end behind another one ends no row.
    const rowsHere = lines & ~((lines << 1) | afterLine);
    let pending = cut | rowsHere;
    const structural = cut | lines;
    let open = ((structural << 1) | begins) & quotes & (keep | begins);
    begins = structural >> 63;
    afterLine = lines >> 63;
    keep = ~0;
    let jumped = false;
    for (;;) {
      const bit = open & (~open + 1);
      // Up to the next cell that may stand in quotes (all, where there is none).
      const part = pending & (bit - 1);
      pending ^= part;
      const count = <i32>popcnt(part);
      if (count > 0) {
        const first = end;
        let m = part;
        const from = base + chunk;
        do {
          store<i32>(end, from + <i32>ctz(m));
          m &= m - 1;
          store<i32>(end, from + <i32>ctz(m), 4);
          m &= m - 1;
          store<i32>(end, from + <i32>ctz(m), 8);
          m &= m - 1;
          store<i32>(end, from + <i32>ctz(m), 12);
          m &= m - 1;
          end += 16;
        } while (m !== 0);
        end = first + (count << 2);
        store<u32>(first, load<u32>(first) | flag);
        flag = 0;
        let ended = part & rowsHere;
        while (ended !== 0) {
          const place = chunk + <i32>ctz(ended);
          if (place - lineStart > maxLine) longLine = lineStart;
          if (longLine >= 0 || (place >= length && !last)) {
            end = rowEnd;
            faultCount = faultsBefore;
            rest = lineStart;
            going = false;
            break;
          }
          store<i32>(rowFrom + (rows << 2), lineStart + base);
          store<i32>(rowStart + (rows << 2), cells + <i32>((rowEnd - ends) >> 2));
          rows++;
          rowEnd = first + ((<usize>popcnt(part & (ended ^ (ended - 1)))) << 2);
          faultsBefore = faultCount;
          lineStart = place + 1;
          while (lineStart < length && (load<u8>(text + lineStart) === 10 || load<u8>(text + lineStart) === 13))
            lineStart++;
          ended &= ended - 1;
        }
        if (!going) break;
      }
      if (bit === 0) break;
      open ^= bit;
      const from = chunk + <i32>ctz(bit);
      const kind = from < length ? quoted(text, from, length, delimiter, oneLine) : 0;
      if (kind === 0) continue;
      if (kind === CLOSED) {
        flag = quotedFlag;
        chunk = quotedAt & ~63;
        keep = ~(<u64>0) << (quotedAt & 63);
        begins = 0;
        afterLine = 0;
        jumped = true;
        break;
      }
      if (kind === UNCLOSED && !last && quotedAt >= length && length - lineStart <= maxLine) {
        // The next block may close it.
        end = rowEnd;
        faultCount = faultsBefore;
        rest = lineStart;
        going = false;
        break;
      }
      if (faultCount < MOST_FAULTS) {
        const fault = faults + faultCount * 12;
        store<i32>(fault, kind);
        store<i32>(fault, base + faultFrom, 4);
        store<i32>(fault, base + faultEnd, 8);
        faultCount++;
      }
      // After one quote that never closes, quoted cells no longer run over line ends: that keeps the pass linear.
      if (kind === UNCLOSED) oneLine = true;
    }
    if (!jumped) chunk += 64;
  }
  store<i32>(results, <i32>((end - ends) >> 2));
  store<i32>(results, rows, 4);
  store<i32>(results, rest, 8);
  store<i32>(results, longLine, 12);
  store<i32>(results, oneLine ? 1 : 0, 16);
  store<i32>(results, faultCount, 20);
}

const POWERS: usize = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]);
const MOST_POWER: u32 = 22;
/** Sixteen bytes from the n-th on cover the last n of sixteen. */
const WINDOW: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255,
]);
/** Constants of the vector steps: read from memory they cost one instruction, written out several. */
const ZEROS: usize = memory.data<u8>([48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48]);
const NINES: usize = memory.data<u8>([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
const UP: usize = memory.data<u8>([16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
const LOW: usize = memory.data<u16>([255, 255, 255, 255, 255, 255, 255, 255]);
const TENS: usize = memory.data<u16>([10, 10, 10, 10, 10, 10, 10, 10]);
const HUNDREDS: usize = memory.data<u16>([100, 1, 100, 1, 100, 1, 100, 1]);
const MYRIADS: usize = memory.data<u16>([10000, 1, 10000, 1, 10000, 1, 10000, 1]);
/** 2^27 + 1: cuts a double in two halves. */
const SPLIT: f64 = 134217729;
/** 2^53: integers up to here are doubles. */
const EXACT: u64 = 9007199254740992;

/** Set by the readers of numbers: what stands there is no plain decimal. */
let failed: bool = false;
/** Digits behind the point, of the digits read last. */
let places: i32 = 0;

function fail(): f64 {
  failed = true;
  return NaN;
}

/** The digits in sixteen lanes as one number. */
function joined(digits: v128): u64 {
  const pairs = i16x8.add(i16x8.mul(v128.and(digits, v128.load(LOW)), v128.load(TENS)), i16x8.shr_u(digits, 8));
  const fours = i32x4.dot_i16x8_s(pairs, v128.load(HUNDREDS));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), v128.load(MYRIADS));
  return <u64>(<u32>i32x4.extract_lane(eights, 0)) * 100000000 + <u64>(<u32>i32x4.extract_lane(eights, 1));
}

/** mantissa · 10^power, correctly rounded. */
function scaled(mantissa: u64, power: i32): f64 {
  if (<u32>(power + <i32>MOST_POWER) > 2 * MOST_POWER) return mantissa === 0 ? 0 : fail();
  if (mantissa > EXACT) return twoDoubles(mantissa, power);
  // Both factors are exact doubles: one rounding.
  const m = <f64>(<i64>mantissa);
  return power < 0 ? m / load<f64>(POWERS + (-power << 3)) : m * load<f64>(POWERS + (power << 3));
}

/**
 * mantissa · 10^power, correctly rounded, for |power| ≤ 22; fails in the one case in some 10^12 where two doubles do not
 * decide the rounding. Dekker's exact product (Numer. Math. 18, 1971) and Ziv's rounding test (ACM TOMS 17, 1991).
 */
function twoDoubles(mantissa: u64, power: i32): f64 {
  const m = <f64>mantissa;
  // The nearest double may lie above; 2^64 itself is out of reach with 19 digits.
  const left = <f64>(<i64>(mantissa - <u64>m));
  const factor = load<f64>(POWERS + ((power < 0 ? -power : power) << 3));
  let c = SPLIT * factor;
  const bh = c - (c - factor);
  const bl = factor - bh;
  let first: f64;
  let second: f64;
  if (power < 0) {
    first = m / factor;
    const p = first * factor;
    c = SPLIT * first;
    const ah = c - (c - first);
    const al = first - ah;
    const error = ah * bh - p + ah * bl + al * bh + al * bl;
    second = (m - p - error + left) / factor;
  } else {
    first = m * factor;
    c = SPLIT * m;
    const ah = c - (c - m);
    const al = m - ah;
    second = ah * bh - first + ah * bl + al * bh + al * bl + left * factor;
  }
  const above = first + second * (1 + 5.684341886080802e-14);
  return above === first + second * (1 - 5.684341886080802e-14) ? above : fail();
}

/** The digits of up to sixteen characters, with at most one point among them. */
function short(from: usize, end: usize, point: i32): u64 {
  let digits = v128.and(i8x16.sub(v128.load(end - 16), v128.load(ZEROS)), v128.load(WINDOW + (end - from)));
  const others = i8x16.bitmask(i8x16.gt_u(digits, v128.load(NINES)));
  places = 0;
  if (others !== 0) {
    const at = ctz(others);
    if ((others & (others - 1)) !== 0 || load<u8>(end - 16 + at) !== point || end - from === 1) failed = true;
    // The digits before the point move up by one, over it.
    const moved = i8x16.swizzle(digits, v128.load(UP));
    digits = v128.bitselect(digits, moved, v128.load(WINDOW + (15 - at)));
    places = 15 - at;
  }
  return joined(digits);
}

/** The digits of more characters: up to nineteen significant ones. */
function long(from: usize, end: usize, point: i32): u64 {
  let mantissa: u64 = 0;
  let significant = 0;
  let pointAt: usize = 0;
  for (let i = from; i < end; i++) {
    const c: i32 = load<u8>(i);
    const digit = <u32>(c - 48);
    if (digit < 10) {
      mantissa = mantissa * 10 + digit;
      if (mantissa !== 0) significant++;
    } else if (c === point && pointAt === 0) pointAt = i;
    else failed = true;
  }
  if (significant > 19) failed = true;
  places = pointAt === 0 ? 0 : <i32>(end - pointAt - 1);
  return mantissa;
}

/** A decimal with or without sign, point and an exponent of one or two digits; everything else fails. */
function decimal(from: usize, end: usize, point: i32): f64 {
  failed = false;
  const sign: i32 = load<u8>(from);
  if (sign === 45 || sign === 43) from++;
  let power = 0;
  let e = end - 2;
  if ((load<u8>(e) | 32) !== 101) {
    e--;
    if ((load<u8>(e) | 32) !== 101) e--;
  }
  if ((load<u8>(e) | 32) === 101 && e > from) {
    let i = e + 1;
    const direction: i32 = load<u8>(i);
    if (direction === 45 || direction === 43) i++;
    if (i === end) return fail();
    for (; i < end; i++) {
      const digit = <u32>load<u8>(i) - 48;
      if (digit > 9) return fail();
      power = power * 10 + digit;
    }
    if (direction === 45) power = -power;
    end = e;
  }
  if (end <= from) return fail();
  const mantissa = end - from <= 16 ? short(from, end, point) : long(from, end, point);
  const value = scaled(mantissa, power - places);
  return sign === 45 ? -value : value;
}

/**
 * Columns of cells as numbers; NaN where a row has no such cell, where it is empty, and where it holds no plain decimal.
 * All addresses are those that the entry numbered 0 would have.
 * @param rows the rows asked for, `count` of them from here on
 * @param columns `width` of them from here on
 * @param point the character between whole and fraction
 * @param out the columns, one after another, `count` numbers each
 * @param missed for every cell that holds something else: its row's place in `rows` times `width` plus its column's
 * @returns how many were missed
 */
export function numbers(
  text: usize,
  ends: usize,
  rowFrom: usize,
  rowStart: usize,
  rows: usize,
  count: i32,
  columns: usize,
  width: i32,
  point: i32,
  out: usize,
  missed: usize,
): i32 {
  let miss = missed;
  for (let k = 0; k < count; k++) {
    const row = (<usize>load<u32>(rows + (k << 2))) << 2;
    const first = load<u32>(rowStart + row);
    const next = load<u32>(rowStart + row, 4);
    let target = out + (k << 3);
    for (let j = 0; j < width; j++) {
      const cell = first + load<u32>(columns + (j << 2));
      let value: f64 = NaN;
      if (cell < next) {
        let from = text + (cell === first ? load<u32>(rowFrom + row) : (load<u32>(ends + (cell << 2) - 4) & PLACE) + 1);
        const mark = load<u32>(ends + (cell << 2));
        let end = text + (mark & PLACE);
        if (mark >= QUOTED) {
          while (load<u8>(from) === 32) from++;
          while (load<u8>(end - 1) === 32) end--;
          from++;
          end--;
        }
        if (from < end) {
          value = decimal(from, end, point);
          if (failed) {
            value = NaN;
            store<i32>(miss, k * width + j);
            miss += 4;
          }
        }
      }
      store<f64>(target, value);
      target += count << 3;
    }
  }
  return <i32>((miss - missed) >> 2);
}
