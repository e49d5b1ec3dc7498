/**
 * Logs of training runs as text, as Megatron-LM, NeMo, nanotron, torchtitan, torchtune, litgpt and nanoGPT print them: a line
 * per step with a loss among other numbers, between lines of anything else. One row per line that states a step and a loss.
 */
import { err, ok, type Result } from '../result.ts';
import type { ColumnHint, RawTable } from '../table/raw-table.ts';
import { derivedCell, TableBuilder } from './cell-table.ts';
import { readQuantity } from './quantity.ts';
import { type Refusal, unrecognised } from './source.ts';

const HOW = 'a line of the training log';
/** Characters before the first step in which the size of the model is looked for. */
const HEAD = 1 << 20;
/** How far into a line is looked. */
const LINE = 2_000;
/** Lines of a beginning that must be records, and their share: logs begin with pages of other messages. */
const FEWEST = 2;
const MANY = 5;
const SHARE = 0.2;

const NUMBER = String.raw`[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?`;
const STEP = /(?<![A-Za-z_])(?:iteration|iter|step)s?\s*[:=]?\s*(\d[\d,]*)(?![\d.]*[A-Za-z%])/di;
const TOKENS =
  /(?<![A-Za-z_])(?:(?:consumed|total|trained|seen)[_ ]tokens|tokens[_ ]seen)\s*[:=]\s*(\d[\d.,]*(?:e[-+]?\d+)?[KMBT]?)(?![\w.])/di;
const LOSS = new RegExp(
  String.raw`(?<![A-Za-z_])((?:(?:reduced|train(?:ing)?|val(?:id(?:ation)?)?|eval|test|lm|ce|avg|mean|global)[_ ]){0,3}loss)(?:[_ ](?:value|train|val))?\s*[:=]?\s*(${NUMBER})(?![\w.])`,
  'dgi',
);
/** litgpt: `loss train: 3.12, val: 3.2`. */
const SIDES = new RegExp(
  String.raw`(?<![A-Za-z_])loss train\s*[:=]\s*(${NUMBER})(?:,\s*val\s*[:=]\s*(${NUMBER}))?`,
  'di',
);
/** Megatron-LM: `validation loss at iteration 30 | lm loss value: 9.1E+00`. */
const AT = /^\W*(?:validation|valid|val|eval|test) loss at\b/i;
const HELD_OUT = /val|eval|test/i;

interface Found {
  readonly name: string;
  readonly text: string;
  /** Place in the line. */
  readonly at: number;
}

interface Logged {
  readonly step: Found;
  readonly tokens: Found | null;
  readonly losses: readonly Found[];
}

/** What one line states; null where it is no record. Lines with braces are JSON, YAML or Python. */
function recordOf(whole: string): Logged | null {
  const line = whole.slice(0, LINE);
  if (!/loss/i.test(line) || line.includes('{')) return null;
  const step = found('step', STEP.exec(line), 1);
  if (step === null) return null;
  const heldOut = AT.test(line);
  const losses: Found[] = [];
  const sides = SIDES.exec(line);
  if (sides !== null) {
    for (const [group, name] of [
      [1, 'train_loss'],
      [2, 'val_loss'],
    ] as const) {
      const one = found(name, sides, group);
      if (one !== null) losses.push(one);
    }
  } else
    for (const match of line.matchAll(LOSS)) {
      const name = (match[1] as string).toLowerCase().replaceAll(' ', '_');
      const one = found(heldOut && !HELD_OUT.test(name) ? `val_${name}` : name, match, 2);
      if (one !== null) losses.push(one);
    }
  return losses.length === 0 ? null : { step, tokens: found('tokens', TOKENS.exec(line), 1), losses };
}

function found(name: string, match: RegExpExecArray | null, group: number): Found | null {
  const text = match?.[group];
  if (match === null || text === undefined) return null;
  return { name, text, at: match.indices?.[group]?.[0] ?? match.index };
}

/** `number of parameters: 123.59M`; `8,030,261,248 total parameters`. */
const PARAMS: readonly RegExp[] = [
  /(?:number of (?:trainable )?param(?:eter)?s|total (?:trainable )?parameters|parameter count|num[_ ]params)[^\d\n]{0,40}(\d[\d.,]*\s?[KMBT]?)(?![\w.])/di,
  /(?<![\w.,])(\d[\d.,]*\s?[KMBT]?) (?:total |trainable )?param(?:eter)?s\b/di,
];
const LEAST_PARAMS = 1e4;

/** The size that a log states before its first step. */
function paramsOf(head: string): Found | null {
  for (const pattern of PARAMS) {
    const one = found('params', pattern.exec(head), 1);
    if (one !== null && (readQuantity(one.text)?.value ?? 0) >= LEAST_PARAMS) return one;
  }
  return null;
}

/** Whether the beginning of a text is the log of a training run. */
export function isTrainingLog(lines: readonly string[]): boolean {
  const records = lines.filter((line) => recordOf(line) !== null).length;
  return records >= MANY || (records >= FEWEST && records >= SHARE * lines.length);
}

/** Reads a log. Of a loss that is no held-out one the role is that of a training loss, where both are there. */
export function readTrainingLog(
  file: string,
  text: string,
  notes: readonly string[],
): Result<readonly RawTable[], Refusal> {
  const records: { readonly start: number; readonly logged: Logged }[] = [];
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf('\n', start);
    const end = next < 0 ? text.length : next;
    const logged = recordOf(text.slice(start, Math.min(end, start + LINE)));
    if (logged !== null) records.push({ start, logged });
    start = end + 1;
  }
  const heldOut = records.some(({ logged }) => logged.losses.some(({ name }) => HELD_OUT.test(name)));
  // Beside an estimate over many batches, the loss of the batch of the step is another thing.
  const estimated = records.some(({ logged }) => logged.losses.some(({ name }) => name === 'train_loss'));
  const size = paramsOf(text.slice(0, records[0]?.start ?? 0).slice(-HEAD));
  const offset = Math.max(0, (records[0]?.start ?? 0) - HEAD);
  const builder = new TableBuilder();
  for (const { start, logged } of records) {
    const row = builder.row();
    const put = (one: Found, hint: ColumnHint, from = start): void => {
      const value = readQuantity(one.text)?.value;
      const span = { start: from + one.at, end: from + one.at + one.text.length };
      builder.set(row, builder.column(one.name, one.name, hint), derivedCell(one.text, span, value));
    };
    if (size !== null) put(size, { role: 'params', unit: 1, how: 'a line of the log before its first step' }, offset);
    put(logged.step, { role: 'step', how: HOW });
    if (logged.tokens !== null) put(logged.tokens, { role: 'tokens', unit: 1, how: HOW });
    for (const loss of logged.losses)
      put(
        loss,
        estimated && loss.name === 'loss'
          ? { role: 'ignore', how: 'the loss of one batch: train_loss is the estimate over many' }
          : heldOut && !HELD_OUT.test(loss.name)
            ? { role: 'score', task: 'train', metric: 'loss', how: HOW }
            : { role: 'loss', metric: loss.name, how: HOW },
      );
  }
  if (builder.rowCount === 0)
    return err(
      unrecognised('a log without a line that states a step and a loss', { start: 0, end: Math.min(1, text.length) }),
    );
  const lines = text.split('\n').filter((line) => line.trim() !== '').length;
  return ok([
    builder.build({
      file,
      format: 'training-log',
      text,
      layout: 'wide',
      notes: [...notes, `${records.length} of ${lines} lines state a step and a loss`],
    }),
  ]);
}
