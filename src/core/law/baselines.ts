/** Baselines without any scaling: the last value, the mean of the last three, the mean. What "no change" would predict. */
import { ok, type Result } from '../result.ts';
import { createRandom } from '../stats/random.ts';
import { buildFittedLaw } from './fit-report.ts';
import type { FitInput, FitOptions, FitRefusal, FittedLaw, Law } from './law.ts';
import { defaultObjective, preparePoints } from './prepare.ts';

/** A constant prediction: the mean of the `last` points with the largest x (all of them for Infinity). */
function constantLaw(id: string, title: string, last: number): Law {
  const fit = (input: FitInput, options: FitOptions): Result<FittedLaw, FitRefusal> => {
    const prepared = preparePoints(input, options, {
      positiveX: false,
      minPoints: 1,
      minDistinctX: 0,
      refuseDegenerate: false,
      title,
    });
    if (!prepared.ok) return prepared;
    const { points, y, scale } = prepared.value;
    const n = points.length;
    // Stable: ties in x keep file order.
    const order = points.map((_, i) => i).sort((a, b) => (points[a]?.x ?? 0) - (points[b]?.x ?? 0));
    const used = order.slice(Math.max(0, n - last));
    const mean = (indices: ArrayLike<number>): number => {
      let sum = 0;
      for (let i = 0; i < indices.length; i++) sum += y[indices[i] as number] as number;
      return sum / indices.length;
    };
    const value = mean(used);
    const draws = new Float64Array(options.bootstrap);
    const random = createRandom(options.seed, `${input.series.id}/${id}`);
    const resample = new Int32Array(used.length);
    for (let b = 0; b < draws.length; b++) {
      for (let i = 0; i < resample.length; i++) resample[i] = used[random.integer(used.length)] as number;
      draws[b] = mean(resample);
    }
    return ok(
      buildFittedLaw({
        law: id,
        parameters: [{ name: 'value', transform: 'identity' }],
        theta: Float64Array.of(value),
        predict: (theta) => theta[0] as number,
        gradient: (_theta, _at, out) => {
          out[0] = 1;
        },
        points,
        objective: prepared.value.objective,
        delta: options.delta ?? null,
        scale,
        criterionScale: defaultObjective(input.series) === 'log-squared' ? 'ln y' : 'y',
        weights: prepared.value.weights,
        freeParameters: 1,
        bootstrap:
          options.bootstrap > 0
            ? { thetas: draws, count: draws.length, failed: 0, requested: draws.length, method: 'case', stopped: null }
            : null,
        level: options.level,
        converged: true,
        starts: { tried: 1, atOptimum: 1 },
        excluded: prepared.value.excluded,
        notes: prepared.value.notes,
      }),
    );
  };
  return {
    id,
    title,
    formula: 'value',
    source: 'baseline: no change with scale',
    parameters: [{ name: 'value', unit: 'units of y', meaning: 'predicted everywhere' }],
    needs: ['x'],
    monotone: true,
    baseline: true,
    minPoints: 1,
    fit,
  };
}

export const lastValue = constantLaw('last', 'Last value', 1);
export const lastThree = constantLaw('mean-3', 'Mean of the last three', 3);
export const meanValue = constantLaw('mean', 'Mean', Number.POSITIVE_INFINITY);
