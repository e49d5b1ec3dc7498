/**
 * The points of a series as columns: a study of half a million scores holds a few arrays per series and not half a million
 * objects of fifteen fields. A point is made when somebody asks for it, and is a value: asked twice, there are two.
 */
import type { Point, Points } from './study.ts';

type NumberField = 'x' | 'y' | 'stderr' | 'stderrPopulation' | 'n' | 'params' | 'tokens' | 'compute' | 'step' | 'loss';
type TextField = 'model' | 'family' | 'run';
type PlaceField = 'table' | 'row' | 'column';

/**
 * A field of all points: as many values as points, or a single one where all are the same (`fieldAt` reads both). Two fields of
 * the same values share one array. Plain data, so that threads can be sent it.
 */
export interface PointColumns {
  readonly length: number;
  /** NaN where the point has none. */
  readonly numbers: Readonly<Record<NumberField, Float64Array>>;
  readonly texts: Readonly<Record<TextField, readonly (string | null)[]>>;
  readonly places: Readonly<Record<PlaceField, Int32Array>>;
}

/** The value of a field at a point. */
export function fieldAt<T>(column: ArrayLike<T>, index: number): T {
  return column[column.length === 1 ? 0 : index] as T;
}

/** The values of a field, one per point. */
export function valuesOf(column: Float64Array, length: number): Float64Array {
  return column.length === length ? column : new Float64Array(length).fill(column[0] as number);
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Whether every point has what an array holds at its index. */
function holds<T>(list: readonly Point[], valueOf: (p: Point) => T, at: (index: number) => T): boolean {
  for (let i = 0; i < list.length; i++) if (!Object.is(valueOf(list[i] as Point), at(i))) return false;
  return true;
}

/** One value for all, or the array of an earlier field that holds the same, or an array of the values. */
function columnOf<T, Column extends ArrayLike<T>>(
  list: readonly Point[],
  valueOf: (p: Point) => T,
  make: (length: number) => Column & { [index: number]: T },
  earlier: readonly Column[] = [],
): Column {
  const first = list[0];
  const length = first !== undefined && holds(list, valueOf, () => valueOf(first)) ? 1 : list.length;
  const known = earlier.find((one) => one.length === length && holds(list, valueOf, (i) => fieldAt(one, i)));
  if (known !== undefined) return known;
  const column = make(length);
  for (let i = 0; i < length; i++) column[i] = valueOf(list[i] as Point);
  return column;
}

/** The points as columns. */
export function columnsOf(points: Points): PointColumns {
  if (points instanceof ColumnPoints) return points.columns;
  const list = [...points];
  const floats: Float64Array[] = [];
  const number = (valueOf: (p: Point) => number | null | undefined): Float64Array => {
    const column = columnOf(
      list,
      (p) => valueOf(p) ?? Number.NaN,
      (length) => new Float64Array(length),
      floats,
    );
    floats.push(column);
    return column;
  };
  const text = (valueOf: (p: Point) => string | null, earlier: (readonly (string | null)[])[] = []) =>
    columnOf<string | null, readonly (string | null)[]>(
      list,
      valueOf,
      (length) => new Array<string | null>(length),
      earlier,
    );
  const place = (valueOf: (p: Point) => number) => columnOf(list, valueOf, (length) => new Int32Array(length));
  const model = text((p) => p.model);
  return {
    length: list.length,
    numbers: {
      x: number((p) => p.x),
      y: number((p) => p.y),
      stderr: number((p) => p.stderr),
      stderrPopulation: number((p) => p.stderrPopulation),
      n: number((p) => p.n),
      params: number((p) => p.params),
      tokens: number((p) => p.tokens),
      compute: number((p) => p.compute),
      step: number((p) => p.step),
      loss: number((p) => p.loss),
    },
    texts: { model, family: text((p) => p.family), run: text((p) => p.run, [model]) },
    places: { table: place((p) => p.table), row: place((p) => p.row), column: place((p) => p.column) },
  };
}

/** Points that stand in columns. */
export class ColumnPoints implements Points {
  readonly columns: PointColumns;

  constructor(columns: PointColumns) {
    this.columns = columns;
  }

  get length(): number {
    return this.columns.length;
  }

  at(index: number): Point | undefined {
    const at = index < 0 ? this.length + index : index;
    return at >= 0 && at < this.length ? this.#point(at) : undefined;
  }

  *[Symbol.iterator](): Generator<Point> {
    for (let i = 0; i < this.length; i++) yield this.#point(i);
  }

  *entries(): Generator<[number, Point]> {
    for (let i = 0; i < this.length; i++) yield [i, this.#point(i)];
  }

  map<T>(make: (point: Point, index: number) => T): T[] {
    const made = new Array<T>(this.length);
    for (let i = 0; i < made.length; i++) made[i] = make(this.#point(i), i);
    return made;
  }

  filter(keep: (point: Point, index: number) => boolean): Point[] {
    const kept: Point[] = [];
    for (let i = 0; i < this.length; i++) {
      const point = this.#point(i);
      if (keep(point, i)) kept.push(point);
    }
    return kept;
  }

  find(wanted: (point: Point, index: number) => boolean): Point | undefined {
    for (let i = 0; i < this.length; i++) {
      const point = this.#point(i);
      if (wanted(point, i)) return point;
    }
    return undefined;
  }

  some(wanted: (point: Point, index: number) => boolean): boolean {
    return this.find(wanted) !== undefined;
  }

  every(wanted: (point: Point, index: number) => boolean): boolean {
    return !this.some((point, i) => !wanted(point, i));
  }

  reduce<T>(fold: (folded: T, point: Point, index: number) => T, start: T): T {
    let folded = start;
    for (let i = 0; i < this.length; i++) folded = fold(folded, this.#point(i), i);
    return folded;
  }

  #point(i: number): Point {
    const { numbers, texts, places } = this.columns;
    const point: Point = {
      x: fieldAt(numbers.x, i),
      y: fieldAt(numbers.y, i),
      stderr: orNull(fieldAt(numbers.stderr, i)),
      n: orNull(fieldAt(numbers.n, i)),
      model: fieldAt(texts.model, i) as string,
      family: fieldAt(texts.family, i),
      run: fieldAt(texts.run, i) as string,
      params: orNull(fieldAt(numbers.params, i)),
      tokens: orNull(fieldAt(numbers.tokens, i)),
      compute: orNull(fieldAt(numbers.compute, i)),
      step: orNull(fieldAt(numbers.step, i)),
      loss: orNull(fieldAt(numbers.loss, i)),
      table: fieldAt(places.table, i),
      row: fieldAt(places.row, i),
      column: fieldAt(places.column, i),
    };
    const population = fieldAt(numbers.stderrPopulation, i);
    return Number.isNaN(population) ? point : { ...point, stderrPopulation: population };
  }
}
