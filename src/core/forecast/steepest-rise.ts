/**
 * How high a bounded score may stand at a scale it has not reached: the earliest and fastest sigmoid that the data do not
 * rule out. A score that is still at chance says little about when it will rise, and a fit with a prior on its slope says
 * more than the data know; the interval therefore reaches up to the edge of the likelihood region (profile likelihood,
 * one degree of freedom) over all slopes up to the fastest rises seen in public data.
 */
import { tQuantile } from '../stats/distribution.ts';
import { logistic } from '../stats/logistic.ts';
import { mean } from '../stats/moments.ts';
import { minimizeScan } from '../stats/scan.ts';
import type { StudySeries } from '../study/study.ts';
import { remembered } from './remembered.ts';
import { scoreEnds } from './score-ends.ts';

/**
 * Slopes per decade: the steepest rises from a tenth to nine tenths in 0.55 decades. Owen's bound on a fit is twelve times
 * as steep, which permits everything everywhere.
 */
const SLOPES = [0.5, 1, 2, 4, 8] as const;
/** How far off its nominal chance level a task may stand before it rises: guesses are not spread evenly. */
const FLOOR_OFF = 0.03;
/** Smallest residual scale, in shares of the way from chance to the ceiling: no benchmark is measured better. */
const SHARPEST = 0.01;
const FEWEST = 4;
/**
 * Mean of the newest third, either way from chance, beyond which a score has a trend of its own that says how it goes on:
 * it has risen, or it has fallen where no sigmoid above chance describes it.
 */
const RISEN = 0.1;
/** Half-way points tried before the best is refined. */
const PLACES = 41;
const HALVINGS = 24;
/** Decades beyond the data where the half-way point is looked for. */
const FARTHEST = 12;

interface Edge {
  readonly k: number;
  readonly x0: number;
}

const known = new WeakMap<StudySeries, Map<string, readonly Edge[]>>();

/**
 * @param last x of the last fitted point
 * @param level of the two-sided interval, e.g. 0.9
 * @returns the highest normalised score at x that the fitted points permit; null where they permit nothing beyond a fit
 */
export function highestPermitted(series: StudySeries, last: number, x: number, level: number): number | null {
  const lastFitted = Number(last.toPrecision(9));
  const key = `${lastFitted}|${level}`;
  const answers = remembered(known, series, () => new Map<string, readonly Edge[]>());
  const edges = remembered(answers, key, () => edgesOf(series, lastFitted, level));
  if (edges.length === 0) return null;
  return edges.reduce((high, { k, x0 }) => Math.max(high, logistic(k * (Math.log10(x) - x0))), 0);
}

/** For each slope that the data permit, the earliest half-way point that they permit. */
function edgesOf(series: StudySeries, lastFitted: number, level: number): Edge[] {
  const ends = scoreEnds(series);
  if (ends === null) return [];
  const points = series.points.filter((p) => p.x > 0 && p.x <= lastFitted * (1 + 1e-7) && Number.isFinite(p.y));
  const n = points.length;
  if (n < FEWEST) return [];
  const x = Float64Array.from(points, (p) => Math.log10(p.x));
  const y = Float64Array.from(points, (p) => (p.y - ends.floor) / (ends.ceiling - ends.floor));
  const newest = y.slice(-Math.max(1, Math.ceil(n / 3)));
  if (Math.abs(mean(newest)) > RISEN) return [];
  const share = new Float64Array(n);
  const rss = (k: number, x0: number): number => {
    let up = 0;
    let down = 0;
    for (let i = 0; i < n; i++) {
      const s = logistic(k * ((x[i] as number) - x0));
      share[i] = s;
      up += ((y[i] as number) - s) * (1 - s);
      down += (1 - s) * (1 - s);
    }
    const floor = down > 0 ? Math.min(FLOOR_OFF, Math.max(-FLOOR_OFF, up / down)) : 0;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const s = share[i] as number;
      sum += (s + floor * (1 - s) - (y[i] as number)) ** 2;
    }
    return sum;
  };
  const low = (x[0] as number) - 2;
  const high = (x[n - 1] as number) + FARTHEST;
  const best = SLOPES.flatMap((k) => {
    const found = minimizeScan((at) => rss(k, at), low, high, { count: PLACES, geometric: false, descend: 1 });
    return found === null ? [] : [{ k, x0: found.x, rss: found.value }];
  });
  const least = Math.min(...best.map((b) => b.rss));
  const variance = Math.max(SHARPEST ** 2, least / Math.max(1, n - 2));
  const limit = least + tQuantile(1 - (1 - level) / 2, Math.max(1, n - 2)) ** 2 * variance;
  return best
    .filter((b) => b.rss <= limit)
    .map(({ k, x0 }) => {
      let outside = low;
      let inside = x0;
      for (let i = 0; i < HALVINGS; i++) {
        const middle = (outside + inside) / 2;
        if (rss(k, middle) <= limit) inside = middle;
        else outside = middle;
      }
      return { k, x0: inside };
    });
}
