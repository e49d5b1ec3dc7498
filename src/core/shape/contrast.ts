/**
 * Shape from three to seven models with known standard errors: every interior point is contrasted with both ends, at a
 * level corrected for the number of interior points.
 */
import type { ShapeLabel } from '../report-model.ts';
import { normalCdf, normalQuantile } from '../stats/distribution.ts';

interface Contrasts {
  readonly label: ShapeLabel;
  /** p of the contrast that decided, corrected for the number of interior points where one was chosen among several. */
  readonly p: number | null;
  readonly zLastFirst: number;
  readonly dipZ: number;
  readonly bumpZ: number;
  /** Critical value for dip and bump. */
  readonly zc: number;
  /** Index of the interior point where the dip (bump) is deepest. */
  readonly dipAt: number;
  readonly bumpAt: number;
}

/** What contrast mode found; z values are on sampling error alone, as published tables give them. */
export interface ContrastResult extends Contrasts {
  /** Between-model scatter added in quadrature when the label was decided; 0 when it was not needed. */
  readonly scatter: number;
  /** The label on sampling error alone, where the scatter changed it; else null. */
  readonly labelWithoutScatter: ShapeLabel | null;
}

/** From this many questions on, scatter between models outweighs sampling noise (emergence.md, contrast calibration). */
const LARGE_N = 1000;

function zValue(a: number, b: number, sa: number, sb: number): number {
  const d = a - b;
  if (d === 0) return 0;
  return d / Math.sqrt(sa * sa + sb * sb);
}

function contrasts(y: ArrayLike<number>, se: ArrayLike<number>): Contrasts {
  const k = y.length;
  const zc = normalQuantile(1 - 0.05 / (2 * (k - 2)));
  let dipZ = Number.NEGATIVE_INFINITY;
  let bumpZ = Number.NEGATIVE_INFINITY;
  let dipAt = 1;
  let bumpAt = 1;
  const at = (i: number, j: number): number => zValue(y[i] as number, y[j] as number, se[i] as number, se[j] as number);
  for (let i = 1; i < k - 1; i++) {
    const dip = Math.min(at(0, i), at(k - 1, i));
    const bump = Math.min(at(i, 0), at(i, k - 1));
    if (dip > dipZ) {
      dipZ = dip;
      dipAt = i;
    }
    if (bump > bumpZ) {
      bumpZ = bump;
      bumpAt = i;
    }
  }
  const zLastFirst = at(k - 1, 0);
  const corrected = (z: number): number => Math.min(1, (k - 2) * 2 * normalCdf(-z));
  let label: ShapeLabel;
  let p: number | null = 2 * normalCdf(-Math.abs(zLastFirst));
  if (dipZ > zc && bumpZ > zc) {
    label = 'mixed';
    p = corrected(Math.min(dipZ, bumpZ));
  } else if (dipZ > zc) {
    label = 'u-shaped';
    p = corrected(dipZ);
  } else if (bumpZ > zc) {
    label = 'inverted-u';
    p = corrected(bumpZ);
  } else if (Math.abs(zLastFirst) > 1.96) {
    label = zLastFirst > 0 ? 'positive' : 'inverse';
  } else {
    let hi = 0;
    let lo = 0;
    for (let i = 1; i < k; i++) {
      if ((y[i] as number) > (y[hi] as number)) hi = i;
      if ((y[i] as number) < (y[lo] as number)) lo = i;
    }
    const spread = (y[hi] as number) - (y[lo] as number);
    const error = Math.hypot(se[hi] as number, se[lo] as number);
    label = spread + 1.645 * error < 0.04 ? 'flat' : 'inconclusive';
  }
  return { label, p, zLastFirst, dipZ, bumpZ, zc, dipAt, bumpAt };
}

/**
 * Contrast mode (three to seven points in size order, oriented, with standard errors). `se` are the errors as given, for
 * the z values reported; `judgedSe` those that decide, which differ only for accuracies of exactly 0 or 1.
 *
 * `betweenModelSd` is the scatter of models around the trend in oriented units. It is added in quadrature where the
 * item counts are large (n >= 1000, or standard errors that small), since there sampling error alone calls 9 % of flat
 * series U or inverted-U when models scatter by 0.02. It applies to bounded metrics only: it has no meaning for losses.
 */
export function contrastShape(
  y: ArrayLike<number>,
  se: ArrayLike<number>,
  judgedSe: ArrayLike<number>,
  n: ArrayLike<number>,
  betweenModelSd: number,
): ContrastResult {
  const given = contrasts(y, se);
  const plain = contrasts(y, judgedSe);
  let scattered = false;
  const widened = Float64Array.from({ length: y.length }, (_, i) => {
    const s = judgedSe[i] as number;
    const items = n[i] as number;
    const large = items > 0 ? items >= LARGE_N : s < 0.5 / Math.sqrt(LARGE_N);
    if (!large || betweenModelSd <= 0) return s;
    scattered = true;
    return Math.hypot(s, betweenModelSd);
  });
  if (!scattered) return { ...given, label: plain.label, p: plain.p, scatter: 0, labelWithoutScatter: null };
  const judged = contrasts(y, widened);
  return {
    ...given,
    label: judged.label,
    p: judged.p,
    scatter: betweenModelSd,
    labelWithoutScatter: judged.label === plain.label ? null : plain.label,
  };
}
