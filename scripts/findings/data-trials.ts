// Trials of the findings about data, files and scaling.yaml: tables without a fault, and the same with one.
import { gzipSync } from 'node:zlib';
import type { Random } from '../../src/core/stats/random.ts';
import { between, cleanTable, csvOf, type ResultTable, spoilModel } from './tables.ts';
import { csvFile, type Trial, type TrialStudy } from './trial.ts';

const MANY = 200;

/** Tables after a change. */
function changed(
  says: string,
  change: (table: ResultTable, random: Random) => ResultTable,
  kind: Parameters<typeof cleanTable>[1] = {},
): Trial {
  return {
    says,
    count: MANY,
    study: (random) => ({ files: [csvFile(csvOf(change(cleanTable(random, kind), random)))] }),
  };
}

const CLEAN = changed('tables without a fault', (table) => table);

/** Multiplies one model's field. */
const times =
  (field: 'params' | 'tokens' | 'compute', factor: number) =>
  (table: ResultTable, random: Random): ResultTable =>
    spoilModel(table, random, (row) => {
      row[field] *= factor;
    });

/** States a score and its error in other units than the table's. */
function inUnits(row: ResultTable['rows'][number], factor: number): void {
  row.score *= factor;
  row.stderr *= factor;
}

/** Changes every row. */
const every =
  (change: (row: ResultTable['rows'][number], i: number) => void) =>
  (table: ResultTable): ResultTable => {
    table.rows.forEach(change);
    return table;
  };

/** Scores of one series of a dozen models around a saturating curve; `spoil` changes one of them. */
function scores(says: string, spoil: (y: number[], at: number, sd: number) => void): Trial {
  return {
    says,
    count: 100,
    fits: true,
    study: (random) => {
      const sd = 0.01;
      const u = Array.from({ length: 14 }, (_, i) => 19 + 0.35 * i);
      const y = u.map((lg) => 0.25 + 0.6 / (1 + Math.exp(-1.1 * (lg - 21.2))) + sd * random.normal());
      spoil(y, 2 + random.integer(10), sd);
      const rows = u.map((lg, i) => `m${i},${(10 ** lg).toExponential(4)},${(y[i] as number).toFixed(4)}`);
      return { files: [csvFile(`model,compute,reading accuracy\n${rows.join('\n')}\n`)] };
    },
  };
}

const EXPERTS = [
  ['Mixtral-8x7B', 46.7e9, 12.9e9],
  ['Qwen2-57B-A14B', 57e9, 14e9],
  ['OLMoE-7B-A1B', 6.9e9, 1.3e9],
] as const;

/** Adds mixtures of experts by their total or active parameters. */
function withExperts(table: ResultTable, active: boolean): ResultTable {
  for (const [model, total, own] of EXPERTS) {
    for (const row of table.rows.slice(0, 3)) {
      const params = active ? own : total;
      table.rows.push({ ...row, model, params, tokens: 2e12, compute: 6 * own * 2e12, score: 0.6 });
    }
  }
  return table;
}

/** Results of the harness that state directions; `wrong` metrics are stated the other way round. */
function harness(random: Random, wrong: boolean): TrialStudy {
  const metrics = { acc: true, exact_match: true, brier_score: false, ppl: false, f1: true, bits_per_byte: false };
  const names = Object.keys(metrics) as (keyof typeof metrics)[];
  const turned = wrong ? names[random.integer(names.length)] : undefined;
  const files = [160e6, 410e6, 1e9, 2.8e9].map((params) => ({
    name: `m-${params}/results_2026-01-01T00-00-00.json`,
    text: JSON.stringify({
      results: { quiz: Object.fromEntries(names.map((name) => [`${name},none`, between(random, 0.3, 0.7)])) },
      higher_is_better: { quiz: Object.fromEntries(names.map((name) => [name, metrics[name] !== (name === turned)])) },
      config: { model: 'hf', model_num_parameters: params },
      model_name: `org/m-${params / 1e6}m`,
    }),
  }));
  return { files };
}

/** The score of a model that answers each of n questions with probability p. */
function answered(row: ResultTable['rows'][number], p: number, n: number, random: Random): void {
  let correct = 0;
  for (let q = 0; q < n; q++) if (random.uniform() < p) correct++;
  row.n = n;
  row.score = correct / n;
  row.stderr = Math.sqrt((row.score * (1 - row.score)) / n);
}

/** Three questions per thousand or so, or none: what a strict match shows of base models. */
function strict(says: string, p: number): Trial {
  return changed(says, (table, random) => {
    for (const row of table.rows) if (row.task === 'gsm8k') answered(row, p, row.n, random);
    return table;
  });
}

/** The text of a clean table after a slip of the hand. */
function slip(says: string, change: (lines: string[], random: Random) => string): Trial {
  return {
    says,
    count: MANY,
    study: (random) => {
      const lines = csvOf(cleanTable(random)).trimEnd().split('\n');
      return { files: [csvFile(change(lines, random))] };
    },
  };
}

const oneLine = (lines: string[], random: Random, change: (line: string) => string): string => {
  const at = 1 + random.integer(lines.length - 1);
  return `${lines.map((line, i) => (i === at ? change(line) : line)).join('\n')}\n`;
};

/** Files that stand beside results and hold none. */
function others(random: Random): TrialStudy {
  const words = () => ['the', 'run', 'loss', 'accuracy', 'model', 'seed', 'of', 'and'][random.integer(8)] as string;
  const prose = Array.from({ length: 30 }, () => Array.from({ length: 12 }, words).join(' ')).join('.\n');
  const kinds: readonly [string, string][] = [
    ['notes.txt', prose],
    [
      'train.py',
      `import torch\n\nfor step in range(${random.integer(1000)}):\n    loss = model(batch)\n    loss.backward()\n`,
    ],
    ['people.csv', 'name,city\nAda,London\nKurt,Brno\nEmmy,Erlangen\n'],
    ['settings.json', JSON.stringify({ editor: { tabSize: random.integer(8), theme: 'dark' } })],
    ['todo.md', '# To do\n\n- read the paper\n- rerun the small ones\n'],
  ];
  const [name, text] = kinds[random.integer(kinds.length)] as [string, string];
  return { files: [{ name, text }] };
}

const MANIFEST = (random: Random) =>
  [
    'version: 1',
    `name: runs of ${random.integer(9)}`,
    'sources:',
    '  - files: results/*.csv',
    `    percent: ${['auto', 'yes', 'no'][random.integer(3)]}`,
    'models:',
    `  alder-1b: {N: ${(1 + random.uniform()).toFixed(2)}B, D: 300B}`,
    'scale:',
    `  x: ${['N', 'D', 'C'][random.integer(3)]}`,
    'findings:',
    '  data.outlier: hint',
  ].join('\n');

function manifest(says: string, change: (text: string, random: Random) => string): Trial {
  return {
    says,
    count: MANY,
    study: (random) => ({
      files: [csvFile(csvOf(cleanTable(random)))],
      manifest: change(MANIFEST(random), random),
    }),
  };
}

let packed: Uint8Array | null = null;
/** Sixty megabytes of zeros in sixty kilobytes. */
function bomb(): Uint8Array {
  packed ??= gzipSync(new Uint8Array(6e7), { level: 9 });
  return packed;
}

const KEYS = ['sources', 'files', 'percent', 'models', 'scale', 'findings'];

/** Trials by code: the first rows are studies on which nothing should be said. */
export const DATA_TRIALS: Readonly<Record<string, readonly Trial[]>> = {
  'data.unit': [
    CLEAN,
    changed('tokens of one model 1,000 times too many', times('tokens', 1000)),
    changed('tokens of one model 20 times too many', times('tokens', 20)),
    changed('the size of one model negative', times('params', -1)),
  ],
  'data.compute-mismatch': [
    changed('tables without a fault', (table) => table, { withCompute: true }),
    changed('tokens of one model 89 times too many', times('tokens', 89), { withCompute: true }),
    changed('compute of one model doubled', times('compute', 2), { withCompute: true }),
    changed('compute of one model half as large again', times('compute', 1.5), { withCompute: true }),
    changed(
      'all compute of the forward pass only',
      every((row) => void (row.compute /= 3)),
      { withCompute: true },
    ),
    changed(
      'all compute 1,000 times too large',
      every((row) => void (row.compute *= 1000)),
      { withCompute: true },
    ),
  ],
  'data.outlier': [
    CLEAN,
    changed('the size of one model of 1B or more ten times too large', (table, random) => {
      const large = table.rows.filter((row) => row.params > 1.2e9);
      const chosen = large[random.integer(large.length)]?.model;
      for (const row of table.rows) if (row.model === chosen) row.params *= 10;
      return table;
    }),
    changed(
      'standard deviations per question in place of standard errors',
      every((row) => void (row.stderr *= Math.sqrt(row.n))),
      { long: true },
    ),
    scores('14 scores around a curve, scatter 0.01', () => undefined),
    scores('one of the 14 off by 6 times the scatter', (y, at, sd) => void (y[at] = (y[at] as number) - 6 * sd)),
    scores('one of the 14 off by 12 times the scatter', (y, at, sd) => void (y[at] = (y[at] as number) - 12 * sd)),
  ],
  'data.duplicate': [
    CLEAN,
    changed(
      'one row twice',
      (table, random) => {
        table.rows.push({ ...(table.rows[random.integer(table.rows.length)] as ResultTable['rows'][number]) });
        return table;
      },
      { long: true },
    ),
    changed(
      'one row again with another score',
      (table, random) => {
        const row = table.rows[random.integer(table.rows.length)] as ResultTable['rows'][number];
        table.rows.push({ ...row, score: row.score + 0.01 });
        return table;
      },
      { long: true },
    ),
  ],
  'data.missing': [
    CLEAN,
    changed('one score missing', (table, random) => {
      (table.rows[random.integer(table.rows.length)] as ResultTable['rows'][number]).score = Number.NaN;
      return table;
    }),
    {
      says: 'names without a size and no columns of sizes',
      count: MANY,
      study: (random) => ({
        files: [
          csvFile(
            `model,hellaswag,arc_challenge\n${['ash', 'beech', 'cherry', 'date', 'ebony', 'fig'].map((m) => `${m},${between(random, 0.3, 0.8).toFixed(3)},${between(random, 0.3, 0.8).toFixed(3)}`).join('\n')}\n`,
          ),
        ],
      }),
    },
  ],
  'data.mixed-params': [
    CLEAN,
    changed('mixtures of experts by their total parameters', (table) => withExperts(table, false)),
    changed('mixtures of experts by their active parameters', (table) => withExperts(table, true)),
  ],
  'data.mixed-percent': [
    CLEAN,
    changed(
      'percent, with one task below 1 % for most models',
      (table, random) => {
        const n = 500 + random.integer(1500);
        for (const row of table.rows) if (row.task === 'gsm8k') answered(row, 0.004 + 0.02 * row.score, n, random);
        return table;
      },
      { percent: true },
    ),
    changed(
      'half of the models in percent',
      (table) => {
        const late = new Set([...new Set(table.rows.map(({ model }) => model))].filter((_, i) => i % 2 === 1));
        for (const row of table.rows) if (late.has(row.model)) inUnits(row, 100);
        return table;
      },
      { percent: false },
    ),
    changed(
      'one task as fractions, the others in percent',
      (table) => {
        for (const row of table.rows) if (row.task === 'hellaswag') inUnits(row, 0.01);
        return table;
      },
      { percent: true },
    ),
  ],
  'data.direction-conflict': [
    { says: 'directions of six metrics stated as they are', count: MANY, study: (random) => harness(random, false) },
    { says: 'one of the six stated the other way round', count: MANY, study: (random) => harness(random, true) },
  ],
  'data.degenerate-metric': [
    CLEAN,
    strict('a hard task: every model at 3 %', 0.03),
    strict('a task that no model can: 0.02 %', 0.0002),
    changed(
      'one task the same for all models',
      every((row) => {
        if (row.task === 'hellaswag') row.score = 0.5;
      }),
    ),
  ],
  'file.malformed': [
    CLEAN,
    slip('a quotation mark opened and not closed', (lines, random) => oneLine(lines, random, (line) => `"${line}`)),
    slip('a row with a cell too few', (lines, random) => oneLine(lines, random, (line) => line.replace(/,[^,]*$/, ''))),
    {
      says: 'JSON results cut off somewhere',
      count: MANY,
      study: (random) => {
        const [file] = harness(random, false).files;
        const text = file?.text ?? '';
        return {
          files: [{ name: 'results.json', text: text.slice(0, Math.floor(between(random, 0.3, 0.99) * text.length)) }],
        };
      },
    },
  ],
  'file.too-large': [
    CLEAN,
    {
      says: 'gzip that unpacks to more than a thousand times its size',
      count: 3,
      study: () => ({ files: [{ name: 'bomb.csv.gz', bytes: bomb() }] }),
    },
  ],
  'file.unrecognised': [CLEAN, { says: 'prose, programs, settings, tables of names', count: MANY, study: others }],
  'manifest.invalid': [
    manifest('manifests without a fault', (text) => text),
    manifest('a key misspelt by one letter', (text, random) => {
      const key = KEYS[random.integer(KEYS.length)] as string;
      const at = 1 + random.integer(key.length - 1);
      return text.replace(`${key}:`, `${key.slice(0, at)}${key.slice(at + 1)}:`);
    }),
    manifest('a word that is not allowed', (text) => text.replace(/percent: \w+/, 'percent: maybe')),
    manifest('a list in place of a map', (text) => text.replace('scale:\n  x:', 'scale:\n  - x:')),
  ],
};
