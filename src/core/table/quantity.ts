/**
 * Evidence that a column holds parameters, tokens or FLOP: after its unit is applied, the median must lie where such
 * quantities lie. Where it does not, the likely units are named instead of guessed silently.
 */
import type { Role } from '../report-model.ts';
import { factorWord } from './units.ts';

/** Plausible ranges in plain units; source: published models from 10^4 parameters to frontier runs. */
export const GATES: Readonly<Partial<Record<Role, readonly [number, number]>>> = {
  params: [1e4, 5e12],
  'params-non-embedding': [1e4, 5e12],
  'params-active': [1e4, 5e12],
  tokens: [1e6, 1e15],
  compute: [1e13, 1e28],
  'compute-per-token': [1e5, 1e14],
};

const CANDIDATES: Readonly<Partial<Record<Role, readonly number[]>>> = {
  params: [1e9, 1e6, 1],
  'params-non-embedding': [1e9, 1e6, 1],
  'params-active': [1e9, 1e6, 1],
  tokens: [1e9, 1e12, 1e6],
  compute: [1e21, 1e18, 1e9],
};

export type GateVerdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'per-token' }
  /** Factors that would bring the column into range, best first; empty: none does. */
  | { readonly kind: 'outside'; readonly factors: readonly number[]; readonly why: string };

/** Judges a median (already multiplied by the known unit) of a column taken for `role`. */
export function gate(role: Role, median: number): GateVerdict {
  const range = GATES[role];
  if (range === undefined) return { kind: 'ok' };
  if (median >= range[0] && median <= range[1]) return { kind: 'ok' };
  if (role === 'compute' && median >= 1e8 && median <= 1e11) return { kind: 'per-token' };
  const factors = (CANDIDATES[role] ?? []).filter((f) => median * f >= range[0] && median * f <= range[1]);
  return {
    kind: 'outside',
    factors,
    why: `the median ${median.toPrecision(3)} is no plausible number of ${role === 'compute' ? 'FLOP' : role}${factors.length > 0 ? ` unless in ${factors.map(factorWord).join(' or ')}` : ''}`,
  };
}
