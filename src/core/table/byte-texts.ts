/** Distinct stretches of bytes, numbered in the order in which they come: texts compared without making strings. */
export class ByteTexts {
  /** The distinct stretches, one after another. */
  #bytes = new Uint8Array(4096);
  #used = 0;
  /** Where stretch k begins; it ends where the next one begins. */
  #from = new Uint32Array(256);
  #hash = new Int32Array(256);
  /** Open addressing: number of a stretch, −1 where the slot is free. */
  #slots = new Int32Array(512).fill(-1);
  #count = 0;
  /** The stretch found last: neighbouring rows often agree. */
  #recent = -1;

  /** How many distinct stretches there are. */
  get size(): number {
    return this.#count;
  }

  /** The bytes of a stretch. */
  bytes(code: number): Uint8Array {
    return this.#bytes.subarray(this.#from[code], this.#from[code + 1]);
  }

  /** The number of bytes[start, end), taken up when it is new. */
  codeOf(bytes: Uint8Array, start: number, end: number): number {
    if (this.#recent >= 0 && this.#equal(this.#recent, bytes, start, end)) return this.#recent;
    let hash = end - start;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = this.#slots[slot] as number;
      if (code < 0) return this.#add(bytes, start, end, hash);
      if (this.#hash[code] === hash && this.#equal(code, bytes, start, end)) {
        this.#recent = code;
        return code;
      }
    }
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const code = this.#count++;
    if (this.#used + end - start > this.#bytes.length) {
      const more = new Uint8Array(2 * (this.#used + end - start));
      more.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = more;
    }
    this.#bytes.set(bytes.subarray(start, end), this.#used);
    this.#used += end - start;
    if (code + 1 >= this.#from.length) {
      const from = new Uint32Array(2 * this.#from.length);
      from.set(this.#from);
      this.#from = from;
      const hashes = new Int32Array(2 * this.#hash.length);
      hashes.set(this.#hash);
      this.#hash = hashes;
    }
    this.#from[code + 1] = this.#used;
    this.#hash[code] = hash;
    if (2 * this.#count > this.#slots.length) {
      this.#slots = new Int32Array(2 * this.#slots.length).fill(-1);
      for (let k = 0; k < this.#count; k++) this.#place(k);
    } else this.#place(code);
    this.#recent = code;
    return code;
  }

  #place(code: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hash[code] as number) & mask;
    while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = code;
  }

  #equal(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    let k = this.#from[code] as number;
    if ((this.#from[code + 1] as number) - k !== end - start) return false;
    const own = this.#bytes;
    for (let i = start; i < end; i++, k++) if (own[k] !== bytes[i]) return false;
    return true;
  }
}
