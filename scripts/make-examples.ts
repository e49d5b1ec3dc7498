// Writes the sample study of `examples/`: twelve simulated models over four orders of magnitude of compute, eight
// tasks from known laws with binomial noise, the truth stored beside it. Seeded: the same files every time.
// Run: node scripts/make-examples.ts [--check]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRandom } from '../src/core/stats/random.ts';

const SEED = 20260101;
const QUESTIONS = 2000;

/** Sizes, and how long each was trained (tokens per parameter): N and D must not move together. */
const MODELS: readonly (readonly [name: string, params: number, ratio: number])[] = [
  ['sim-20m', 20e6, 60],
  ['sim-40m', 40e6, 20],
  ['sim-70m', 70e6, 45],
  ['sim-120m', 120e6, 15],
  ['sim-200m', 200e6, 40],
  ['sim-350m', 350e6, 20],
  ['sim-600m', 600e6, 30],
  ['sim-1b', 1e9, 12],
  ['sim-1.6b', 1.6e9, 35],
  ['sim-2.8b', 2.8e9, 18],
  ['sim-5b', 5e9, 40],
  ['sim-9b', 9e9, 22],
];

/** E + A N^-alpha + B D^-beta, the rounded constants of Hoffmann et al. 2022 (arXiv 2203.15556). */
const LOSS = { E: 1.69, A: 406.4, B: 410.7, alpha: 0.34, beta: 0.28, noise: 0.002 };

const logistic = (t: number) => 1 / (1 + Math.exp(-t));

/** Accuracy as a function of u = log10 compute; every formula is also stored in truth.json. */
const TASKS = [
  {
    task: 'reading',
    shape: 'positive',
    chance: 0.25,
    formula: '0.25 + 0.75 s(0.65 (u - 19.6))',
    p: (u: number) => 0.25 + 0.75 * logistic(0.65 * (u - 19.6)),
  },
  {
    task: 'commonsense',
    shape: 'positive',
    chance: 0.25,
    formula: '0.25 + 0.75 s(0.5 (u - 20.2))',
    p: (u: number) => 0.25 + 0.75 * logistic(0.5 * (u - 20.2)),
  },
  {
    task: 'trivia',
    shape: 'positive',
    chance: 0,
    formula: 's(0.7 (u - 19.8))',
    p: (u: number) => logistic(0.7 * (u - 19.8)),
  },
  {
    task: 'negation',
    shape: 'inverse',
    chance: 0.5,
    formula: '0.5 - 0.085 (u - 18.4)',
    p: (u: number) => 0.5 - 0.085 * (u - 18.4),
  },
  {
    task: 'hindsight',
    shape: 'u-shaped',
    chance: 0.5,
    formula: '0.30 + 0.14 |u - 20.3|',
    p: (u: number) => 0.3 + 0.14 * Math.abs(u - 20.3),
  },
  {
    task: 'repetition',
    shape: 'inverted-u',
    chance: 0.25,
    formula: '0.72 - 0.13 |u - 20.4|',
    p: (u: number) => 0.72 - 0.13 * Math.abs(u - 20.4),
  },
  {
    task: 'arithmetic',
    shape: 'positive',
    emergent: true,
    threshold: 20.2,
    chance: 0,
    formula: '0.005 + 0.32 max(u - 20.2, 0)',
    p: (u: number) => 0.005 + 0.32 * Math.max(u - 20.2, 0),
  },
] as const;

interface Row {
  readonly model: string;
  readonly params: number;
  readonly tokens: number;
  readonly compute: number;
  readonly loss: number;
  readonly accuracy: readonly { task: string; chance: number; score: number; stderr: number }[];
}

function simulate(): Row[] {
  return MODELS.map(([model, params, ratio]) => {
    const tokens = params * ratio;
    const compute = 6 * params * tokens;
    const random = createRandom(SEED, model);
    const clean = LOSS.E + LOSS.A * params ** -LOSS.alpha + LOSS.B * tokens ** -LOSS.beta;
    const loss = Number((clean * Math.exp(LOSS.noise * random.normal())).toFixed(4));
    const accuracy = TASKS.map((t) => {
      const draws = createRandom(SEED, `${model}/${t.task}`);
      const p = t.p(Math.log10(compute));
      let correct = 0;
      for (let i = 0; i < QUESTIONS; i++) if (draws.uniform() < p) correct++;
      const score = correct / QUESTIONS;
      return {
        task: t.task,
        chance: t.chance,
        score: Number(score.toFixed(4)),
        stderr: Number(Math.sqrt(Math.max(score * (1 - score), 1 / QUESTIONS) / QUESTIONS).toFixed(5)),
      };
    });
    return { model, params, tokens, compute, loss, accuracy };
  });
}

function longCsv(rows: readonly Row[]): string {
  const lines = ['model,params,tokens,compute,task,metric,score,stderr,n,chance'];
  for (const task of ['validation', ...TASKS.map((t) => t.task)]) {
    for (const r of rows) {
      const head = `${r.model},${r.params},${r.tokens},${r.compute.toExponential(3)}`;
      if (task === 'validation') lines.push(`${head},validation,loss,${r.loss},,,`);
      const a = r.accuracy.find((x) => x.task === task);
      if (a !== undefined) lines.push(`${head},${task},accuracy,${a.score},${a.stderr},${QUESTIONS},${a.chance}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function wideCsv(rows: readonly Row[]): string {
  const lines = [
    `model,params,tokens,FLOPs (1E18),validation/loss,${TASKS.map((t) => `${t.task}/accuracy`).join(',')}`,
  ];
  for (const r of rows) {
    const flops = Number((r.compute / 1e18).toPrecision(6));
    lines.push(`${r.model},${r.params},${r.tokens},${flops},${r.loss},${r.accuracy.map((a) => a.score).join(',')}`);
  }
  return `${lines.join('\n')}\n`;
}

function runsYaml(rows: readonly Row[]): string {
  const lines = ['# Twelve simulated training runs and their evaluations (scripts/make-examples.ts).', 'runs:'];
  for (const r of rows) {
    lines.push(
      `  - model: ${r.model}`,
      `    params: ${r.params}`,
      `    tokens: ${r.tokens}`,
      `    compute: ${r.compute.toExponential(3)}`,
    );
    lines.push('    results:', `      validation: {loss: ${r.loss}}`);
    for (const a of r.accuracy)
      lines.push(`      ${a.task}: {accuracy: {value: ${a.score}, stderr: ${a.stderr}, n: ${QUESTIONS}}}`);
  }
  return `${lines.join('\n')}\n`;
}

function truth(rows: readonly Row[]): string {
  return `${JSON.stringify(
    {
      note: 'Simulated. u = log10 training FLOP, s(t) = 1/(1+exp(-t)); binomial noise with the stated number of questions.',
      seed: SEED,
      questions: QUESTIONS,
      loss: { formula: 'E + A N^-alpha + B D^-beta, times exp(noise)', ...LOSS },
      tasks: TASKS.map(({ p: _, ...rest }) => rest),
      models: rows.map(({ model, params, tokens, compute }) => ({ model, params, tokens, compute })),
    },
    null,
    2,
  )}\n`;
}

const rows = simulate();
const files: Readonly<Record<string, string>> = {
  'study-long.csv': longCsv(rows),
  'study-wide.csv': wideCsv(rows),
  'study-runs.yaml': runsYaml(rows),
  'truth.json': truth(rows),
};
mkdirSync('examples', { recursive: true });
let stale = 0;
for (const [name, text] of Object.entries(files)) {
  if (process.argv.includes('--check')) {
    if (readFileSync(`examples/${name}`, 'utf8') !== text) {
      stale++;
      console.error(`examples/${name} is not what the script makes`);
    }
  } else writeFileSync(`examples/${name}`, text);
}
if (stale > 0) process.exitCode = 1;
