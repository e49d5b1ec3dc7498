/**
 * A fit as a short Python script: the data, the law, the objective and a scipy refit from a displaced start, which prints
 * the parameters and whether they agree to six digits with what this tool reported. For readers who trust their own code.
 */
import type { FitOptions, FittedLaw } from '../law/law.ts';
import { preparePoints } from '../law/prepare.ts';
import { SLOPE_PRIOR } from '../law/sigmoid.ts';
import type { Fit } from '../report-model.ts';
import { err, ok, type Result } from '../result.ts';
import type { Point, StudySeries } from '../study/study.ts';

interface PythonLaw {
  /** Python expression of the prediction in terms of x, N, D and the parameters. */
  readonly formula: string;
  /** Parameters that are fitted as logarithms. */
  readonly logs: readonly string[];
  readonly needs?: 'surface';
  /** Extra residual (prior), in terms of the parameters. */
  readonly prior?: (fit: Fit) => string;
}

const LAWS: Readonly<Record<string, PythonLaw>> = {
  power: { formula: 'b * x**-c', logs: ['b'] },
  'power-offset': { formula: 'e + b * x**-c', logs: ['b'] },
  'shifted-power': { formula: 'b * (1 / x + g)**c', logs: ['b', 'g'] },
  bnsl1: { formula: 'a + b * x**-c0 * (1 + (x / d1)**(1 / f1))**(-c1 * f1)', logs: ['b', 'd1', 'f1'] },
  sigmoid: {
    formula: 'floor + (top - floor) / (1 + np.exp(-k * (np.log10(x) - x0)))',
    logs: ['k'],
    prior: (fit) => {
      const span = Math.abs((fit.parameters['top'] ?? 1) - (fit.parameters['floor'] ?? 0));
      return `${literal((SLOPE_PRIOR.residual * span) / SLOPE_PRIOR.sd)} * (np.log(k) - ${literal(SLOPE_PRIOR.centre)})`;
    },
  },
  'log-linear': { formula: 'intercept + slope * np.log10(x)', logs: [] },
  chinchilla: { formula: 'E + A * N**-alpha + B * D**-beta', logs: ['A', 'B', 'E'], needs: 'surface' },
};

/** Relative displacement of the start from the reported fit: far enough that the refit is one. */
const DISPLACED = 0.02;

/**
 * @param points the points that were fitted
 * @returns a refusal for laws without a closed formula
 */
export function pythonScript(
  series: StudySeries,
  points: readonly Point[],
  model: FittedLaw | { readonly fit: Fit },
  options: FitOptions,
): Result<string, { readonly message: string }> {
  const { fit } = model;
  const law = LAWS[fit.law];
  if (law === undefined)
    return err({ message: `${fit.law} has no export to Python; ${Object.keys(LAWS).join(', ')} have.` });
  const prepared = preparePoints({ series, points, study: null }, options, {
    objective: fit.objective.name as never,
    positiveX: true,
    minPoints: 1,
    minDistinctX: 1,
    refuseDegenerate: false,
    title: fit.law,
  });
  if (!prepared.ok) return err({ message: prepared.error.message });
  const used = prepared.value.points;
  if (law.needs === 'surface' && used.some((p) => p.params === null || p.tokens === null))
    return err({ message: 'Some points have no parameters or tokens.' });
  const names = Object.keys(fit.parameters).filter((name) => new RegExp(`\\b${name}\\b`).test(law.formula));
  const held = names.filter((name) => fit.atBound.includes(name) || name === 'floor' || name === 'top');
  const free = names.filter((name) => !held.includes(name));
  if (names.some((name) => fit.parameters[name] === null))
    return err({ message: `${fit.law} has parameters without a value.` });
  const huber = fit.objective.name.includes('huber');
  const log = fit.objective.name.startsWith('log') || (fit.objective.name === 'lad' && series.isLoss);
  if (fit.objective.name === 'lad')
    return err({ message: 'Least absolute deviations have no smooth refit to compare with.' });
  const weights = meanOne(prepared.value.weights, used.length);
  const isLog = (name: string): boolean => law.logs.includes(name) && (fit.parameters[name] as number) > 0;
  const logs = free.filter(isLog);
  const lines = [
    '"""',
    `${series.id}: ${fit.law}, n = ${used.length}, objective ${fit.objective.name}.`,
    'Refits the reported law with scipy from a displaced start and compares the parameters.',
    '"""',
    'import json',
    'import sys',
    '',
    'import numpy as np',
    `from scipy.optimize import ${huber ? 'minimize' : 'least_squares'}`,
    '',
    `x = np.array(${list(used.map((p) => p.x))}, dtype=float)`,
    `y = np.array(${list(used.map((p) => p.y))}, dtype=float)`,
    ...(law.needs === 'surface'
      ? [
          `N = np.array(${list(used.map((p) => p.params as number))}, dtype=float)`,
          `D = np.array(${list(used.map((p) => p.tokens as number))}, dtype=float)`,
        ]
      : []),
    weights === null ? 'w = np.ones_like(y)' : `w = np.array(${list(weights)}, dtype=float)  # mean 1`,
    `reported = ${dictionary(fit, names)}`,
    `free = ${JSON.stringify(free)}  # the others were held or ended on a bound`,
    `logs = ${JSON.stringify(logs)}  # fitted as logarithms`,
    '',
    '',
    `def law(${names.join(', ')}):`,
    `    return ${law.formula}`,
    '',
    '',
    'def parameters(theta):',
    '    values = dict(reported)',
    '    for name, t in zip(free, theta):',
    '        values[name] = np.exp(t) if name in logs else t',
    '    return values',
    '',
    '',
    'def residuals(theta):',
    '    values = parameters(theta)',
    log ? '    r = np.sqrt(w) * (np.log(law(**values)) - np.log(y))' : '    r = np.sqrt(w) * (law(**values) - y)',
    ...(law.prior === undefined || log
      ? ['    return r']
      : [
          `    ${free.includes('k') ? 'k = values["k"]' : `k = ${literal(fit.parameters['k'] as number)}`}`,
          `    return np.append(r, ${law.prior(fit)})`,
        ]),
    '',
    '',
    'best = np.array([np.log(reported[n]) if n in logs else reported[n] for n in free])',
    `start = best + ${DISPLACED} * np.where(np.arange(len(best)) % 2 == 0, 1, -1) * np.maximum(np.abs(best), 0.1)`,
    ...(huber ? huberLines(fit) : squaredLines()),
    'found = {k: float(v) for k, v in parameters(theta).items()}',
    'worst = max(abs(found[n] - reported[n]) / max(abs(reported[n]), 1e-12) for n in free)',
    'print(json.dumps({"parameters": found, "worst_relative_difference": float(worst), "agrees_to_six_digits": bool(worst < 5e-6)}))',
    'sys.exit(0 if worst < 5e-6 else 1)',
    '',
  ];
  return ok(lines.join('\n'));
}

function squaredLines(): string[] {
  return [
    'theta = start',
    'for _ in range(5):',
    '    theta = least_squares(residuals, theta, jac="3-point", x_scale="jac", xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=20000).x',
  ];
}

function huberLines(fit: Fit): string[] {
  return [
    `delta = ${literal(fit.objective.delta ?? 1e-3)}`,
    '',
    '',
    'def cost(theta):',
    '    a = np.abs(residuals(theta))',
    '    return float(np.sum(np.where(a <= delta, 0.5 * a * a, delta * (a - 0.5 * delta)))) * 1e6',
    '',
    '',
    'theta = start',
    'for method in ("Nelder-Mead", "BFGS", "Nelder-Mead", "Nelder-Mead"):',
    '    options = {"xatol": 1e-13, "fatol": 1e-15, "maxiter": 40000, "maxfev": 40000, "adaptive": True} if method == "Nelder-Mead" else {"gtol": 1e-9}',
    '    theta = minimize(cost, theta, method=method, options=options).x',
  ];
}

function meanOne(weights: ArrayLike<number> | null, n: number): number[] | null {
  if (weights === null) return null;
  const all = Array.from(weights);
  const mean = all.reduce((s, v) => s + v, 0) / n;
  return all.map((v) => v / mean);
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
