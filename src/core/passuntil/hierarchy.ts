/**
 * A normal prior on (ln c, α) learnt from the instances themselves (empirical Bayes): fits under the prior and the
 * prior's moments are updated in turn, with the Laplace variance of each fit added so that the spread is not
 * understated (Hu et al. leave hard instances without an estimate; this shares what the easy ones say).
 */
import { fitInstance, type InstanceFit, type InstancePoint, type InstancePrior } from './instance-law.ts';

const UNIT = 1e9;
const ROUNDS = 25;
/** Where learning starts: wide, and centred where published task laws lie. */
const START: InstancePrior = { unit: UNIT, lnC: { mean: 1, sd: 2 }, alpha: { mean: 0.4, sd: 0.3 } };

export interface Hierarchy {
  readonly prior: InstancePrior;
  /** One per group of points, in order. */
  readonly fits: readonly (InstanceFit | null)[];
}

/** Learns the prior from groups of points, one group per instance. */
export function fitHierarchy(groups: readonly (readonly InstancePoint[])[]): Hierarchy {
  let prior = START;
  let fits: (InstanceFit | null)[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // After the first round the prior moves little: each fit starts from the one before.
    const before = fits;
    fits = groups.map((points, i) => fitInstance(points, prior, undefined, before[i]));
    const next = moments(groups, fits, prior);
    const change =
      Math.abs(next.lnC.mean - prior.lnC.mean) +
      Math.abs(next.alpha.mean - prior.alpha.mean) +
      Math.abs(next.lnC.sd - prior.lnC.sd) +
      Math.abs(next.alpha.sd - prior.alpha.sd);
    prior = next;
    if (change < 1e-5) break;
  }
  return { prior, fits };
}

function moments(
  groups: readonly (readonly InstancePoint[])[],
  fits: readonly (InstanceFit | null)[],
  prior: InstancePrior,
): InstancePrior {
  let n = 0;
  let a = 0;
  let b = 0;
  for (const fit of fits) {
    if (fit === null) continue;
    n++;
    a += fit.lnC - fit.alpha * Math.log(UNIT);
    b += fit.alpha;
  }
  if (n < 3) return prior;
  a /= n;
  b /= n;
  let va = 0;
  let vb = 0;
  for (const [i, fit] of fits.entries()) {
    if (fit === null) continue;
    const own = laplace(groups[i] as readonly InstancePoint[], fit, prior);
    va += (fit.lnC - fit.alpha * Math.log(UNIT) - a) ** 2 + own.lnC;
    vb += (fit.alpha - b) ** 2 + own.alpha;
  }
  return {
    unit: UNIT,
    lnC: { mean: a, sd: Math.max(0.05, Math.sqrt(va / n)) },
    alpha: { mean: b, sd: Math.max(0.01, Math.sqrt(vb / n)) },
  };
}

/** Variances of (ln c, α) from the curvature of the penalised likelihood at the fit. */
function laplace(
  points: readonly InstancePoint[],
  fit: InstanceFit,
  prior: InstancePrior,
): { lnC: number; alpha: number } {
  let haa = 1 / prior.lnC.sd ** 2;
  let hab = 0;
  let hbb = 1 / prior.alpha.sd ** 2;
  const a = fit.lnC - fit.alpha * Math.log(UNIT);
  for (const { params, trials } of points) {
    const u = Math.log(params / UNIT);
    const m = Math.exp(Math.min(8, Math.max(-30, a - fit.alpha * u)));
    const p = Math.exp(-m);
    const q = -Math.expm1(-m);
    // Expected information: trials · p m² / (1 − p).
    const information = q > 0 ? (trials * p * m * m) / q : 0;
    haa += information;
    hab -= information * u;
    hbb += information * u * u;
  }
  const determinant = haa * hbb - hab * hab;
  return { lnC: hbb / determinant, alpha: haa / determinant };
}
