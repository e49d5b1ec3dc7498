/**
 * PU at a size that was not fitted: the mean over instances of their own laws under the learnt prior, with the interval
 * from a case bootstrap over instances. An instance is the unit of sampling here (a dataset is a sample of tasks); its
 * own draws come along with it, so one resampling covers both the spread of instances and the noise of their draws.
 */
import type { Forecast } from '../report-model.ts';
import { quantileSorted } from '../stats/quantile.ts';
import { createRandom, resampleCounts } from '../stats/random.ts';
import { type Draw, unbiased } from './estimators.ts';
import type { InstanceFit } from './instance-law.ts';
import { fitTaskLine, puAt, type SizeEstimate } from './task-law.ts';

/** One instance: its draws at the fitted sizes, and its law. */
export interface ForecastInstance {
  readonly draws: readonly (Draw & { readonly params: number })[];
  readonly fit: InstanceFit | null;
}

export interface ForecastSettings {
  readonly level: number;
  /** Resamples of instances; 0 leaves the interval out. */
  readonly bootstrap: number;
  readonly seed: number;
  /** Names the random stream: the series' id. */
  readonly name: string;
}

/** Quantiles of the resampled forecasts of both routes at one size. */
interface Spread {
  readonly low: number;
  readonly high: number;
}

/** Forecasts at several sizes from one set of resamples. */
export class Forecaster {
  readonly #instances: readonly ForecastInstance[];
  readonly #fitted: readonly SizeEstimate[];
  readonly #settings: ForecastSettings;

  /** @param fitted dataset estimates of the fitted sizes */
  constructor(instances: readonly ForecastInstance[], fitted: readonly SizeEstimate[], settings: ForecastSettings) {
    this.#instances = instances;
    this.#fitted = fitted;
    this.#settings = settings;
  }

  /** @param actual the measured PU, where the size is in the file */
  at(targets: readonly { readonly params: number; readonly actual: number | null }[]): Forecast[] {
    const ols = fitTaskLine(this.#fitted, false);
    const wls = fitTaskLine(this.#fitted, true);
    const last = this.#fitted.at(-1)?.params ?? Number.NaN;
    const spreads = this.#spreads(targets.map((t) => t.params));
    const { level } = this.#settings;
    return targets.map(({ params, actual }, i) => {
      const u = Math.log(params);
      const own = this.#mean(u);
      const dataset = ols === null ? null : puAt(ols.lnC, ols.alpha, u);
      const weighted = wls === null ? null : puAt(wls.lnC, wls.alpha, u);
      const y = own ?? weighted ?? dataset;
      const spread = spreads[i] ?? null;
      const known = this.#instances.filter((one) => one.fit !== null).length;
      const horizon = params > last ? Math.log10(params / last) : 0;
      return {
        x: params,
        y,
        low: y === null || spread === null ? null : Math.min(y, spread.low),
        high: y === null || spread === null ? null : Math.max(y, spread.high),
        level,
        law: 'pass-until',
        horizon,
        verdict: y === null ? 'not-identifiable' : 'beyond-tested-range',
        why:
          y === null
            ? 'Fewer than two sizes have a pass: nothing can be extrapolated.'
            : `Mean over ${known} instances of their own task laws; dataset line ${dataset?.toPrecision(3) ?? 'not available'}.${spread === null ? ' No interval: fewer than three instances, or resampling is off.' : ` Interval from ${this.#settings.bootstrap} resamples of instances, by instance laws and by the dataset's line.`} No held-out size tests this distance.`,
        dataset,
        weighted,
        ...(actual === null ? {} : { actual }),
      };
    });
  }

  #mean(lnParams: number): number | null {
    let sum = 0;
    let n = 0;
    for (const { fit } of this.#instances) {
      if (fit === null) continue;
      sum += puAt(fit.lnC, fit.alpha, lnParams);
      n++;
    }
    return n === 0 ? null : sum / n;
  }

  /**
   * Resamples instances; each resample gives the mean of its instances' laws and the dataset line through its own size
   * means. Which of the two is right is part of what is not known, so the interval spans the quantiles of both.
   */
  #spreads(params: readonly number[]): (Spread | null)[] {
    const { bootstrap, level, seed, name } = this.#settings;
    const n = this.#instances.length;
    if (bootstrap < 1 || n < 3 || params.length === 0) return params.map(() => null);
    const sizes = this.#fitted.map((s) => s.params);
    const values = this.#instances.map(({ draws }) =>
      sizes.map((size) => {
        const draw = draws.find((d) => d.params === size);
        return draw === undefined ? null : unbiased(draw);
      }),
    );
    const laws = this.#instances.map(({ fit }) =>
      params.map((p) => (fit === null ? null : puAt(fit.lnC, fit.alpha, Math.log(p)))),
    );
    const random = createRandom(seed, `passuntil/${name}`);
    const counts = new Float64Array(n);
    const byLaws = params.map(() => new Float64Array(bootstrap).fill(Number.NaN));
    const byLine = params.map(() => new Float64Array(bootstrap).fill(Number.NaN));
    for (let b = 0; b < bootstrap; b++) {
      resampleCounts(random, counts);
      const line = fitTaskLine(
        sizes.map((size, s) => ({ params: size, pu: weightedMean(counts, values, s) ?? 0, stderr: null })),
        false,
      );
      for (const [t, target] of params.entries()) {
        const mean = weightedMean(counts, laws, t);
        if (mean !== null) (byLaws[t] as Float64Array)[b] = mean;
        if (line !== null) (byLine[t] as Float64Array)[b] = puAt(line.lnC, line.alpha, Math.log(target));
      }
    }
    return params.map((_, t) => {
      const ends = [byLaws[t], byLine[t]].flatMap((draws) => {
        const sorted = (draws as Float64Array).filter((v) => !Number.isNaN(v)).sort();
        if (sorted.length < bootstrap / 2) return [];
        return [quantileSorted(sorted, (1 - level) / 2), quantileSorted(sorted, (1 + level) / 2)];
      });
      return ends.length === 0 ? null : { low: Math.min(...ends), high: Math.max(...ends) };
    });
  }
}

function weightedMean(counts: Float64Array, rows: readonly (readonly (number | null)[])[], column: number) {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i]?.[column] ?? null;
    if (value === null) continue;
    sum += (counts[i] as number) * value;
    weight += counts[i] as number;
  }
  return weight === 0 ? null : sum / weight;
}
