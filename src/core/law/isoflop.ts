/**
 * IsoFLOP profiles (Hoffmann et al. 2022, Approach 2): per compute budget the parabola of the loss over log10 N and over
 * log10 D, then the lines of both optima over compute. Beside it stand the same after quality control, the surface fits on
 * the same rows, the interpolation variant and the method's known bias, because a parabola alone looks surer than it is.
 */
import { err, ok, type Result } from '../result.ts';
import { type Deadline, outOfTime, startDeadline } from '../stats/deadline.ts';
import { createRandom } from '../stats/random.ts';
import { frontier } from './allocation.ts';
import { bestSurfaceFit, type SurfaceFit } from './chinchilla-fit.ts';
import { computeOf } from './chinchilla-points.ts';
import { NO_CONSTRAINTS, surfaceData, surfaceMap } from './chinchilla-surface.ts';
import { fitFrontierLoss } from './envelope.ts';
import { type BootstrapDraws, buildFittedLaw } from './fit-report.ts';
import { biasWarning } from './isoflop-bias.ts';
import { groupBudgets, type IsoflopRows, isoflopRows } from './isoflop-budgets.ts';
import { interpolateBudgets } from './isoflop-interpolation.ts';
import { type BudgetRows, budgetOptimum, fitParabola, type ScalingLines, scalingLines } from './isoflop-parabola.ts';
import { type QualityReason, qualityControl, SPLINE_THRESHOLD } from './isoflop-quality.ts';
import type { At, FitInput, FitOptions, FitRefusal, FittedLaw, Law } from './law.ts';
import { withBootstrapErrors } from './resampling.ts';

const NAMES = ['a', 'b', 'N0', 'D0'] as const;
/** Repeats with seed noise in the interpolation variant. */
const NOISE_REPEATS = 200;
/** Rows beyond which the surface fits beside the parabolas are left out. */
const SURFACE_ROWS = 20_000;

export const isoflop: Law = {
  id: 'isoflop',
  title: 'IsoFLOP parabolas',
  formula: 'N_opt = N0 C^a, D_opt = D0 C^b from the vertex of a parabola of loss on log10 N per budget',
  source: 'Hoffmann et al. 2022, arXiv 2203.15556, Approach 2',
  parameters: [
    { name: 'a', unit: '1', meaning: 'exponent of the optimal model size' },
    { name: 'b', unit: '1', meaning: 'exponent of the optimal token count' },
    { name: 'N0', unit: 'params·FLOP^-a', meaning: 'coefficient of the optimal model size' },
    { name: 'D0', unit: 'tokens·FLOP^-b', meaning: 'coefficient of the optimal token count' },
  ],
  needs: ['params', 'tokens', 'compute'],
  monotone: false,
  baseline: false,
  minPoints: 6,
  fit: fitIsoflop,
};

/** One budget in the report. */
export interface BudgetReport {
  readonly compute: number;
  readonly paramsOpt: number | null;
  readonly tokensOpt: number | null;
  readonly loss: number | null;
  readonly points: number;
  /** `outside`: the vertex lies beyond the sampled sizes (it still takes part in the lines); `failed`: it takes none. */
  readonly status: 'ok' | 'outside' | 'failed';
  readonly why: string | null;
}

interface Approach2 {
  readonly budgets: readonly BudgetReport[];
  readonly lines: ScalingLines | null;
  readonly interiorLines: ScalingLines | null;
}

/** Parabolas and lines on rows grouped by budget. */
function approach2(groups: readonly BudgetRows[]): Approach2 {
  const budgets = groups.map((rows): BudgetReport => {
    const base = { compute: rows.compute, points: rows.params.length };
    const at = budgetOptimum(rows);
    if (typeof at === 'string')
      return { ...base, paramsOpt: null, tokensOpt: null, loss: null, status: 'failed', why: at };
    return {
      ...base,
      paramsOpt: at.paramsOpt,
      tokensOpt: at.tokensOpt,
      loss: at.loss,
      status: at.inside ? 'ok' : 'outside',
      why: at.inside ? null : 'the vertex lies outside the sampled sizes: an extrapolated optimum',
    };
  });
  return {
    budgets,
    lines: scalingLines(budgets.filter(found)),
    interiorLines: scalingLines(budgets.filter(found).filter((b) => b.status === 'ok')),
  };
}

function found(b: BudgetReport): b is BudgetReport & { paramsOpt: number; tokensOpt: number; loss: number } {
  return b.paramsOpt !== null && b.tokensOpt !== null && b.loss !== null;
}

function fitIsoflop(input: FitInput, options: FitOptions): Result<FittedLaw, FitRefusal> {
  const deadline = startDeadline(options.timeBudget, options.signal);
  if (options.objective !== undefined && options.objective !== 'squared') {
    return err({ code: 'fit.unsupported', message: 'isoflop fits its parabolas by squares of the loss only.' });
  }
  if (Object.keys(options.fix ?? {}).length + (options.tie ?? []).length > 0) {
    return err({ code: 'fit.unsupported', message: 'isoflop takes no held or tied parameters.' });
  }
  const rows = isoflopRows(input);
  const all = rows.points.map((_, i) => i);
  const reasons = qualityControl(
    rows.points.map((p, i) => ({ compute: rows.budgets[i]!, params: p.params!, tokens: p.tokens!, loss: p.y })),
    typeof options.qualityControl === 'number' ? options.qualityControl : SPLINE_THRESHOLD,
  );
  const clean = all.filter((i) => reasons[i] === null);
  const asked = options.qualityControl !== undefined && options.qualityControl !== false;
  const raw = approach2(groupBudgets(rows, all));
  const controlled = approach2(groupBudgets(rows, clean));
  const used = asked ? controlled : raw;
  if (used.lines === null) {
    const usable = used.budgets.filter(found).length;
    return err({
      code: usable === 0 && rows.points.length >= 6 ? 'fit.ill-determined' : 'fit.too-few',
      message:
        `${usable} of ${used.budgets.length} compute budgets have a minimum; lines need at least two${asked ? ' after quality control' : ''}. ${firstWhy(used)}`.trim(),
    });
  }
  return ok(report(input, options, rows, reasons, asked, raw, controlled, deadline));
}

function firstWhy(of: Approach2): string {
  const failed = of.budgets.find((b) => b.status === 'failed');
  return failed === undefined ? '' : `Budget ${failed.compute.toPrecision(3)}: ${failed.why}.`;
}

function report(
  input: FitInput,
  options: FitOptions,
  rows: IsoflopRows,
  reasons: readonly (QualityReason | null)[],
  asked: boolean,
  raw: Approach2,
  controlled: Approach2,
  deadline: Deadline,
): FittedLaw {
  const used = asked ? controlled : raw;
  const lines = used.lines!;
  const member = rows.points.map((_, i) => i).filter((i) => !asked || reasons[i] === null);
  const groups = groupBudgets(rows, member);
  const draws = options.bootstrap > 0 ? bootstrapLines(groups, used, options, deadline) : null;
  const notes = [...rows.notes];
  for (const b of used.budgets) {
    if (b.status !== 'ok') notes.push(`Budget ${b.compute.toPrecision(4)} FLOP: ${b.why}.`);
  }
  const dropped = reasons.filter((reason) => reason !== null).length;
  if (dropped > 0) {
    notes.push(
      `Quality control would drop ${dropped} of ${rows.points.length} rows${asked ? ', and did' : '; the exponent a is then ' + (controlled.lines?.a.toFixed(3) ?? 'not determined')}.`,
    );
  }
  const kept = rows.points.map((_, i) => i).filter((i) => reasons[i] === null);
  const rawFits = surfaceFits(
    rows,
    rows.points.map((_, i) => i),
    deadline,
  );
  const cleanFits = dropped === 0 ? rawFits : surfaceFits(rows, kept, deadline);
  const bias = biasWarning(groups, used.budgets.filter(found).at(-1), (asked ? cleanFits : rawFits).squared);
  notes.push(bias.warning);
  const side = (points: number, of: Approach2, fits: SurfaceFits): unknown => {
    return {
      points,
      approach2: of.lines === null ? null : linesReport(of.lines),
      interiorOnly: of.interiorLines === null ? null : linesReport(of.interiorLines),
      budgets: of.budgets,
      vpnls: shown(fits.squared),
      approach3: shown(fits.logSquared),
    };
  };
  const interpolation = interpolateBudgets(
    groups,
    NOISE_REPEATS,
    options.level,
    createRandom(options.seed, 'isoflop-interpolation'),
    () => deadline.expired(),
  );
  // The vertex losses are what the budgets' parabolas say; between and beyond budgets the frontier is a line in ln L.
  const curves = new Map(groups.map((g) => [g.compute, fitParabola(g.params.map(Math.log10), g.loss)]));
  const theta = Float64Array.of(lines.a, lines.b, lines.lgN0 * Math.LN10, lines.lgD0 * Math.LN10);
  const bottoms = used.budgets.filter(found).filter((b) => b.loss > 0);
  const scale = input.series.scale;
  const points = member.map((i) => rows.points[i]!);
  const fitted = buildFittedLaw({
    law: 'isoflop',
    parameters: NAMES.map((name) => ({ name, transform: name === 'N0' || name === 'D0' ? 'log' : 'identity' })),
    theta,
    predict: (_, at) => predictLoss(at, computeOf(at, scale), curves, bottoms, rows),
    points,
    objective: 'squared',
    scale: 'y',
    weights: null,
    freeParameters: Math.min(3 * groups.length, Math.max(1, points.length - 1)),
    bootstrap: draws,
    level: options.level,
    converged: true,
    starts: { tried: 1, atOptimum: 1 },
    excluded: [
      ...rows.excluded,
      ...(asked
        ? rows.points.flatMap((p, i) =>
            reasons[i] === null || reasons[i] === undefined ? [] : [{ row: p.row, why: reasons[i] }],
          )
        : []),
    ],
    notes,
    covariance: null,
    extras: {
      budgets: used.budgets,
      qualityControl: {
        applied: asked,
        dropped,
        rows: rows.points.flatMap((p, i) => (reasons[i] === null ? [] : [{ row: p.row, why: reasons[i] }])),
      },
      raw: side(rows.points.length, raw, rawFits),
      qc: side(kept.length, controlled, cleanFits),
      interpolation,
      frontierLoss: fitFrontierLoss(
        bottoms.map((b) => b.compute),
        bottoms.map((b) => b.loss),
      ),
      bias,
    },
  });
  // Refits move the vertices, not the loss between them: there are no draws of predictions, rather than ones without width.
  return withBootstrapErrors(
    { ...fitted, draws: () => new Float64Array(0) },
    draws,
    {
      a: (t) => t[0]!,
      b: (t) => t[1]!,
      N0: (t) => Math.exp(t[2]!),
      D0: (t) => Math.exp(t[3]!),
    },
    4,
  );
}

function linesReport(lines: ScalingLines): Readonly<Record<string, number>> {
  return { a: lines.a, aIntercept: lines.lgN0, b: lines.b, bIntercept: lines.lgD0 };
}

/** Loss at a place: on its budget's parabola where it states N, else the frontier's log-log line through the vertices. */
function predictLoss(
  at: At,
  compute: number,
  curves: ReadonlyMap<number, ReturnType<typeof fitParabola>>,
  bottoms: readonly { readonly compute: number; readonly loss: number }[],
  rows: IsoflopRows,
): number {
  const params = at.params ?? null;
  if (params !== null && params > 0) {
    for (const [budget, curve] of curves) {
      if (curve === null || Math.abs(Math.log(compute / budget)) > Math.log(1.1)) continue;
      const d = Math.log10(params) - curve.centre;
      return curve.q0 + d * (curve.q1 + d * curve.q2);
    }
  }
  if (!(compute > 0) || bottoms.length === 0 || rows.points.length === 0) return Number.NaN;
  const x = Math.log(compute);
  const sorted = bottoms;
  let i = 1;
  while (i < sorted.length - 1 && Math.log(sorted[i]!.compute) < x) i++;
  const low = sorted[Math.max(0, i - 1)]!;
  const high = sorted[Math.min(i, sorted.length - 1)]!;
  if (low.compute === high.compute) return low.loss;
  const share = (x - Math.log(low.compute)) / Math.log(high.compute / low.compute);
  return Math.exp(Math.log(low.loss) + share * Math.log(high.loss / low.loss));
}

/** Points resampled within each budget, everything refitted. */
function bootstrapLines(
  groups: readonly BudgetRows[],
  used: Approach2,
  options: FitOptions,
  deadline: Deadline,
): BootstrapDraws {
  const random = createRandom(options.seed, 'isoflop');
  const usable = groups.filter((_, i) => used.budgets[i]!.status !== 'failed');
  const counts = usable.map((rows) => new Float64Array(rows.params.length));
  const thetas = new Float64Array(4 * options.bootstrap);
  let count = 0;
  let failed = 0;
  let stopped: string | null = null;
  for (let r = 0; r < options.bootstrap; r++) {
    if (deadline.expired()) {
      stopped = outOfTime(r, options.bootstrap);
      break;
    }
    const optima: { compute: number; paramsOpt: number; tokensOpt: number }[] = [];
    usable.forEach((rows, g) => {
      const times = counts[g]!;
      times.fill(0);
      for (let i = 0; i < times.length; i++) times[random.integer(times.length)]! += 1;
      const at = budgetOptimum(rows, times);
      // A resample whose parabola lost its minimum by more than the sampled decades says nothing about this budget.
      if (typeof at !== 'string' && plausible(at.paramsOpt, rows.params)) {
        optima.push({ compute: rows.compute, paramsOpt: at.paramsOpt, tokensOpt: at.tokensOpt });
      }
    });
    const lines = optima.length >= Math.max(2, usable.length / 2) ? scalingLines(optima) : null;
    if (lines === null) {
      failed++;
      continue;
    }
    thetas.set([lines.a, lines.b, lines.lgN0 * Math.LN10, lines.lgD0 * Math.LN10], 4 * count);
    count++;
  }
  return { thetas, count, failed, requested: options.bootstrap, method: 'case', stopped };
}

/** Within the sampled sizes, stretched by their own span on either side. */
function plausible(paramsOpt: number, params: Float64Array): boolean {
  const lgs = params.map(Math.log10);
  const low = lgs.reduce((a, b) => Math.min(a, b));
  const high = lgs.reduce((a, b) => Math.max(a, b));
  const at = Math.log10(paramsOpt);
  return at >= low - (high - low) && at <= high + (high - low);
}

/** Variable projection and the five-parameter fit of ln L on the same rows. */
function surfaceFits(rows: IsoflopRows, which: readonly number[], deadline: Deadline): SurfaceFits {
  const none = { squared: null, logSquared: null };
  if (which.length < 6 || which.length > SURFACE_ROWS || deadline.expired()) return none;
  const points = which.map((i) => rows.points[i]!);
  const data = surfaceData(
    points.map((p) => p.params!),
    points.map((p) => p.tokens!),
    points.map((p) => p.y),
  );
  const map = surfaceMap(NO_CONSTRAINTS, data.meanLnN, data.meanLnD);
  if (typeof map === 'string') return none;
  const stop = (): boolean => deadline.expired();
  return {
    squared: bestSurfaceFit(data, map, 'squared', 1e-3, stop),
    logSquared: bestSurfaceFit(data, map, 'log-squared', 1e-3, stop),
  };
}

interface SurfaceFits {
  readonly squared: SurfaceFit | null;
  readonly logSquared: SurfaceFit | null;
}

/** A surface fit as the report shows it beside the parabolas. */
function shown(fit: SurfaceFit | null): unknown {
  if (fit === null) return null;
  const line = frontier(fit.surface);
  return { ...fit.surface, a: line?.a ?? null, b: line?.b ?? null, objective: fit.value };
}
