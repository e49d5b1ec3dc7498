/** Regenerates the error rates and power of docs/shapes.md by simulation: `node scripts/tables/shapes.ts`. */
import { regressionShape } from '../../src/core/shape/regression.ts';
import { createRandom } from '../../src/core/stats/random.ts';
import { writeTables } from './page.ts';

const DECADES = 3;

/** Mean curves over u in [0, 1], three decades of scale. */
export const TRUTHS = {
  flat: () => 0.4,
  linear: (u: number) => 0.3 + 0.4 * u,
  'inverse linear': (u: number) => 0.7 - 0.4 * u,
  saturating: (u: number) => 0.3 + 0.4 * (1 - Math.exp(-4 * u)),
  'late rise (hinge)': (u: number) => 0.25 + 0.9 * Math.max(0, u - 0.55),
  'late rise (sigmoid)': (u: number) => 0.25 + 0.5 / (1 + Math.exp(-18 * (u - 0.75))),
  'U (depth 0.3)': (u: number) => 0.3 + 1.2 * (u - 0.5) ** 2,
  'inverted-U (height 0.3)': (u: number) => 0.6 - 1.2 * (u - 0.5) ** 2,
  'early dip 0.06, then rise 0.4': (u: number) => 0.3 - 0.06 * Math.min(1, u / 0.4) + 0.75 * Math.max(0, u - 0.4),
} as const;
export type Truth = keyof typeof TRUTHS;

/** Labels of simulated series: n models at uniform random places, normal scatter sd. `emergent` stands for that flag. */
export function simulateLabels(
  truth: Truth,
  n: number,
  sd: number,
  trials: number,
  seed: number,
): ReadonlyMap<string, number> {
  const random = createRandom(seed, `${truth}/${n}/${sd}`);
  const counts = new Map<string, number>();
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  for (let t = 0; t < trials; t++) {
    for (let i = 0; i < n; i++) x[i] = DECADES * random.uniform();
    x.sort();
    for (let i = 0; i < n; i++) y[i] = TRUTHS[truth]((x[i] as number) / DECADES) + sd * random.normal();
    const found = regressionShape(x, y, { chance: null, best: 1 });
    const label = found.emergent ? 'emergent' : found.label;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

/** Share of series called U or inverted-U. */
export function falseTurns(truth: Truth, n: number, sd: number, trials: number, seed: number): number {
  const counts = simulateLabels(truth, n, sd, trials, seed);
  return ((counts.get('u-shaped') ?? 0) + (counts.get('inverted-u') ?? 0)) / trials;
}

const LABELS = ['positive', 'emergent', 'inverse', 'u-shaped', 'inverted-u', 'flat', 'inconclusive'] as const;

/** The power table: percent of series per label. */
export function shapesTables(trials = 2000): ReadonlyMap<string, string> {
  const lines = [
    `| truth | models | sd | ${LABELS.join(' | ')} |`,
    `|---|---|---|${LABELS.map(() => '---|').join('')}`,
  ];
  for (const truth of Object.keys(TRUTHS) as Truth[]) {
    for (const n of [8, 12, 20, 30, 60]) {
      for (const sd of [0.02, 0.05]) {
        const counts = simulateLabels(truth, n, sd, trials, 1);
        const cells = LABELS.map((label) => ((100 * (counts.get(label) ?? 0)) / trials).toFixed(1));
        lines.push(`| ${truth} | ${n} | ${sd} | ${cells.join(' | ')} |`);
      }
    }
  }
  return new Map([['power', lines.join('\n')]]);
}

if (import.meta.main) {
  writeTables('shapes.md', shapesTables());
}
