/**
 * Accelerated emergence, tested where it can be believed: at the level of instances. Averaging instances that differ
 * only in c makes the dataset's F concave with no new mechanism (−ln of a Laplace transform), so a concave dataset
 * curve alone is called heterogeneity; "accelerated" needs a bend inside the instances (emergence.md §5.3).
 */
import { formatNumber } from '../render/number.ts';
import { type PlannedPoint, type SharedBend, sharedBend } from './bend.ts';
import type { InstanceFit } from './instance-law.ts';
import { type Curvature, curvatureTest, puAt, type SizeEstimate } from './task-law.ts';

export interface EmergenceVerdict {
  readonly label: 'law' | 'accelerated' | 'sub-scaling' | 'heterogeneity' | 'cannot tell';
  readonly dataset: Curvature | null;
  /** Curvature b2 of F when every instance follows its own law: what heterogeneity alone produces. */
  readonly heterogeneityB2: number | null;
  /** The bend common to all instances; null where too few of them can show one. */
  readonly instances: SharedBend | null;
  readonly statement: string;
}

/**
 * @param sizes dataset estimates by size
 * @param groups the points of each instance
 * @param fits per instance, for what averaging straight laws would show
 */
export function emergenceVerdict(
  sizes: readonly SizeEstimate[],
  groups: readonly (readonly PlannedPoint[])[],
  fits: readonly (InstanceFit | null)[],
  seed: number,
): EmergenceVerdict {
  const dataset = curvatureTest(sizes);
  const known = fits.filter((f): f is InstanceFit => f !== null);
  const heterogeneityB2 = known.length < 3 ? null : averaged(sizes, known);
  const instances = sharedBend(groups, fits, seed);
  const evidence = { dataset, heterogeneityB2, instances };
  const say = (label: EmergenceVerdict['label'], statement: string): EmergenceVerdict => ({
    label,
    ...evidence,
    statement,
  });
  if (instances !== null && instances.p < 0.05) {
    const seen = `b₂ = ${formatNumber(instances.b2, 2)} shared by ${instances.instances} instances, p = ${instances.p.toPrecision(2)}`;
    return instances.b2 < 0
      ? say('accelerated', `The instances themselves bend down (${seen}): accelerated emergence.`)
      : say(
          'sub-scaling',
          `The instances themselves bend up (${seen}): slower than the task law, as a product of steps would be.`,
        );
  }
  if (dataset === null) {
    return say(
      'cannot tell',
      'Fewer than four sizes with a PU strictly between 0 and 1: the curvature cannot be tested.',
    );
  }
  const p = `p = ${dataset.p.toPrecision(2)}`;
  if (dataset.label === 'accelerated') {
    const averaging =
      heterogeneityB2 === null
        ? ''
        : ` (b₂ = ${formatNumber(heterogeneityB2, 2)} from the instances' own straight laws against ${formatNumber(dataset.b2, 2)} seen)`;
    const own =
      instances === null
        ? 'too few instances can show a bend of their own'
        : `the instances show no bend of their own (p = ${instances.p.toPrecision(2)})`;
    return say(
      'heterogeneity',
      `F is concave at the level of the dataset (${p}), but averaging instances of different difficulty does that by itself${averaging}, and ${own}: not called accelerated. A line through the dataset under-predicts larger sizes here.`,
    );
  }
  if (dataset.label === 'sub-scaling') {
    return say(
      'sub-scaling',
      `F is convex (${p}): slower than the task law, as a product of several steps would be. Averaging different instances cannot produce this.`,
    );
  }
  return say('law', `No significant curvature of F (${p}): consistent with the task law.`);
}

/** Curvature of F of the average of the instances' own laws, at the same sizes. */
function averaged(sizes: readonly SizeEstimate[], fits: readonly InstanceFit[]): number | null {
  const mixed = sizes.map(({ params }) => ({
    params,
    pu: fits.reduce((s, f) => s + puAt(f.lnC, f.alpha, Math.log(params)), 0) / fits.length,
    stderr: null,
  }));
  return curvatureTest(mixed)?.b2 ?? null;
}
