/**
 * Measures of the N, D surface: the full-accuracy fit against the plain 4,500-start grid within one process, and the
 * 4,000-resample bootstrap. The points are made (a noisy surface of the size and spread of the published extraction), so
 * that the benchmark runs without any data beside the project.
 */

import { chinchilla } from '../../src/core/law/chinchilla.ts';
import { surfaceLoss } from '../../src/core/law/chinchilla-surface.ts';
import type { FitInput, FitOptions } from '../../src/core/law/law.ts';
import { lawById } from '../../src/core/law/registry.ts';
import { createRandom } from '../../src/core/stats/random.ts';
import { makePoint, makeSeries } from '../core/law/series.ts';
import { fitByGrid, type GridPoints, huberObjective } from './reference-grid.ts';

/** Points of the published extraction that are fitted. */
const POINTS = 240;
const OPTIONS: FitOptions = { bootstrap: 0, seed: 1, level: 0.9, timeBudget: 600_000 };

/** A noisy surface: nine budgets from 6e18 to 3e21 FLOP, sizes a decade around the optimum, 0.8 % heavy-tailed noise. */
export function madeSurface(count = POINTS, seed = 1): GridPoints {
  const random = createRandom(seed, 'bench surface');
  const truth = { E: 1.8172, A: 477.8, B: 2143, alpha: 0.3473, beta: 0.3672 };
  const params: number[] = [];
  const tokens: number[] = [];
  const loss: number[] = [];
  for (let i = 0; i < count; i++) {
    const compute = 6e18 * 500 ** ((i % 9) / 8);
    const best = 0.1132 * (compute / 6) ** 0.5139;
    const size = best * 10 ** (random.uniform() * 1.4 - 0.7);
    const data = compute / (6 * size);
    const noise = 0.006 * random.normal() * (random.uniform() < 0.05 ? 4 : 1);
    params.push(size);
    tokens.push(data);
    loss.push(surfaceLoss(truth, size, data) * Math.exp(noise));
  }
  return { params, tokens, loss };
}

/** The fit's input for points given as arrays. */
export function surfaceInput(points: GridPoints): FitInput {
  const list = points.loss.map((y, i) => {
    const params = points.params[i] as number;
    const tokens = points.tokens[i] as number;
    const compute = 6 * params * tokens;
    return makePoint(compute, y, i, { params, tokens, compute });
  });
  return { series: makeSeries(list), points: list, study: null };
}

export interface SurfaceSpeed {
  /** Milliseconds of one full fit, table of objectives and allocation included: median of the rounds. */
  readonly fit: number;
  /** First call in the process, code not yet compiled. */
  readonly fitCold: number;
  /** Seconds of all 4,500 starts: the sample's time times the stride. */
  readonly grid: number;
  readonly gridSampled: number;
  readonly ratio: number;
  /** Objective of the fit over that of the best sampled start: at most 1. */
  readonly objectiveRatio: number;
}

/** Fit against grid. Every `stride`-th start of the grid is run and the time scaled; 1 runs them all. */
export function measureSurfaceFit(points: GridPoints = madeSurface(), stride = 20, rounds = 21): SurfaceSpeed {
  const input = surfaceInput(points);
  const times: number[] = [];
  let parameters: Readonly<Record<string, number | null>> = {};
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    const result = chinchilla.fit(input, OPTIONS);
    times.push(performance.now() - start);
    if (!result.ok) throw new Error(result.error.message);
    parameters = result.value.fit.parameters;
  }
  const start = performance.now();
  const grid = fitByGrid(points, stride);
  const sampled = (performance.now() - start) / 1000;
  const fit = times.slice(1).sort((a, b) => a - b)[(rounds - 1) >> 1]!;
  const of = (name: string): number => parameters[name] ?? Number.NaN;
  const value = huberObjective(points, [
    Math.log(of('A')),
    Math.log(of('B')),
    Math.log(of('E')),
    of('alpha'),
    of('beta'),
  ]);
  const all = (sampled * 4500) / grid.starts;
  return {
    fit,
    fitCold: times[0]!,
    grid: all,
    gridSampled: grid.starts,
    ratio: (1000 * all) / fit,
    objectiveRatio: value / grid.value,
  };
}

export interface BootstrapSpeed {
  readonly seconds: number;
  readonly resamples: number;
  readonly failed: number;
}

/** Bootstrap on one core, point fit included. */
export function measureSurfaceBootstrap(points: GridPoints = madeSurface(), resamples = 4000): BootstrapSpeed {
  const input = surfaceInput(points);
  const start = performance.now();
  const result = chinchilla.fit(input, { ...OPTIONS, bootstrap: resamples });
  const seconds = (performance.now() - start) / 1000;
  if (!result.ok) throw new Error(result.error.message);
  const counts = result.value.fit['bootstrap'] as { readonly failed: number };
  return { seconds, resamples, failed: counts.failed };
}

/** Laws of one variable, and what each is measured on. */
const CURVES = ['power', 'power-offset', 'shifted-power', 'm4', 'bnsl1', 'bnsl2', 'sigmoid', 'log-linear'] as const;

/** A noisy curve over six decades: a loss that levels off, or for the sigmoid a score that rises from chance. */
function madeCurve(law: string, count: number, seed = 1): FitInput {
  const random = createRandom(seed, 'bench curve');
  const score = law === 'sigmoid';
  const input = surfaceInput({
    params: Array.from({ length: count }, () => 10 ** (8 + 3 * random.uniform())),
    tokens: Array.from({ length: count }, () => 10 ** (9 + 3 * random.uniform())),
    loss: new Array<number>(count).fill(1),
  });
  const points = input.points.map((point) => {
    const noise = random.normal();
    const loss = (1.7 + 800 * point.x ** -0.15) * Math.exp(0.01 * noise);
    return { ...point, y: score ? 0.25 + 0.75 / (1 + Math.exp(20 - Math.log10(point.x))) + 0.03 * noise : loss };
  });
  const bounded = { isLoss: false, better: 'higher' as const, lower: 0, upper: 1 };
  return { series: { ...input.series, ...(score ? bounded : {}), points }, points, study: null };
}

/** Milliseconds of processor time of the least expensive of some rounds. */
function processorTime(rounds: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

interface Growth {
  readonly law: string;
  readonly points: number;
  /** Milliseconds of processor time. */
  readonly milliseconds: number;
  /** Microseconds. */
  readonly perPoint: number;
  readonly converged: boolean;
}

/** One fit at each number of points, in the default time budget: linear when the cost of a point stays level. */
export function measureGrowth(sizes: readonly number[] = [1_000, 10_000, 100_000, 1_000_000]): Growth[] {
  return ['chinchilla', ...CURVES].flatMap((id) =>
    sizes.map((points): Growth => {
      const input = id === 'chinchilla' ? surfaceInput(madeSurface(points)) : madeCurve(id, points);
      let converged = false;
      const milliseconds = processorTime(points > 10_000 ? 1 : 3, () => {
        const result = lawById(id)?.fit(input, { bootstrap: 0, seed: 1, level: 0.9 });
        if (result?.ok !== true) throw new Error(`${id} on ${points} points: ${result?.error.message}`);
        converged = result.value.fit.converged;
      });
      return { law: id, points, milliseconds, perPoint: (1000 * milliseconds) / points, converged };
    }),
  );
}

/** Milliseconds of processor time of a bare point fit (no table, no profile, no resamples), warm. */
export function measurePointFits(): { readonly law: string; readonly points: number; readonly milliseconds: number }[] {
  const rounds = 200;
  return ['chinchilla', 'power', 'sigmoid'].flatMap((law) =>
    [72, 500].map((points) => {
      const input = law === 'chinchilla' ? surfaceInput(madeSurface(points)) : madeCurve(law, points);
      const all = processorTime(3, () => {
        for (let i = 0; i < rounds; i++)
          lawById(law)?.fit(input, { bootstrap: 0, seed: 1, level: 0.9, pointOnly: true });
      });
      return { law, points, milliseconds: all / rounds };
    }),
  );
}
