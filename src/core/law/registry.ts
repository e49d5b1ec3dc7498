/** All laws by id. To add one, write its file and add its line here. */
import { lastThree, lastValue, meanValue } from './baselines.ts';
import { bnsl1, bnsl2 } from './broken.ts';
import { chinchilla } from './chinchilla.ts';
import { custom } from './custom.ts';
import { isoflop } from './isoflop.ts';
import { kaplan } from './kaplan.ts';
import type { Law } from './law.ts';
import { logLinear } from './log-linear.ts';
import { lossToError } from './loss-to-error.ts';
import { m4 } from './m4.ts';
import { overTraining } from './over-training.ts';
import { overTrainingChain } from './over-training-chain.ts';
import { passUntil } from './pass-until.ts';
import { power } from './power.ts';
import { powerOffset } from './power-offset.ts';
import { shiftedPower } from './shifted-power.ts';
import { sigmoid } from './sigmoid.ts';
import { sliceAndSandwich } from './slice-and-sandwich.ts';
import { sliceEnsemble } from './slice-ensemble.ts';
import { twoStep } from './two-step.ts';

export const LAWS: readonly Law[] = [
  power,
  powerOffset,
  shiftedPower,
  m4,
  bnsl1,
  bnsl2,
  sigmoid,
  passUntil,
  chinchilla,
  overTraining,
  lossToError,
  overTrainingChain,
  isoflop,
  kaplan,
  twoStep,
  sliceAndSandwich,
  sliceEnsemble,
  logLinear,
  lastValue,
  lastThree,
  meanValue,
  custom,
];

const byId = new Map(LAWS.map((law) => [law.id, law]));

/** The law with this id, if there is one. */
export function lawById(id: string): Law | undefined {
  return byId.get(id);
}
