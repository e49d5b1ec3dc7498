// What a trial of a finding is: a simulated study, whether the finding should be made on it, and how it is counted.
import { DEFAULT_OPTIONS } from '../../src/core/analyse-series.ts';
import { readStudy } from '../../src/core/read-study.ts';
import { analyse } from '../../src/core/report.ts';
import type { Finding } from '../../src/core/report-model.ts';
import { createRandom, type Random } from '../../src/core/stats/random.ts';
import type { InputFile } from '../../src/core/study/study.ts';
import { nodeReadPorts } from '../../src/node/read-ports.ts';

/** A study to look at. */
export interface TrialStudy {
  readonly files: readonly InputFile[];
  /** Text of a scaling.yaml. */
  readonly manifest?: string;
  /** Scales of forecasts. */
  readonly at?: readonly number[];
  /** The law that a user asked for. */
  readonly laws?: readonly string[];
}

/** One row of a page's table. */
export interface Trial {
  /** The studies, in words. */
  readonly says: string;
  readonly study: (random: Random) => TrialStudy;
  /** How many studies; the same ones every time. */
  readonly count: number;
  /** Fits and rules over series are needed, not the reading alone. */
  readonly fits?: true;
}

/** Findings of one study. Resampling is left out: no rule here reads it but the threshold's interval. */
export async function findingsOf(study: TrialStudy, fits: boolean): Promise<readonly Finding[]> {
  const options = {
    assume: true,
    ...(study.manifest === undefined ? {} : { manifest: { name: 'scaling.yaml', text: study.manifest } }),
  };
  const read = await readStudy([...study.files], options, nodeReadPorts);
  if (!fits) return read.findings;
  const report = await analyse(read, {
    ...DEFAULT_OPTIONS,
    bootstrap: 0,
    ...(study.at === undefined ? {} : { at: study.at }),
    ...(study.laws === undefined ? {} : { laws: study.laws }),
  });
  return report.findings;
}

/** On how many of the first `count` studies of a trial the finding is made. */
export async function told(code: string, trial: Trial, count = trial.count): Promise<number> {
  let found = 0;
  for (let i = 0; i < count; i++) {
    const study = trial.study(createRandom(i + 1, `${code}/${trial.says}`));
    const findings = await findingsOf(study, trial.fits === true);
    if (findings.some((finding) => finding.code === code)) found++;
  }
  return found;
}

export function csvFile(text: string, name = 'study.csv'): InputFile {
  return { name, text };
}
