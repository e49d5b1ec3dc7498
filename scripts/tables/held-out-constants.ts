/**
 * What the constants of scores are worth on data they were not chosen on: for each benchmark set, and each group of
 * learning curves, the constants are chosen on the others and measured there. Tables for docs/trust.md.
 */

import { FAMILY_TRANSFER } from '../../src/core/forecast/calibration.ts';
import { lastThreeBare } from '../../src/core/forecast/form.ts';
import { backtestHierarchy, HIERARCHY } from '../../src/core/forecast/hierarchy.ts';
import type { HierarchyConstants } from '../../src/core/forecast/joint-posterior.ts';
import { leaveRightmostOut, summariseA } from '../../src/core/forecast/protocol.ts';
import type { Forecast } from '../../src/core/report-model.ts';
import { AXIS, BENCHMARKS, benchmarkModels, scoreRows, tasksOf } from '../../test/core/forecast/predictability-data.ts';

interface Errors {
  readonly mean: number;
  readonly single: number;
}

function errorsOf(set: ReturnType<typeof benchmarkModels>, constants: HierarchyConstants): Errors {
  const result = backtestHierarchy(set.models, set.tasks, constants);
  return {
    mean: result.mean.withinOne?.mean ?? Number.NaN,
    single: result.single.withinOne?.mean ?? Number.NaN,
  };
}

/** The grid that HIERARCHY was chosen from: prior widths and the decades over which small models lose weight. */
function grid(): HierarchyConstants[] {
  const all: HierarchyConstants[] = [];
  for (const residual of [0.05, 0.07, 0.1])
    for (const memory of [0.5, 1, 2, Number.POSITIVE_INFINITY])
      for (const familySd of [0.3, 0.6])
        for (const traitSd of [0.3, 1]) all.push({ ...HIERARCHY, residual, memory, familySd, traitSd });
  return all;
}

const short = (k: HierarchyConstants): string =>
  `${k.residual}, ${Number.isFinite(k.memory) ? k.memory : 'all'}, ${k.familySd}, ${k.traitSd}`;

/** Errors with the shipped constants beside those with constants chosen on the other sets alone. */
export function hierarchyLeftOut(): { table: string; best: HierarchyConstants } {
  const rows = scoreRows();
  const sets = BENCHMARKS.map((benchmark) => {
    const { tasks, average } = tasksOf(rows, benchmark, AXIS);
    const single = summariseA(
      '',
      tasks.map((t) => leaveRightmostOut(lastThreeBare, t)),
    );
    const whole = summariseA('', [leaveRightmostOut(lastThreeBare, average)]);
    const baseline: Errors = { mean: whole.withinOne?.mean ?? 1, single: single.withinOne?.mean ?? 1 };
    return { benchmark, baseline, data: benchmarkModels(benchmark) };
  });
  const tried = grid().map((constants) => ({ constants, errors: sets.map((s) => errorsOf(s.data, constants)) }));
  // Error as a share of the mean of the last three, so that no set counts for more because it is harder.
  const score = (errors: readonly Errors[], left: number): number =>
    sets.reduce((sum, s, i) => {
      const e = errors[i] as Errors;
      return i === left ? sum : sum + e.mean / s.baseline.mean + e.single / s.baseline.single;
    }, 0);
  const bestWithout = (left: number) => tried.reduce((a, b) => (score(b.errors, left) < score(a.errors, left) ? b : a));
  const lines = [
    '| benchmark | mean of the last three: mean of tasks, single | shipped constants | chosen on the other three sets | residual, memory, families, ratio |',
    '|---|---|---|---|---|',
  ];
  const shown = (e: Errors): string => `${e.mean.toFixed(2)}, ${e.single.toFixed(2)}`;
  sets.forEach((set, i) => {
    const other = bestWithout(i);
    const own = errorsOf(set.data, HIERARCHY);
    lines.push(
      `| ${set.benchmark} | ${shown(set.baseline)} | ${shown(own)} | ${shown(other.errors[i] as Errors)} | ${short(other.constants)} |`,
    );
  });
  const best = bestWithout(-1);
  lines.push(`| all four | | ${short(HIERARCHY)} | | ${short(best.constants)} |`);
  return { table: lines.join('\n'), best: best.constants };
}

/** One forecast of a value that was then measured. */
export interface Held {
  readonly unit: string;
  readonly group: string;
  readonly forecast: Forecast;
  readonly log: boolean;
}

interface IntervalConstants {
  readonly shrink: number;
  /** Decades over which the parts beyond the data come in. */
  readonly ramp: number;
  /** Times the shipped width for other families. */
  readonly transfer: number;
}

const RAMPED = new Set(['past misses', 'recent trend', 'other families']);
const rampOf = (horizon: number, ramp: number): number => Math.min(1, Math.max(0, horizon / ramp));

/** Distance to the ends of the interval that other constants would have given, from the parts that a forecast reports. */
function reachOf({ forecast: f, log }: Held, k: IntervalConstants, shipped: IntervalConstants): [number, number] {
  const widths = (c: IntervalConstants): number => {
    let square = 0;
    for (const [name, part] of Object.entries(f.parts ?? {})) {
      let width = part as number;
      if (RAMPED.has(name)) {
        const now = rampOf(f.horizon, shipped.ramp);
        width = now === 0 ? 0 : (width / now) * rampOf(f.horizon, c.ramp);
      }
      if (name === 'other families') width *= c.transfer;
      // For scores this part is reported over the factor: the interval reaches what the newest points say.
      if (name === 'recent trend' && !log) width *= shipped.shrink / c.shrink;
      square += width * width;
    }
    return (1 + (c.shrink - 1) * rampOf(f.horizon, c.ramp)) * Math.sqrt(square);
  };
  const half = widths(k);
  const ahead = log ? Math.log : (v: number) => v;
  const y = ahead(f.y as number);
  const now = widths(shipped);
  // What only the rule that intervals never narrow has widened keeps its width.
  const beyond = (end: number): number => (end > now * 1.001 ? end : half);
  return [Math.max(half, beyond(y - ahead(f.low as number))), Math.max(half, beyond(ahead(f.high as number) - y))];
}

function measure(
  held: readonly Held[],
  k: IntervalConstants,
  shipped: IntervalConstants,
): { covered: number; width: number } {
  const units = new Map<string, { inside: number; width: number; count: number }>();
  for (const h of held) {
    const { y, actual } = h.forecast;
    const ahead = h.log ? Math.log : (v: number) => v;
    const [below, above] = reachOf(h, k, shipped);
    const miss = ahead(actual as number) - ahead(y as number);
    const unit = units.get(h.unit) ?? { inside: 0, width: 0, count: 0 };
    if (miss >= -below && miss <= above) unit.inside++;
    unit.width += (below + above) / 2;
    unit.count++;
    units.set(h.unit, unit);
  }
  let covered = 0;
  let width = 0;
  for (const u of units.values()) {
    covered += u.inside / u.count;
    width += u.width / u.count;
  }
  return { covered: covered / units.size, width: width / units.size };
}

/** The narrowest constants that cover 90 % of these forecasts. */
function narrowest(held: readonly Held[], shipped: IntervalConstants, transfers: readonly number[]): IntervalConstants {
  let best = shipped;
  let least = Number.POSITIVE_INFINITY;
  for (const ramp of [0.05, 0.1, 0.15, 0.25])
    for (const transfer of transfers)
      for (let shrink = 0.4; shrink <= 1.4; shrink += 0.02) {
        const k = { shrink: Number(shrink.toFixed(2)), ramp, transfer };
        const { covered, width } = measure(held, k, shipped);
        if (covered >= 0.9 && width < least) {
          least = width;
          best = k;
        }
      }
  return best;
}

/**
 * Coverage of each group with the shipped constants, and with constants chosen on the other groups alone. Intervals that
 * reach up to what scores at chance permit depend on no constant and are left out.
 */
export function intervalsLeftOut(
  held: readonly Held[],
  groups: readonly (readonly [string, string])[],
  shipped: IntervalConstants,
  transfers: readonly number[],
): string {
  const usable = held.filter(
    ({ forecast: f }) =>
      f.low !== null && f.high !== null && f.y !== null && !String(f['method']).includes('the points permit'),
  );
  const unit = usable[0]?.log === true ? '%' : 'points';
  const lines = [
    `| held out | shipped constants: covered, half-width | chosen on the others: covered, half-width | factor, ramp (decades), families |`,
    '|---|---|---|---|',
  ];
  const shown = ({ covered, width }: { covered: number; width: number }): string =>
    `${(100 * covered).toFixed(0)} %, ${(100 * width).toFixed(1)} ${unit}`;
  const constants = (k: IntervalConstants): string =>
    `${k.shrink}, ${k.ramp}${transfers.length > 1 ? `, ${(100 * k.transfer * FAMILY_TRANSFER).toFixed(1)} points` : ''}`;
  for (const [id, name] of groups) {
    const mine = usable.filter((h) => h.group === id);
    const others = narrowest(
      usable.filter((h) => h.group !== id),
      shipped,
      transfers,
    );
    lines.push(
      `| ${name} | ${shown(measure(mine, shipped, shipped))} | ${shown(measure(mine, others, shipped))} | ${constants(others)} |`,
    );
  }
  const all = narrowest(usable, shipped, transfers);
  lines.push(
    `| none | ${shown(measure(usable, shipped, shipped))} | ${shown(measure(usable, all, shipped))} | ${constants(all)} |`,
  );
  return lines.join('\n');
}
