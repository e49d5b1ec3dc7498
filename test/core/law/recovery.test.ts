import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { LAWS } from '../../../src/core/law/registry.ts';
import { type Recovery, recover, SCENARIOS } from './recovery.ts';

const long = process.env['SCALING_LENS_LONG'] === '1';

/** Baselines without parameters, the user's own formula, and compositions of laws that are here themselves. */
const WITHOUT = LAWS.filter(
  ({ id }) => ['last', 'mean-3', 'mean', 'custom', 'over-training-chain'].includes(id) || id.startsWith('slice-'),
).map(({ id }) => id);

test('every law with free parameters has a scenario', () => {
  assert.deepEqual(
    SCENARIOS.map((scenario) => scenario.law).toSorted(),
    LAWS.map((law) => law.id)
      .filter((id) => !WITHOUT.includes(id))
      .toSorted(),
  );
});

test('every scenario is fitted and its parameters are found', () => {
  for (const scenario of SCENARIOS)
    for (const row of recover(scenario, 1, 40)) assert.ok(row.fitted === 1, `${row.law} ${row.parameter}`);
});

/** Data sets per law, and for a law of which a share lies outside what is asked, so that chance does not decide. */
const SETS = 200;
const MANY_SETS = 1000;
const RESAMPLES = 200;
const LEAST = 0.85;
const MOST = 0.95;

const shareOf = (row: Recovery): number => row.covered / row.fitted;
const inRange = (row: Recovery): boolean => shareOf(row) >= LEAST && shareOf(row) <= MOST;

/** A law's rows from a thread of its own. */
async function recoverApart(law: string, sets: number, from: number): Promise<Recovery[]> {
  const worker = new Worker(new URL('./recovery-worker.ts', import.meta.url), {
    workerData: { law, sets, bootstrap: RESAMPLES, from },
  });
  const [rows] = (await once(worker, 'message')) as [Recovery[]];
  return rows;
}

/** The first data sets of a law, and the rest of the many where a share lies outside. */
async function recoverEnough(law: string): Promise<Recovery[]> {
  const first = await recoverApart(law, SETS, 0);
  if (first.every(inRange)) return first;
  const rest = await recoverApart(law, MANY_SETS - SETS, SETS);
  return first.map((row, j) => ({
    ...row,
    fitted: row.fitted + (rest[j]?.fitted ?? 0),
    covered: row.covered + (rest[j]?.covered ?? 0),
  }));
}

/** One line per parameter; laws are shared out among threads. */
async function recoverAll(): Promise<ReadonlyMap<string, readonly Recovery[]>> {
  const found = new Map<string, readonly Recovery[]>();
  const waiting = SCENARIOS.map((scenario) => scenario.law);
  const work = async (): Promise<void> => {
    for (let law = waiting.pop(); law !== undefined; law = waiting.pop()) {
      found.set(law, await recoverEnough(law));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return found;
}

test('200 data sets per law: 90 % intervals hold the truth 85 to 95 % of the time', {
  skip: long ? false : 'long mode only (SCALING_LENS_LONG=1)',
}, async () => {
  const lines = [
    '# Simulated recovery',
    '',
    `For each law ${SETS} seeded data sets are drawn from known parameters, fitted with ${RESAMPLES} resamples, and the share of 90 % intervals`,
    `that hold the truth is counted: 85 to 95 % of the time. Where a share of a law lies outside, chance may have put it`,
    `there (its standard error is 2 %), and ${MANY_SETS} data sets decide. Written by`,
    '`SCALING_LENS_LONG=1 node --test test/core/law/recovery.test.ts`.',
    '',
    'Points that do not determine a law are no basis for its intervals: two breaks over a decade less than here are held',
    '84 to 89 % of the time (500 data sets, noise 0.004).',
    '',
    '| law | points | noise | parameter | truth | data sets | truth inside | interval |',
    '|---|---|---|---|---|---|---|---|',
  ];
  const failures: string[] = [];
  const found = await recoverAll();
  for (const scenario of SCENARIOS)
    for (const row of found.get(scenario.law) ?? []) {
      const share = (100 * shareOf(row)).toFixed(1);
      lines.push(
        `| \`${row.law}\` | ${scenario.n} | ${scenario.noise} | ${row.parameter} | ${Number(scenario.truth[row.parameter]?.toPrecision(5))} | ${row.fitted} | ${share} % | ${row.method} |`,
      );
      if (![SETS, MANY_SETS].includes(row.fitted) || !inRange(row))
        failures.push(`${row.law} ${row.parameter}: ${share} % of ${row.fitted}`);
    }
  const docs = resolve(import.meta.dirname, '../../../docs');
  mkdirSync(docs, { recursive: true });
  writeFileSync(resolve(docs, 'recovery.md'), `${lines.join('\n')}\n`);
  assert.deepEqual(failures, []);
});
