/**
 * The known bias of IsoFLOP parabolas: how far the vertex of a least-squares parabola lies from the optimum of the surface
 * that it is drawn through, by formula, and the sentence that every IsoFLOP report carries.
 */
import { allocate, frontier } from './allocation.ts';
import type { SurfaceFit } from './chinchilla-fit.ts';
import type { BudgetRows } from './isoflop-parabola.ts';

const GENERAL_BIAS =
  'A parabola is not the shape of an IsoFLOP profile: its vertex is shifted even without noise, most for wide grids and unequal exponents.';

/**
 * The known bias of parabolas: an IsoFLOP profile of a surface is E + P 10^(-alpha w) + R 10^(beta w), so that the vertex of
 * the least-squares parabola is shifted by dw decades even without noise. For n equally spaced w in [-width, width].
 */
export function parabolaShift(alpha: number, beta: number, width: number, n: number): number {
  let w2 = 0;
  let w4 = 0;
  let wL = 0;
  let w2L = 0;
  let sumL = 0;
  for (let i = 0; i < n; i++) {
    const w = -width + (2 * width * i) / (n - 1);
    // alpha P = beta R at the optimum; the scale cancels.
    const loss = beta * 10 ** (-alpha * w) + alpha * 10 ** (beta * w);
    w2 += w * w;
    w4 += w ** 4;
    wL += w * loss;
    w2L += w * w * loss;
    sumL += loss;
  }
  const q1 = wL / w2;
  const q2 = (n * w2L - w2 * sumL) / (n * w4 - w2 * w2);
  return -q1 / (2 * q2);
}

/**
 * What the bias does to these rows, in a sentence and in numbers.
 *
 * @param top the largest budget with an optimum
 * @param fit the surface on the same rows, or null
 */
export function biasWarning(
  groups: readonly BudgetRows[],
  top: { readonly compute: number; readonly paramsOpt: number } | undefined,
  fit: SurfaceFit | null,
): { readonly warning: string; readonly shift: number | null; readonly tokensError: number | null } {
  if (fit === null || frontier(fit.surface) === null) {
    return { warning: GENERAL_BIAS, shift: null, tokensError: null };
  }
  const { alpha, beta } = fit.surface;
  let width = 0;
  let size = 0;
  for (const g of groups) {
    const lg = g.params.map(Math.log10);
    width += (lg.reduce((a, b) => Math.max(a, b)) - lg.reduce((a, b) => Math.min(a, b))) / 2 / groups.length;
    size += g.params.length / groups.length;
  }
  const shift = parabolaShift(alpha, beta, width, Math.max(3, Math.round(size)));
  if (!Number.isFinite(shift)) return { warning: GENERAL_BIAS, shift: null, tokensError: null };
  const tokensError = 10 ** -shift - 1;
  const truth = top === undefined ? null : allocate(fit.surface, top.compute);
  const beside =
    top === undefined || truth === null
      ? ''
      : ` At the largest budget the parabola puts N* at ${top.paramsOpt.toPrecision(3)}, the surface at ${truth.paramsOpt.toPrecision(3)}.`;
  return {
    warning: `Known bias of parabolas: on the surface fitted to these rows (alpha ${alpha.toFixed(3)}, beta ${beta.toFixed(3)}) and grids of ±${width.toFixed(2)} decades the optimum token count comes out ${(100 * tokensError).toFixed(1)} % off even without noise.${beside}`,
    shift,
    tokensError,
  };
}
