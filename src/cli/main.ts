/** The command line: the same analysis as the editor, for scripts and CI. Exit codes: 0 done, 1 findings at --fail-on, 2 unusable input or an open question, 130 interrupted. */
import { isSeriesThread } from '../node/series-role.ts';
import { runWithSmallNursery } from './nursery.ts';

process.on('SIGINT', () => {
  process.exit(130);
});
// A reader that closes early (| head) is no error.
process.stdout.on('error', (error: Error & { code?: string }) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// The rest is loaded where it is needed: not by a process that only starts another, and of the threads just their part.
if (isSeriesThread()) void import('../node/series-thread.ts').then(({ serveSeries }) => serveSeries());
else {
  const code = runWithSmallNursery(process.argv.slice(2));
  if (code === null) void import('./program.ts').then(({ run }) => run(process.argv));
  else process.exitCode = code;
}
