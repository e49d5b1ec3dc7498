/** `--python OUT`: the chosen fit of each series as a scipy script. */
import type { AnalyseOptions } from '../core/analyse-series.ts';
import { pythonScript } from '../core/forecast/python.ts';
import type { Report } from '../core/report-model.ts';
import type { Study } from '../core/study/study.ts';
import { UsageError } from './usage-error.ts';
import { writeOut } from './write-out.ts';

/**
 * Writes one script per series with a chosen fit: OUT itself for one, OUT with the series' name before the ending for
 * several. Series without one are named on standard error.
 * @throws UsageError when nothing could be written
 */
export function writePython(out: string, study: Study, report: Report, options: Partial<AnalyseOptions>): void {
  const scripts: { id: string; text: string }[] = [];
  const refused: string[] = [];
  for (const record of report.series) {
    const series = study.series.find((s) => s.id === record.id);
    const fit = record.fits.find((f) => f.law === record.chosen);
    if (series === undefined || fit === undefined) {
      refused.push(`${record.id}: no fit`);
      continue;
    }
    const below = options.fitBelow;
    const points = series.points.filter((p) => p.x > 0 && (below === undefined || p.x < below));
    const script = pythonScript(
      series,
      points,
      { fit },
      {
        bootstrap: 0,
        seed: 1,
        level: 0.9,
        ...(options.weights === undefined ? {} : { weights: options.weights }),
        ...(options.stages === undefined ? {} : { stages: options.stages }),
      },
    );
    if (script.ok) scripts.push({ id: record.id, text: script.value });
    else refused.push(`${record.id}: ${script.error.message}`);
  }
  if (scripts.length === 0) throw new UsageError(`--python ${out}: nothing to write (${refused.join('; ')})`);
  for (const line of refused) process.stderr.write(`--python: ${line}\n`);
  for (const { id, text } of scripts) {
    const name = scripts.length === 1 ? out : out.replace(/(\.py)?$/, `-${id.replaceAll(/[^\w.-]+/g, '-')}.py`);
    writeOut(name, text);
  }
}
