/** Where a law of N and D is asked at a bare x: with the tokens per parameter that the series itself has. */
import type { At } from './law/law.ts';
import type { Point, StudySeries } from './study/study.ts';

/** N, D and C at an x, by the geometric median of tokens per parameter over the points. */
export function placeAt(series: StudySeries, points: readonly Point[], x: number): At {
  let ratio = ratios.get(points);
  if (ratio === undefined) ratios.set(points, (ratio = medianRatio(points)));
  return placeByScale(series.scale, x, ratio);
}

/** Tokens per parameter of the same points are asked for at every place of a curve. */
const ratios = new WeakMap<readonly Point[], number | null>();

function medianRatio(points: readonly Point[]): number | null {
  const known = points
    .filter((p) => p.params !== null && p.tokens !== null)
    .map((p) => Math.log((p.tokens as number) / (p.params as number)))
    .sort((a, b) => a - b);
  return known.length === 0 ? null : Math.exp(known[(known.length - 1) >> 1] as number);
}

function placeByScale(scale: string, x: number, ratio: number | null): At {
  switch (scale) {
    case 'compute':
      return ratio === null
        ? { x, compute: x }
        : { x, compute: x, params: Math.sqrt(x / (6 * ratio)), tokens: Math.sqrt((x * ratio) / 6) };
    case 'params':
      return ratio === null ? { x, params: x } : { x, params: x, tokens: x * ratio, compute: 6 * x * x * ratio };
    case 'tokens':
      return ratio === null ? { x, tokens: x } : { x, tokens: x, params: x / ratio, compute: (6 * x * x) / ratio };
    default:
      return { x };
  }
}
