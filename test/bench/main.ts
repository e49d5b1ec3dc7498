// `npm run bench [name…]`: what things cost, as ratios within one run where two ways can be compared, else as time on this
// machine beside the budget. Nothing here passes or fails: a shared machine's clock is no judge.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { analyseSeries, DEFAULT_OPTIONS } from '../../src/core/analyse-series.ts';
import { effortFor } from '../../src/core/effort.ts';
import { lawById } from '../../src/core/law/registry.ts';
import { decodeSource } from '../../src/core/read/decode.ts';
import { readStudy } from '../../src/core/read-study.ts';
import { createRandom } from '../../src/core/stats/random.ts';
import { parseCsv } from '../../src/core/table/csv.ts';
import { nodeReadPorts } from '../../src/node/read-ports.ts';
import { measureParquet, measureSniff, measureYaml } from './formats.ts';
import { measureGrowth, measurePointFits, measureSurfaceBootstrap, measureSurfaceFit } from './laws.ts';
import { measureDescribePeak } from './memory.ts';
import { measurePassUntil, measurePassUntilJournal } from './passuntil.ts';
import { measureQuestionTables, measureShapes, measureSlicing } from './shape.ts';
import { measureTyping } from './typing.ts';

const seconds = (work: () => void): number => {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
};

/** Seconds of processor time: on a shared machine the clock measures the neighbours. */
const processor = (work: () => void): number => {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
};

/** A long eval table: `rows` rows over `tasks` tasks. */
function longTable(rows: number, tasks: number): string {
  const random = createRandom(1, 'bench');
  const per = Math.ceil(rows / tasks);
  const models = Array.from({ length: per }, (_, i) => {
    const params = 10 ** (7.5 + 3 * random.uniform());
    const tokens = params * 10 ** (0.7 + 1.3 * random.uniform());
    return { name: `model-${i}-${Math.round(params / 1e6)}m`, params, tokens, compute: 6 * params * tokens };
  });
  const lines = ['model,params,tokens,compute,task,metric,score,stderr,n'];
  for (let t = 0; t < tasks; t++) {
    const middle = 19 + 3 * random.uniform();
    for (const m of models) {
      const p = 0.25 + 0.75 / (1 + Math.exp(-(Math.log10(m.compute) - middle)));
      const score = Math.min(1, Math.max(0, p + 0.02 * random.normal()));
      lines.push(
        `${m.name},${m.params.toFixed(0)},${m.tokens.toFixed(0)},${m.compute.toExponential(6)},task_${t},accuracy,${score.toFixed(6)},0.0141,1000`,
      );
    }
  }
  return `${lines.slice(0, rows + 1).join('\n')}\n`;
}

const parts: Readonly<Record<string, () => void | Promise<void>>> = {
  surface: () => console.log('Chinchilla fit against the 4,500-start grid', measureSurfaceFit()),
  bootstrap: () => console.log('4,000 resamples (budget 3 s)', measureSurfaceBootstrap()),
  growth: () => {
    console.log('Cost by number of points, processor time (linear? a million within the budget of 10 s?)');
    console.table(measureGrowth());
  },
  points: () => {
    console.log('Bare point fits, processor time');
    console.table(measurePointFits());
  },
  shapes: () => console.log('10,000 series classified (budget 10 s)', measureShapes()),
  slicing: () => {
    console.log('56 models × 14,000 questions sliced (budget 3 s)', measureSlicing());
    console.log('The same from tables of option probabilities (budget 3 s)', measureQuestionTables());
  },
  passuntil: () => {
    console.log('10⁷ trials estimated (budget 2 s of processor)', measurePassUntil());
    console.log('A journal of 10⁷ trials read, eight to a line (budget 2 s of processor)', measurePassUntilJournal());
  },
  typing: async () => console.log(`Typing in a table of 10 MB\n${await measureTyping()}`),
  csv: () => {
    // From the bytes of the file, as both are used: ours decodes them itself, papaparse is given the text.
    const text = longTable(560_000, 200);
    const bytes = new TextEncoder().encode(text);
    const megabytes = bytes.length / 1e6;
    const numeric = [1, 2, 3, 6, 7, 8];
    const read = () => {
      const decoded = decodeSource(bytes);
      if (!decoded.ok) throw new Error(decoded.error);
      const table = parseCsv(decoded.value.source, { file: 'bench.csv' });
      for (const c of numeric) table.numbers(c);
    };
    const best = (work: () => void) => Math.min(...Array.from({ length: 9 }, () => processor(work)));
    const ours = best(read);
    const theirs = best(() => Papa.parse(new TextDecoder().decode(bytes), { header: false }));
    console.log(
      `CSV ${megabytes.toFixed(0)} MB to typed columns with ranges: ${(megabytes / ours).toFixed(0)} MB/s, ${(theirs / ours).toFixed(1)} × papaparse`,
    );
    const peak = measureDescribePeak(text);
    console.log(
      `CSV ${megabytes.toFixed(0)} MB described: ${peak.megabytes.toFixed(0)} MB of memory over a run on a few rows, ${peak.ratio.toFixed(1)} × the file (budget 6 ×); ${peak.whole.toFixed(1)} × with the program itself`,
    );
  },
  formats: async () => {
    const parquet = await measureParquet();
    console.log(
      `Parquet, ${parquet.rows} rows of 4 columns: ${parquet.seconds.toFixed(2)} s of processor time (budget 1 s), ${parquet.ratio.toFixed(1)} × as fast as the same table in CSV`,
    );
    const yaml = await measureYaml();
    console.log(
      `YAML, ${yaml.megabytes.toFixed(1)} MB with ${yaml.rows} runs: ${yaml.seconds.toFixed(2)} s of processor time, ${(1 / yaml.ratio).toFixed(0)} × JSON.parse of the same runs`,
    );
    const sniff = await measureSniff();
    console.log(
      `Is it a table of results? The slowest 64 KB (${sniff.text}): ${sniff.milliseconds.toFixed(2)} ms of processor time (budget 2 ms), ${sniff.walks.toFixed(1)} × reading them character by character`,
    );
  },
  study: async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'scaling-lens-bench-')), 'evals.csv');
    writeFileSync(path, longTable(100_000, 200));
    const started = process.cpuUsage();
    const study = await readStudy([{ name: path, bytes: readFileSync(path) }], {}, nodeReadPorts);
    const { user, system } = process.cpuUsage(started);
    const read = (user + system) / 1e6;
    const effort = effortFor(study.series);
    const fit = seconds(() => {
      for (const series of study.series.slice(0, 50)) analyseSeries(series, study, { ...DEFAULT_OPTIONS, effort });
    });
    console.log(
      `100,000 rows, 200 series: read in ${read.toFixed(2)} s of processor time (budget 0.6 s), one series in ${((1000 * fit) / 50).toFixed(1)} ms on one thread`,
    );
  },
  laws: async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'scaling-lens-bench-')), 'evals.csv');
    writeFileSync(path, longTable(1_200, 100));
    const study = await readStudy([{ name: path, bytes: readFileSync(path) }], {}, nodeReadPorts);
    const ids = ['power', 'power-offset', 'shifted-power', 'm4', 'bnsl1', 'bnsl2', 'sigmoid', 'log-linear'];
    let total = 0;
    for (const id of ids) {
      const law = lawById(id);
      const cost = processor(() => {
        for (const series of study.series)
          law?.fit({ series, points: [...series.points], study }, { bootstrap: 200, seed: 1, level: 0.9 });
      });
      total += cost / study.series.length;
      console.log(
        `${id.padEnd(14)} 12 points, 200 resamples: ${((1000 * cost) / study.series.length).toFixed(1)} ms of processor a series`,
      );
    }
    console.log(
      `1,000 series × all of them × 200 resamples on 2 cores: ${((1000 * total) / 2).toFixed(0)} s of processor each (budget 30 s)`,
    );
  },
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) await run();
