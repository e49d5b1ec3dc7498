/**
 * What the laws share whose shape hangs on one exponent (over-training, loss-to-error): the rest is linear, the exponent is
 * scanned, every parameter is reported as it is.
 */
import { type BootstrapDraws, type FittedLawInput } from './fit-report.ts';
import type { FitOptions, FittedLaw } from './law.ts';
import { withBootstrapErrors } from './resampling.ts';

interface ScannedFit {
  readonly theta: Float64Array;
  readonly valleys: number;
  readonly atOptimum: number;
  readonly atEdge: boolean;
}

/** Held values in the order of the names (undefined is free), how many are free, and the first name that is no parameter. */
export function heldParameters(
  names: readonly string[],
  options: FitOptions,
): { readonly held: readonly (number | undefined)[]; readonly free: number; readonly unknown: string | undefined } {
  const held = names.map((name) => options.fix?.[name]);
  return {
    held,
    free: held.filter((value) => value === undefined).length,
    unknown: Object.keys(options.fix ?? {}).find((name) => !names.includes(name)),
  };
}

/** The fields of the record that follow from the scan. */
export function scannedRecord(
  names: readonly string[],
  held: readonly (number | undefined)[],
  best: ScannedFit,
  draws: BootstrapDraws | null,
  options: FitOptions,
): Pick<FittedLawInput, 'parameters' | 'theta' | 'freeParameters' | 'bootstrap' | 'level' | 'converged' | 'starts'> {
  return {
    parameters: names.map((name, j) => ({
      name,
      transform: 'identity',
      ...(held[j] === undefined ? {} : { fixed: true }),
    })),
    theta: best.theta,
    freeParameters: held.filter((value) => value === undefined).length,
    bootstrap: draws,
    level: options.level,
    converged: !best.atEdge,
    starts: { tried: best.valleys, atOptimum: best.atOptimum },
  };
}

/** Standard errors from the refits. */
export function withScannedErrors(law: FittedLaw, draws: BootstrapDraws | null, names: readonly string[]): FittedLaw {
  const columns = names.map((name, j) => [name, (theta: Float64Array): number => theta[j]!] as const);
  return withBootstrapErrors(law, draws, Object.fromEntries(columns), names.length);
}
