/**
 * The journal of a sampling run: one line of JSON per answer, appended and never changed. A line carries a checksum of
 * itself and ends with a newline that is written with it, so a file cut at any byte is a run up to its last whole line;
 * trials carry their numbers, so a run that goes on neither loses nor doubles one. Completions are kept only on request.
 */
import { err, ok, type Result } from '../result.ts';
import { hashText } from '../stats/random.ts';

const MAGIC = 'scaling-lens-passuntil';

/** What a session set out to do. Written at the start of every session; all of a file must agree. */
export interface RunLine {
  readonly kind: 'run';
  readonly journal: typeof MAGIC;
  readonly version: 1;
  readonly task: string;
  readonly r: number;
  readonly kMax: number;
  readonly prompts: { readonly count: number; readonly hash: string };
  readonly checker: string;
  readonly sampling: string;
  readonly models: readonly {
    readonly name: string;
    readonly params: number;
    readonly model: string;
    readonly api: string;
  }[];
}

/** One answer: trials first … of a draw. */
export interface TrialsLine {
  readonly kind: 'trials';
  readonly id: number;
  readonly model: string;
  readonly instance: string;
  readonly first: number;
  /** '1' for a pass, '0' for a fail, in the order of the trials. */
  readonly outcomes: string;
  /** The server's id of the answer, where it gave one. */
  readonly response: string | null;
  /** Prompt and completion tokens of the whole answer. */
  readonly tokens: readonly [number, number];
  /** Completions, where the run keeps them. */
  readonly texts?: readonly string[];
}

/** Tokens that a failed request may have cost: they count against the budget. */
export interface SpentLine {
  readonly kind: 'spent';
  readonly model: string;
  readonly tokens: readonly [number, number];
  readonly why: string;
}

export type JournalLine = RunLine | TrialsLine | SpentLine;

export interface Journal {
  readonly run: RunLine;
  readonly trials: readonly TrialsLine[];
  readonly spent: readonly SpentLine[];
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 (IEEE 802.3) over the UTF-16 units of a text, both bytes of each; eight hexadecimal digits. */
export function checksum(text: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    crc = (crc >>> 8) ^ (TABLE[(crc ^ unit) & 0xff] as number);
    if (unit > 0xff) crc = (crc >>> 8) ^ (TABLE[(crc ^ (unit >>> 8)) & 0xff] as number);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}

/** Sixteen hexadecimal digits that tell texts apart (not against an adversary). */
export function fingerprint(text: string): string {
  return checksum(text) + hashText(text).toString(16).padStart(8, '0');
}

/** A line of the file, newline included. */
export function encodeLine(line: JournalLine): string {
  const body = JSON.stringify(line).slice(0, -1);
  return `${body},"crc":"${checksum(body)}"}\n`;
}

/** True for a text that begins like a journal. */
export function isJournal(text: string): boolean {
  return text.slice(0, 200).includes(`"journal":"${MAGIC}"`);
}

export function runLine(run: Omit<RunLine, 'kind' | 'journal' | 'version'>): RunLine {
  return { kind: 'run', journal: MAGIC, version: 1, ...run };
}

/**
 * Reads a journal. Only what follows the last newline may be cut off; a damaged line before it is an error that names
 * the line, because something else than a crash has been at work.
 * @returns ok(null) for a file without a single whole line
 */
export function readJournal(text: string): Result<Journal | null, string> {
  const end = text.lastIndexOf('\n') + 1;
  let run: RunLine | null = null;
  const trials: TrialsLine[] = [];
  const spent: SpentLine[] = [];
  let number = 0;
  for (let start = 0; start < end; ) {
    const stop = text.indexOf('\n', start);
    number++;
    const line = decode(text.slice(start, stop));
    start = stop + 1;
    if (line === null) return err(`line ${number} of the journal is damaged: its checksum does not fit`);
    if (line.kind === 'run') {
      const conflict = run === null ? null : contradiction(run, line);
      if (conflict !== null) return err(`line ${number} of the journal begins another run: ${conflict}`);
      run = line;
    } else if (run === null) return err('the journal does not begin with its run');
    else if (line.kind === 'trials') trials.push(line);
    else spent.push(line);
  }
  if (run === null) return ok(null);
  const twice = overlap(trials);
  return twice === null ? ok({ run, trials, spent }) : err(twice);
}

function decode(line: string): JournalLine | null {
  const mark = line.lastIndexOf(',"crc":"');
  if (mark < 0 || !line.endsWith('"}') || line.length !== mark + 18) return null;
  if (checksum(line.slice(0, mark)) !== line.slice(mark + 8, mark + 16)) return null;
  return JSON.parse(`${line.slice(0, mark)}}`) as JournalLine;
}

/** Says why a run cannot go on in this journal; null when it can. Models may join, and their addresses may change. */
export function contradiction(before: RunLine, now: RunLine): string | null {
  if (before.r !== now.r) return `r was ${before.r} and is ${now.r} now`;
  if (before.kMax !== now.kMax) return `kMax was ${before.kMax} and is ${now.kMax} now`;
  if (before.task !== now.task) return `the task was ${before.task} and is ${now.task} now`;
  if (before.prompts.hash !== now.prompts.hash) {
    return before.prompts.count === now.prompts.count
      ? 'the prompts or answers have changed'
      : `there were ${before.prompts.count} prompts and there are ${now.prompts.count} now`;
  }
  if (before.checker !== now.checker) return `the checker was ${before.checker} and is ${now.checker} now`;
  if (before.sampling !== now.sampling) return `sampling was ${before.sampling} and is ${now.sampling} now`;
  for (const model of before.models) {
    const same = now.models.find((m) => m.name === model.name);
    if (same === undefined) return `model ${model.name} is missing now`;
    if (same.params !== model.params) return `${model.name} had ${model.params} parameters and has ${same.params} now`;
    if (same.model !== model.model) return `${model.name} was ${model.model} at its endpoint and is ${same.model} now`;
    if (same.api !== model.api) return `${model.name} was asked by ${model.api} and is by ${same.api} now`;
  }
  return null;
}

/** Trials that stand in the journal twice. */
function overlap(lines: readonly TrialsLine[]): string | null {
  const draws = new Map<string, Map<string, TrialsLine[]>>();
  for (const line of lines) {
    let byInstance = draws.get(line.model);
    if (byInstance === undefined) draws.set(line.model, (byInstance = new Map()));
    const list = byInstance.get(line.instance);
    if (list === undefined) byInstance.set(line.instance, [line]);
    else list.push(line);
  }
  for (const [model, byInstance] of draws) {
    for (const [instance, list] of byInstance) {
      let next = 0;
      for (const { first, outcomes } of list.sort((a, b) => a.first - b.first)) {
        if (first < next) return `trial ${first} of ${instance} at ${model} stands in the journal twice`;
        next = first + outcomes.length;
      }
    }
  }
  return null;
}

/** '0101' as passes and fails. */
export function outcomesOf(text: string): boolean[] {
  return Array.from(text, (c) => c === '1');
}
