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

function areEqual(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** A number that is the same everywhere once; of two equal columns the first one for both. */
function sharedNumbers(columns: Readonly<Record<NumberField, Float64Array>>): Record<NumberField, Float64Array> {
  const kept: Float64Array[] = [];
  const entries = Object.entries(columns).map(([field, values]) => {
    let alike = 1;
    while (alike < values.length && Object.is(values[alike], values[0])) alike++;
    const column = alike < values.length ? values : values.slice(0, 1);
    const found = kept.find((known) => areEqual(known, column)) ?? column;
    kept.push(found);
    return [field, found];
  });
  return Object.fromEntries(entries) as Record<NumberField, Float64Array>;
}

function once<C extends Int32Array | readonly (string | null)[]>(values: C): C {
  const first = values[0];
  return values.every((value: unknown) => value === first) ? (values.slice(0, 1) as C) : values;
}

/** The points as columns. */
export function columnsOf(points: Points): PointColumns {
  return points instanceof ColumnPoints ? points.columns : columnsOfList([...points]);
}

/** One pass over the list: a function per field would box every number on its way. */
function columnsOfList(list: readonly Point[]): PointColumns {
  const { length } = list;
  const numbers: Record<NumberField, Float64Array> = {
    x: new Float64Array(length),
    y: new Float64Array(length),
    stderr: new Float64Array(length),
    stderrPopulation: new Float64Array(length),
    n: new Float64Array(length),
    params: new Float64Array(length),
    tokens: new Float64Array(length),
    compute: new Float64Array(length),
    step: new Float64Array(length),
    loss: new Float64Array(length),
  };
  const places: Record<PlaceField, Int32Array> = {
    table: new Int32Array(length),
    row: new Int32Array(length),
    column: new Int32Array(length),
  };
  for (let i = 0; i < length; i++) {
    const p = list[i] as Point;
    numbers.x[i] = p.x;
    numbers.y[i] = p.y;
    numbers.stderr[i] = p.stderr ?? Number.NaN;
    numbers.stderrPopulation[i] = p.stderrPopulation ?? Number.NaN;
    numbers.n[i] = p.n ?? Number.NaN;
    numbers.params[i] = p.params ?? Number.NaN;
    numbers.tokens[i] = p.tokens ?? Number.NaN;
    numbers.compute[i] = p.compute ?? Number.NaN;
    numbers.step[i] = p.step ?? Number.NaN;
    numbers.loss[i] = p.loss ?? Number.NaN;
    places.table[i] = p.table;
    places.row[i] = p.row;
    places.column[i] = p.column;
  }
  const model = once(list.map((p) => p.model));
  const run = list.every((p) => p.run === p.model) ? model : once(list.map((p) => p.run));
  return {
    length,
    numbers: sharedNumbers(numbers),
    texts: { model, family: once(list.map((p) => p.family)), run },
    places: { table: once(places.table), row: once(places.row), column: once(places.column) },
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
