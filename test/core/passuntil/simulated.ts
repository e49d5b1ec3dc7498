/** Instances that follow task laws of their own, drawn until r passes or a cap. */
import type { Draw } from '../../../src/core/passuntil/estimators.ts';
import type { Random } from '../../../src/core/stats/random.ts';

export interface SimulatedPoint extends Draw {
  readonly params: number;
}

export interface Simulation {
  readonly instances: number;
  readonly sizes: readonly number[];
  readonly r: number;
  readonly cap: number;
  /** Spread of ln c and of α over instances. */
  readonly sdLnC: number;
  readonly sdAlpha: number;
  /** Added to F: b (ln N − ln 1e9)². */
  readonly bend?: number;
}

export const LN_C = 0.9;
export const ALPHA = 0.45;

export function simulate(s: Simulation, random: Random): SimulatedPoint[][] {
  return Array.from({ length: s.instances }, () => {
    const lnC = LN_C + s.sdLnC * random.normal();
    const alpha = ALPHA + s.sdAlpha * random.normal();
    return s.sizes.map((params) => {
      const u = Math.log(params / 1e9);
      const p = Math.exp(-Math.exp(lnC - alpha * u + (s.bend ?? 0) * u * u));
      let trials = 0;
      let passes = 0;
      while (passes < s.r) {
        const step = Math.max(1, Math.ceil(Math.log1p(-random.uniform()) / Math.log1p(-p)));
        if (trials + step > s.cap) {
          trials = s.cap;
          break;
        }
        trials += step;
        passes++;
      }
      return { params, wanted: s.r, passes, trials, capped: passes < s.r };
    });
  });
}
