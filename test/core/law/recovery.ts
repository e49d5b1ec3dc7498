/**
 * Simulated recovery: data sets drawn from known laws, fitted back, and the share of intervals that hold the truth. Used
 * by recovery.test.ts: a small version always, the full table in long mode.
 */
import { lawById } from '../../../src/core/law/registry.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makeInput } from './series.ts';

export interface Scenario {
  readonly law: string;
  readonly truth: Readonly<Record<string, number>>;
  readonly n: number;
  /** log10 x from … to. */
  readonly from: number;
  readonly to: number;
  /** Noise: sd of ln y for losses, of y for scores. */
  readonly noise: number;
  readonly series?: Partial<StudySeries>;
  value(x: number): number;
  /** Parameters whose intervals are counted. */
  readonly watched: readonly string[];
}

const accuracy: Partial<StudySeries> = {
  isLoss: false,
  better: 'higher',
  lower: 0,
  upper: 1,
  chance: { value: 0.25, how: 'test', table: null, range: null },
};

/** w solves ln w - a ln(B - w) = t: bisection, independent of the law's own Newton iteration. */
function m4Truth(x: number, e: number, b: number, c: number, a: number, e0: number): number {
  let low = -60;
  let high = 60;
  const span = e0 - e;
  for (let i = 0; i < 100; i++) {
    const z = (low + high) / 2;
    const w = span / (1 + Math.exp(-z));
    const rest = span / (1 + Math.exp(z));
    if (Math.log(w) - a * Math.log(rest) > Math.log(b) - c * Math.log(x)) high = z;
    else low = z;
  }
  return e + span / (1 + Math.exp(-(low + high) / 2));
}

export const SCENARIOS: readonly Scenario[] = [
  {
    law: 'power',
    truth: { b: 20, c: 0.05 },
    n: 12,
    from: 18,
    to: 24,
    noise: 0.01,
    value: (x) => 20 * x ** -0.05,
    watched: ['b', 'c'],
  },
  {
    law: 'power-offset',
    truth: { e: 1.7, b: 800, c: 0.15 },
    n: 24,
    from: 17,
    to: 24,
    noise: 0.01,
    value: (x) => 1.7 + 800 * x ** -0.15,
    watched: ['e', 'b', 'c'],
  },
  {
    law: 'shifted-power',
    truth: { b: 12, g: 1e-9, c: 0.12 },
    n: 24,
    from: 6,
    to: 11,
    noise: 0.01,
    value: (x) => 12 * (1 / x + 1e-9) ** 0.12,
    watched: ['b', 'g', 'c'],
  },
  {
    law: 'm4',
    truth: { e: 0.15, b: 3000, c: 0.5, a: 0.6 },
    n: 40,
    from: 5,
    to: 10,
    noise: 0.02,
    value: (x) => m4Truth(x, 0.15, 3000, 0.5, 0.6, 1),
    watched: ['e', 'b', 'c', 'a'],
  },
  {
    law: 'bnsl1',
    truth: { a: 0.4, b: 6, c0: 0.1, c1: 0.5, d1: 1e6, f1: 0.4 },
    n: 60,
    from: 3,
    to: 9,
    noise: 0.01,
    value: (x) => 0.4 + 6 * x ** -0.1 * (1 + (x / 1e6) ** (1 / 0.4)) ** (-0.5 * 0.4),
    watched: ['a', 'b', 'c0', 'c1', 'd1', 'f1'],
  },
  {
    law: 'sigmoid',
    truth: { k: 1.2, x0: 22 },
    n: 20,
    from: 19,
    to: 24,
    noise: 0.03,
    series: accuracy,
    value: (x) => 0.25 + 0.75 / (1 + Math.exp(-1.2 * (Math.log10(x) - 22))),
    watched: ['k', 'x0'],
  },
  {
    law: 'log-linear',
    truth: { intercept: -0.9, slope: 0.06 },
    n: 12,
    from: 18,
    to: 24,
    noise: 0.02,
    series: accuracy,
    value: (x) => -0.9 + 0.06 * Math.log10(x),
    watched: ['intercept', 'slope'],
  },
];

export interface Recovery {
  readonly law: string;
  readonly parameter: string;
  readonly fitted: number;
  readonly covered: number;
  readonly method: string;
}

/** Fits `sets` seeded data sets of a scenario and counts the 90 % intervals that hold the truth. */
export function recover(scenario: Scenario, sets: number, bootstrap: number): Recovery[] {
  const law = lawById(scenario.law);
  if (law === undefined) throw new Error(`no law ${scenario.law}`);
  const counts = scenario.watched.map(() => ({ fitted: 0, covered: 0, method: '' }));
  for (let set = 0; set < sets; set++) {
    const random = createRandom(set + 1, scenario.law);
    const x = Array.from(
      { length: scenario.n },
      (_, i) => 10 ** (scenario.from + ((scenario.to - scenario.from) * i) / (scenario.n - 1)),
    );
    const isLoss = scenario.series?.isLoss ?? true;
    const y = x.map((at) => {
      const error = scenario.noise * random.normal();
      return isLoss ? scenario.value(at) * Math.exp(error) : scenario.value(at) + error;
    });
    const result = law.fit(makeInput(x, y, { id: `recovery-${set}`, ...scenario.series }), {
      bootstrap,
      seed: set + 1,
      level: 0.9,
    });
    if (!result.ok) continue;
    scenario.watched.forEach((name, j) => {
      const interval = result.value.fit.intervals?.[name];
      const count = counts[j];
      const truth = scenario.truth[name];
      if (count === undefined || truth === undefined) return;
      count.fitted++;
      if (interval == null) return;
      count.method = interval.method;
      if (interval.low <= truth && truth <= interval.high) count.covered++;
    });
  }
  return scenario.watched.map((parameter, j) => ({
    law: scenario.law,
    parameter,
    fitted: counts[j]?.fitted ?? 0,
    covered: counts[j]?.covered ?? 0,
    method: counts[j]?.method ?? '',
  }));
}
