/** Counts as a table, one row per model and prompt: what a sampler's journal is to everything that reads tables. */
import { quotedField } from '../render/csv-field.ts';
import type { InstanceCount } from './counts.ts';

/** CSV with the columns that `readCounts` knows. */
export function countsTable(rows: readonly InstanceCount[]): string {
  const lines = rows.map(({ task, instance, model, params, passes, trials, wanted, capped }) =>
    [
      ...[task, instance, model].map((text) => quotedField(text)),
      params,
      passes,
      trials,
      wanted,
      capped ? 1 : 0,
    ].join(),
  );
  return `${['task,instance,model,params,passes,trials,r,capped', ...lines].join('\n')}\n`;
}
