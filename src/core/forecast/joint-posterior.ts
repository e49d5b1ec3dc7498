/**
 * What the sigmoids of all tasks are fitted to: the squared misses of the scores and of the priors, with the normal
 * equations kept in the pieces in which joint-step.ts solves them.
 */
import { logistic } from '../stats/logistic.ts';

export interface HierarchyConstants {
  /** Mean of ln slope over data sets, its sd from one data set to the next and from one task to the next. */
  readonly centre: number;
  readonly slopeSd: number;
  readonly taskSlopeSd: number;
  /** Sd of a family's offset over tasks, and of a task's own within it, on the logit scale. */
  readonly familySd: number;
  readonly familyTaskSd: number;
  /** Sd of the coefficient of the trait. */
  readonly traitSd: number;
  /** Residual scale on normalised scores. */
  readonly residual: number;
  /** Decades over which smaller models lose weight; infinite for equal weights. */
  readonly memory: number;
}

/** Sd of a task's height on the logit scale at the largest model: keeps tasks that never rise at a finite place. */
const HEIGHT_SD = 5;

/** One measured score. */
export interface Cell {
  readonly task: number;
  /** Index of the family; -1 for none. */
  readonly family: number;
  /** Decades from the reference. */
  readonly x: number;
  readonly trait: number;
  readonly y: number;
  readonly weight: number;
}

/** Every parameter of the fit. */
export interface State {
  /** ln slope and height at the reference, per task. */
  readonly slope: Float64Array;
  readonly height: Float64Array;
  /** Offset of each family over all tasks. */
  readonly family: Float64Array;
  /** Offset of a family on one task: [family * tasks + task]. */
  readonly own: Float64Array;
  /** Coefficient of the trait. */
  readonly trait: number;
  /** ln slope that the tasks share. */
  readonly common: number;
}

function linkOf(c: Cell, s: State, tasks: number): number {
  const offset = c.family < 0 ? 0 : (s.family[c.family] as number) + (s.own[c.family * tasks + c.task] as number);
  return (s.height[c.task] as number) + Math.exp(s.slope[c.task] as number) * c.x + offset + s.trait * c.trait;
}

/**
 * Twice the negative log posterior, without constants: squared misses of the scores and of the priors.
 *
 * @param tasks with a single one, offsets of families on it are left out: they would be the families' offsets over again
 */
export function jointCost(cells: readonly Cell[], s: State, tasks: number, k: HierarchyConstants): number {
  let sum = ((s.common - k.centre) / k.slopeSd) ** 2 + (s.trait / k.traitSd) ** 2;
  for (let t = 0; t < tasks; t++) {
    sum += (((s.slope[t] as number) - s.common) / k.taskSlopeSd) ** 2 + ((s.height[t] as number) / HEIGHT_SD) ** 2;
  }
  for (const v of s.family) sum += (v / k.familySd) ** 2;
  if (tasks > 1) for (const v of s.own) sum += (v / k.familyTaskSd) ** 2;
  for (const c of cells) {
    const miss = logistic(linkOf(c, s, tasks)) - c.y;
    sum += c.weight * miss * miss;
  }
  return sum;
}

/** Normal equations of one state, before damping: half the gradient of the cost, and half its Gauss–Newton curvature. */
export interface Normal {
  /** Per task: slope-slope, slope-height, height-height, and the gradients of slope and height. */
  readonly block: Float64Array;
  /** Per task × shared: rows of slope and of height. */
  readonly border: Float64Array;
  /** Per family and task: its curvature, coupling with slope and trait, gradient, and coupling with height and family. */
  readonly own: Float64Array;
  /** Shared × shared, and their gradient. Order: families, trait, common slope. */
  readonly shared: Float64Array;
  readonly gradient: Float64Array;
}

/** Numbers per task in `block`, and per family and task in `own`. */
export const BLOCK = 5;
export const OWN = 5;

/** @param families how many there are; the cells name them from 0 */
export function normalEquations(
  cells: readonly Cell[],
  s: State,
  families: number,
  tasks: number,
  k: HierarchyConstants,
): Normal {
  const size = families + 2;
  const trait = families;
  const common = families + 1;
  const block = new Float64Array(BLOCK * tasks);
  const border = new Float64Array(2 * tasks * size);
  const own = new Float64Array(OWN * families * tasks);
  const shared = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const add = (into: Float64Array, i: number, v: number): void => {
    into[i] = (into[i] as number) + v;
  };
  for (const c of cells) {
    const p = logistic(linkOf(c, s, tasks));
    const g = p * (1 - p);
    const along = Math.exp(s.slope[c.task] as number) * c.x;
    const curve = c.weight * g * g;
    const pull = c.weight * g * (p - c.y);
    const b = BLOCK * c.task;
    add(block, b, curve * along * along);
    add(block, b + 1, curve * along);
    add(block, b + 2, curve);
    add(block, b + 3, pull * along);
    add(block, b + 4, pull);
    const row = 2 * c.task * size;
    add(border, row + trait, curve * along * c.trait);
    add(border, row + size + trait, curve * c.trait);
    add(shared, trait * size + trait, curve * c.trait * c.trait);
    add(gradient, trait, pull * c.trait);
    if (c.family < 0) continue;
    add(border, row + c.family, curve * along);
    add(border, row + size + c.family, curve);
    add(shared, c.family * size + c.family, curve);
    add(shared, c.family * size + trait, curve * c.trait);
    add(shared, trait * size + c.family, curve * c.trait);
    add(gradient, c.family, pull);
    const o = OWN * (c.family * tasks + c.task);
    add(own, o, curve);
    add(own, o + 1, curve * along);
    add(own, o + 2, curve * c.trait);
    add(own, o + 3, pull);
  }
  const stiff = 1 / k.taskSlopeSd ** 2;
  for (let t = 0; t < tasks; t++) {
    const apart = (s.slope[t] as number) - s.common;
    add(block, BLOCK * t, stiff);
    add(block, BLOCK * t + 3, stiff * apart);
    add(block, BLOCK * t + 2, 1 / HEIGHT_SD ** 2);
    add(block, BLOCK * t + 4, (s.height[t] as number) / HEIGHT_SD ** 2);
    add(border, 2 * t * size + common, -stiff);
    add(shared, common * size + common, stiff);
    add(gradient, common, -stiff * apart);
  }
  add(shared, common * size + common, 1 / k.slopeSd ** 2);
  add(gradient, common, (s.common - k.centre) / k.slopeSd ** 2);
  add(shared, trait * size + trait, 1 / k.traitSd ** 2);
  add(gradient, trait, s.trait / k.traitSd ** 2);
  for (let f = 0; f < families; f++) {
    add(shared, f * size + f, 1 / k.familySd ** 2);
    add(gradient, f, (s.family[f] as number) / k.familySd ** 2);
    for (let t = 0; t < tasks; t++) {
      const o = OWN * (f * tasks + t);
      // The coupling with the family's offset and with the height is the data's part of the curvature.
      own[o + 4] = own[o] as number;
      add(own, o, 1 / k.familyTaskSd ** 2);
      add(own, o + 3, (s.own[f * tasks + t] as number) / k.familyTaskSd ** 2);
    }
  }
  return { block, border, own, shared, gradient };
}
