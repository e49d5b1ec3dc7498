/** How far a sampling run is: counts, cost and the time that is left, for the terminal and for the editor's notification. */
import type { SamplerTotals } from './sampler.ts';

export interface Progress extends SamplerTotals {
  readonly requests: number;
  readonly repeated: number;
  readonly inFlight: number;
  /** Prompt and completion tokens so far, earlier sessions included. */
  readonly tokens: readonly [number, number];
  /** Dollars so far; null where no model has a price. */
  readonly dollars: number | null;
  /** Seconds since this session began. */
  readonly elapsed: number;
  /** Seconds left, from the pace of this session; null before there is one. */
  readonly eta: number | null;
}

/** One line for people. */
export function describeProgress(p: Progress): string {
  const parts = [
    `${p.finished}/${p.draws} draws`,
    `${p.counted.toLocaleString('en')} trials`,
    `${p.inFlight} in flight`,
    `${compact(p.tokens[0] + p.tokens[1])} tokens`,
    ...(p.dollars === null ? [] : [`$${p.dollars.toFixed(p.dollars < 10 ? 3 : 2)}`]),
    ...(p.repeated > 0 ? [`${p.repeated} repeated`] : []),
    p.eta === null || p.expected === 0 ? '' : `about ${duration(p.eta)} left`,
  ];
  return parts.filter(Boolean).join(' · ');
}

export function compact(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)}B`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  return value >= 1e4 ? `${(value / 1e3).toFixed(1)}k` : String(Math.round(value));
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} d`;
}
