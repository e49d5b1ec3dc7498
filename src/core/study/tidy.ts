/**
 * From tables to measurements: every score cell becomes one draft, whatever the layout, and joins the group of its task,
 * metric and facets.
 */
import type { Column } from '../table/column.ts';
import { RUN_NAMES } from '../table/dictionary.ts';
import { columnFor } from '../table/understand.ts';
import type { Group, GroupBook } from './draft.ts';
import type { Facet } from './facets.ts';
import { findFacets } from './facets.ts';
import type { Interned } from './intern.ts';
import { intern } from './intern.ts';
import { RowDrafts, RunNames } from './row-drafts.ts';
import type { Rows } from './rows.ts';
import { scoreSources } from './score-sources.ts';
import type { TidyOptions } from './tidy-options.ts';
import { columnByHeader } from './where.ts';

/** A task for score columns that no column and no header names. */
function fallbackTask(metric: string, facets: Readonly<Record<string, string>>): string {
  return facets['questions'] !== undefined || facets['group'] !== undefined ? 'questions' : metric;
}

/** Reads `higher_is_better`-like columns: +1, −1 or 0 per row. */
function directions(rows: Rows): Int8Array | null {
  const column = rows.reading.columns.find((c) =>
    /^(?:higher_is_better|lower_is_better|better|direction)$/.test(c.header.key),
  );
  if (column === undefined) return null;
  const lower = column.header.key === 'lower_is_better';
  const out = new Int8Array(rows.count);
  const values = intern(rows.reading.table, column.index);
  const meaning = values.values.map((v) => {
    const t = v.toLowerCase();
    const yes = /^(?:1|1\.0|true|yes|higher|up|↑|max|maximize)$/.test(t);
    const no = /^(?:0|0\.0|false|no|lower|down|↓|min|minimize)$/.test(t);
    return yes ? (lower ? -1 : 1) : no ? (lower ? 1 : -1) : 0;
  });
  for (let row = 0; row < rows.count; row++) {
    const code = values.codes[row] as number;
    out[row] = code < 0 ? 0 : (meaning[code] as number);
  }
  return out;
}

/** Adds the measurements of a table of rows (wide, long, loss-table). Returns notes about what kept rows apart. */
export function tidyRows(rows: Rows, book: GroupBook, options: TidyOptions): readonly string[] {
  const { reading } = rows;
  const { table } = reading;
  const list = scoreSources(rows, options.yColumn);
  if (list.length === 0) return [];
  const grouped = options.group;
  const verdict = grouped === null ? findFacets(rows, options.kept) : { facets: [] as Facet[], notes: [] as string[] };
  const groupFacets: Facet[] = (grouped ?? []).flatMap((name) => {
    const column = columnByHeader(table, name);
    return column < 0 ? [] : [{ name: table.header(column).trim(), column, values: intern(table, column) }];
  });
  const facets = grouped === null ? verdict.facets : groupFacets;
  const taskColumn = columnFor(reading, 'task');
  const metricColumn = columnFor(reading, 'metric');
  const chanceColumn = columnFor(reading, 'chance');
  const tasks = taskColumn === null ? null : intern(table, taskColumn.index);
  const metrics = metricColumn === null ? null : intern(table, metricColumn.index);
  const chances = chanceColumn === null ? null : table.numbers(chanceColumn.index);
  const seeds = reading.columns
    .filter((c) => (c.role === 'seed' && c.used) || (RUN_NAMES.has(c.header.key) && c.role !== 'model'))
    .map((c) => intern(table, c.index));
  const direction = directions(rows);
  const xColumn = options.xColumn === null ? -1 : columnByHeader(table, options.xColumn);
  const pinned =
    xColumn < 0 ? null : { values: table.numbers(xColumn), factor: (reading.columns[xColumn] as Column).factor };

  const runs = new RunNames(rows, seeds);
  for (const source of list) {
    const drafts = new RowDrafts(rows, source, runs, pinned);
    const local = new Map<string, Group>();
    const fixedTask = source.task ?? (tasks === null ? rows.fileTask : null);
    const useTasks = tasks !== null && fixedTask === null && (grouped === null || groupFacets.length === 0);
    // A loss of its own task stands in the rows of every task: once per run and value is enough.
    const once = tasks !== null && fixedTask !== null && grouped === null ? new Set<string>() : null;
    // Rows of one group often follow each other.
    let lastGroup: Group | undefined;
    let lastRow = -1;
    const likeLast = (row: number): boolean =>
      lastGroup !== undefined &&
      (!useTasks || tasks?.codes[row] === tasks?.codes[lastRow]) &&
      (metrics === null || metrics.codes[row] === metrics.codes[lastRow]) &&
      facets.every((f) => f.values.codes[row] === f.values.codes[lastRow]);
    for (let row = 0; row < rows.count; row++) {
      if (options.kept !== null && options.kept[row] === 0) continue;
      const value = drafts.score(row);
      const taskCode = useTasks ? ((tasks as Interned).codes[row] as number) : -2;
      const metricCode = metrics !== null && source.metric === null ? (metrics.codes[row] as number) : -2;
      if (Number.isNaN(value) && (taskCode === -1 || metricCode === -1)) continue;
      let group = likeLast(row) ? lastGroup : undefined;
      let key = '';
      if (group === undefined) {
        key = `${taskCode}|${metricCode}`;
        for (const f of facets) key += `|${f.values.codes[row] as number}`;
        group = local.get(key);
      }
      if (group === undefined) {
        const own: Record<string, string> = {};
        for (const f of facets) {
          const code = f.values.codes[row] as number;
          if (code >= 0) own[f.name] = f.values.values[code] as string;
        }
        Object.assign(own, source.facets);
        if (options.fileFacet !== null) own['file'] = options.fileFacet;
        const metric =
          (source.assumed && source.task !== null ? options.taskMetric(source.task) : null) ??
          source.metric ??
          (metricCode >= 0 ? ((metrics as Interned).values[metricCode] as string) : (rows.fileMetric ?? 'score'));
        let task: string;
        if (grouped !== null && groupFacets.length > 0) {
          // With --group the series is named by its group; a task column among them names the task.
          const named = groupFacets.find((f) => taskColumn !== null && f.column === taskColumn.index);
          task = named === undefined ? (fixedTask ?? fallbackTask(metric, own)) : (own[named.name] ?? metric);
        } else
          task =
            fixedTask ?? (taskCode >= 0 ? ((tasks as Interned).values[taskCode] as string) : fallbackTask(metric, own));
        group = book.open(task, metric, own, {
          rows,
          firstRow: row,
          scoreColumn: source.column.index,
          taskColumn: taskCode >= 0 ? (taskColumn as Column).index : -1,
          chanceColumn: chanceColumn?.index ?? -1,
          assumed: source.assumed,
        });
        if (source.column.measure?.better != null) {
          group.better = source.column.measure.better;
          group.betterHow = source.column.how;
        }
        local.set(key, group);
      }
      lastGroup = group;
      lastRow = row;
      const why = options.excluded.get(row);
      if (why !== undefined) {
        if (!Number.isNaN(value)) group.excluded.push({ table: rows.index, row, why });
        continue;
      }
      if (!Number.isFinite(value)) {
        if (!Number.isNaN(value)) group.excluded.push({ table: rows.index, row, why: 'the score is infinite' });
        continue;
      }
      if (chances !== null && Number.isFinite(chances[row])) {
        group.chanceSum += chances[row] as number;
        group.chanceCount++;
      }
      if (direction !== null) {
        if (direction[row] === 1) group.higher++;
        else if (direction[row] === -1) group.lower++;
      }
      if (once !== null) {
        const repeat = `${drafts.run(row)}|${value}|${rows.tokens[row] as number}|${rows.step[row] as number}|${rows.params[row] as number}`;
        if (once.has(repeat)) continue;
        once.add(repeat);
      }
      group.drafts.addRow(drafts, row);
    }
  }
  return verdict.notes;
}
