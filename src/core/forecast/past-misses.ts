/** How far a method was off at a distance, from the misses of its backtest: the half-width that it has earned. */
import type { FittedLaw } from '../law/law.ts';
import { AUTO, type Backtest, type Miss } from './backtest.ts';
import { isBlend } from './blend.ts';
import { remembered } from './remembered.ts';

/** Decades below which a horizon counts as none. */
const SHORTEST = 0.05;
/** Fewest misses that a quantile is taken of. */
export const FEWEST_MISSES = 3;

const missesByLaw = new WeakMap<Backtest, Map<string, readonly Miss[]>>();
const widths = new WeakMap<readonly Miss[], Map<string, number>>();

/** Misses of what is asked: of the whole choice for a blend, of the law itself otherwise. */
export function relevantMisses(backtest: Backtest, fitted: FittedLaw): readonly Miss[] {
  const name = isBlend(fitted) ? AUTO : fitted.fit.law;
  const mine = missesOf(backtest, name);
  return mine.length > 0 ? mine : missesOf(backtest, fitted.fit.law);
}

function missesOf(backtest: Backtest, law: string): readonly Miss[] {
  const byLaw = remembered(missesByLaw, backtest, () => new Map<string, readonly Miss[]>());
  return remembered(byLaw, law, () => backtest.misses.filter((m) => m.law === law));
}

/** `rollingHalfWidth`, found once for the misses of a backtest. */
export function knownHalfWidth(misses: readonly Miss[], horizon: number, level: number): number {
  const byQuestion = remembered(widths, misses, () => new Map<string, number>());
  return remembered(byQuestion, `${horizon}|${level}`, () => rollingHalfWidth(misses, horizon, level));
}

/**
 * The ceil(level (m+1))-th smallest miss at horizons up to the asked one; the largest where there are fewer. Beyond the
 * longest tested horizon it grows with the distance.
 */
export function rollingHalfWidth(misses: readonly Miss[], horizon: number, level: number): number {
  const reach = misses.reduce((m, e) => Math.max(m, e.horizon), 0);
  const asked = Math.max(horizon, SHORTEST);
  let pool = misses.filter((m) => m.horizon <= asked + 1e-9);
  // Too few that near: the nearest ones speak for the distance.
  if (pool.length < FEWEST_MISSES) pool = misses.toSorted((a, b) => a.horizon - b.horizon).slice(0, FEWEST_MISSES);
  const sizes = Float64Array.from(pool, (m) => Math.abs(m.error)).sort();
  const rank = Math.ceil(level * (sizes.length + 1));
  const q = sizes[Math.min(rank, sizes.length) - 1] as number;
  return horizon > reach && reach > 0 ? q * (horizon / reach) : q;
}
