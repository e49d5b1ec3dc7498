// The sampler against a real server process with known pass rates that misbehaves in every way it can.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { betaInterval, datasetEstimate } from '../../src/core/passuntil/estimators.ts';
import { readJournalCounts } from '../../src/core/passuntil/journal-counts.ts';
import type { ModelSpec } from '../../src/core/passuntil/run-plan.ts';
import type { RunOutcome } from '../../src/core/passuntil/run-sampler.ts';
import { piecesOf } from '../../src/node/journal-file.ts';
import { openRun, startRun } from '../../src/node/passuntil.ts';
import { createCommand } from '../../src/node/sampler-ports.ts';
import { runFile, startServer, type TestServer } from '../fixture/completions-client.ts';
import type { ServerOptions } from '../fixture/completions-server.ts';
import { trialLines } from '../fixture/journal-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-sampler-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

interface Run {
  readonly outcome: RunOutcome;
  readonly journal: string;
  readonly log: readonly string[];
}

async function run(yaml: string, keys: ReadonlyMap<string, string> = new Map()): Promise<Run> {
  const file = join(folder, `${++count}.passuntil.yaml`);
  writeFileSync(file, yaml);
  const opened = openRun(file);
  assert.ok(opened.ok, JSON.stringify(opened));
  const log: string[] = [];
  const { journal } = opened.value;
  const options = { journal, resume: false, keys, log: (m: string) => void log.push(m), progress: () => undefined };
  const done = await startRun(opened.value, options, new AbortController().signal);
  assert.ok(done.ok, JSON.stringify(done));
  return { outcome: done.value, journal, log };
}

async function withServer<T>(options: ServerOptions, body: (server: TestServer) => Promise<T>): Promise<T> {
  const server = await startServer(options);
  try {
    return await body(server);
  } finally {
    await server.stop();
  }
}

/** Pass rate of the server, at m million parameters. */
const truth = (base: number, m: number): number => base ** ((m / 10) ** -0.5);

test('estimates meet the truth within their intervals, whatever the server does wrong', async () => {
  const rates = Array.from({ length: 24 }, (_, i) => 0.05 + 0.02 * i);
  const sizes = [10, 40];
  await withServer(
    {
      seed: 7,
      latency: [1, 6],
      faults: { rate: 0.01, error: 0.02, hang: 0.003, truncate: 0.01, malformed: 0.01, disconnect: 0.01 },
    },
    async (server) => {
      const { outcome, journal } = await run(runFile(server.url, { rates, sizes, r: 5, kMax: 400 }));
      assert.equal(outcome.end, 'done');
      const counts = readJournalCounts(piecesOf(journal), 0);
      assert.ok(counts.ok && counts.value !== null);
      const { rows } = counts.value;
      const trials = trialLines(readFileSync(journal, 'utf8'));
      assert.equal(rows.length, rates.length * sizes.length);
      let covered = 0;
      for (const row of rows) {
        const p = truth(rates[Number(row.instance.slice(1))] as number, row.params / 1e6);
        const { low, high } = betaInterval(row, 0.95);
        if (low <= p && p <= high) covered++;
      }
      assert.ok(covered >= 0.85 * rows.length, `${covered} of ${rows.length} intervals of 95 % hold the truth`);
      for (const m of sizes) {
        const estimate = datasetEstimate(rows.filter((r) => r.params === m * 1e6));
        const rated = rates.map((p) => truth(p, m));
        const mean = rated.reduce((s, p) => s + p, 0) / rates.length;
        // Var((r − 1)/(K − 1)) ≤ p²(1 − p)/(r − 2) (Mikulski and Smith), of the true rates: an estimated error would be
        // small just where the estimate is.
        const sd = Math.sqrt(rated.reduce((s, p) => s + (p * p * (1 - p)) / (5 - 2), 0)) / rates.length;
        assert.ok(
          estimate !== null && Math.abs(estimate.pu - mean) < 3.5 * sd,
          `${m}M: ${estimate?.pu} for ${mean}, standard deviation ${sd}`,
        );
      }
      const state = await server.state();
      const sent = new Map(state.delivered.map((d) => [d.response, d]));
      for (const line of trials) {
        const answer = sent.get(line.response ?? '');
        assert.equal(
          answer?.outcomes.slice(0, line.outcomes.length),
          line.outcomes,
          `${line.response} was delivered otherwise`,
        );
        assert.equal(answer?.model, line.model);
      }
      assert.equal(new Set(trials.map((t) => t.response)).size, trials.length);
      assert.ok(Object.keys(state.faults).length >= 4, JSON.stringify(state.faults));
    },
  );
});

/** What the bare minimum of a client reaches here and now: 64 loops that do nothing but ask again. */
async function bareBusy(server: TestServer, requests: number): Promise<number> {
  let left = requests;
  const body = JSON.stringify({ model: 'm10M', prompt: 'p=0', n: 1 });
  const loop = async (): Promise<void> => {
    while (left-- > 0) await (await fetch(`${server.url}/v1/completions`, { method: 'POST', body })).text();
  };
  await Promise.all(Array.from({ length: 64 }, loop));
  return (await server.state()).busy ?? 0;
}

async function samplerBusy(server: TestServer, requests: number): Promise<number> {
  // Nothing ever passes, so there is always more to ask for.
  const rates = Array.from({ length: 40 }, () => 0);
  const yaml = runFile(server.url, { rates, kMax: 5000, extra: `batch: 1\nbudget: { trials: ${requests} }\n` });
  const { outcome } = await run(yaml.replace('timeout: 1', 'timeout: 30'));
  assert.equal(outcome.end, 'budget');
  const { busy, most } = await server.state();
  assert.ok(busy !== null && most <= 64);
  return busy;
}

test('at 64 requests at once the server is kept as busy as any client could keep it', async (t) => {
  const options = { seed: 2, latency: [300, 400], limit: 4000 } as const;
  const rounds: string[] = [];
  // A machine that is busy with other things slows every client down, and not evenly: both are measured in the same
  // minute, in turn, and a round that was disturbed is followed by another.
  for (let round = 0; round < 3; round++) {
    const busy = await withServer(options, (server) => samplerBusy(server, 832));
    const bare = busy >= 0.9 ? 1 : await withServer(options, (server) => bareBusy(server, 832));
    rounds.push(`${busy.toFixed(3)} (bare minimum ${bare === 1 ? 'not needed' : bare.toFixed(3)})`);
    t.diagnostic(`busy ${rounds.at(-1)}`);
    if (busy >= 0.9 || busy >= 0.9 * bare) return;
  }
  assert.fail(`the server was kept busy ${rounds.join(', ')}`);
});

test('more requests than a server takes are not sent for long', async () => {
  await withServer({ seed: 4, latency: [5, 10], capacity: 12 }, async (server) => {
    const { outcome } = await run(runFile(server.url, { rates: [0.1, 0.2, 0.1, 0.2, 0.05, 0.05], r: 5 }));
    assert.equal(outcome.end, 'done');
  });
});

test('chat answers, servers that take one completion at a time, and servers that ignore n', async () => {
  for (const options of [{ single: true }, { most: 1 }, { most: 3 }]) {
    await withServer({ seed: 3, ...options }, async (server) => {
      const yaml = runFile(server.url, { rates: [0.5, 0.3] }).replaceAll('endpoint:', 'api: chat, endpoint:');
      const { outcome } = await run(yaml);
      assert.equal(outcome.end, 'done', JSON.stringify(options));
      assert.equal(outcome.progress.finished, 4);
    });
  }
});

test('a key is sent, and is nowhere else', async () => {
  const key = 'sk-very-secret-0123456789';
  await withServer({ seed: 3, key }, async (server) => {
    const yaml = runFile(server.url, { rates: [0.5] }).replaceAll('endpoint:', 'keyEnv: LENS_KEY, endpoint:');
    const good = await run(yaml, new Map([['LENS_KEY', key]]));
    assert.equal(good.outcome.end, 'done');
    assert.ok(!readFileSync(good.journal, 'utf8').includes(key));
    // The server repeats the header in its error, as some do.
    const bad = await run(yaml, new Map([['LENS_KEY', 'sk-another-secret-99']]));
    assert.equal(bad.outcome.end, 'failed');
    const said = JSON.stringify(bad.outcome) + bad.log.join() + readFileSync(bad.journal, 'utf8');
    assert.match(said, /no such key: Bearer \*\*\*/);
    assert.ok(!said.includes('sk-another'), said);
  });
});

test('nobody listening: given up with the reason', async () => {
  const yaml = runFile('http://127.0.0.1:9', { rates: [0.5] }).replace('attempts: 30', 'attempts: 3');
  const { outcome } = await run(yaml);
  assert.equal(outcome.end, 'failed');
  assert.match(outcome.problems.join(), /3 attempts failed, the last with no connection/);
});

test('an external command judges; one that fails to ends the run', async () => {
  await withServer({ seed: 3 }, async (server) => {
    const checker = (code: string) =>
      `checker: { type: command, command: [${JSON.stringify(process.execPath)}, "-e", ${JSON.stringify(code)}] }`;
    const judge =
      'let t="";process.stdin.on("data",d=>t+=d).on("end",()=>process.exit(JSON.parse(t).completion==="yes"?0:1))';
    const yaml = runFile(server.url, { rates: [0.8], r: 2, sizes: [10], extra: 'batch: 2\n' });
    const good = await run(yaml.replace('checker: { type: exact }', checker(judge)));
    assert.equal(good.outcome.end, 'done');
    const file = join(folder, `${++count}.passuntil.yaml`);
    writeFileSync(file, yaml.replace('checker: { type: exact }', checker('console.error("broken");process.exit(7)')));
    const opened = openRun(file);
    assert.ok(opened.ok && opened.value.command !== null);
    const options = {
      journal: opened.value.journal,
      resume: false,
      keys: new Map<string, string>(),
      log: () => undefined,
      progress: () => undefined,
    };
    const failed = await startRun(opened.value, options, new AbortController().signal);
    assert.ok(!failed.ok && /ended with code 7: broken/.test(failed.error), JSON.stringify(failed));
  });
});

test('a checker past its time is a fail, and what it started ends with it', {
  skip: process.platform === 'win32',
}, async () => {
  const folderOfRun = mkdtempSync(join(folder, 'late-'));
  const mark = join(folderOfRun, 'alive');
  const model: ModelSpec = {
    name: 'm',
    params: 1e6,
    endpoint: '',
    model: 'm',
    api: 'completions',
    keyEnv: null,
    price: null,
  };
  const command = createCommand(folderOfRun);
  const ask = (script: string, timeout: number, signal = new AbortController().signal) =>
    command(['sh', '-c', script], { id: 'q', prompt: 'p', answer: 'a' }, 'c', model, timeout, signal);
  // A child of the checker that outlives it, and would write a file after two seconds.
  assert.equal(await ask(`(sleep 2; touch ${mark}) & sleep 60`, 0.3), false);
  assert.equal(await ask(`(sleep 2; touch ${mark}) & exit 0`, 30), true);
  await assert.rejects(ask('kill -9 $$', 30), /was ended by SIGKILL/);
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('enough')), 100);
  await assert.rejects(ask(`(sleep 2; touch ${mark}) & sleep 60`, 30, abort.signal), /enough/);
  await new Promise((done) => setTimeout(done, 2200));
  assert.equal(existsSync(mark), false);
});

test('what cannot start says why', () => {
  const file = join(folder, 'bad.passuntil.yaml');
  const refused = (text: string, words: RegExp) => {
    writeFileSync(file, text);
    const opened = openRun(file);
    assert.ok(!opened.ok && words.test(opened.error), JSON.stringify(opened));
  };
  const good = runFile('http://127.0.0.1:9', { rates: [0.5] });
  refused(good.replace('r: 3', 'r: 0'), /bad\.passuntil\.yaml:2: r is a whole number from 1/);
  refused(good.replace('kMax: 200', 'kMax: 2'), /:3: kMax 2 is below r 3/);
  refused(good.replace(', answer: "yes"', ''), /no prompt has an answer/);
  refused(good.replace(/prompts:[\s\S]*?models/, 'dataset: nowhere.jsonl\nmodels'), /nowhere\.jsonl: no such file/);
  const missing = openRun(join(folder, 'missing.yaml'));
  assert.ok(!missing.ok && /no such file/.test(missing.error));
});
