// `passuntil run` as a process: killed, interrupted, continued, refused; and its journal read by `passuntil estimate`.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TrialsLine } from '../../../src/core/passuntil/journal.ts';
import { readJournalCounts } from '../../../src/core/passuntil/journal-counts.ts';
import type { Report, SeriesReport } from '../../../src/core/report-model.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { type Ended, runFile, startCli, startServer, type TestServer } from '../../fixture/completions-client.ts';
import type { ServerOptions } from '../../fixture/completions-server.ts';
import { outcomesOf, trialLines } from '../../fixture/journal-lines.ts';

const LONG = process.env['SCALING_LENS_LONG'] === '1';
const KILLS = LONG ? 20 : 5;

const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-run-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

function write(yaml: string): { readonly file: string; readonly journal: string } {
  const stem = join(folder, `run-${++count}`);
  writeFileSync(`${stem}.passuntil.yaml`, yaml);
  return { file: `${stem}.passuntil.yaml`, journal: `${stem}.passuntil.jsonl` };
}

const cli = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  startCli(['passuntil', ...args], env).ended;

async function withServer(options: ServerOptions, body: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await startServer(options);
  try {
    await body(server);
  } finally {
    await server.stop();
  }
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

async function until(what: string, probe: () => boolean, limit = 30_000): Promise<void> {
  for (const started = Date.now(); !probe(); ) {
    if (Date.now() - started > limit) throw new Error(`waited ${limit} ms for ${what}`);
    await new Promise((done) => setTimeout(done, 3));
  }
}

/** Every counted trial exists once, and is what the server delivered. */
async function audit(journal: string, server: TestServer, kept: readonly string[]): Promise<readonly TrialsLine[]> {
  const text = readFileSync(journal, 'utf8');
  const counts = readJournalCounts([Buffer.from(text)], 0);
  assert.ok(counts.ok && counts.value !== null, JSON.stringify(counts));
  const lines = trialLines(text);
  const sent = new Map((await server.state()).delivered.map((d) => [d.response, d]));
  const seen = new Set<string>();
  const trials = new Map<string, (boolean | undefined)[]>();
  for (const line of lines) {
    const response = line.response ?? '';
    assert.ok(!seen.has(response), `${response} stands in the journal twice`);
    seen.add(response);
    const answer = sent.get(response);
    assert.ok(answer !== undefined, `${response} was never delivered`);
    assert.equal(answer.outcomes.slice(0, line.outcomes.length), line.outcomes);
    assert.equal(answer.model, line.model);
    const key = `${line.model} ${line.instance}`;
    const draw = trials.get(key) ?? [];
    trials.set(key, draw);
    for (const [i, passed] of outcomesOf(line.outcomes).entries()) {
      assert.equal(draw[line.first + i], undefined, `trial ${line.first + i} of ${key} twice`);
      draw[line.first + i] = passed;
    }
  }
  for (const response of kept)
    assert.ok(seen.has(response), `${response} was in the journal before a kill and is lost`);
  for (const row of counts.value.rows) {
    const draw = trials.get(`${row.model} ${row.instance}`) ?? [];
    let passes = 0;
    let k = 0;
    for (; k < draw.length && passes < row.wanted && k < 300; k++) {
      assert.notEqual(draw[k], undefined, `a hole in ${row.model} ${row.instance}`);
      if (draw[k] === true) passes++;
    }
    assert.deepEqual([row.trials, row.passes], [k, passes]);
    assert.ok(row.passes === row.wanted || row.trials === 300);
  }
  return lines;
}

test(`killed ${KILLS} times at random moments, nothing is lost and nothing doubled`, async (t) => {
  await withServer({ seed: 9, latency: [4, 12], faults: { error: 0.02, disconnect: 0.01 } }, async (server) => {
    const random = createRandom(LONG ? 2 : 1, 'kills');
    const rates = Array.from({ length: 40 }, (_, i) => 0.01 + 0.01 * i);
    const { file, journal } = write(
      runFile(server.url, { rates, sizes: [10, 30, 90], kMax: 300, extra: 'batch: 2\nconcurrency: 6\n' }),
    );
    const kept: string[] = [];
    let kills = 0;
    for (let i = 0; i < KILLS; i++) {
      const before = sizeOf(journal);
      const { child, ended } = startCli(['passuntil', 'run', file, '--resume', '--quiet']);
      // A moment after it has begun to write, or while it starts.
      if (random.uniform() < 0.9)
        await until('answers', () => sizeOf(journal) > before + 1500 || child.exitCode !== null);
      await new Promise((done) => setTimeout(done, 60 * random.uniform()));
      child.kill('SIGKILL');
      if ((await ended).signal === 'SIGKILL') kills++;
      const text = existsSync(journal) ? readFileSync(journal, 'utf8') : '';
      kept.push(...trialLines(text).map((line) => line.response ?? ''));
    }
    const last = await cli(['run', file, '--resume', '--json']);
    assert.equal(last.code, 0, last.err);
    const lines = await audit(journal, server, [...new Set(kept)]);
    assert.equal((JSON.parse(last.out) as { finished: number }).finished, 120);
    t.diagnostic(`${kills} kills, ${new Set(kept).size} answers before the last start, ${lines.length} in all`);
    assert.ok(kills >= KILLS - 2 && new Set(kept).size > 20);
  });
});

test('interrupted: ends with 130 at once, says how to go on, and goes on', async () => {
  await withServer({ seed: 9, latency: [20, 40] }, async (server) => {
    const { file, journal } = write(runFile(server.url, { rates: [0.02, 0.01, 0.02], kMax: 300 }));
    const { child, ended } = startCli(['passuntil', 'run', file]);
    await until('answers', () => sizeOf(journal) > 1500);
    child.kill('SIGINT');
    const { code, err } = await ended;
    assert.equal(code, 130, err);
    assert.match(err, /--resume/);
    assert.equal(existsSync(`${journal}.lock`), false);
    const again = await cli(['run', file]);
    assert.equal(again.code, 2);
    assert.match(again.err, /exists already: go on with --resume/);
    const done = await cli(['run', file, '--resume']);
    assert.equal(done.code, 0, done.err);
    await audit(journal, server, []);
    // Another r would be another experiment.
    writeFileSync(file, readFileSync(file, 'utf8').replace('r: 3', 'r: 4'));
    const other = await cli(['run', file, '--resume']);
    assert.equal(other.code, 2);
    assert.match(other.err, /belongs to another run: r was 3 and is 4 now/);
    await estimates(journal);
  });
});

/** The journal is read by `estimate` as it is. */
async function estimates(journal: string): Promise<void> {
  const { code, out, err } = await cli(['estimate', journal, '--json']);
  assert.equal(code, 0, err);
  const report = JSON.parse(out) as Report;
  const [series] = report.series;
  assert.equal(series?.task, 'coins');
  assert.deepEqual(series?.x, [10e6, 40e6]);
  assert.equal(report.sources[0]?.format, 'passuntil-journal');
  const { sizes } = (series as SeriesReport)['passuntil'] as { sizes: { instances: number }[] };
  assert.deepEqual(
    sizes.map((s) => s.instances),
    [3, 3],
  );
  // And by every command that reads tables.
  const analysed = await startCli(['analyze', journal, '--json']).ended;
  assert.equal(analysed.code, 0, analysed.err);
  assert.deepEqual((JSON.parse(analysed.out) as Report).series[0]?.y, series?.y);
}

test('a program that starts it can follow it, and ends it by closing its input', async () => {
  await withServer({ seed: 9, latency: [20, 40] }, async (server) => {
    const { file, journal } = write(runFile(server.url, { rates: [0.01, 0.01], kMax: 300 }));
    const check = await cli(['run', file, '--check']);
    const summary = JSON.parse(check.out) as Record<string, unknown>;
    assert.deepEqual([summary['prompts'], summary['models'], summary['journal']], [2, ['m10M', 'm40M'], journal]);
    assert.equal(existsSync(journal), false);
    const { child, ended } = startCli(['passuntil', 'run', file, '--progress', 'json', '--json']);
    await until('answers', () => sizeOf(journal) > 1500);
    child.stdin.end();
    const { code, out, err } = await ended;
    assert.equal(code, 130, err);
    assert.equal((JSON.parse(out) as { end: string }).end, 'cancelled');
    const records = err
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l) as { line?: string; log?: string });
    assert.ok(records.some((r) => r.line?.includes('draws')) && records.some((r) => r.log !== undefined));
  });
});

test('keys come from the environment and are in nothing that is written', async () => {
  const key = 'sk-top-secret-777777';
  await withServer({ seed: 9, key, faults: { error: 0.2 } }, async (server) => {
    const yaml = runFile(server.url, { rates: [0.5] }).replaceAll('endpoint:', 'keyEnv: LENS_TEST_KEY, endpoint:');
    const { file, journal } = write(yaml);
    const unset = await cli(['run', file]);
    assert.equal(unset.code, 2);
    assert.match(unset.err, /LENS_TEST_KEY, named by keyEnv, is not set/);
    const done = await cli(['run', file, '--json'], { LENS_TEST_KEY: key });
    assert.equal(done.code, 0, done.err);
    for (const text of [done.out, done.err, readFileSync(journal, 'utf8')]) assert.ok(!text.includes(key));
  });
});

test('a command runs only when it is allowed; a bad run file is refused by line', async () => {
  const good = runFile('http://127.0.0.1:9', { rates: [0.5] });
  const command = write(good.replace('{ type: exact }', '{ type: command, command: ["true"] }'));
  const refused = await cli(['run', command.file]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /would run \["true"\] on every completion; allow it with --allow-command/);
  const zero = await cli(['run', write(good.replace('r: 3', 'r: 0')).file]);
  assert.equal(zero.code, 2);
  assert.match(zero.err, /passuntil\.yaml:2: r is a whole number from 1, not 0/);
});

test('the walk-through of docs/passuntil.md, every command of it', async () => {
  const page = readFileSync('docs/passuntil.md', 'utf8');
  const walk = page.slice(page.indexOf('## From an empty folder'), page.indexOf('## Estimating'));
  const yaml = /```yaml\n([\s\S]*?)```/.exec(walk)?.[1] ?? '';
  const commands = [...walk.matchAll(/^scaling-lens (.*?)(?: +#.*)?$/gm)].map(([, args]) => (args ?? '').split(' '));
  assert.ok(yaml.includes('kMax') && commands.length === 7, `${commands.length} commands`);
  const place = mkdtempSync(join(folder, 'walk-'));
  await withServer({ seed: 5, latency: [1, 3] }, async (server) => {
    // The server's questions state how often they are passed, and it answers yes or no.
    const text = yaml.replace(/http:\/\/127\.0\.0\.1:\d+/g, server.url).replace('type: numeric', 'type: exact');
    writeFileSync(join(place, 'sums.passuntil.yaml'), text);
    const questions = [0.03, 0.1, 0.2, 0.3].map((p, i) => ({ id: `s${i}`, question: `p=${p} sum`, answer: 'yes' }));
    writeFileSync(join(place, 'sums.jsonl'), questions.map((q) => JSON.stringify(q)).join('\n'));
    for (const args of commands) {
      const { code, out, err } = await startCli(args, {}, place).ended;
      assert.equal(code, 0, `${args.join(' ')}: ${err}`);
      if (args.includes('--at')) assert.match(out, /forecast of pass-until/);
      if (args[0] === 'fit') assert.match(out, /pass-until, n = 4, converged/);
    }
    assert.ok(sizeOf(join(place, 'sums.html')) > 10_000 && sizeOf(join(place, 'sums.csv')) > 100);
  });
});
