// Damaged files: cut, flipped, doubled, spliced with what breaks parsers. Whatever happens to a file, a reader gives
// tables or one message at a place inside the text; it never throws and never hangs. 200 mutants per kind of file, and
// 2000 with SCALING_LENS_LONG=1.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { parseManifest } from '../../../src/core/manifest/parse.ts';
import { joinedBytes } from '../../../src/core/read/joined-bytes.ts';
import { readInput } from '../../../src/core/read/open.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { parquetSample, writeParquet } from './parquet-sample.ts';
import { sampleFiles } from './shared.ts';
import { BIG_BENCH, HELM_MODELS, LM_EVAL, MODEL_META, OLMES, RUNS_YAML, SAMPLES, TRAINER_STATE } from './texts.ts';

const MUTANTS = process.env['SCALING_LENS_LONG'] === '1' ? 2000 : 200;
/** Of all mutants of a file, which take seconds together: one that hangs is told from a busy machine. */
const TIMEOUT = 300 * Math.max(200, MUTANTS);

const NASTY = [
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  ',',
  ':',
  '\n',
  '\r',
  '\t',
  '|',
  '-',
  '---',
  '*a',
  '&a ',
  '<<: *a',
  '__proto__',
  '1e999',
  '-',
  'NaN',
  '\u0000',
  '\u{FEFF}',
  '\u{1F600}',
  '\\',
  '\\u12',
  '#',
  '- - - - ',
  '{{{{{{{{',
  '[[[[[[[[',
  '""',
  ';',
  '99999999999999999999999999',
  'null',
  '\u2028',
  '(',
  '$',
  '`',
];

function generator(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return n <= 0 ? 0 : (state >>> 3) % n;
  };
}

function mutate(bytes: Uint8Array, random: (n: number) => number): Uint8Array {
  let out: Uint8Array = Uint8Array.from(bytes);
  for (let round = 0; round <= random(3); round++) {
    const at = random(out.length + 1);
    switch (random(7)) {
      case 0:
        out = out.slice(0, at);
        break;
      case 1:
        if (out.length > 0) out[random(out.length)] = random(256);
        break;
      case 2:
        out = joinedBytes([out.slice(0, at), new TextEncoder().encode(NASTY[random(NASTY.length)]), out.slice(at)]);
        break;
      case 3:
        out = joinedBytes([out.slice(0, at), out.slice(at + random(40))]);
        break;
      case 4: {
        const from = random(out.length);
        out = joinedBytes([out.slice(0, at), out.slice(from, from + random(400)), out.slice(at)]);
        break;
      }
      case 5:
        out = out.slice(at);
        break;
      default: {
        const piece = new TextEncoder().encode(NASTY[random(NASTY.length)]);
        out = joinedBytes([out.slice(0, at), ...Array.from({ length: 1 + random(60) }, () => piece), out.slice(at)]);
      }
    }
  }
  return out;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** One file of each kind: small ones written here, and the real samples where they are. */
async function corpus(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const own = [
    { name: 'runs.yaml', bytes: bytesOf(RUNS_YAML) },
    { name: 'model-a/results_2026.json', bytes: bytesOf(LM_EVAL) },
    { name: 'samples_arc_2026.jsonl', bytes: bytesOf(SAMPLES) },
    { name: 'metrics-all.jsonl', bytes: bytesOf(OLMES) },
    { name: 'task.json', bytes: bytesOf(BIG_BENCH) },
    { name: 'trainer_state.json', bytes: bytesOf(TRAINER_STATE) },
    { name: 'model_metadata.yaml', bytes: bytesOf(HELM_MODELS) },
    { name: 'model_meta.json', bytes: bytesOf(MODEL_META) },
    { name: 'packed.json.gz', bytes: gzipSync(LM_EVAL) },
    { name: 'wide.csv', bytes: bytesOf('Model,N,D,mmlu\na,1e9,1e10,0.3\nb,2e9,"2e10",0.4\n') },
    { name: 'dots.csv', bytes: bytesOf('Model;N;mmlu\na;1e9;0,3\nb;2e9;0,4\n') },
    {
      name: 'summary.csv',
      bytes: bytesOf(
        'dataset,version,metric,mode,opt350m,opt125m\nsiqa,e78df3,accuracy,gen,21.55,12.44\nrace,-,naive_average,ppl,76.23,-\n',
      ),
    },
    {
      name: 'utf16.csv',
      bytes: joinedBytes([Uint8Array.of(0xff, 0xfe), new Uint8Array(Buffer.from('a,b\n1,2\n', 'utf16le'))]),
    },
    { name: 'table.parquet', bytes: parquetSample() },
    {
      name: 'details/m-1b/2026-01-02T03-04-05/details_quiz|0_2026-01-02T03-04-05.parquet',
      bytes: writeParquet([
        { name: 'full_prompt', texts: ['a', 'b'] },
        { name: 'gold_index', lists: [[0], [1]] },
        { name: 'metrics', fields: [{ name: 'acc', doubles: [1, 0] }] },
        { name: 'predictions', texts: ['[(-1.5, True), (-2.0, False)]', '[(-1.5, True), (-2.0, False)]'] },
      ]),
    },
    {
      name: 'maps.json',
      bytes: bytesOf(
        '{"made": "today", "runs": {"pythia-70m": {"lambada": {"acc": 0.18, "acc_stderr": 0.01}, "piqa": {"acc": 0.6}}, "pythia-1b": {"lambada": {"acc": 0.5}, "piqa": {"acc": 0.7}}}}',
      ),
    },
    {
      name: 'maps.yaml',
      bytes: bytesOf(
        'llama:\n  7b: {tokens: 1T, loss: 1.9}\n  13b: {tokens: 1T, loss: 1.8}\npythia:\n  70m: {tokens: 300B, loss: 3.2}\n',
      ),
    },
    {
      name: 'curves.json',
      bytes: bytesOf(
        '{"small": {"steps": [1, 2], "loss": [4, 3.5]}, "big": [{"step": 1, "loss": 3.9}, {"step": 2, "loss": 3.3}]}',
      ),
    },
    {
      name: 'train.log',
      bytes: bytesOf(
        'INFO 6,139,136 total parameters\n[rank0] step:  1  loss: 12.27  tps: 1,234\n[rank0] step: 10  loss: 10.12\n validation loss at iteration 20 | lm loss value: 9.1E+00 |\n',
      ),
    },
    {
      name: 'evals.jsonl',
      bytes: bytesOf(
        '{"spec": {"completion_fns": ["m"], "eval_name": "r", "base_eval": "r", "split": "d", "run_id": "1"}}\n{"type": "match", "data": {"correct": true}}\n{"final_report": {"accuracy": 0.5, "boostrap_std": 0.1}}\n',
      ),
    },
    {
      name: 'notes.md',
      bytes: bytesOf(
        '# Notes\n\nWe trained, and it went well, as we think.\n\n| model | N | loss |\n|---|---|---|\n| a | 1e8 | 3.1 |\n',
      ),
    },
  ];
  // Of the real samples the smallest of each format.
  const smallest = new Map<string, { name: string; bytes: Uint8Array }>();
  for (const file of sampleFiles('formats/samples')) {
    const result = await readInput(file, nodeReadPorts);
    const format = file.name.endsWith('.eval') ? 'archive' : result.ok ? (result.value[0]?.format ?? '') : 'refused';
    const known = smallest.get(format);
    if (known === undefined || file.bytes.length < known.bytes.length) smallest.set(format, file);
  }
  return [...own, ...smallest.values()];
}

for (const { name, bytes } of await corpus()) {
  test(`${MUTANTS} damaged copies of ${name}`, { timeout: TIMEOUT }, async () => {
    const random = generator(name.length * 7919 + bytes.length);
    for (let i = 0; i < MUTANTS; i++) {
      const mutant = mutate(bytes, random);
      const result = await readInput({ name, bytes: mutant }, nodeReadPorts);
      // Readers do not wait for anything: the timeout is looked at in between.
      await turn();
      if (!result.ok) {
        const { message, span, text, file } = result.error;
        assert.equal(file, name);
        assert.ok(message.length > 10 && message.length < 600, message);
        assert.ok(
          span.start >= 0 && span.end >= span.start && span.end <= text.length,
          `mutant ${i}: ${JSON.stringify(span)} of ${text.length}`,
        );
        continue;
      }
      for (const table of result.value) {
        assert.ok(table.columnCount > 0, `mutant ${i}: a table without columns`);
        for (const { span, message } of table.problems) {
          assert.ok(
            span.start >= 0 && span.end >= span.start && span.end <= table.text.length,
            `mutant ${i}: ${message} at ${JSON.stringify(span)}`,
          );
        }
        const last = table.rowCount - 1;
        for (let column = 0; column < Math.min(table.columnCount, 40); column++) {
          assert.equal(typeof table.header(column), 'string');
          assert.equal(table.numbers(column).length, table.rowCount);
          if (last < 0) continue;
          assert.equal(typeof table.cell(last, column), 'string');
          const span = table.cellSpan(last, column);
          if (span !== null) assert.ok(span.start >= 0 && span.end <= table.text.length);
        }
      }
    }
  });
}

test(`${MUTANTS} damaged manifests`, () => {
  const text =
    'version: 1\nsources:\n  - files: "*.csv"\n    columns: {a: params, b: {role: score, unit: "%"}}\n    path: "(?<model>x)"\nmodels: {m: {N: 7B, D: 1.4T}}\nfits: [{law: power}]\nselect: {where: ["a == b"], exclude: [{model: x, why: because}]}\n';
  const random = generator(99);
  for (let i = 0; i < MUTANTS; i++) {
    const mutant = new TextDecoder().decode(mutate(bytesOf(text), random));
    const { findings } = parseManifest({ name: 'scaling.yaml', text: mutant });
    for (const { message, range } of findings) {
      assert.ok(message.length > 5);
      assert.ok(range.start.line >= 0 && range.end.line >= range.start.line);
    }
  }
});
