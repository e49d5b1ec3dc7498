/**
 * The sampler as the extension ships it: `run` and nothing else of the command line but `results`, which writes a
 * journal's pass rates as a table. Small, because the editor starts it as a process of its own.
 */
import { Command, CommanderError } from 'commander';
import { readJournalCounts } from '../core/passuntil/journal-counts.ts';
import { resultsTable } from '../core/passuntil/results-table.ts';
import { messageOf } from '../core/result.ts';
import { piecesOf } from '../node/journal-file.ts';
import { addPassUntilRun } from './command/passuntil-run.ts';
import { UsageError } from './usage-error.ts';
import { writeOut } from './write-out.ts';

const program = new Command('passuntil').exitOverride();
addPassUntilRun(program);
program
  .command('results')
  .argument('<journal>')
  .argument('<table>', 'CSV to write')
  .action((journal: string, table: string) => {
    const counts = readJournalCounts(piecesOf(journal), 0);
    if (!counts.ok) throw new UsageError(`${journal}: ${counts.error}`);
    if (counts.value === null || counts.value.rows.length === 0) throw new UsageError(`${journal}: no answers yet`);
    writeOut(table, resultsTable(counts.value.rows));
    process.stdout.write(`${counts.value.notes.join('\n')}\n`);
  });
for (const command of program.commands) command.exitOverride();

program.parseAsync(process.argv).catch((error: unknown) => {
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof CommanderError)) process.stderr.write(`${messageOf(error)}\n`);
});
