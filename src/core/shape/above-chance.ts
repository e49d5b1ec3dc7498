/**
 * The two definitions of a threshold that need no fit: the first model above chance, and the scale from which every model
 * is above it. Each is a property of the models tried.
 */
import type { Oriented } from './orient.ts';

/** One definition's answer; scales in plain units. */
export interface ThresholdDefinition {
  readonly definition:
    | 'hinge'
    | 'first-above-chance'
    | 'sustained-above-chance'
    | 'sigmoid-midpoint'
    | 'sigmoid-10-percent'
    | 'bnsl'
    | 'by-hand';
  readonly source: string;
  readonly x: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** What low and high are. */
  readonly interval: string;
  /** Why there is none, or what to keep in mind. */
  readonly note: string;
}

/** A definition that cannot be had, with the reason. */
export function none(definition: ThresholdDefinition['definition'], source: string, note: string): ThresholdDefinition {
  return { definition, source, x: null, low: null, high: null, interval: 'none', note };
}

/** First and sustained crossing of chance + 3 sqrt(c (1 - c) / n); low is the scale of the last model below. */
export function aboveChance(data: Oriented): ThresholdDefinition[] {
  const first = 'Wei et al. 2022 (arXiv 2206.07682): first scale seen above random';
  const sustained = 'every larger model exceeds chance + 3 √(c(1−c)/n)';
  const c = data.chance;
  const refuse = (note: string) => [
    none('first-above-chance', first, note),
    none('sustained-above-chance', sustained, note),
  ];
  if (c === null) return refuse('Chance is not known.');
  if (!(c >= 0 && c < 1)) return refuse('The metric has no chance level between 0 and 1.');
  if (data.n.some((n) => !(n > 0))) return refuse('The number of questions is not known.');
  const size = data.x.length;
  const above = Array.from(data.y, (y, i) => y > c + 3 * Math.sqrt((c * (1 - c)) / (data.n[i] as number)));
  const place = (i: number): number => data.scale[i] as number;
  const seen = above.indexOf(true);
  const lastBelow = above.lastIndexOf(false);
  // A model above chance beside one below it at the same scale sustains nothing.
  let from = lastBelow + 1;
  while (lastBelow >= 0 && from < size && data.x[from] === data.x[lastBelow]) from++;
  const bracket = 'last model below to this model';
  const note = 'A property of the models tried, not of the task.';
  return [
    seen < 0
      ? none('first-above-chance', first, 'No model is above chance.')
      : {
          definition: 'first-above-chance',
          source: first,
          x: place(seen),
          low: seen > 0 ? place(seen - 1) : null,
          high: place(seen),
          interval: bracket,
          note,
        },
    from === size
      ? none('sustained-above-chance', sustained, 'The largest model is not above chance.')
      : {
          definition: 'sustained-above-chance',
          source: sustained,
          x: place(from),
          low: lastBelow >= 0 ? place(lastBelow) : null,
          high: place(from),
          interval: bracket,
          note: `${note} Conservative when families are mixed: one weak large model moves it.`,
        },
  ];
}
