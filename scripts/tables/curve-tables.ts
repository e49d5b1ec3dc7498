/** Tables of docs/trust.md on the learning curves: which law to trust, and whether the intervals cover. */
import { CURVE_SHRINK, RAMP } from '../../src/core/forecast/calibration.ts';
import type { Forecast } from '../../src/core/report-model.ts';
import { curveSeries } from '../../test/core/forecast/curves.ts';
import { forecastAbove, inside, mean, once, percent } from './held-out.ts';
import { type Held, intervalsLeftOut } from './held-out-constants.ts';

const LAWS = ['power', 'power-offset', 'shifted-power', 'm4', 'bnsl1', 'last', 'mean-3'];
/** Groups of curves, with their names in the tables. */
const GROUPS = [
  ['IC', 'images'],
  ['NMT', 'translation'],
  ['LM', 'language'],
  ['BB', 'BIG-bench'],
] as const;

interface Outcome {
  readonly group: string;
  readonly curve: string;
  readonly forecasts: readonly Forecast[];
}

const outcomes = once(() =>
  curveSeries().map(
    ({ group, curve, series, cut }): Outcome => ({ group, curve, forecasts: forecastAbove(series, cut, 'auto') }),
  ),
);

function rmsle(forecasts: readonly Forecast[]): number {
  const squares = forecasts.map((f) => (f.y === null ? 9 : Math.log(f.y / (f.actual as number)) ** 2));
  return Math.sqrt(squares.reduce((s, v) => s + v, 0) / squares.length);
}

export function selectionTable(): string {
  const curves = curveSeries();
  const rows = LAWS.map((law) => {
    const errors = curves.map(({ series, cut, group }) => ({ group, error: rmsle(forecastAbove(series, cut, [law])) }));
    return { name: `\`${law}\``, errors };
  });
  const errors = outcomes().map((o) => ({ group: o.group, error: rmsle(o.forecasts) }));
  const oracle = curves.map(({ group }, i) => ({
    group,
    error: Math.min(...rows.map((r) => r.errors[i]?.error ?? 9)),
  }));
  const line = (name: string, all: readonly { group: string; error: number }[]): string => {
    const of = (g: string) => mean(all.filter((e) => e.group === g).map((e) => e.error)).toFixed(4);
    return `| ${name} | ${mean(all.map((e) => e.error)).toFixed(4)} | ${of('IC')} | ${of('NMT')} | ${of('LM')} | ${of('BB')} |`;
  };
  return [
    '| rule | 46 curves | images 36 | translation 3 | language 2 | BIG-bench 5 |',
    '|---|---|---|---|---|---|',
    ...rows.map((r) => line(r.name, r.errors)),
    line('**`auto`**', errors),
    line('best single law by hindsight', oracle),
  ].join('\n');
}

export function curveCoverage(): string {
  const row = (name: string, of: readonly Outcome[]): string => {
    const covered = mean(of.map((o) => mean(o.forecasts.map((f) => (inside(f) ? 1 : 0)))));
    const width = mean(
      of.map((o) => mean(o.forecasts.map((f) => Math.log((f.high as number) / (f.low as number)) / 2))),
    );
    return `| ${name} | ${of.length} | ${percent(covered)} | ${(100 * width).toFixed(1)} % |`;
  };
  return [
    '| curves | count | covered | mean half-width |',
    '|---|---|---|---|',
    ...GROUPS.map(([id, name]) =>
      row(
        name,
        outcomes().filter((o) => o.group === id),
      ),
    ),
    row('**all**', outcomes()),
  ].join('\n');
}

export function curvesLeftOut(): string {
  return intervalsLeftOut(
    outcomes().flatMap((o) =>
      o.forecasts.map((forecast): Held => ({ unit: o.curve, group: o.group, forecast, log: true })),
    ),
    GROUPS,
    { shrink: CURVE_SHRINK, ramp: RAMP, transfer: 1 },
    [1],
  );
}
