/**
 * The readers of nested data in the order in which they are asked: formats that state themselves by their keys first,
 * then files that people write, then any list of records.
 */
import { bigBenchFormat } from './big-bench.ts';
import { checkpointListFormat, datasetSchemaFormat } from './descriptions.ts';
import { evalSamplesFormat } from './eval-samples.ts';
import { gadreEvalFormat, gadreGridFormat, gadreModelFormat, ladderConfigFormat } from './gadre.ts';
import { gauntletFormat, helmModelsFormat, helmRunFormat, helmSchemaFormat, helmStatsFormat } from './helm.ts';
import { helmGroupsFormat } from './helm-groups.ts';
import { inspectFormat } from './inspect.ts';
import { keyedMapsFormat } from './keyed-maps.ts';
import { lightevalFormat } from './lighteval.ts';
import { lmEvalFormat } from './lm-eval.ts';
import { evalResultsFormat, modelIndexFormat } from './model-card.ts';
import { mtebFormat, mtebModelFormat } from './mteb.ts';
import { olmesFormat } from './olmes.ts';
import { openaiEvalsFormat } from './openai-evals.ts';
import { recordsFormat } from './records.ts';
import { runsFormat } from './runs.ts';
import type { TreeFormat } from './source.ts';
import { argumentsFormat, otherConfigFormat, trainConfigFormat } from './train-config.ts';
import { trainerResultsFormat, trainerStateFormat } from './trainer-state.ts';

export const TREE_FORMATS: readonly TreeFormat[] = [
  inspectFormat,
  lightevalFormat,
  lmEvalFormat,
  evalSamplesFormat,
  openaiEvalsFormat,
  helmStatsFormat,
  helmRunFormat,
  helmModelsFormat,
  helmSchemaFormat,
  helmGroupsFormat,
  gauntletFormat,
  mtebFormat,
  mtebModelFormat,
  bigBenchFormat,
  olmesFormat,
  gadreModelFormat,
  gadreEvalFormat,
  gadreGridFormat,
  ladderConfigFormat,
  trainerStateFormat,
  trainerResultsFormat,
  modelIndexFormat,
  evalResultsFormat,
  datasetSchemaFormat,
  checkpointListFormat,
  trainConfigFormat,
  argumentsFormat,
  runsFormat,
  recordsFormat,
  keyedMapsFormat,
  otherConfigFormat,
];
