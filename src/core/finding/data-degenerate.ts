/**
 * `data.degenerate-metric`: a metric that is numeric and says nothing: all equal, or zero almost everywhere (strict-match
 * on base models that never print the expected phrase).
 */
import type { Finding } from '../report-model.ts';
import { valuesOf } from '../study/column-points.ts';
import type { DataCheck } from './data-check.ts';
import { rangeFinding } from './data-check.ts';

export const degenerateMetrics: DataCheck = {
  find: ({ built, tables }) => {
    const findings: Finding[] = [];
    for (const { series, facts, scoreScale, columns } of built) {
      const n = columns.length;
      if (n < 4) continue;
      const ys = valuesOf(columns.numbers.y, n);
      const first = ys[0] as number;
      const constant = ys.every((y) => y === first);
      const unit = scoreScale === 'percent' ? 100 : 1;
      const bounded = facts.entry?.percentable === true;
      const zeros = ys.filter((y) => y === 0).length;
      const mean = ys.reduce((a, b) => a + b, 0) / n;
      const mostlyZero = bounded && zeros / n > 0.8 && mean < 0.02 * unit;
      // A task with a chance level near which no score comes was not answered in the expected form.
      const unanswered =
        bounded &&
        n >= 8 &&
        series.chance !== null &&
        series.chance.value >= 0.15 * unit &&
        mean < 0.1 * series.chance.value;
      if (!constant && !mostlyZero && !unanswered) continue;
      const what = constant
        ? `is ${first} for every model`
        : mostlyZero
          ? `is zero for ${zeros} of ${n} points`
          : `averages ${(mean / unit).toPrecision(2)} although guessing gives ${((series.chance?.value ?? 0) / unit).toPrecision(2)}`;
      findings.push({
        ...rangeFinding(
          tables[series.anchor.table]?.file ?? '',
          'data.degenerate-metric',
          series.anchor.range,
          `${series.task} (${series.metric}${series.facets['filter'] === undefined && series.facets['extraction'] === undefined ? '' : `, ${series.facets['filter'] ?? series.facets['extraction'] ?? ''}`}) ${what}: the metric carries no information here.`,
          { zeros, points: n, mean },
        ),
        series: series.id,
      });
    }
    return findings;
  },
};
