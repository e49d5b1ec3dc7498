/**
 * The fit behind hierarchy.ts: sigmoids of all tasks with shared slope, family offsets and an effect of a trait of the
 * models, all at once, by Levenberg–Marquardt on the posterior. A family's offset on one task touches that task and
 * family alone, and a task's slope and height touch that task alone: both are eliminated (Schur complements), so that only
 * families, trait and common slope are solved together and a fit of a thousand scores takes milliseconds.
 */
import { logistic } from './bare-sigmoid.ts';
import { choleskySolve } from './cholesky.ts';

/** A model with its normalised scores; NaN where a task was not measured. */
export interface ModelScores {
  readonly model: string;
  readonly family: string | null;
  /** log10 of the scale. */
  readonly x: number;
  /** A number known of the model beforehand: log10 of tokens per parameter, or its place on other benchmarks; null if unknown. */
  readonly trait: number | null;
  readonly y: Float64Array;
}

/** Where to predict; a family that was not seen, or none, has no offset. */
export type Place = Pick<ModelScores, 'x' | 'family' | 'trait'>;

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

/** Fewest models of every task. */
export const FEWEST_MODELS = 4;
/** Sd of a task's height on the logit scale at the largest model: keeps tasks that never rise at a finite place. */
const HEIGHT_SD = 5;
const ROUNDS = 40;
const SETTLED = 1e-6;

/** Where a fit ended. */
export interface JointOptimum {
  /** ln slope and height at `reference`, per task. */
  readonly slope: Float64Array;
  readonly height: Float64Array;
  readonly reference: number;
  readonly families: ReadonlyMap<string, { readonly everywhere: number; readonly tasks: Float64Array }>;
  readonly trait: number;
  readonly common: number;
}

/** One measured score. */
interface Cell {
  readonly task: number;
  /** Index of the family; -1 for none. */
  readonly family: number;
  /** Decades from the reference. */
  readonly x: number;
  readonly trait: number;
  readonly y: number;
  readonly weight: number;
}

interface State {
  readonly slope: Float64Array;
  readonly height: Float64Array;
  readonly family: Float64Array;
  /** [family * tasks + task] */
  readonly own: Float64Array;
  trait: number;
  common: number;
}

export interface Joint {
  predict(task: number, at: Place): number;
  readonly end: JointOptimum;
  readonly traitKnown: boolean;
}

/**
 * The most probable parameters, by Levenberg–Marquardt. A family's offset on a task touches that task and family alone and
 * a task's slope and height touch that task alone: both are eliminated, and only the shared ones are solved together.
 */
export function fitJoint(
  models: readonly ModelScores[],
  tasks: number,
  constants: HierarchyConstants,
  warm: JointOptimum | null,
): Joint | null {
  const reference = models[models.length - 1]?.x ?? 0;
  const names = [...new Set(models.map((m) => m.family).filter((f) => f !== null))];
  const indexOf = new Map(names.map((name, i) => [name, i]));
  const traitKnown = models.length > 0 && models.every((m) => m.trait !== null && Number.isFinite(m.trait));
  const meanTrait = traitKnown ? models.reduce((s, m) => s + (m.trait as number), 0) / models.length : 0;
  const counts = new Int32Array(tasks);
  const cells: Cell[] = [];
  for (const m of models) {
    for (let t = 0; t < tasks; t++) {
      const y = m.y[t] as number;
      if (Number.isNaN(y)) continue;
      counts[t] = (counts[t] as number) + 1;
      cells.push({
        task: t,
        family: m.family === null ? -1 : (indexOf.get(m.family) as number),
        x: m.x - reference,
        trait: traitKnown ? (m.trait as number) - meanTrait : 0,
        y,
        weight: Math.exp((m.x - reference) / constants.memory) / constants.residual ** 2,
      });
    }
  }
  if (tasks === 0 || counts.some((c) => c < FEWEST_MODELS)) return null;
  const start = startFrom(warm, names, tasks, reference, constants);
  const end = descend(cells, start, names.length, tasks, traitKnown, constants);
  const families = new Map(
    names.map((name, f) => [
      name,
      { everywhere: end.family[f] as number, tasks: end.own.slice(f * tasks, (f + 1) * tasks) },
    ]),
  );
  return {
    predict: (task, at) => {
      const family = at.family === null ? undefined : families.get(at.family);
      const known = traitKnown && at.trait !== null && Number.isFinite(at.trait);
      return logistic(
        (end.height[task] as number) +
          Math.exp(end.slope[task] as number) * (at.x - reference) +
          (family === undefined ? 0 : family.everywhere + (family.tasks[task] as number)) +
          (known ? end.trait * ((at.trait as number) - meanTrait) : 0),
      );
    },
    end: { slope: end.slope, height: end.height, reference, families, trait: end.trait, common: end.common },
    traitKnown,
  };
}

function startFrom(
  warm: JointOptimum | null,
  names: readonly string[],
  tasks: number,
  reference: number,
  { centre }: HierarchyConstants,
): State {
  const state: State = {
    slope: new Float64Array(tasks).fill(centre),
    height: new Float64Array(tasks),
    family: new Float64Array(names.length),
    own: new Float64Array(names.length * tasks),
    trait: 0,
    common: centre,
  };
  if (warm === null || warm.slope.length !== tasks) return state;
  state.slope.set(warm.slope);
  state.height.set(warm.height.map((h, t) => h + Math.exp(warm.slope[t] as number) * (reference - warm.reference)));
  names.forEach((name, f) => {
    const known = warm.families.get(name);
    if (known === undefined) return;
    state.family[f] = known.everywhere;
    state.own.set(known.tasks, f * tasks);
  });
  state.trait = warm.trait;
  state.common = warm.common;
  return state;
}

function linkOf(c: Cell, s: State, tasks: number): number {
  const offset = c.family < 0 ? 0 : (s.family[c.family] as number) + (s.own[c.family * tasks + c.task] as number);
  return (s.height[c.task] as number) + Math.exp(s.slope[c.task] as number) * c.x + offset + s.trait * c.trait;
}

function costOf(cells: readonly Cell[], s: State, tasks: number, k: HierarchyConstants): number {
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

/** Normal equations of one state, before damping. */
interface Normal {
  /** Per task: slope-slope, slope-height, height-height, and the gradients of slope and height. */
  readonly block: Float64Array;
  /** Per task × shared: rows of slope and of height. */
  readonly border: Float64Array;
  /** Per family and task: its own curvature, slope, height, trait couplings, and its gradient. */
  readonly own: Float64Array;
  /** Shared × shared, and their gradient. Order: families, trait, common slope. */
  readonly shared: Float64Array;
  readonly gradient: Float64Array;
}

const BLOCK = 5;
const OWN = 5;

function normalEquations(
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

/** The damped step; null where the system is not positive definite. */
function stepOf(
  n: Normal,
  families: number,
  tasks: number,
  damping: number,
): { slope: Float64Array; height: Float64Array; shared: Float64Array; own: Float64Array } | null {
  const size = families + 2;
  const trait = families;
  const more = 1 + damping;
  const shared = n.shared.slice();
  const right = n.gradient.map((v) => -v);
  for (let i = 0; i < size; i++) shared[i * size + i] = (shared[i * size + i] as number) * more;
  const border = n.border.slice();
  const inverse = new Float64Array(3 * tasks);
  const force = new Float64Array(2 * tasks);
  const sub = (into: Float64Array, i: number, v: number): void => {
    into[i] = (into[i] as number) - v;
  };
  for (let t = 0; t < tasks; t++) {
    const b = BLOCK * t;
    let aa = (n.block[b] as number) * more;
    let ab = n.block[b + 1] as number;
    let bb = (n.block[b + 2] as number) * more;
    let fa = -(n.block[b + 3] as number);
    let fb = -(n.block[b + 4] as number);
    const rowA = 2 * t * size;
    const rowB = rowA + size;
    // One task: an offset of the family on it would be the family's offset over again.
    for (let f = 0; tasks > 1 && f < families; f++) {
      const o = OWN * (f * tasks + t);
      const h = (n.own[o] as number) * more;
      const qa = n.own[o + 1] as number;
      const qz = n.own[o + 2] as number;
      const q = n.own[o + 4] as number;
      const pull = n.own[o + 3] as number;
      aa -= (qa * qa) / h;
      ab -= (qa * q) / h;
      bb -= (q * q) / h;
      fa += (qa * pull) / h;
      fb += (q * pull) / h;
      sub(border, rowA + f, (qa * q) / h);
      sub(border, rowB + f, (q * q) / h);
      sub(border, rowA + trait, (qa * qz) / h);
      sub(border, rowB + trait, (q * qz) / h);
      sub(shared, f * size + f, (q * q) / h);
      sub(shared, f * size + trait, (q * qz) / h);
      sub(shared, trait * size + f, (q * qz) / h);
      sub(shared, trait * size + trait, (qz * qz) / h);
      sub(right, f, -(q * pull) / h);
      sub(right, trait, -(qz * pull) / h);
    }
    const det = aa * bb - ab * ab;
    if (!(det > 0)) return null;
    const ia = bb / det;
    const iab = -ab / det;
    const ib = aa / det;
    inverse.set([ia, iab, ib], 3 * t);
    force.set([fa, fb], 2 * t);
    for (let i = 0; i < size; i++) {
      const ba = border[rowA + i] as number;
      const bbb = border[rowB + i] as number;
      if (ba === 0 && bbb === 0) continue;
      const va = ia * ba + iab * bbb;
      const vb = iab * ba + ib * bbb;
      sub(right, i, va * fa + vb * fb);
      for (let j = 0; j < size; j++)
        sub(shared, i * size + j, va * (border[rowA + j] as number) + vb * (border[rowB + j] as number));
    }
  }
  const move = choleskySolve(shared, right, size);
  if (move === null) return null;
  const slope = new Float64Array(tasks);
  const height = new Float64Array(tasks);
  const own = new Float64Array(families * tasks);
  for (let t = 0; t < tasks; t++) {
    let fa = force[2 * t] as number;
    let fb = force[2 * t + 1] as number;
    for (let i = 0; i < size; i++) {
      fa -= (border[2 * t * size + i] as number) * (move[i] as number);
      fb -= (border[2 * t * size + size + i] as number) * (move[i] as number);
    }
    slope[t] = (inverse[3 * t] as number) * fa + (inverse[3 * t + 1] as number) * fb;
    height[t] = (inverse[3 * t + 1] as number) * fa + (inverse[3 * t + 2] as number) * fb;
    for (let f = 0; tasks > 1 && f < families; f++) {
      const o = OWN * (f * tasks + t);
      own[f * tasks + t] =
        -(
          (n.own[o + 3] as number) +
          (n.own[o + 1] as number) * (slope[t] as number) +
          (n.own[o + 4] as number) * ((height[t] as number) + (move[f] as number)) +
          (n.own[o + 2] as number) * (move[trait] as number)
        ) /
        ((n.own[o] as number) * more);
    }
  }
  return { slope, height, shared: move, own };
}

function descend(
  cells: readonly Cell[],
  start: State,
  families: number,
  tasks: number,
  traitKnown: boolean,
  constants: HierarchyConstants,
): State {
  let state = start;
  let cost = costOf(cells, state, tasks, constants);
  let damping = 1e-3;
  for (let round = 0; round < ROUNDS; round++) {
    const normal = normalEquations(cells, state, families, tasks, constants);
    let gain = 0;
    for (let attempt = 0; attempt < 12; attempt++) {
      const step = stepOf(normal, families, tasks, damping);
      const next = step === null ? null : moved(state, step, families, traitKnown);
      const reached = next === null ? Number.POSITIVE_INFINITY : costOf(cells, next, tasks, constants);
      if (next !== null && reached < cost) {
        gain = cost - reached;
        state = next;
        cost = reached;
        damping = Math.max(1e-9, damping * 0.2);
        break;
      }
      damping *= 5;
    }
    if (gain <= SETTLED * cost) break;
  }
  return state;
}

function moved(s: State, step: NonNullable<ReturnType<typeof stepOf>>, families: number, traitKnown: boolean): State {
  const limit = (v: number): number => Math.min(1, Math.max(-1, v));
  return {
    slope: s.slope.map((v, t) => v + limit(step.slope[t] as number)),
    height: s.height.map((v, t) => v + (step.height[t] as number)),
    family: s.family.map((v, f) => v + (step.shared[f] as number)),
    own: s.own.map((v, i) => v + (step.own[i] as number)),
    trait: traitKnown ? s.trait + (step.shared[families] as number) : 0,
    common: s.common + (step.shared[families + 1] as number),
  };
}
