/** Counts per instance and model out of a sampler's journal: the same records as from a table of counts. */
import type { Result } from '../result.ts';
import { ok } from '../result.ts';
import type { Counts, InstanceCount } from './counts.ts';
import { type Journal, readJournal } from './journal.ts';

/**
 * Counts trials in the order of their numbers up to the r-th pass. A draw that was still going (budget, cancel) counts
 * as capped where it stands: when it stopped had nothing to do with its own outcomes.
 * @param index which of the sources the journal is
 */
export function countJournal(journal: Journal, index: number): Counts {
  const { run } = journal;
  const sizes = new Map(run.models.map((m) => [m.name, m.params]));
  const draws = new Map<string, { model: string; instance: string; ranges: { first: number; outcomes: string }[] }>();
  for (const { model, instance, first, outcomes } of journal.trials) {
    const key = `${model}\u0000${instance}`;
    const known = draws.get(key);
    if (known === undefined) draws.set(key, { model, instance, ranges: [{ first, outcomes }] });
    else known.ranges.push({ first, outcomes });
  }
  const rows: InstanceCount[] = [];
  let open = 0;
  for (const { model, instance, ranges } of draws.values()) {
    const { passes, trials } = count(ranges, run.r, run.kMax);
    if (trials === 0) continue;
    if (passes < run.r && trials < run.kMax) open++;
    rows.push({
      wanted: run.r,
      passes,
      trials,
      capped: passes < run.r,
      instance,
      task: run.task,
      model,
      params: sizes.get(model) ?? Number.NaN,
      loss: null,
      table: index,
      row: rows.length,
    });
  }
  const notes = [`Counts from a sampling journal: r = ${run.r}, Kmax = ${run.kMax}, checker ${run.checker}.`];
  if (open > 0) {
    notes.push(
      `${open} ${open === 1 ? 'draw' : 'draws'} had not ended when sampling stopped: counted as capped where they stood.`,
    );
  }
  return { rows, findings: [], notes };
}

function count(
  ranges: { first: number; outcomes: string }[],
  wanted: number,
  cap: number,
): { passes: number; trials: number } {
  let passes = 0;
  let trials = 0;
  for (const { first, outcomes } of ranges.sort((a, b) => a.first - b.first)) {
    // Beyond a hole nothing counts yet: an earlier trial is still to come.
    if (first !== trials) break;
    for (let i = 0; i < outcomes.length && passes < wanted && trials < cap; i++) {
      trials++;
      if (outcomes.charCodeAt(i) === 49) passes++;
    }
    if (passes === wanted || trials === cap) break;
  }
  return { passes, trials };
}

/** Text to counts in one go; ok(null) when the journal has no whole line yet. */
export function readJournalCounts(text: string, index: number): Result<Counts | null, string> {
  const journal = readJournal(text);
  if (!journal.ok) return journal;
  return ok(journal.value === null ? null : countJournal(journal.value, index));
}
