/** `data.direction-conflict`: the file says one direction, the metric registry the other; the registry is used. */
import type { Finding } from '../report-model.ts';
import { NO_RANGE } from '../table/span.ts';
import type { DataCheck } from './data-check.ts';
import { rangeFinding } from './data-check.ts';

export const directionConflicts: DataCheck = {
  find: ({ built }) => {
    const findings: Finding[] = [];
    const seen = new Set<string>();
    for (const { group, facts, series } of built) {
      const key = `${group.rows.index}|${group.metric}`;
      if (facts.conflict === null || seen.has(key)) continue;
      seen.add(key);
      const { table } = group.rows.reading;
      const fact = table.facts.find(
        (f) =>
          f.better === facts.conflict &&
          (f.metric === null || f.metric === group.metric) &&
          (f.task === null || f.task === group.task),
      );
      const range = group.rows.range(fact?.span ?? null) ?? series.anchor.range ?? NO_RANGE;
      findings.push({
        ...rangeFinding(
          table.file,
          'data.direction-conflict',
          range,
          `The file says that a ${facts.conflict} ${group.metric} is better; the registry says ${facts.better} (${facts.betterHow}). The registry is used: pin metrics.${group.metric}.better to change that.`,
          { metric: group.metric, file: facts.conflict, used: facts.better },
        ),
        series: series.id,
      });
    }
    return findings;
  },
};
