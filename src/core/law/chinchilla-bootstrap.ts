/**
 * Bootstrap of the N, D surface: every refit starts from the point fit with a metric built on its own resample, so that a
 * refit costs a few dozen evaluations. Repeated rows become weights, so a resample is two thirds of the data.
 */
import { type Deadline, outOfTime } from '../stats/deadline.ts';
import { createRandom } from '../stats/random.ts';
import type { Point } from '../study/study.ts';
import { refitSurface, type SurfaceFit, type SurfaceObjective } from './chinchilla-fit.ts';
import { type SurfaceData, surfaceLoss, toSurface } from './chinchilla-surface.ts';
import type { BootstrapDraws } from './fit-report.ts';
import { groupSampler, type ResampleMethod } from './resampling.ts';

interface SurfaceBootstrap {
  readonly data: SurfaceData;
  readonly points: readonly Point[];
  readonly best: SurfaceFit;
  readonly objective: SurfaceObjective;
  readonly delta: number;
  readonly method: ResampleMethod;
  readonly resamples: number;
  readonly seed: number;
  /** Name of the random stream: same seed and name, same resamples. */
  readonly stream: string;
  readonly deadline: Deadline;
}

/** Refits; thetas are (lnE, lnA, lnB, alpha, beta). A resample with fewer distinct rows than parameters counts as failed. */
export function bootstrapSurface(job: SurfaceBootstrap): BootstrapDraws {
  const { data, best } = job;
  const n = data.n;
  const packed: SurfaceData = {
    ...data,
    u: new Float64Array(n),
    v: new Float64Array(n),
    y: new Float64Array(n),
    lnY: new Float64Array(n),
    weight: new Float64Array(n),
  };
  const fill = job.method === 'residual' ? residualFiller(job, packed) : countFiller(job, packed, job.method);
  const thetas = new Float64Array(5 * job.resamples);
  let count = 0;
  let failed = 0;
  let stopped: string | null = fill === null ? `Nothing to resample: all points belong to one ${job.method}.` : null;
  for (let b = 0; fill !== null && b < job.resamples; b++) {
    if (job.deadline.expired()) {
      stopped = outOfTime(b, job.resamples);
      break;
    }
    fill();
    if (packed.n <= best.map.k) {
      failed++;
      continue;
    }
    const end = refitSurface(packed, best, job.objective, job.delta, false, () => job.deadline.expired());
    const s = toSurface(best.map, end.z);
    if (!Number.isFinite(end.value) || !end.converged || !Object.values(s).every(Number.isFinite)) {
      failed++;
      continue;
    }
    thetas.set([Math.log(s.E), Math.log(s.A), Math.log(s.B), s.alpha, s.beta], 5 * count);
    count++;
  }
  return { thetas, count, failed, requested: job.resamples, method: job.method, stopped };
}

/** Draws points, runs or families; null when there is only one group. */
function countFiller(
  job: SurfaceBootstrap,
  packed: SurfaceData,
  method: Exclude<ResampleMethod, 'residual'>,
): (() => void) | null {
  const { data } = job;
  const sampler = groupSampler(job.points, method, job.seed, job.stream);
  if (sampler.groups < 2) return null;
  const counts = new Float64Array(data.n);
  return () => {
    sampler.next(counts);
    let m = 0;
    for (let i = 0; i < data.n; i++) {
      const times = counts[i]!;
      if (times === 0) continue;
      packed.u[m] = data.u[i]!;
      packed.v[m] = data.v[i]!;
      packed.y[m] = data.y[i]!;
      packed.lnY[m] = data.lnY[i]!;
      packed.weight[m] = data.weight[i]! * times;
      m++;
    }
    packed.n = m;
  };
}

/** Adds another point's residual in ln L, centred and scaled by sqrt(n/(n-k)), to every fitted value. */
function residualFiller(job: SurfaceBootstrap, packed: SurfaceData): () => void {
  const { data, best } = job;
  const n = data.n;
  const random = createRandom(job.seed, job.stream);
  const lnFitted = new Float64Array(n);
  const residual = new Float64Array(n);
  let mean = 0;
  for (let i = 0; i < n; i++) {
    lnFitted[i] = Math.log(
      surfaceLoss(best.surface, Math.exp(data.u[i]! + data.meanLnN), Math.exp(data.v[i]! + data.meanLnD)),
    );
    residual[i] = data.lnY[i]! - lnFitted[i]!;
    mean += residual[i]! / n;
  }
  const scale = Math.sqrt(n / Math.max(1, n - best.freeParameters));
  packed.u.set(data.u.subarray(0, n));
  packed.v.set(data.v.subarray(0, n));
  packed.weight.set(data.weight.subarray(0, n));
  packed.n = n;
  return () => {
    for (let i = 0; i < n; i++) {
      packed.lnY[i] = lnFitted[i]! + scale * (residual[random.integer(n)]! - mean);
      packed.y[i] = Math.exp(packed.lnY[i]!);
    }
  };
}
