/**
 * The constants of the slice ensemble, chosen by leave-one-task-out: for each public task, those that are best on the
 * other four over three cut-offs. Searching the grid takes a minute and a half, so its result stands here; the long tests
 * search again and compare.
 */
import { FORECASTER_CONSTANTS, type ForecasterConstants } from '../../src/core/slice/forecaster.ts';
import {
  type Criterion,
  type Cut,
  chooseMean,
  chooseSpread,
  cutTask,
  flatCut,
  gridPoints,
  gridRatios,
  type MeanConstants,
  STEPS,
  type TaskData,
} from './slice-evaluation.ts';

const MOST_CHOSEN: ForecasterConstants = FORECASTER_CONSTANTS;

/** By the task that had no say. */
export const CHOSEN: Readonly<Record<string, ForecasterConstants>> = {
  mmlu: MOST_CHOSEN,
  parsinlu_qa_mc: MOST_CHOSEN,
  analogical_similarity: { ...MOST_CHOSEN, gainSpread: 1.75 },
  arc: {
    rate: 0.28,
    rateSpread: 0.4,
    reach: 1.5,
    slopeSpread: 1,
    present: 1.5,
    direct: 0.2,
    gainSpread: 2,
  },
  abstract_narrative_understanding: { ...MOST_CHOSEN, reach: 1, present: 1, direct: 0.2, gainSpread: 1.75 },
};

/** A way of choosing, and how it ends: ratio to the best baseline at the authors' cut-off, by task. */
export interface Variant {
  readonly criterion: Criterion;
  readonly steps: number;
  readonly ratios: readonly number[];
}

export interface Search {
  readonly byTask: Readonly<Record<string, ForecasterConstants>>;
  /** Chosen over all tasks. */
  readonly all: ForecasterConstants;
  /** The same grid, other ways of choosing. */
  readonly variants: readonly Variant[];
}

/** Searches the grid again: a minute and a half. */
export function search(tasks: readonly TaskData[]): Search {
  const cuts: readonly (readonly Cut[])[] = tasks.map((task) => STEPS.map((step) => cutTask(task, step)));
  const flat = tasks.map(flatCut);
  const ratios = cuts.map((ofTask) => ofTask.map(gridRatios));
  const points = gridPoints();
  const indexes = tasks.map((_, i) => i);
  const best = (with_: readonly number[], steps: number, criterion?: Criterion): number =>
    chooseMean(
      with_.flatMap((i) => (ratios[i] ?? []).slice(0, steps)),
      criterion,
    );
  const choose = (with_: readonly number[]): ForecasterConstants => {
    const mean = points[best(with_, STEPS.length)] as MeanConstants;
    return {
      ...mean,
      gainSpread: chooseSpread(
        with_.flatMap((i) => {
          const stretch = flat[i] ?? null;
          return [cuts[i] as readonly Cut[], ...(stretch === null ? [] : [[stretch]])];
        }),
        mean,
      ),
    };
  };
  const others = (i: number): number[] => indexes.filter((j) => j !== i);
  const variants = (['worst ratio', 'mean log ratio'] as const).flatMap((criterion) =>
    STEPS.map((_, k) => ({
      criterion,
      steps: k + 1,
      ratios: indexes.map((i) => ratios[i]?.[0]?.[best(others(i), k + 1, criterion)] as number),
    })),
  );
  return {
    byTask: Object.fromEntries(tasks.map(({ task }, i) => [task, choose(others(i))])),
    all: choose(indexes),
    variants,
  };
}
