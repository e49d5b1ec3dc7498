/** `describe FILE…`: what was recognised (format, layout, roles, units), and how each was decided. */
import type { Command } from 'commander';
import { describeStudy } from '../../core/report.ts';
import { FILES, type Flags, finish, openStudy, refused, withStudyFlags } from '../common.ts';
import { sourceLines } from '../print.ts';

export function addDescribe(program: Command): void {
  withStudyFlags(program.command('describe').description('what was recognised, and how each was decided'))
    .argument(...FILES)
    .action(async (files: string[], flags: Flags) => {
      const study = await openStudy(files, flags);
      const report = describeStudy(study, {});
      // A table that holds no series is still described; only what cannot be read at all is an error here.
      const read = study.sources.some((s) => s.columns.length > 0);
      if (!read || study.questions.some((q) => q.topic !== 'direction')) {
        refused(study, true);
        process.exitCode = 2;
      }
      if (!read && flags.json !== true) return;
      finish(report, flags, () => sourceLines(report.sources, true));
    });
}
