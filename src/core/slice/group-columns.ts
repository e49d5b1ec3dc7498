/**
 * Question groups of a series, from group columns or, where a model's table holds its questions, by slicing those. Group
 * tables have columns `g1_…`, `g2_…` from the easiest to the hardest questions, found by their headers in the table that
 * a series was read from.
 */
import { err, ok, type Result } from '../result.ts';
import type { Point, Study } from '../study/study.ts';
import { groupsFromQuestions, holdsQuestions } from './question-tables.ts';

/** Group scores of the points, easiest group first. */
export interface GroupColumns {
  /** `groups[g][i]`: score of group g for point i, NaN where missing. */
  readonly groups: readonly Float64Array[];
  readonly headers: readonly string[];
  /** Overall TC Brier of the points where the table has it; else the mean over the groups. */
  readonly tc: Float64Array;
  readonly tcHow: string;
}

export interface GroupRefusal {
  readonly code: 'no-groups' | 'missing-group' | 'not-finite';
  readonly message: string;
}

const GROUP = /^g(\d+)[_ .-](.+)$/i;
const OVERALL = ['tc_brier', 'tc', 'tc-brier', 'tcbrier'];

/** Group columns of a table by header: what is measured → group number → column. */
function groupSets(headers: readonly string[]): Map<string, Map<number, number>> {
  const sets = new Map<string, Map<number, number>>();
  for (const [column, header] of headers.entries()) {
    const match = GROUP.exec(header.trim());
    if (match === null) continue;
    const measure = (match[2] as string).toLowerCase();
    const set = sets.get(measure) ?? new Map<number, number>();
    set.set(Number(match[1]), column);
    sets.set(measure, set);
  }
  return sets;
}

/** The measure that holds TC Brier: one whose name says so, else the only one. */
function measureOf(sets: ReadonlyMap<string, unknown>): string | null {
  const names = [...sets.keys()];
  const named = names.find((name) => OVERALL.includes(name)) ?? names.find((name) => name.includes('tc'));
  return named ?? (names.length === 1 ? (names[0] as string) : null);
}

function isQuestionTable(point: Point, study: Study): boolean {
  const table = study.tables[point.table];
  return table !== undefined && table.layout === 'per-sample' && holdsQuestions(table, point.column);
}

/**
 * Reads the group scores of points from the tables of their study. All points must come from tables with the same group
 * columns, numbered 1 to G without gaps, at least two.
 */
export function readGroupColumns(points: readonly Point[], study: Study): Result<GroupColumns, GroupRefusal> {
  const tables = [...new Set(points.map((point) => point.table))];
  const perQuestion = points.length > 0 && tables.length === points.length;
  if (perQuestion && points.every((point) => isQuestionTable(point, study))) {
    const sliced = groupsFromQuestions(points, study);
    if (!sliced.ok) return err({ code: 'no-groups', message: sliced.error.message });
    const { groups, tc, notes } = sliced.value;
    return ok({
      groups,
      headers: groups.map((_, g) => `group ${g + 1} of the questions`),
      tc,
      tcHow: notes.join('; '),
    });
  }
  const values = new Map<
    number,
    { readonly groups: Float64Array[]; readonly tc: Float64Array | null; readonly headers: string[] }
  >();
  for (const index of tables) {
    const table = study.tables[index];
    if (table === undefined) return err({ code: 'no-groups', message: 'The table of the series is not at hand.' });
    const headers = Array.from({ length: table.columnCount }, (_, column) => table.header(column));
    const sets = groupSets(headers);
    const measure = measureOf(sets);
    const set = measure === null ? undefined : sets.get(measure);
    if (set === undefined || set.size < 2) {
      return err({
        code: 'no-groups',
        message: `${table.file} has no question groups: columns g1_tc (easiest), g2_tc … are needed, at least two.`,
      });
    }
    const count = Math.max(...set.keys());
    const columns: number[] = [];
    for (let g = 1; g <= count; g++) {
      const column = set.get(g);
      if (column === undefined) {
        return err({
          code: 'missing-group',
          message: `${table.file}: group ${g} of ${count} has no column (g${g}_${measure}).`,
        });
      }
      columns.push(column);
    }
    const overall = headers.findIndex((header) => OVERALL.includes(header.trim().toLowerCase()));
    values.set(index, {
      groups: columns.map((column) => table.numbers(column)),
      tc: overall < 0 ? null : table.numbers(overall),
      headers: columns.map((column) => headers[column] as string),
    });
  }
  const first = values.get(tables[0] ?? -1);
  if (first === undefined) return err({ code: 'no-groups', message: 'The series has no points.' });
  const size = first.headers.length;
  if ([...values.values()].some((set) => set.headers.length !== size)) {
    return err({ code: 'missing-group', message: 'The files of the series have different numbers of groups.' });
  }
  const groups = Array.from({ length: size }, () => new Float64Array(points.length));
  const tc = new Float64Array(points.length);
  let averaged = false;
  for (const [i, point] of points.entries()) {
    const set = values.get(point.table) as { groups: Float64Array[]; tc: Float64Array | null };
    let sum = 0;
    for (const [g, group] of groups.entries()) {
      const value = set.groups[g]?.[point.row] ?? Number.NaN;
      if (!Number.isFinite(value)) {
        return err({ code: 'not-finite', message: `${point.model}: group ${g + 1} has no number.` });
      }
      group[i] = value;
      sum += value;
    }
    const own = set.tc?.[point.row] ?? Number.NaN;
    if (Number.isFinite(own)) tc[i] = own;
    else {
      tc[i] = sum / size;
      averaged = true;
    }
  }
  const tcHow = averaged ? 'mean over the groups' : 'the overall TC Brier column';
  return ok({ groups, headers: first.headers, tc, tcHow });
}
