/** Counts as a table, one row per model and prompt: what a sampler's journal is to everything that reads tables. */
import type { InstanceCount } from './counts.ts';

/** CSV with the columns that `readCounts` knows. */
export function countsTable(rows: readonly InstanceCount[]): string {
  const lines = rows.map(({ task, instance, model, params, passes, trials, wanted, capped }) =>
    [cell(task), cell(instance), cell(model), params, passes, trials, wanted, capped ? 1 : 0].join(','),
  );
  return `${['task,instance,model,params,passes,trials,r,capped', ...lines].join('\n')}\n`;
}

function cell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
