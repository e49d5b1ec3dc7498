/** A small fit of all tasks written the plain way, as a vector of residuals, to hold the eliminated one against. */
import type { Cell, HierarchyConstants, State } from '../../../src/core/forecast/joint-posterior.ts';
import { createRandom } from '../../../src/core/stats/random.ts';

export const FAMILIES = 3;

export const CONSTANTS: HierarchyConstants = {
  centre: Math.log(1.2),
  slopeSd: 0.25,
  taskSlopeSd: 0.4,
  familySd: 0.6,
  familyTaskSd: 0.8,
  traitSd: 0.3,
  residual: 0.1,
  memory: 2,
};

/** Sd of a task's height. */
const HEIGHT_SD = 5;

export function cellsOf(tasks: number): Cell[] {
  const random = createRandom(11, 'joint cells');
  return Array.from({ length: 9 * tasks }, (_, i) => ({
    task: i % tasks,
    // One in four belongs to no family.
    family: (Math.floor(i / tasks) % (FAMILIES + 1)) - 1,
    x: -2 * random.uniform(),
    trait: random.normal(),
    y: random.uniform(),
    weight: 20 + 80 * random.uniform(),
  }));
}

/** Parameters in one vector: slopes, heights, families, families on tasks, trait, common slope. */
export function vectorOf(s: State): Float64Array {
  return Float64Array.of(...s.slope, ...s.height, ...s.family, ...s.own, s.trait, s.common);
}

export function stateOf(v: Float64Array, tasks: number): State {
  const family = 2 * tasks;
  const own = family + FAMILIES;
  const trait = own + FAMILIES * tasks;
  return {
    slope: v.slice(0, tasks),
    height: v.slice(tasks, family),
    family: v.slice(family, own),
    own: v.slice(own, trait),
    trait: v[trait] as number,
    common: v[trait + 1] as number,
  };
}

/** A state away from every optimum. With one task the families have no offsets on it. */
export function someState(tasks: number): State {
  const random = createRandom(12, 'joint state');
  const s = stateOf(
    Float64Array.from({ length: 2 * tasks + FAMILIES * (tasks + 1) + 2 }, () => 0.4 * random.normal()),
    tasks,
  );
  return tasks > 1 ? s : { ...s, own: new Float64Array(FAMILIES) };
}

/** Residuals of scores and priors; their squares sum to the cost. */
export function residualsOf(cells: readonly Cell[], s: State, tasks: number): Float64Array {
  const k = CONSTANTS;
  const at = (values: Float64Array, i: number): number => values[i] as number;
  return Float64Array.of(
    ...cells.map((c) => {
      const offset = c.family < 0 ? 0 : at(s.family, c.family) + at(s.own, c.family * tasks + c.task);
      const link = at(s.height, c.task) + Math.exp(at(s.slope, c.task)) * c.x + offset + s.trait * c.trait;
      return Math.sqrt(c.weight) * (1 / (1 + Math.exp(-link)) - c.y);
    }),
    ...s.slope.map((v) => (v - s.common) / k.taskSlopeSd),
    ...s.height.map((v) => v / HEIGHT_SD),
    ...s.family.map((v) => v / k.familySd),
    ...s.own.map((v) => v / k.familyTaskSd),
    s.trait / k.traitSd,
    (s.common - k.centre) / k.slopeSd,
  );
}

/** Rows of ∂residual/∂parameter, by central differences. */
export function jacobianOf(cells: readonly Cell[], s: State, tasks: number): number[][] {
  const v = vectorOf(s);
  const columns = Array.from(v, (value, j) => {
    const away = (h: number) => residualsOf(cells, stateOf(v.with(j, value + h), tasks), tasks);
    const up = away(1e-6);
    const down = away(-1e-6);
    return Array.from(up, (r, i) => (r - (down[i] as number)) / 2e-6);
  });
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, i) => columns.map((column) => column[i] as number));
}
