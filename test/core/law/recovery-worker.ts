/** Counts one law's intervals in a thread of its own, for the long mode of recovery.test.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { recover, scenarioOf } from './recovery.ts';

const { law, sets, bootstrap, from } = workerData as { law: string; sets: number; bootstrap: number; from: number };
parentPort?.postMessage(recover(scenarioOf(law), sets, bootstrap, from));
