// Result tables without a fault, as a careful lab would keep them: families of models with nominal names and exact sizes,
// several tasks, scores with the noise of their questions; long or wide, in percent or as fractions. And faults to put in.
import type { Random } from '../../src/core/stats/random.ts';

export interface ResultRow {
  model: string;
  params: number;
  tokens: number;
  compute: number;
  task: string;
  metric: string;
  /** A fraction for accuracies; NaN where missing. */
  score: number;
  stderr: number;
  n: number;
}

export interface ResultTable {
  rows: ResultRow[];
  readonly percent: boolean;
  readonly long: boolean;
  readonly withCompute: boolean;
}

const FAMILIES = ['alder', 'birch', 'cedar', 'dogwood', 'elm'];
const SIZES = [70e6, 160e6, 410e6, 1e9, 1.4e9, 2.8e9, 6.9e9, 12e9, 30e9];
const TASKS = [
  { task: 'hellaswag', chance: 0.25, middle: 21.3, top: 0.85 },
  { task: 'arc_challenge', chance: 0.25, middle: 22.2, top: 0.7 },
  { task: 'gsm8k', chance: 0, middle: 23.4, top: 0.8 },
];

export const nameOfSize = (params: number): string =>
  params >= 1e9 ? `${Number((params / 1e9).toPrecision(2))}b` : `${Number((params / 1e6).toPrecision(3))}m`;
const logistic = (t: number): number => 1 / (1 + Math.exp(-t));
export const between = (random: Random, low: number, high: number): number => low + (high - low) * random.uniform();

/** A table without a fault. */
export function cleanTable(random: Random, kind: Partial<Omit<ResultTable, 'rows'>> = {}): ResultTable {
  const families = 2 + random.integer(2);
  const long = kind.long ?? random.uniform() < 0.5;
  const rows: ResultRow[] = [];
  for (let f = 0; f < families; f++) {
    const first = random.integer(3);
    const sizes = SIZES.slice(first, first + 5 + random.integer(2));
    const fixed = random.uniform() < 0.5 ? 3e11 : null;
    for (const nominal of sizes) {
      // Published names differ from exact counts by −9 to +18 %.
      const params = Math.round(nominal * between(random, 0.91, 1.18));
      const tokens = Math.round(fixed ?? 20 * params);
      const compute = 6 * params * tokens * Math.exp(0.03 * random.normal());
      const model = `${FAMILIES[f] ?? 'fir'}-${nameOfSize(nominal)}`;
      for (const { task, chance, middle, top } of TASKS) {
        const n = 500 + 250 * random.integer(7);
        const p = chance + (top - chance) * logistic(1.6 * (Math.log10(compute) - middle)) + 0.008 * random.normal();
        let correct = 0;
        for (let q = 0; q < n; q++) if (random.uniform() < p) correct++;
        const score = correct / n;
        const stderr = Math.sqrt((score * (1 - score)) / n);
        rows.push({ model, params, tokens, compute, task, metric: 'accuracy', score, stderr, n });
      }
    }
  }
  return {
    rows,
    long,
    percent: kind.percent ?? random.uniform() < 0.5,
    withCompute: kind.withCompute ?? random.uniform() < 0.7,
  };
}

/** Rows of one model, of any table. */
export function modelsOf(table: ResultTable): string[] {
  return [...new Set(table.rows.map(({ model }) => model))];
}

/** Changes every row of one random model. */
export function spoilModel(table: ResultTable, random: Random, change: (row: ResultRow) => void): ResultTable {
  const models = modelsOf(table);
  const chosen = models[random.integer(models.length)];
  for (const row of table.rows) if (row.model === chosen) change(row);
  return table;
}

const plain = (value: number, digits = 6): string =>
  Number.isNaN(value) ? '' : String(Number(value.toPrecision(digits)));

/** The table as CSV. */
export function csvOf({ rows, long, percent, withCompute }: ResultTable): string {
  const unit = percent ? 100 : 1;
  if (long) {
    const head = [
      'model',
      'params',
      'tokens',
      ...(withCompute ? ['compute'] : []),
      'task',
      'metric',
      'score',
      'stderr',
      'n',
    ];
    const body = rows.map((r) => [
      r.model,
      plain(r.params, 12),
      plain(r.tokens, 12),
      ...(withCompute ? [r.compute.toExponential(4)] : []),
      r.task,
      r.metric,
      plain(unit * r.score, 4),
      plain(unit * r.stderr, 3),
      String(r.n),
    ]);
    return `${[head, ...body].map((cells) => cells.join(',')).join('\n')}\n`;
  }
  const tasks = [...new Set(rows.map(({ task }) => task))];
  const head = ['Model', 'Params (B)', 'Tokens (T)', ...(withCompute ? ['FLOPs (1E21)'] : []), ...tasks];
  const lines = [head.join(',')];
  for (const model of new Set(rows.map((row) => row.model))) {
    const own = rows.filter((row) => row.model === model);
    const [first] = own as [ResultRow];
    const cells = tasks.map((task) => plain(unit * (own.find((row) => row.task === task)?.score ?? Number.NaN), 4));
    const compute = withCompute ? [plain(first.compute / 1e21)] : [];
    lines.push([model, plain(first.params / 1e9), plain(first.tokens / 1e12), ...compute, ...cells].join(','));
  }
  return `${lines.join('\n')}\n`;
}
