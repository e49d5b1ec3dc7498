/**
 * Measures readers on made-up files, processor time: Parquet, plain YAML, and the look at the beginning of a file that decides
 * whether the language server is started. The yardstick is reading the same text once, character by character.
 */
import { looksLikeResults, PROBE } from '../../src/client/sniff.ts';
import { readInput } from '../../src/core/read/open.ts';
import { nodeReadPorts } from '../../src/node/read-ports.ts';
import { writeParquet } from '../core/read/parquet-sample.ts';

/** Seconds of processor time, the best of some rounds. */
async function processor(rounds: number, work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const started = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

function walk(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

export interface Speed {
  readonly seconds: number;
  readonly rows: number;
  readonly megabytes: number;
  /** Time of another way to the same numbers over ours: above 1, ours is faster. */
  readonly ratio: number;
}

async function readNumbers(name: string, bytes: Uint8Array, rows: number): Promise<void> {
  const read = await readInput({ name, bytes }, nodeReadPorts);
  const [table] = read.ok ? read.value : [];
  if (table === undefined || table.rowCount !== rows) throw new Error(`${name} of the bench cannot be read`);
  for (let column = 0; column < table.columnCount; column++) table.numbers(column);
}

/** Four columns of numbers out of a Parquet file; the ratio is to the same table as CSV. */
export async function measureParquet(rows = 400_000): Promise<Speed> {
  const values = (of: (i: number) => number): number[] => Array.from({ length: rows }, (_, i) => of(i));
  const columns = [
    { name: 'N', doubles: values((i) => i) },
    { name: 'loss', doubles: values((i) => 1 / (i + 1)) },
    { name: 'D', doubles: values((i) => 2 * i) },
    { name: 'C', doubles: values((i) => 12 * i) },
  ];
  const bytes = writeParquet(columns);
  const lines = values((i) => i).map((i) => columns.map(({ doubles }) => doubles[i]).join(','));
  const csv = new TextEncoder().encode(`N,loss,D,C\n${lines.join('\n')}\n`);
  const seconds = await processor(5, () => readNumbers('big.parquet', bytes, rows));
  const other = await processor(5, () => readNumbers('big.csv', csv, rows));
  return { seconds, rows, megabytes: bytes.length / 1e6, ratio: other / seconds };
}

/** A list of runs as programs write them; the ratio is to JSON.parse of the same runs, which keeps no places. */
export async function measureYaml(size = 3e6): Promise<Speed> {
  const runs: { model: string; params: number; results: { mmlu: { acc: number; acc_stderr: number } } }[] = [];
  const lines = ['runs:'];
  for (let i = 0, length = 0; length < size; i++) {
    const acc = (i % 100) / 100;
    const line = `  - model: m-${i}\n    params: ${i + 1}\n    results:\n      mmlu: {acc: ${acc}, acc_stderr: 0.01}`;
    runs.push({ model: `m-${i}`, params: i + 1, results: { mmlu: { acc, acc_stderr: 0.01 } } });
    lines.push(line);
    length += line.length + 1;
  }
  const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`);
  const json = JSON.stringify({ runs });
  const seconds = await processor(5, () => readNumbers('runs.yaml', bytes, runs.length));
  const other = await processor(5, () => JSON.parse(json));
  return { seconds, rows: runs.length, megabytes: bytes.length / 1e6, ratio: other / seconds };
}

/** The slowest look at 64 KB, and how long it takes next to reading them once. */
export async function measureSniff(): Promise<{ text: string; milliseconds: number; walks: number }> {
  const pieces = ['a,', 'x', '    ', '- ', '\n', 'model ', '"', 'a:', '1b', '- "', 'train', '_', 'a\t', '# \n', '0.1,'];
  const texts = pieces.flatMap((piece) => {
    const text = piece.repeat(Math.ceil(PROBE / piece.length)).slice(0, PROBE);
    return [text, `model,acc\n${text}`, `models:\n${text}`];
  });
  const rounds = 20;
  let slowest = { text: '', milliseconds: 0, walks: 0 };
  for (const text of texts) {
    for (const language of ['csv', 'yaml']) {
      const judged = await processor(3, () => {
        for (let i = 0; i < rounds; i++) looksLikeResults(language, 'a', text);
      });
      const milliseconds = (1000 * judged) / rounds;
      if (milliseconds <= slowest.milliseconds) continue;
      const walked = await processor(3, () => {
        for (let i = 0; i < rounds; i++) walk(text);
      });
      slowest = { text: `${language} ${JSON.stringify(text.slice(0, 16))}…`, milliseconds, walks: judged / walked };
    }
  }
  return slowest;
}
