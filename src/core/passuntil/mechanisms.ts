/**
 * One mechanism or several? A task of several steps passes with the product of their laws (F is a log-sum-exp of lines,
 * convex); a task with several circuits passes with the best of them (F is the least of lines, concave). Both rivals
 * have four parameters, so with few sizes the data cannot tell: AICc decides where there are at least six, and says so
 * (Hu et al. fit two circuits to 4–5 points; emergence.md §5.3).
 */
import { fitLine } from '../stats/linear.ts';
import { minimizeNelderMead } from '../stats/nelder-mead.ts';
import { logLogPu, type SizeEstimate } from './task-law.ts';

export type MechanismName = 'single law' | 'product of two laws' | 'best of two circuits';

export interface Mechanism {
  readonly name: MechanismName;
  /** ln c and α of each law, for N in plain parameters; the steepest first. */
  readonly laws: readonly { readonly lnC: number; readonly alpha: number }[];
  /** Weighted squares of F where every size has a standard error, plain squares of F otherwise. */
  readonly objective: number;
  readonly aicc: number | null;
}

export interface MechanismComparison {
  readonly candidates: readonly Mechanism[];
  /** Lowest AICc; null where the data cannot tell. */
  readonly chosen: MechanismName | null;
  readonly statement: string;
}

/** Sizes below which four parameters leave AICc nothing to weigh. */
const ENOUGH = 6;
/** A difference in AICc below this is no preference (Burnham & Anderson 2002, §2.6). */
const DECISIVE = 2;

type Pair = readonly [lnC1: number, alpha1: number, lnC2: number, alpha2: number];

/** Compares the three; null with fewer than four usable sizes, which two lines would always meet. */
export function compareMechanisms(sizes: readonly SizeEstimate[]): MechanismComparison | null {
  const rows = sizes.flatMap(({ params, pu, stderr }) => {
    const f = logLogPu(pu);
    return f === null || !(params > 0)
      ? []
      : [
          {
            u: Math.log(params),
            f,
            weight: stderr !== null && stderr > 0 ? ((pu * Math.log(pu)) / stderr) ** 2 : null,
          },
        ];
  });
  const n = rows.length;
  if (n < 4 || new Set(rows.map((r) => r.u)).size < 4) return null;
  const known = rows.every((r) => r.weight !== null);
  const middle = rows.reduce((s, r) => s + r.u, 0) / n;
  const u = rows.map((r) => r.u - middle);
  const f = rows.map((r) => r.f);
  const w = rows.map((r) => (known ? (r.weight as number) : 1));
  const cost = (value: (u: number) => number): number =>
    u.reduce((sum, x, i) => sum + (w[i] as number) * ((f[i] as number) - value(x)) ** 2, 0);
  const aicc = (objective: number, k: number): number | null => {
    // With known variances the squares are −2 ln L; otherwise the variance is one more parameter.
    const parameters = known ? k : k + 1;
    if (n - parameters - 1 < 1) return null;
    const deviance = known ? objective : n * Math.log(Math.max(objective, 1e-300) / n);
    return deviance + 2 * parameters + (2 * parameters * (parameters + 1)) / (n - parameters - 1);
  };
  const mechanism = (name: MechanismName, objective: number, flat: readonly number[]): Mechanism => {
    const laws = [];
    for (let i = 0; i < flat.length; i += 2) {
      const alpha = flat[i + 1] as number;
      laws.push({ lnC: (flat[i] as number) + alpha * middle, alpha });
    }
    // Which of two laws is found first says nothing.
    laws.sort((a, b) => b.alpha - a.alpha);
    return { name, laws, objective, aicc: aicc(objective, flat.length) };
  };

  const single = straight(u, f, w);
  const least = bestPair(u, f, w, cost, (p) => (x) => Math.min(p[0] - p[1] * x, p[2] - p[3] * x));
  const product = bestPair(u, f, w, cost, (p) => (x) => logSumExp(p[0] - p[1] * x, p[2] - p[3] * x));
  const candidates = [
    mechanism(
      'single law',
      cost((x) => single[0] - single[1] * x),
      single,
    ),
    mechanism(
      'product of two laws',
      cost((x) => logSumExp(product[0] - product[1] * x, product[2] - product[3] * x)),
      product,
    ),
    mechanism(
      'best of two circuits',
      cost((x) => Math.min(least[0] - least[1] * x, least[2] - least[3] * x)),
      least,
    ),
  ];
  return { candidates, ...decide(candidates, n) };
}

function decide(candidates: readonly Mechanism[], n: number): { chosen: MechanismName | null; statement: string } {
  if (n < ENOUGH || candidates.some((c) => c.aicc === null)) {
    return {
      chosen: null,
      statement: `${n} usable sizes cannot tell one law from two (four parameters); at least ${ENOUGH} are needed.`,
    };
  }
  const [best, next] = candidates.toSorted((a, b) => (a.aicc as number) - (b.aicc as number));
  const gap = ((next as Mechanism).aicc as number) - ((best as Mechanism).aicc as number);
  const margin = `AICc ${gap.toPrecision(2)} below the ${next?.name}`;
  if (gap < DECISIVE) {
    return { chosen: null, statement: `The data cannot tell the ${best?.name} from the ${next?.name} (${margin}).` };
  }
  const caution =
    best?.name === 'best of two circuits'
      ? ' Averaging instances of different difficulty bends the same way: trust it only if the instances bend by themselves.'
      : n < 8 && best?.name === 'single law'
        ? ` With ${n} sizes the penalty on two laws is so large that only a gross bend would win.`
        : '';
  return { chosen: best?.name ?? null, statement: `Best description: ${best?.name} (${margin}).${caution}` };
}

function logSumExp(a: number, b: number): number {
  const top = Math.max(a, b);
  return top + Math.log(Math.exp(a - top) + Math.exp(b - top));
}

/** ln c (at the centred u) and α of the weighted line. */
function straight(u: readonly number[], f: readonly number[], w: readonly number[]): [number, number] {
  const { intercept, slope } = fitLine(u, f, w);
  return [intercept, -slope];
}

/** Starts from the two lines of every split of the sizes (at least two on a side), and polishes each. */
function bestPair(
  u: readonly number[],
  f: readonly number[],
  w: readonly number[],
  cost: (value: (u: number) => number) => number,
  shape: (pair: Pair) => (u: number) => number,
): Pair {
  const order = u.map((_, i) => i).sort((a, b) => (u[a] as number) - (u[b] as number));
  let best: Pair | null = null;
  let lowest = Number.POSITIVE_INFINITY;
  for (let split = 2; split <= order.length - 2; split++) {
    const side = (part: readonly number[]) =>
      straight(
        part.map((i) => u[i] as number),
        part.map((i) => f[i] as number),
        part.map((i) => w[i] as number),
      );
    let at: Float64Array = Float64Array.from([...side(order.slice(0, split)), ...side(order.slice(split))]);
    // A simplex that has collapsed is set up anew where it stopped.
    for (let round = 0; round < 3; round++) {
      const end = minimizeNelderMead((p) => cost(shape(p as unknown as Pair)), at, {
        maxIterations: 2000,
        pointTolerance: 1e-8,
      });
      at = end.x;
      if (end.value < lowest) {
        lowest = end.value;
        best = [...at] as unknown as Pair;
      }
    }
  }
  if (best === null) throw new Error('four sizes always have a split');
  return best;
}
