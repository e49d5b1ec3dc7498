/** Tables and rules for tests of the study. */
import { readFileSync } from 'node:fs';
import { buildStudy } from '../../../src/core/study/build.ts';
import type { ManifestRules, ModelFacts, SourceRules } from '../../../src/core/study/manifest-rules.ts';
import type { Study, StudyOptions, StudySeries } from '../../../src/core/study/study.ts';
import { parseCsv } from '../../../src/core/table/csv.ts';

export const DATA = '../shared/data';

export function fromFiles(
  files: readonly string[],
  options: StudyOptions = {},
  rules: ManifestRules | null = null,
): Study {
  return buildStudy(
    files.map((file) => parseCsv(readFileSync(file, 'utf8'), { file })),
    rules,
    options,
  );
}

export function fromText(
  text: string,
  options: StudyOptions = {},
  rules: ManifestRules | null = null,
  file = 'results/runs.csv',
): Study {
  return buildStudy([parseCsv(text, { file })], rules, options);
}

export function series(study: Study, id: string): StudySeries {
  const found = study.series.find((s) => s.id === id);
  if (found === undefined) throw new Error(`no series ${id} among ${study.series.map((s) => s.id).join(', ')}`);
  return found;
}

export const SOURCE: SourceRules = {
  matches: () => true,
  layout: null,
  columns: new Map(),
  header: null,
  path: null,
  percent: 'auto',
  missing: [],
  set: new Map(),
};

export const RULES: ManifestRules = {
  file: 'scaling.yaml',
  text: '',
  sources: [SOURCE],
  models: new Map(),
  modelsFile: null,
  tasks: new Map(),
  metrics: new Map(),
  scale: null,
  select: { where: [], checkpoints: null, seeds: 'separate', exclude: [] },
  study: {
    file: 'scaling.yaml',
    name: null,
    seed: null,
    fits: [],
    holdout: null,
    targets: [],
    thresholds: null,
    uncertainty: null,
    findings: null,
  },
};

export function models(
  facts: Readonly<Record<string, Omit<ModelFacts, 'aliases' | 'span'>>>,
): ReadonlyMap<string, ModelFacts> {
  return new Map(Object.entries(facts).map(([name, f]) => [name, { aliases: [], span: null, ...f }]));
}
