/**
 * Simulated recovery: data sets drawn from known laws, fitted back, and the share of intervals that hold the truth. Used
 * by recovery.test.ts: a small version always, the full table in long mode.
 */
import type { FitInput } from '../../../src/core/law/law.ts';
import { lawById } from '../../../src/core/law/registry.ts';
import { createRandom, type Random } from '../../../src/core/stats/random.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makeInput } from './series.ts';

export interface Scenario {
  readonly law: string;
  readonly truth: Readonly<Record<string, number>>;
  readonly n: number;
  /** Noise: sd of ln y for losses, of y for scores. */
  readonly noise: number;
  /** Parameters whose intervals are counted. */
  readonly watched: readonly string[];
  /** One data set. */
  draw(random: Random): FitInput;
}

export interface Curve {
  readonly law: string;
  readonly truth: Readonly<Record<string, number>>;
  readonly n: number;
  /** log10 x from … to. */
  readonly from: number;
  readonly to: number;
  readonly noise: number;
  readonly series?: Partial<StudySeries>;
  value(x: number): number;
  readonly watched: readonly string[];
}

/** A law of one variable: n places evenly spaced in log x. */
function curve(given: Curve): Scenario {
  const isLoss = given.series?.isLoss ?? true;
  const x = Array.from(
    { length: given.n },
    (_, i) => 10 ** (given.from + ((given.to - given.from) * i) / (given.n - 1)),
  );
  return {
    ...given,
    draw: (random) =>
      makeInput(
        x,
        x.map((at) => {
          const error = given.noise * random.normal();
          return isLoss ? given.value(at) * Math.exp(error) : given.value(at) + error;
        }),
        given.series,
      ),
  };
}

interface Run {
  readonly params: number;
  readonly tokens: number;
}

interface Plane {
  readonly law: string;
  readonly truth: Readonly<Record<string, number>>;
  readonly noise: number;
  readonly runs: readonly Run[];
  value(run: Run): number;
  readonly watched: readonly string[];
}

const compute = ({ params, tokens }: Run): number => 6 * params * tokens;

/** A law of model size and tokens: losses of a fixed set of runs. */
function plane(given: Plane): Scenario {
  return {
    ...given,
    n: given.runs.length,
    draw: (random) =>
      makeInput(
        given.runs.map(compute),
        given.runs.map((run) => given.value(run) * Math.exp(given.noise * random.normal())),
        {},
        (i) => ({ ...given.runs[i], compute: compute(given.runs[i] as Run) }),
      ),
  };
}

/** Sizes times tokens per parameter. */
function grid(sizes: readonly number[], multipliers: readonly number[]): Run[] {
  return sizes.flatMap((params) => multipliers.map((m) => ({ params, tokens: m * params })));
}

/** Geometric sequence. */
function geometric(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));
}

const SURFACE = { E: 1.8, A: 480, B: 2100, alpha: 0.35, beta: 0.37 };
const surface = ({ params, tokens }: Run): number =>
  SURFACE.E + SURFACE.A * params ** -SURFACE.alpha + SURFACE.B * tokens ** -SURFACE.beta;

/** Equal exponents: the profile is symmetric, so that parabolas have no bias and their truth is known. */
const SYMMETRIC = { E: 1.8, A: 450, B: 2000, exponent: 0.35 };
const balance = (SYMMETRIC.A / SYMMETRIC.B) ** (1 / (2 * SYMMETRIC.exponent));

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

const CURVES: readonly Curve[] = [
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
    law: 'bnsl2',
    truth: { a: 0.4, b: 8, c0: 0.1, c1: 0.5, d1: 1e5, f1: 0.4, c2: -0.45, d2: 1e8, f2: 0.4 },
    n: 120,
    from: 3,
    to: 11,
    noise: 0.005,
    value: (x) => 0.4 + 8 * x ** -0.1 * (1 + (x / 1e5) ** 2.5) ** (-0.5 * 0.4) * (1 + (x / 1e8) ** 2.5) ** (0.45 * 0.4),
    watched: ['a', 'b', 'c0', 'c1', 'd1', 'f1', 'c2', 'd2', 'f2'],
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
    law: 'pass-until',
    truth: { c: 150, alpha: 0.3 },
    n: 24,
    from: 8,
    to: 10,
    noise: 0.01,
    series: { ...accuracy, scale: 'params', chance: null },
    value: (x) => Math.exp(-150 * x ** -0.3),
    watched: ['c', 'alpha'],
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

/** Task loss and accuracy of the ladder's runs: step 1 on the loss, step 2 from loss to accuracy. */
const LADDER_LOSS = { E: 0.6, A: 30, B: 90, alpha: 0.28, beta: 0.28 };
const LADDER_SHARE = { a: -0.75, b: 1, k: 8, L0: 0.85 };
const LADDER = grid([190e6, 370e6, 760e6, 1.3e9], [20, 40, 100, 200]);
const LADDER_NOISE = 0.004;

const ERROR = { epsilon: 0.85, k: 2.08, gamma: 0.756 };

const BUDGETS = geometric(1e18, 1e21, 6);

export const SCENARIOS: readonly Scenario[] = [
  ...CURVES.map(curve),
  plane({
    law: 'chinchilla',
    truth: SURFACE,
    noise: 0.005,
    runs: grid(geometric(5e7, 1e10, 10), geometric(2, 200, 8)),
    value: surface,
    watched: ['E', 'A', 'B', 'alpha', 'beta'],
  }),
  plane({
    law: 'kaplan',
    truth: { Nc: 8.8e13, Dc: 5.4e13, aN: 0.076, aD: 0.095 },
    noise: 0.005,
    runs: grid(geometric(1e7, 1e10, 6), geometric(1, 300, 6)),
    value: ({ params, tokens }) => ((8.8e13 / params) ** (0.076 / 0.095) + 5.4e13 / tokens) ** 0.095,
    watched: ['Nc', 'Dc', 'aN', 'aD'],
  }),
  plane({
    law: 'over-training',
    truth: { E: 1.51, a: 141, b: 190, eta: 0.121 },
    noise: 0.005,
    runs: grid(geometric(1e7, 1.4e9, 6), [5, 20, 80, 320]),
    value: (run) => {
      const m = run.tokens / run.params;
      return 1.51 + (141 * m ** 0.121 + 190 * m ** -0.121) * compute(run) ** -0.121;
    },
    watched: ['E', 'a', 'b', 'eta'],
  }),
  plane({
    law: 'isoflop',
    truth: {
      a: 0.5,
      b: 0.5,
      N0: balance / Math.sqrt(6),
      D0: 1 / balance / Math.sqrt(6),
    },
    noise: 0.002,
    runs: BUDGETS.flatMap((budget) =>
      geometric(0.2, 5, 9).map((off) => {
        const params = off * balance * Math.sqrt(budget / 6);
        return { params, tokens: budget / (6 * params) };
      }),
    ),
    value: ({ params, tokens }) =>
      SYMMETRIC.E + SYMMETRIC.A * params ** -SYMMETRIC.exponent + SYMMETRIC.B * tokens ** -SYMMETRIC.exponent,
    watched: ['a', 'b', 'N0', 'D0'],
  }),
  {
    law: 'loss-to-error',
    truth: ERROR,
    n: 16,
    noise: 0.005,
    watched: ['epsilon', 'k', 'gamma'],
    draw: (random) => {
      const loss = Array.from({ length: 16 }, (_, i) => 2.2 + (2.6 * i) / 15);
      return makeInput(
        loss,
        loss.map((l) => ERROR.epsilon - ERROR.k * Math.exp(-ERROR.gamma * l) + 0.005 * random.normal()),
        { isLoss: false, better: 'lower', lower: 0, upper: 1 },
        (i) => ({ loss: loss[i] as number }),
      );
    },
  },
  {
    law: 'two-step',
    truth: { ...LADDER_LOSS, ...LADDER_SHARE },
    n: LADDER.length,
    noise: LADDER_NOISE,
    watched: ['E', 'A', 'B', 'alpha', 'beta', 'a', 'k', 'L0'],
    draw: (random) => {
      const { E, A, B, alpha, beta } = LADDER_LOSS;
      const loss = LADDER.map(
        ({ params, tokens }) =>
          (E + A * params ** -alpha + B * tokens ** -beta) * Math.exp(LADDER_NOISE * random.normal()),
      );
      const { a, b, k, L0 } = LADDER_SHARE;
      return makeInput(
        LADDER.map(compute),
        loss.map((l) => b + a / (1 + Math.exp(-k * (l - L0))) + LADDER_NOISE * random.normal()),
        { isLoss: false, better: 'higher', lower: 0, upper: 1 },
        (i) => ({ ...LADDER[i], compute: compute(LADDER[i] as Run), loss: loss[i] as number }),
      );
    },
  },
];

/** The curve behind a law's scenario. */
export function curveOf(law: string): Curve {
  const found = CURVES.find((given) => given.law === law);
  if (found === undefined) throw new Error(`no curve of ${law}`);
  return found;
}

/** The scenario of a law. */
export function scenarioOf(law: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.law === law);
  if (found === undefined) throw new Error(`no scenario of ${law}`);
  return found;
}

export interface Recovery {
  readonly law: string;
  readonly parameter: string;
  readonly fitted: number;
  readonly covered: number;
  readonly method: string;
}

/** Fits `sets` seeded data sets of a scenario, after the first `from`, and counts the 90 % intervals that hold the truth. */
export function recover(scenario: Scenario, sets: number, bootstrap: number, from = 0): Recovery[] {
  const law = lawById(scenario.law);
  if (law === undefined) throw new Error(`no law ${scenario.law}`);
  const counts = scenario.watched.map(() => ({ fitted: 0, covered: 0, method: '' }));
  for (let set = from; set < from + sets; set++) {
    const input = scenario.draw(createRandom(set + 1, scenario.law));
    const result = law.fit(input, { bootstrap, seed: set + 1, level: 0.9, timeBudget: 600_000 });
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
