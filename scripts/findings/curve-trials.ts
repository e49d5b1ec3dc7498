// Trials of the findings about trends and fits: series around known curves, with the noise of their questions.
import type { Random } from '../../src/core/stats/random.ts';
import { csvFile, type Trial, type TrialStudy } from './trial.ts';

const SOME = 100;
const logistic = (t: number): number => 1 / (1 + Math.exp(-t));

interface Series {
  readonly metric: string;
  readonly chance?: number;
  /** The truth as a function of log10 compute. */
  readonly truth: (u: number) => number;
  /** Scatter of the models around it. */
  readonly sd: number;
  /** Binomial noise on top. */
  readonly questions?: number;
}

interface Setting {
  readonly models: number;
  readonly from?: number;
  readonly to?: number;
  readonly at?: readonly number[];
  readonly laws?: readonly string[];
}

/** A series of models at evenly spaced compute. */
function curves(
  says: string,
  series: readonly Series[],
  { models, from = 18, to = 23, at, laws }: Setting,
  count = SOME,
): Trial {
  const study = (random: Random): TrialStudy => {
    const lines = ['model,compute,task,metric,score,n,chance'];
    for (const { metric, chance, truth, sd, questions } of series) {
      for (let i = 0; i < models; i++) {
        const u = from + ((to - from) * i) / Math.max(1, models - 1);
        let y = truth(u) + sd * random.normal();
        if (questions !== undefined) {
          let correct = 0;
          for (let q = 0; q < questions; q++) if (random.uniform() < y) correct++;
          y = correct / questions;
        }
        lines.push(
          `m${i},${(10 ** u).toExponential(4)},quiz,${metric},${y.toFixed(5)},${questions ?? ''},${chance ?? ''}`,
        );
      }
    }
    return {
      files: [csvFile(`${lines.join('\n')}\n`)],
      ...(at === undefined ? {} : { at }),
      ...(laws === undefined ? {} : { laws }),
    };
  };
  return { says, study, count, fits: true };
}

const accuracy = (truth: (u: number) => number, sd = 0.02): Series[] => [
  { metric: 'accuracy', truth, sd, questions: 1000 },
];
const loss = (truth: (u: number) => number, sd = 0.005): Series[] => [{ metric: 'loss', truth, sd }];

const FLAT = (models: number) =>
  curves(
    `flat, ${models} models`,
    accuracy(() => 0.4),
    { models },
  );
const RISING = (models: number) =>
  curves(
    `rising by 0.4, ${models} models`,
    accuracy((u) => 0.3 + 0.08 * (u - 18)),
    { models },
  );
const SATURATING = (models: number) =>
  curves(
    `saturating, ${models} models`,
    accuracy((u) => 0.3 + 0.4 * (1 - Math.exp(-0.8 * (u - 18)))),
    { models },
  );
const VALLEY = (u: number) => 0.35 + 0.13 * Math.abs(u - 20.5);

/** Losses of thirty runs over N and D; `broken` of the smallest ended a tenth too high. */
function surface(says: string, broken: number): Trial {
  return {
    says,
    count: 30,
    fits: true,
    study: (random) => {
      const lines = ['model,params,tokens,loss'];
      for (let i = 0; i < 6; i++) {
        for (let j = 0; j < 5; j++) {
          const [n, d] = [5e7 * 2.5 ** i, 1e9 * 3.2 ** j];
          const clean = (1.69 + 406.4 * n ** -0.34 + 410.7 * d ** -0.28) * Math.exp(0.004 * random.normal());
          lines.push(`m${5 * i + j},${n},${d},${(clean * (5 * i + j < broken ? 1.1 : 1)).toFixed(4)}`);
        }
      }
      return { files: [csvFile(`${lines.join('\n')}\n`)] };
    },
  };
}

/** Trials by code: the first rows are studies on which nothing should be said. */
export const CURVE_TRIALS: Readonly<Record<string, readonly Trial[]>> = {
  'trend.inverse': [
    FLAT(12),
    RISING(12),
    curves(
      'falling by 0.05, 12 models',
      accuracy((u) => 0.5 - 0.01 * (u - 18)),
      { models: 12 },
    ),
    curves(
      'falling by 0.2, 12 models',
      accuracy((u) => 0.5 - 0.04 * (u - 18)),
      { models: 12 },
    ),
    curves(
      'falling by 0.2, 4 models',
      accuracy((u) => 0.5 - 0.04 * (u - 18)),
      { models: 4 },
    ),
  ],
  'trend.u-shaped': [
    FLAT(12),
    RISING(12),
    SATURATING(12),
    curves('a valley 0.33 deep, 8 models', accuracy(VALLEY), { models: 8 }),
    curves('a valley 0.33 deep, 12 models', accuracy(VALLEY), { models: 12 }),
    curves('a valley 0.33 deep, 30 models', accuracy(VALLEY), { models: 30 }),
  ],
  'trend.inverted-u': [
    FLAT(12),
    RISING(12),
    SATURATING(12),
    curves(
      'a hill 0.33 high, 8 models',
      accuracy((u) => 1 - VALLEY(u)),
      { models: 8 },
    ),
    curves(
      'a hill 0.33 high, 12 models',
      accuracy((u) => 1 - VALLEY(u)),
      { models: 12 },
    ),
    curves(
      'a hill 0.33 high, 30 models',
      accuracy((u) => 1 - VALLEY(u)),
      { models: 30 },
    ),
  ],
  'trend.emergent': [
    FLAT(16),
    RISING(16),
    SATURATING(16),
    curves(
      'flat at 0.25, then rising by 0.15 a decade, 16 models',
      accuracy((u) => 0.25 + 0.15 * Math.max(0, u - 20.5)),
      { models: 16 },
    ),
    curves(
      'flat at 0.25, then a steep sigmoid, 16 models',
      accuracy((u) => 0.25 + 0.5 * logistic(5 * (u - 21.5))),
      { models: 16 },
    ),
  ],
  'trend.mirage': [
    curves(
      'two metrics that rise evenly',
      [
        { metric: 'exact_match', chance: 0, truth: (u) => 0.1 + 0.12 * (u - 18), sd: 0.01, questions: 1000 },
        { metric: 'brier_score', truth: (u) => 0.75 - 0.1 * (u - 18), sd: 0.01 },
      ],
      { models: 14 },
    ),
    curves(
      'twelve tokens that must all be right, and a Brier score that improves evenly',
      [
        {
          metric: 'exact_match',
          chance: 0,
          truth: (u) => logistic(1.25 * (u - 19.2)) ** 12,
          sd: 0.005,
          questions: 1000,
        },
        { metric: 'brier_score', truth: (u) => 0.75 - 0.115 * (u - 18), sd: 0.01 },
      ],
      { models: 14 },
    ),
  ],
  'trend.below-chance': [
    curves('10 models at chance', [{ metric: 'accuracy', chance: 0.25, truth: () => 0.25, sd: 0, questions: 1000 }], {
      models: 10,
    }),
    curves(
      '10 models 0.03 below chance',
      [{ metric: 'accuracy', chance: 0.25, truth: () => 0.22, sd: 0, questions: 1000 }],
      { models: 10 },
    ),
    curves(
      '10 models 0.06 below chance',
      [{ metric: 'accuracy', chance: 0.25, truth: () => 0.19, sd: 0, questions: 1000 }],
      { models: 10 },
    ),
  ],
  'fit.extrapolated': [
    curves(
      '14 losses over four decades, a third of a decade on',
      loss((u) => 1.7 + 1.1 * 10 ** (-0.16 * (u - 18))),
      { models: 14, to: 22, at: [10 ** 22.3] },
      50,
    ),
    curves(
      'the same, three decades on',
      loss((u) => 1.7 + 1.1 * 10 ** (-0.16 * (u - 18))),
      { models: 14, to: 22, at: [1e25] },
      50,
    ),
  ],
  'fit.at-bound': [
    curves(
      '12 losses that end near their plateau',
      loss((u) => 1.7 + 1.1 * 10 ** (-0.5 * (u - 18))),
      { models: 12, to: 22 },
      50,
    ),
    curves(
      '12 losses with no plateau in sight',
      loss((u) => 4.2 * 10 ** (-0.075 * (u - 18) - 0.006 * (u - 18) ** 2)),
      { models: 12, to: 22 },
      50,
    ),
  ],
  'fit.ill-determined': [
    curves(
      'a power law with its plateau, fitted as one',
      loss((u) => 1.7 + 1.1 * 10 ** (-0.4 * (u - 18))),
      { models: 14, to: 22, laws: ['power-offset'] },
      50,
    ),
    curves(
      'a straight power law, fitted with a break',
      loss((u) => 4.2 * 10 ** (-0.075 * (u - 18)), 0.01),
      { models: 14, to: 22, laws: ['bnsl1'] },
      50,
    ),
  ],
  'fit.no-better-than-baseline': [
    curves(
      'a sigmoid in the middle of its rise, 12 models',
      accuracy((u) => 0.25 + 0.6 * logistic(1.2 * (u - 20.5)), 0.01),
      { models: 12 },
      50,
    ),
    curves(
      'no trend, 12 models',
      accuracy(() => 0.5),
      { models: 12 },
      50,
    ),
  ],
  'fit.objectives-disagree': [
    surface('30 runs on a surface, noise 0.4 %', 0),
    surface('the same, two of the smallest ended 10 % too high', 2),
  ],
  'fit.too-few': [
    curves(
      '4 sizes',
      accuracy((u) => 0.1 * (u - 17)),
      { models: 4 },
      20,
    ),
    curves(
      '3 sizes',
      accuracy((u) => 0.1 * (u - 17)),
      { models: 3 },
      20,
    ),
  ],
};
