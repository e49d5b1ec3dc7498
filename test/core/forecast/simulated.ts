/**
 * Simulated studies whose truth is known, to measure how often a verdict of `tested` and its interval are right:
 * regimes of docs/trust.md, from smooth power laws to emergent scores of many families.
 */
import { createRandom, type Random } from '../../../src/core/stats/random.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

export const REGIMES = ['smooth', 'saturating', 'broken', 'sigmoid', 'emergent', 'noisy', 'families'] as const;
export type Regime = (typeof REGIMES)[number];

export interface SimulatedStudy {
  readonly regime: Regime;
  /** Fitted and held-out points together. */
  readonly series: StudySeries;
  /** Points at or above are to be forecast. */
  readonly cut: number;
}

/** One study; the same seed and regime give the same study. */
export function simulateStudy(regime: Regime, seed: number): SimulatedStudy {
  const random = createRandom(seed, `study/${regime}`);
  const models = 5 + random.integer(46);
  const held = Math.max(1, Math.round(models / 6));
  const decades = 1.5 + 2.5 * random.uniform();
  const families = regime === 'families' ? 2 + random.integer(8) : 1;
  const truth = curveOf(regime, random, decades);
  const isLoss = regime === 'smooth' || regime === 'saturating' || regime === 'broken';
  const noise = regime === 'noisy' ? 0.06 : isLoss ? 0.002 + 0.01 * random.uniform() : 0.01 + 0.01 * random.uniform();
  const offsets = Array.from({ length: families }, () => (families > 1 ? 0.5 * random.normal() : 0));
  const places = Array.from({ length: models + held }, (_, i) =>
    i < models ? decades * random.uniform() : decades + 0.05 + 0.7 * random.uniform(),
  ).sort((a, b) => a - b);
  const points = places.map((z, row) => {
    const family = random.integer(families);
    const y = truth(z, offsets[family] as number);
    const measured = isLoss ? y * Math.exp(noise * random.normal()) : y + noise * random.normal();
    const x = 1e18 * 10 ** z;
    return makePoint(x, isLoss ? measured : Math.min(1, Math.max(0, measured)), row, {
      family: `family-${family}`,
      compute: x,
    });
  });
  return {
    regime,
    cut: 1e18 * 10 ** decades,
    series: makeSeries(points, {
      id: `${regime}-${seed}`,
      task: regime,
      metric: isLoss ? 'loss' : 'accuracy',
      better: isLoss ? 'lower' : 'higher',
      kind: isLoss ? 'continuous' : 'discontinuous',
      isLoss,
      lower: 0,
      upper: isLoss ? null : 1,
      chance: isLoss ? null : { value: 0, how: 'simulated', table: null, range: null },
    }),
  };
}

/** The truth over decades from the smallest model, with a family's offset on the logit or log scale. */
function curveOf(regime: Regime, random: Random, decades: number): (z: number, offset: number) => number {
  const u = random.uniform();
  const v = random.uniform();
  switch (regime) {
    case 'smooth':
      return (z, o) => (3 + u) * 10 ** (-(0.04 + 0.08 * v) * z) * Math.exp(o);
    case 'saturating':
      return (z, o) => (1.5 + u + 2 * 10 ** (-(0.15 + 0.25 * v) * z)) * Math.exp(o);
    case 'broken': {
      const at = decades * (0.3 + 0.4 * u);
      const slope = 0.05 + 0.1 * v;
      return (z, o) => 4 * 10 ** (-slope * Math.max(0, z - at) - 0.02 * z) * Math.exp(o);
    }
    case 'emergent': {
      const middle = decades * (0.75 + 0.5 * u);
      const k = 3 + 5 * v;
      return (z, o) => logistic(k * (z - middle) + o);
    }
    default: {
      const middle = decades * (0.3 + 0.8 * u);
      const k = 0.7 + 1.3 * v;
      return (z, o) => logistic(k * (z - middle) + o);
    }
  }
}

function logistic(t: number): number {
  return 1 / (1 + Math.exp(-t));
}
