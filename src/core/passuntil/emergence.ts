/**
 * Accelerated emergence, tested where it can be believed: at the level of instances. Averaging instances that differ
 * only in c makes the dataset's F concave with no new mechanism (−ln of a Laplace transform), so a concave dataset
 * curve is compared with what the instances' own laws would show when averaged (emergence.md §5.3).
 */
import { type InstanceFit, type InstancePoint } from './instance-law.ts';
import { type Curvature, curvatureTest, logLogPu, puAt, type SizeEstimate } from './task-law.ts';

export interface EmergenceVerdict {
  readonly label: 'law' | 'accelerated' | 'sub-scaling' | 'heterogeneity' | 'cannot tell';
  readonly dataset: Curvature | null;
  /** Curvature b2 of F when every instance follows its own law: what heterogeneity alone produces. */
  readonly heterogeneityB2: number | null;
  /** Median over instances of the likelihood-ratio statistic for a quadratic term, and the share beyond χ²₁ 0.95. */
  readonly instances: { readonly tested: number; readonly bent: number };
  readonly statement: string;
}

/**
 * @param sizes dataset estimates by size
 * @param fits per instance, in the order of `groups`
 */
export function emergenceVerdict(
  sizes: readonly SizeEstimate[],
  groups: readonly (readonly InstancePoint[])[],
  fits: readonly (InstanceFit | null)[],
): EmergenceVerdict {
  const dataset = curvatureTest(sizes);
  const known = fits.filter((f): f is InstanceFit => f !== null);
  const heterogeneityB2 = known.length < 3 ? null : averaged(sizes, known);
  const instances = bends(groups, fits);
  if (dataset === null) {
    return {
      label: 'cannot tell',
      dataset,
      heterogeneityB2,
      instances,
      statement: 'Fewer than four sizes with a PU strictly between 0 and 1: the curvature cannot be tested.',
    };
  }
  const expected = instances.tested * 0.05;
  const many = instances.tested >= 5 && instances.bent > expected + 3 * Math.sqrt(Math.max(expected * 0.95, 1));
  if (dataset.label === 'accelerated') {
    if (many) {
      return {
        label: 'accelerated',
        dataset,
        heterogeneityB2,
        instances,
        statement: `F is concave (p = ${dataset.p.toPrecision(2)}) and ${instances.bent} of ${instances.tested} instances bend by themselves: accelerated emergence.`,
      };
    }
    return {
      label: 'heterogeneity',
      dataset,
      heterogeneityB2,
      instances,
      statement: `F is concave at the level of the dataset (p = ${dataset.p.toPrecision(2)}), but averaging instances of different difficulty does that by itself${heterogeneityB2 === null ? '' : ` (b₂ = ${heterogeneityB2.toPrecision(2)} from the instances' own straight laws against ${dataset.b2.toPrecision(2)} seen)`}: not called accelerated.`,
    };
  }
  if (dataset.label === 'sub-scaling') {
    return {
      label: 'sub-scaling',
      dataset,
      heterogeneityB2,
      instances,
      statement: `F is convex (p = ${dataset.p.toPrecision(2)}): slower than the task law, as a product of several steps would be.`,
    };
  }
  return {
    label: 'law',
    dataset,
    heterogeneityB2,
    instances,
    statement: `No significant curvature of F (p = ${dataset.p.toPrecision(2)}): consistent with the task law.`,
  };
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

/** How many instances with at least four informative sizes are bent: χ² of the observed passes against their own law. */
function bends(
  groups: readonly (readonly InstancePoint[])[],
  fits: readonly (InstanceFit | null)[],
): { tested: number; bent: number } {
  let tested = 0;
  let bent = 0;
  for (const [i, fit] of fits.entries()) {
    if (fit === null) continue;
    const points = (groups[i] as readonly InstancePoint[]).filter((p) => p.passes > 0 && p.passes < p.trials);
    if (points.length < 4) continue;
    const bend = curvatureTest(points.map((p) => ({ params: p.params, pu: p.passes / p.trials, stderr: null })));
    if (bend === null) continue;
    tested++;
    if (bend.p < 0.05 && bend.b2 < 0) bent++;
  }
  return { tested, bent };
}

/** F by size, for drawing: null where PU is 0 or 1. */
export function fOf(sizes: readonly SizeEstimate[]): (number | null)[] {
  return sizes.map((s) => logLogPu(s.pu));
}
