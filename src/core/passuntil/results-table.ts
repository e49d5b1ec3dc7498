/** PU per task and size as a table of results, which the editor and every other command read. */
import { quotedField } from '../render/csv-field.ts';
import type { InstanceCount } from './counts.ts';
import { datasetEstimate } from './estimators.ts';

/** CSV with columns model, params, task, metric, score, stderr, chance; sizes ascending within a task. */
export function resultsTable(counts: readonly InstanceCount[]): string {
  const groups = new Map<string, InstanceCount[]>();
  for (const row of counts) {
    const key = `${row.task}\u0000${row.params}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [row]);
    else known.push(row);
  }
  const tasks = [...new Set(counts.map((r) => r.task))];
  const rows = [...groups.values()]
    .toSorted(
      ([a], [b]) => tasks.indexOf(a?.task ?? '') - tasks.indexOf(b?.task ?? '') || (a?.params ?? 0) - (b?.params ?? 0),
    )
    .flatMap((group) => {
      const [first] = group;
      const estimate = datasetEstimate(group);
      if (first === undefined || estimate === null) return [];
      return [
        [
          quotedField(first.model),
          first.params,
          quotedField(first.task),
          'pass_rate',
          estimate.pu,
          estimate.stderr ?? '',
          0,
        ].join(','),
      ];
    });
  return `${['model,params,task,metric,score,stderr,chance', ...rows].join('\n')}\n`;
}
