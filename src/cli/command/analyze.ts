/** `analyze FILE…`: everything the editor shows when the file opens. */
import type { Command } from 'commander';
import { analyseOptions, FILES, type Flags, finish, withFitFlags, withStudyFlags } from '../common.ts';
import { seriesLines, sourceLines } from '../print.ts';
import { writePython } from '../python-export.ts';
import { renderings } from '../renderings.ts';
import { analysed } from '../run.ts';
import { UsageError } from '../usage-error.ts';
import { writeOut } from '../write-out.ts';

interface AnalyzeFlags extends Flags {
  readonly markdown?: boolean;
  readonly sarif?: boolean;
  readonly html?: string;
  readonly svg?: string;
  readonly python?: string;
}

export function addAnalyze(program: Command): void {
  withFitFlags(
    withStudyFlags(program.command('analyze').description('everything the editor shows when the file opens')),
  )
    .argument(...FILES)
    .optionsGroup('What is printed:')
    .option('--markdown', 'print a Markdown summary, e.g. for a pull request')
    .option('--sarif', 'print SARIF 2.1.0')
    .option('--html <out>', 'write a self-contained HTML report')
    .option('--svg <out>', 'write the charts as SVG')
    .option('--python <out>', 'write the chosen fit of each series as a scipy script')
    .action(async (files: string[], flags: AnalyzeFlags) => {
      const formats = (['json', 'markdown', 'sarif'] as const).filter((format) => flags[format] === true);
      if (formats.length > 1)
        throw new UsageError(`${formats.map((f) => `--${f}`).join(' and ')}: only one of them can be printed`);
      const outcome = await analysed(files, flags, {});
      if (outcome === null) return;
      const { study, report } = outcome;
      const faces = renderings(study, report, process.argv.slice(2));
      if (flags.svg !== undefined) writeOut(flags.svg, faces.svg());
      if (flags.html !== undefined) writeOut(flags.html, faces.html());
      if (flags.python !== undefined) writePython(flags.python, study, report, analyseOptions(flags));
      if (flags.markdown === true || flags.sarif === true) {
        process.stdout.write(
          flags.sarif === true ? `${JSON.stringify(faces.sarif(), null, 1)}\n` : `${faces.markdown()}\n`,
        );
        finish(report, { ...flags, quiet: true, json: false }, () => []);
        return;
      }
      finish(report, flags, () => [...sourceLines(report.sources, false), '', ...seriesLines(report.series)]);
    });
}
