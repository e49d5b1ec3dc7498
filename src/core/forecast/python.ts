/**
 * A fit as a short Python script: the data, the law, the objective and a scipy refit from a displaced start, which prints
 * the parameters and whether they agree to six digits with what this tool reported. A composed law is refitted stage by
 * stage. For readers who trust their own code.
 */
import { paramsOf, tokensOf } from '../law/chinchilla-points.ts';
import type { FitOptions, FittedLaw } from '../law/law.ts';
import { errorScale } from '../law/loss-to-error.ts';
import { preparePoints } from '../law/prepare.ts';
import { readLadder, shareScale } from '../law/two-step-rows.ts';
import type { Fit } from '../report-model.ts';
import { err, ok, type Result } from '../result.ts';
import type { Prior } from '../stats/levenberg-marquardt.ts';
import { mean } from '../stats/moments.ts';
import type { Point, StudySeries } from '../study/study.ts';

interface PythonLaw {
  /** Body of the law in terms of x, N, D, L and the parameters; the last line returns. */
  readonly body: readonly string[];
  /** Parameters that are fitted as logarithms. */
  readonly logs: readonly string[];
  /** Extra residual (prior), in terms of the parameters. */
  readonly prior?: (fit: Fit) => string;
}

/** Broken laws through ln(1 + e^t), which cannot overflow where (x/d)^(1/f) would. */
const broken = (breaks: number): PythonLaw => {
  const bends = Array.from({ length: breaks }, (_, i) => i + 1);
  return {
    body: [
      `bend = ${bends.map((i) => `c${i} * f${i} * softplus((np.log(x) - np.log(d${i})) / f${i})`).join(' + ')}`,
      'return a + np.exp(np.log(b) - c0 * np.log(x) - bend)',
    ],
    logs: ['b', ...bends.flatMap((i) => [`d${i}`, `f${i}`])],
  };
};

const LAWS: Readonly<Record<string, PythonLaw>> = {
  power: { body: ['return b * x**-c'], logs: ['b'] },
  'power-offset': { body: ['return e + b * x**-c'], logs: ['b'] },
  'shifted-power': { body: ['return b * (1 / x + g)**c'], logs: ['b', 'g'] },
  m4: {
    body: [
      '# (y - e)/(e0 - y)^a = b x^-c with y = e + (e0 - e) s(z): one increasing equation in z for each point',
      'span = e0 - e',
      't = np.log(b) - c * np.log(x) - (1 - a) * np.log(span)',
      'low, high = np.full(x.shape, -800.0), np.full(x.shape, 800.0)',
      'for _ in range(100):',
      '    z = (low + high) / 2',
      '    below = np.real(z + (a - 1) * softplus(z)) < np.real(t)',
      '    low, high = np.where(below, z, low), np.where(below, high, z)',
      'for _ in range(3):  # Newton: carries derivatives by complex steps as well',
      '    z = z - (z + (a - 1) * softplus(z) - t) / (1 + (a - 1) * logistic(z))',
      'return e + span * logistic(z)',
    ],
    logs: ['b'],
  },
  bnsl1: broken(1),
  bnsl2: broken(2),
  sigmoid: {
    body: ['return floor + (top - floor) * logistic(k * (np.log10(x) - x0))'],
    logs: ['k'],
    prior: (fit) => {
      const { centre, weight } = fit['slopePrior'] as Prior;
      return `lambda k, **_: ${literal(Math.sqrt(weight))} * (np.log(k) - ${literal(centre)})`;
    },
  },
  'log-linear': { body: ['return intercept + slope * np.log10(x)'], logs: [] },
  chinchilla: { body: ['return E + A * N**-alpha + B * D**-beta'], logs: ['A', 'B', 'E'] },
  kaplan: { body: ['return ((Nc / N)**(aN / aD) + Dc / D)**aD'], logs: ['Nc', 'Dc'] },
  'over-training': {
    body: ['C, M = 6 * N * D, D / N', 'return E + (a * M**eta + b * M**-eta) * C**-eta'],
    logs: ['a', 'b'],
  },
  'loss-to-error': { body: ['return epsilon - k * np.exp(-gamma * L)'], logs: ['k'] },
};

/** Step two of the ladder. */
const LADDER_ACCURACY: PythonLaw = { body: ['return b + a * logistic(k * (L - L0))'], logs: ['k'] };
const COMPOSED = ['two-step', 'over-training-chain'] as const;

/** One refit: its data, its law and what was reported. */
interface Stage {
  readonly title: string;
  readonly law: PythonLaw;
  readonly fit: Fit;
  readonly names: readonly string[];
  readonly data: Readonly<Record<string, readonly number[]>>;
  readonly y: readonly number[];
  readonly weights: readonly number[] | null;
}

/** Relative displacement of the start from the reported fit: far enough that the refit is one. */
const DISPLACED = 0.02;

/**
 * @param points the points that were fitted
 * @returns a refusal for laws without an export
 */
export function pythonScript(
  series: StudySeries,
  points: readonly Point[],
  model: FittedLaw | { readonly fit: Fit },
  options: FitOptions,
): Result<string, { readonly message: string }> {
  const { fit } = model;
  const stages = stagesOf(series, points, fit, options);
  if (!stages.ok) return stages;
  for (const { fit: one, names } of stages.value) {
    if (names.some((name) => one.parameters[name] === null))
      return err({ message: `${one.law} has parameters without a value.` });
    if (one.objective.name === 'lad')
      return err({ message: 'Least absolute deviations have no smooth refit to compare with.' });
  }
  const parts = stages.value.map((stage, i) => stageLines(stage, i + 1, series));
  const huber = stages.value.some((s) => s.fit.objective.name.includes('huber'));
  return ok(
    [
      '"""',
      `${series.id}: ${fit.law}, n = ${stages.value[0]?.y.length ?? 0}, objective ${stages.value.map((s) => s.fit.objective.name).join(', then ')}.`,
      'Refits the reported law with scipy from a displaced start and compares the parameters.',
      '"""',
      'import json',
      'import sys',
      '',
      'import numpy as np',
      `from scipy.optimize import least_squares${huber ? ', minimize' : ''}`,
      '',
      ...HELPERS,
      ...(huber ? HUBER : []),
      ...parts.flat(),
      '',
      'found = {}',
      'for values, _ in stages:',
      '    found.update(values)',
      'worst = max(difference for _, difference in stages)',
      'print(json.dumps({"parameters": found, "worst_relative_difference": worst, "agrees_to_six_digits": bool(worst < 5e-6)}))',
      'sys.exit(0 if worst < 5e-6 else 1)',
      '',
    ].join('\n'),
  );
}

function stagesOf(
  series: StudySeries,
  points: readonly Point[],
  fit: Fit,
  options: FitOptions,
): Result<Stage[], { readonly message: string }> {
  if (fit.law === 'two-step') return ladderStages(series, points, fit, options);
  if (fit.law === 'over-training-chain') return chainStages(series, points, fit);
  const law = LAWS[fit.law];
  if (law === undefined)
    return err({
      message: `${fit.law} has no export to Python; ${[...Object.keys(LAWS), ...COMPOSED].join(', ')} have.`,
    });
  const body = law.body.join('\n');
  const names = Object.keys(fit.parameters).filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  if (fit.law === 'loss-to-error') {
    const used = points.filter((p) => p.loss !== null && Number.isFinite(p.loss) && Number.isFinite(p.y));
    return ok([{ title: fit.law, law, fit, names, ...lossStage(series, used) }]);
  }
  const surface = /\bN\b/.test(body);
  const prepared = preparePoints({ series, points, study: null }, options, {
    objective: fit.objective.name as never,
    positiveX: !surface,
    minPoints: 1,
    minDistinctX: surface ? 0 : 1,
    refuseDegenerate: false,
    title: fit.law,
  });
  if (!prepared.ok) return err({ message: prepared.error.message });
  const used = prepared.value.points;
  const data = surface ? placesOf(series, used) : { x: used.map((p) => p.x) };
  if (Object.values(data).some((column) => column.some((v) => !Number.isFinite(v))))
    return err({ message: 'Some points have no parameters or tokens.' });
  const weights = meanOne(prepared.value.weights);
  return ok([{ title: fit.law, law, fit, names, data, y: used.map((p) => p.y), weights }]);
}

function placesOf(series: StudySeries, points: readonly Point[]): { N: number[]; D: number[] } {
  return {
    N: points.map((p) => paramsOf(p, series.scale)),
    D: points.map((p) => tokensOf(p, series.scale)),
  };
}

function lossStage(series: StudySeries, points: readonly Point[]): Pick<Stage, 'data' | 'y' | 'weights'> {
  const { toError } = errorScale(series);
  return { data: { L: points.map((p) => p.loss as number) }, y: points.map((p) => toError(p.y)), weights: null };
}

/** Step one on the last row of each run, step two on all rows and the anchor (loss 0, best score). */
function ladderStages(
  series: StudySeries,
  points: readonly Point[],
  fit: Fit,
  options: FitOptions,
): Result<Stage[], { readonly message: string }> {
  const one = fit['step1'] as Fit | undefined;
  const two = fit['step2'] as Fit | undefined;
  if (one === undefined || two === undefined) return err({ message: 'two-step: the fit has no record of its steps.' });
  const ladder = readLadder({ series, points, study: null }, options, shareScale(series));
  const last = ladder.last.map(({ point }) => point);
  return ok([
    {
      title: 'step 1: parameters and tokens to task loss, last row of each run',
      law: LAWS['chinchilla'] as PythonLaw,
      fit: one,
      names: ['E', 'A', 'B', 'alpha', 'beta'],
      data: placesOf(series, last),
      y: last.map((p) => p.loss as number),
      weights: null,
    },
    {
      title: 'step 2: task loss to the share of the best score, all rows and the anchor (0, 1)',
      law: LADDER_ACCURACY,
      fit: two,
      names: ['a', 'b', 'k', 'L0'],
      data: { L: [...ladder.loss, 0] },
      y: [...ladder.accuracy, 1],
      weights: null,
    },
  ]);
}

/** Loss from size and tokens, then error from loss, each on the rows that the fit records. */
function chainStages(
  series: StudySeries,
  points: readonly Point[],
  fit: Fit,
): Result<Stage[], { readonly message: string }> {
  const rows = fit['stages'] as
    | { readonly loss: { readonly rows: readonly number[] }; readonly error: { readonly rows: readonly number[] } }
    | undefined;
  if (rows === undefined) return err({ message: 'over-training-chain: the fit has no record of its stages.' });
  const pick = (wanted: readonly number[]): Point[] => {
    const set = new Set(wanted);
    return points.filter((p) => set.has(p.row) && p.loss !== null);
  };
  const first = pick(rows.loss.rows);
  return ok([
    {
      title: 'stage 1: parameters and tokens to loss',
      law: LAWS['over-training'] as PythonLaw,
      fit,
      names: ['E', 'a', 'b', 'eta'],
      data: placesOf(series, first),
      y: first.map((p) => p.loss as number),
      weights: null,
    },
    {
      title: 'stage 2: loss to error',
      law: LAWS['loss-to-error'] as PythonLaw,
      fit,
      names: ['epsilon', 'k', 'gamma'],
      ...lossStage(series, pick(rows.error.rows)),
    },
  ]);
}

function stageLines(stage: Stage, number: number, series: StudySeries): string[] {
  const { fit, law, names } = stage;
  const held = names.filter(
    (name) => fit.atBound.includes(name) || name === 'floor' || name === 'top' || name === 'e0',
  );
  const free = names.filter((name) => !held.includes(name));
  const logs = free.filter((name) => law.logs.includes(name) && (fit.parameters[name] as number) > 0);
  const objective = fit.objective.name;
  const log = objective.startsWith('log') || (objective === 'lad' && series.isLoss);
  const extra = law.prior !== undefined && !log ? law.prior(fit) : null;
  return [
    '',
    `# ${stage.title}`,
    ...Object.entries(stage.data).map(([name, values]) => `${name} = np.array(${list(values)}, dtype=float)`),
    `y = np.array(${list(stage.y)}, dtype=float)`,
    stage.weights === null ? 'w = np.ones_like(y)' : `w = np.array(${list(stage.weights)}, dtype=float)  # mean 1`,
    '',
    '',
    `def law${number}(${names.join(', ')}):`,
    ...law.body.map((line) => `    ${line}`),
    '',
    '',
    `reported = ${dictionary(fit, names)}`,
    `free = ${JSON.stringify(free)}  # the others were held or ended on a bound`,
    `logs = ${JSON.stringify(logs)}  # fitted as logarithms`,
    `stages.append(refit(law${number}, y, w, reported, free, logs, log=${log ? 'True' : 'False'}, delta=${objective.includes('huber') ? literal(fit.objective.delta ?? 1e-3) : 'None'}, extra=${extra ?? 'None'}))`,
  ];
}

const HELPERS: readonly string[] = [
  'stages = []',
  '',
  '',
  'def softplus(t):',
  '    far = np.where(np.real(t) > 0, t, 0)',
  '    return far + np.log1p(np.exp(np.where(np.real(t) > 0, -t, t)))',
  '',
  '',
  'def logistic(t):',
  '    decay = np.exp(np.where(np.real(t) > 0, -t, t))',
  '    return np.where(np.real(t) > 0, 1, decay) / (1 + decay)',
  '',
  '',
  'def refit(law, y, w, reported, free, logs, log, delta, extra):',
  '    def parameters(theta):',
  '        values = dict(reported)',
  '        for name, t in zip(free, theta):',
  '            values[name] = np.exp(t) if name in logs else t',
  '        return values',
  '',
  '    def residuals(theta):',
  '        values = parameters(theta)',
  '        r = np.sqrt(w) * (np.log(law(**values)) - np.log(y)) if log else np.sqrt(w) * (law(**values) - y)',
  '        return r if extra is None else np.append(r, extra(**values))',
  '',
  '    best = np.array([np.log(reported[n]) if n in logs else reported[n] for n in free])',
  `    start = best + ${DISPLACED} * np.where(np.arange(len(best)) % 2 == 0, 1, -1) * np.maximum(np.abs(best), 0.1)`,
  '    if delta is None:',
  '        theta = start',
  '        for _ in range(5):',
  '            theta = least_squares(residuals, theta, jac="cs", x_scale="jac", xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=20000).x',
  '    else:',
  '        theta = huber(residuals, start, delta)',
  '    values = {k: float(np.real(v)) for k, v in parameters(theta).items()}',
  '    return values, float(max(abs(values[n] - reported[n]) / max(abs(reported[n]), 1e-12) for n in free))',
  '',
];

const HUBER: readonly string[] = [
  '',
  'def huber(residuals, theta, delta):',
  '    def cost(t):',
  '        a = np.abs(residuals(t))',
  '        return float(np.sum(np.where(a <= delta, 0.5 * a * a, delta * (a - 0.5 * delta)))) * 1e6',
  '',
  '    for _ in range(3):',
  '        theta = least_squares(residuals, theta, jac="cs", x_scale="jac", loss="huber", f_scale=delta, xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=3000).x',
  '    for method in ("BFGS", "Nelder-Mead"):',
  '        options = {"xatol": 1e-13, "fatol": 1e-15, "maxiter": 40000, "maxfev": 40000, "adaptive": True} if method == "Nelder-Mead" else {"gtol": 1e-9}',
  '        theta = minimize(cost, theta, method=method, options=options).x',
  '    return theta',
  '',
];

function meanOne(weights: ArrayLike<number> | null): number[] | null {
  if (weights === null) return null;
  const all = Array.from(weights);
  const middle = mean(all);
  return all.map((v) => v / middle);
}

function dictionary(fit: Fit, names: readonly string[]): string {
  return `{${names.map((name) => `"${name}": ${literal(fit.parameters[name] as number)}`).join(', ')}}`;
}

function list(values: readonly number[]): string {
  return `[${values.map(literal).join(', ')}]`;
}

/** A double that Python reads back exactly. */
function literal(v: number): string {
  return String(v);
}
