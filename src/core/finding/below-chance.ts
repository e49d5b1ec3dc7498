/** `trend.below-chance`: some scores are significantly below chance (z < −3): information about inverse scaling, never clipped. */
import { formatNumber } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

export const belowChance: FindingRule = (input) => {
  const { report, series } = input;
  const chance = report.chance;
  if (chance === null || report.better !== 'higher') return null;
  const below: string[] = [];
  let worst = 0;
  for (const point of series.points) {
    const se = errorOf(point.stderr, point.n, chance, series.upper === 100 ? 100 : 1);
    if (se === null || se <= 0) continue;
    const z = (point.y - chance) / se;
    if (z < -3) {
      below.push(point.model);
      worst = Math.min(worst, z);
    }
  }
  if (below.length === 0) return null;
  const named = [...new Set(below)].slice(0, 3).join(', ');
  const more = below.length > 3 ? ` and ${below.length - 3} more` : '';
  return seriesFinding(
    input,
    'trend.below-chance',
    `${below.length} of ${series.points.length} scores of ${report.task} (${report.metric}) are significantly below chance (${formatNumber(chance)}): ${named}${more}.`,
    { models: below, worstZ: worst, chance },
  );
};

function errorOf(stderr: number | null, n: number | null, chance: number, unit: number): number | null {
  if (stderr !== null && stderr > 0) return stderr;
  if (n === null || n < 10) return null;
  const p = chance / unit;
  return unit * Math.sqrt((p * (1 - p)) / n);
}
