/** Counts per instance and model out of a sampler's journal: the same records as from a table of counts. */
import { err, ok, type Result } from '../result.ts';
import type { Counts, InstanceCount } from './counts.ts';
import { JournalTally } from './journal-tally.ts';

/**
 * Counts trials in the order of their numbers up to the r-th pass. A draw that was still going (budget, cancel) counts
 * as capped where it stands: when it stopped had nothing to do with its own outcomes.
 * @param tally with a run
 * @param index which of the sources the journal is
 */
function countsOf(tally: JournalTally, run: NonNullable<JournalTally['run']>, index: number): Counts {
  const sizes = new Map(run.models.map((m) => [m.name, m.params]));
  const rows: InstanceCount[] = [];
  let open = 0;
  for (const { model, instance, outcomes } of tally.draws) {
    const { passes, trials } = outcomes.count(run.r, run.kMax);
    // Beyond a hole nothing counts yet: an earlier trial is still to come.
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

/**
 * A journal to counts. Only what follows the last newline may be cut off; a damaged line before it is an error that names
 * the line, because something else than a crash has been at work.
 * @param pieces the bytes of the file, whole or in pieces cut anywhere
 * @returns ok(null) when the journal has no whole line yet
 */
export function readJournalCounts(pieces: Iterable<Uint8Array>, index: number): Result<Counts | null, string> {
  const tally = new JournalTally();
  for (const piece of pieces) {
    const fault = tally.push(piece);
    if (fault !== null) return err(fault);
  }
  return ok(tally.run === null ? null : countsOf(tally, tally.run, index));
}
