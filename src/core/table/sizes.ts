/**
 * Sizes and training tokens read out of model names: `EleutherAI/pythia-1.4b-deduped` → 1.4e9 from “1.4b”. Every reading
 * knows the rule and the characters it rests on; decoys (versions, dates, context lengths, steps) are blanked first.
 */

import type { ExactCount } from './registry/models.ts';
import { ALIASES, KNOWN_TOKENS, MOE, PYTHIA, PYTHIA_TOKENS_PER_STEP } from './registry/models.ts';

export interface NameReading<T> {
  readonly value: T;
  readonly rule: string;
  /** The characters that say so, as offsets into the name. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface NameSizes {
  /** Nominal total parameters. */
  readonly params: NameReading<number> | null;
  /** Parameters used per token, for mixtures of experts. */
  readonly active: number | null;
  readonly moe: boolean;
  /** Published exact count of that model, where there is one. */
  readonly exact: ExactCount | null;
  /** Training tokens that the name states. */
  readonly tokens: NameReading<number> | null;
  /** `5xC`: tokens as a multiple of the compute-optimal 20 per parameter. */
  readonly multiple: NameReading<number> | null;
  /** `step143000`. */
  readonly step: NameReading<number> | null;
  /** Different sizes in one name, the unused ones first; empty if the reading is clear. */
  readonly rivals: readonly string[];
  /** True where the reading is an upper bound that the user should settle (`8x7B`). */
  readonly ask: boolean;
}

const SCALE: Readonly<Record<string, number>> = { m: 1e6, b: 1e9, t: 1e12 };
const LEAST = 1e5;
const MOST = 5e12;

function reading<T>(name: string, value: T, rule: string, start: number, end: number): NameReading<T> {
  return { value, rule, text: name.slice(start, end), start, end };
}

const DECOYS: readonly RegExp[] = [
  /\d+(?:\.\d+)?MtokBS/gi,
  /(?<![a-z0-9])v\d+(?:\.\d+)*(?![0-9a-z])/gi,
  /(?<=[-_])\d+k(?![a-z0-9])/gi,
  /(?<![a-z0-9.])\d+p(?![0-9a-z])/gi,
  /(?<!\d)\d{8}(?:-\d{6})?(?!\d)/g,
];

/** Without one of these a name holds no tokens, multiple, step or decoy. */
const TAKEN = /tokens\d|\d[bt]t|\dt(?![a-z0-9])|\dxc|step|\dmtokbs|v\d|\dk(?![a-z0-9])|\dp(?![a-z0-9])|\d{8}/i;

interface Blanked {
  readonly text: string;
  readonly tokens: NameReading<number> | null;
  readonly multiple: NameReading<number> | null;
  readonly step: NameReading<number> | null;
}

/** Takes tokens, multiples and steps out of a name and blanks what only looks like a size; offsets stay. */
function blank(name: string): Blanked {
  let text = name;
  let tokens: NameReading<number> | null = null;
  let multiple: NameReading<number> | null = null;
  let step: NameReading<number> | null = null;
  // Most names hold none of these, and one look is cheaper than ten.
  if (!TAKEN.test(name)) return { text, tokens, multiple, step };
  const take = (pattern: RegExp, use: (m: RegExpExecArray) => void): void => {
    const m = pattern.exec(text);
    if (m === null) return;
    use(m);
    text = text.slice(0, m.index) + ' '.repeat(m[0].length) + text.slice(m.index + m[0].length);
  };
  take(/tokens(\d+(?:\.\d+)?)([MBT])(?![a-z0-9])/i, (m) => {
    tokens = reading(
      name,
      Number(m[1]) * (SCALE[(m[2] as string).toLowerCase()] as number),
      'tokens<number><suffix>',
      m.index,
      m.index + m[0].length,
    );
  });
  take(/(?<![\d.])(\d+(?:\.\d+)?)([BT])T(?![a-z0-9])/i, (m) => {
    tokens ??= reading(
      name,
      Number(m[1]) * (SCALE[(m[2] as string).toLowerCase()] as number),
      '<number>BT',
      m.index,
      m.index + m[0].length,
    );
  });
  take(/(?<=[-_])(\d+(?:\.\d+)?)T(?![a-z0-9])/i, (m) => {
    tokens ??= reading(name, Number(m[1]) * 1e12, '<number>T', m.index, m.index + m[0].length);
  });
  take(/(?<![\d.])(\d+(?:\.\d+)?)xC(?![a-z0-9])/i, (m) => {
    multiple = reading(name, Number(m[1]), '<k>xC', m.index, m.index + m[0].length);
  });
  take(/step[-_]?(\d+)/i, (m) => {
    step = reading(name, Number(m[1]), 'step<number>', m.index, m.index + m[0].length);
  });
  for (const decoy of DECOYS) text = text.replace(decoy, (m) => ' '.repeat(m.length));
  return { text, tokens, multiple, step };
}

const NOTHING = { params: null, active: null, moe: false, exact: null, rivals: [], ask: false } as const;

function inRange(value: number): boolean {
  return value >= LEAST && value <= MOST;
}

type Sizes = Pick<NameSizes, 'params' | 'active' | 'moe' | 'rivals' | 'ask'>;

/** Rules 1 to 6 on one stretch [from, to) of the blanked name. */
function sizeIn(name: string, text: string, from: number, to: number): Sizes | null {
  const part = text.slice(from, to);
  const lower = part.toLowerCase();
  const raw = name.slice(from, to).toLowerCase();
  for (const moe of MOE) {
    const at = raw.indexOf(moe.name);
    if (at >= 0 && !/[a-z0-9.]/.test(raw[at + moe.name.length] ?? '-')) {
      const params = reading(name, moe.total, 'moe-table', from + at, from + at + moe.name.length);
      return { params, active: moe.active, moe: true, rivals: [], ask: false };
    }
  }
  const bare = raw.replace(/\.(?:csv|json|jsonl|ya?ml)$/, '').replace(/-(?:hf|base|deduped)$/, '');
  const alias = ALIASES.get(raw) ?? ALIASES.get(bare);
  if (alias !== undefined) {
    const length = ALIASES.has(raw) ? raw.length : bare.length;
    return {
      params: reading(name, alias, 'alias', from, from + length),
      active: null,
      moe: false,
      rivals: [],
      ask: false,
    };
  }
  // Every rule below needs a figure before its letter.
  if (!/\d[mb]/.test(lower)) return null;
  let m = /(?<![\d.])(\d+)x(\d+(?:\.\d+)?)([mb])(?![a-z0-9])/.exec(lower);
  if (m !== null) {
    const value = Number(m[1]) * Number(m[2]) * (SCALE[m[3] as string] as number);
    if (inRange(value)) {
      return {
        params: reading(name, value, 'K x N, an upper bound', from + m.index, from + m.index + m[0].length),
        active: null,
        moe: true,
        rivals: [],
        ask: true,
      };
    }
  }
  m = /(?<![\d.])(\d+(?:\.\d+)?)([mb])-a(\d+(?:\.\d+)?)([mb])(?![a-z0-9])/.exec(lower);
  if (m !== null) {
    const value = Number(m[1]) * (SCALE[m[2] as string] as number);
    const active = Number(m[3]) * (SCALE[m[4] as string] as number);
    if (inRange(value))
      return {
        params: reading(name, value, 'N-A<active>', from + m.index, from + m.index + m[0].length),
        active,
        moe: true,
        rivals: [],
        ask: false,
      };
  }
  const hits: NameReading<number>[] = [];
  const add = (value: number, rule: string, at: number, length: number): void => {
    if (inRange(value)) hits.push(reading(name, value, rule, from + at, from + at + length));
  };
  for (const d of lower.matchAll(/(?<![\d.])(\d+)([mb])(\d)(?![0-9a-z])/g))
    add(Number(`${d[1]}.${d[3]}`) * (SCALE[d[2] as string] as number), '1b5 as a decimal', d.index, d[0].length);
  for (const d of lower.matchAll(/(?<![\d._])(\d)(p|_)(\d{1,2})([mb])(?![a-z0-9])/g)) {
    // `llama_2_7b` is version 2 with 7B; `stablelm-2-1_6b` is 1.6B: an underscore before says which.
    add(
      Number(`${d[1]}.${d[3]}`) * (SCALE[d[4] as string] as number),
      d[2] === 'p' ? '1p3b as a decimal' : '1_6b as a decimal',
      d.index,
      d[0].length,
    );
  }
  const decimals = hits.length;
  for (const d of lower.matchAll(/(?<![\d.])(\d+(?:\.\d+)?)([mb])(?![a-z0-9])/g)) {
    const a = from + d.index;
    if (hits.slice(0, decimals).some((h) => a >= h.start && a < h.end)) continue;
    add(Number(d[1]) * (SCALE[d[2] as string] as number), 'suffix', d.index, d[0].length);
  }
  hits.sort((a, b) => a.start - b.start);
  const last = hits.at(-1);
  if (last === undefined) return null;
  const rivals = [...new Set(hits.filter((h) => h.value !== last.value).map((h) => h.text))];
  return { params: last, active: null, moe: false, rivals, ask: false };
}

/**
 * Everything that a model's name says. The part after the last `/` counts; the path before it only where that says
 * nothing. Names of several pieces (`invscal_QA-v0_ada`) are also tried by their last piece.
 * Source of the rules: surveyed names of published tables (ObsScaling, HELM, OpenCompass, OLMo, BIG-bench).
 */
export function readModelName(name: string): NameSizes {
  const { text, tokens, multiple, step } = blank(name);
  const slash = name.replace(/\/+$/, '').lastIndexOf('/');
  const common = { tokens, multiple, step };
  let sizes = sizeIn(name, text, slash + 1, name.length);
  if (sizes === null) {
    const stem = name.replace(/\.(?:csv|tsv|jsonl?|ya?ml)$/i, '');
    const piece = Math.max(stem.lastIndexOf('_'), slash) + 1;
    const alias = ALIASES.get(stem.slice(piece).toLowerCase());
    if (alias !== undefined) {
      sizes = {
        params: reading(name, alias, 'alias', piece, stem.length),
        active: null,
        moe: false,
        rivals: [],
        ask: false,
      };
    }
  }
  if (sizes === null && slash > 0) sizes = sizeIn(name, text, 0, slash);
  if (sizes === null) return { ...NOTHING, ...common };
  const pythia = /pythia-(?:v[\d.]+-)?(\d+(?:\.\d+)?[mb])(?![a-z0-9])/i.exec(name);
  const exact = pythia === null ? null : (PYTHIA.get((pythia[1] as string).toLowerCase()) ?? null);
  return { ...sizes, exact, ...common };
}

/** Training tokens of a published model, with the source; null if not known. A step in the name counts for Pythia. */
export function knownTokens(name: string): { readonly value: number; readonly source: string } | null {
  const base = (name.split('/').at(-1) ?? name).toLowerCase();
  for (const known of KNOWN_TOKENS) {
    if (!known.pattern.test(base)) continue;
    const step = /step[-_]?(\d+)/i.exec(name);
    if (step === null) return { value: known.tokens, source: known.source };
    if (!base.startsWith('pythia-')) return null;
    return { value: Number(step[1]) * PYTHIA_TOKENS_PER_STEP, source: `${known.source}: step × 2 097 152` };
  }
  return null;
}

const GPT3 = /^(?:text-)?(?:ada|babbage|curie|davinci)(?:-\d+)?$/i;

/** The family that a name suggests: what stands before its size; null if it has no size. */
export function familyOfName(name: string): string | null {
  const base = name.split('/').at(-1) ?? name;
  if (GPT3.test(base)) return 'gpt-3';
  if (/^gpt-?2(?:-(?:small|medium|large|xl))?$/i.test(base)) return 'gpt-2';
  const sizes = readModelName(base);
  if (sizes.params === null || sizes.params.rule === 'alias' || sizes.params.rule === 'moe-table') return null;
  const family = base.slice(0, sizes.params.start).replace(/[-_.\s]+$/, '');
  return family === '' ? null : family;
}
