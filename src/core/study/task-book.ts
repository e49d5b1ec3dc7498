/** Chance levels from tables about tasks (`Eval Task` beside `Random baseline`), joined to results on the task's name. */

import type { TableReading } from '../table/understand.ts';
import { columnFor } from '../table/understand.ts';
import type { ChanceBook } from './measure-facts.ts';

/** Collects the chance levels of all metadata tables. Columns whose values pass 1 are percent. */
export function tasksOf(readings: readonly TableReading[]): ChanceBook {
  const found = new Map<string, { value: number; how: string }>();
  for (const reading of readings) {
    if (reading.layout !== 'metadata') continue;
    const task = columnFor(reading, 'task');
    const chance = columnFor(reading, 'chance');
    if (task === null || chance === null) continue;
    const values = reading.table.numbers(chance.index);
    const percent = values.some((v) => v > 1);
    for (let row = 0; row < reading.table.rowCount; row++) {
      const value = values[row] as number;
      const name = reading.table.cell(row, task.index).trim().toLowerCase();
      if (name === '' || !Number.isFinite(value)) continue;
      found.set(name, {
        value: percent ? value / 100 : value,
        how: `column “${chance.header.raw}” of ${reading.table.file}`,
      });
    }
  }
  return found;
}
