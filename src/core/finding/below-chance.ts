/** `trend.below-chance`: some scores are significantly below chance (z < −3): information about inverse scaling, never clipped. */
import { formatNumber } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';
import { percentUnit } from './words.ts';

export const belowChance: FindingRule = (input) => {
  const { report, series, name } = input;
  const chance = report.chance;
  if (chance === null || report.better !== 'higher') return null;
  const below: { model: string; z: number }[] = [];
  for (const point of series.points) {
    const se = errorOf(point.stderr, point.n, chance, series.upper === 100 ? 100 : 1);
    if (se === null || se <= 0) continue;
    const z = (point.y - chance) / se;
    if (z < -3) below.push({ model: point.model, z });
  }
  if (below.length === 0) return null;
  const models = [...new Set(below.toSorted((a, b) => a.z - b.z).map((b) => b.model))];
  const more = models.length > 3 ? ` and ${models.length - 3} more` : '';
  const worst = Math.min(...below.map((b) => b.z));
  return seriesFinding(
    input,
    'trend.below-chance',
    `${below.length} of ${series.points.length} scores of ${name} ${below.length === 1 ? 'is' : 'are'} significantly below chance (${formatNumber(chance)}${percentUnit(report)}): ${models.slice(0, 3).join(', ')}${more}, by up to ${formatNumber(-worst, 2)} standard errors.`,
    { models: below.map((b) => b.model), worstZ: worst, chance },
  );
};

function errorOf(stderr: number | null, n: number | null, chance: number, unit: number): number | null {
  if (stderr !== null && stderr > 0) return stderr;
  if (n === null || n < 10) return null;
  const p = chance / unit;
  return unit * Math.sqrt((p * (1 - p)) / n);
}
