/** `trend.u-shaped` and `trend.inverted-u`: the direction of scaling changes inside the range (emergence.md §1). */
import { formatScale } from '../render/number.ts';
import type { Finding } from '../report-model.ts';
import type { FindingRule, RuleInput } from './rule.ts';
import { seriesFinding } from './rule.ts';
import { byOtherMetrics, ends } from './words.ts';

/** x of the turn: the break of regression mode, the extreme model in contrast mode. */
function turnAt(input: RuleInput): number | null {
  const detail = input.report.shape?.detail ?? {};
  // Regression mode gives the hinge's break in log10 of the scale.
  const breakpoint = detail['breakpoint'];
  if (typeof breakpoint === 'number' && Number.isFinite(breakpoint)) return 10 ** breakpoint;
  const inner = input.report.y.slice(1, -1);
  if (inner.length === 0) return null;
  const up = (input.report.shape?.label === 'inverted-u') === (input.report.better === 'higher');
  const extreme = up ? Math.max(...inner) : Math.min(...inner);
  return input.report.x[inner.indexOf(extreme) + 1] ?? null;
}

export const uShaped: FindingRule = (input) => say(input, 'u-shaped', 'trend.u-shaped', 'gets worse, then better');

export const invertedU: FindingRule = (input) =>
  say(input, 'inverted-u', 'trend.inverted-u', 'gets better, then worse');

function say(
  input: RuleInput,
  label: string,
  code: 'trend.u-shaped' | 'trend.inverted-u',
  words: string,
): Finding | null {
  const { report, name } = input;
  if (report.shape?.label !== label) return null;
  const { first, last } = ends(report);
  const turn = turnAt(input);
  const where = turn === null ? '' : `; the turn is near ${formatScale(turn, report.scale)}`;
  return seriesFinding(
    input,
    code,
    `${name} ${words} with scale: ${first} at the smallest, ${last} at the largest model${where}.${byOtherMetrics(report)}`,
    { turn, p: report.shape.p, method: report.shape.method },
  );
}
