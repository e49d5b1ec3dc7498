/**
 * The host's side of the WebAssembly kernel that reads delimited text: one instance for all tables, and its memory. Blocks
 * are copied in and results copied out, so that nothing a table holds lives in that memory, and its size does not depend
 * on the size of a file.
 */
import { CSV_KERNEL } from './csv-kernel.generated.ts';

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The part of WebAssembly that is used here: every host has it, but not all of their type declarations. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** What src/kernel/csv.ts exports; addresses are bytes in its memory. */
interface KernelExports {
  readonly memory: Memory;
  /** Address of the results of `tokenize`. */
  readonly results: { readonly value: number };
  tokenize(
    text: number,
    length: number,
    base: number,
    delimiter: number,
    maxLine: number,
    last: boolean,
    oneLine: boolean,
    cells: number,
    ends: number,
    rowFrom: number,
    rowStart: number,
    faults: number,
  ): void;
  numbers(
    text: number,
    ends: number,
    rowFrom: number,
    rowStart: number,
    rows: number,
    count: number,
    columns: number,
    width: number,
    point: number,
    out: number,
    missed: number,
  ): number;
}

export interface CsvKernel extends KernelExports {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
}

/** The first address that is free for data: the kernel's own constants lie below, vectors may be read ahead of a text. */
export const KERNEL_DATA = 4096;
const PAGE = 65_536;
/** More memory than this is kept only as long as it is needed. */
const KEPT = 128 * PAGE;

let compiled: object | null = null;
let current: CsvKernel | null = null;

function instantiated(): KernelExports {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Engine };
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(CSV_KERNEL), (c) => c.charCodeAt(0)));
  return new WebAssembly.Instance(compiled).exports as KernelExports;
}

/**
 * The kernel, with so much memory at least.
 * @param size in bytes
 * @throws RangeError when the host has no such memory
 */
export function csvKernel(size: number): CsvKernel {
  const held = current?.bytes.length ?? 0;
  if (current !== null && size <= held && (held <= KEPT || size > KEPT)) return current;
  const exports = current === null || held > KEPT ? instantiated() : current;
  const { memory, results } = exports;
  const missing = Math.max(size, 16 * PAGE) - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  current = {
    memory,
    results,
    tokenize: exports.tokenize,
    numbers: exports.numbers,
    bytes: new Uint8Array(memory.buffer),
    words: new Uint32Array(memory.buffer),
    doubles: new Float64Array(memory.buffer),
  };
  return current;
}
