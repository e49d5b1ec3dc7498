import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { JournalTally } from '../../src/core/passuntil/journal-tally.ts';
import { openJournal } from '../../src/node/journal-file.ts';
import { coinRun, coinTrials } from '../fixture/coin-journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-journal-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const path = (): string => join(folder, `${++count}.jsonl`);

const run = coinRun({ r: 2, kMax: 9 });
const line = (id: number) => coinTrials(id, 'ä', id - 1, '0');

/** One trial to a line here. */
function trialsIn(tally: JournalTally | null): number {
  return tally?.draws.reduce((sum, draw) => sum + draw.outcomes.count(99, 99).trials, 0) ?? 0;
}

async function written(file: string, lines: number): Promise<void> {
  const journal = openJournal(file, run, false);
  assert.ok(journal.ok);
  for (let i = 1; i <= lines; i++) journal.value.append(line(i));
  await journal.value.close();
}

test('cut at any byte, the journal goes on with every whole line and without the torn one', async () => {
  const file = path();
  await written(file, 3);
  const bytes = readFileSync(file);
  const ends = [...bytes.keys()].filter((at) => bytes[at] === 10).map((at) => at + 1);
  for (let cut = 0; cut <= bytes.length; cut += 7) {
    writeFileSync(file, bytes);
    truncateSync(file, cut);
    const journal = openJournal(file, run, true);
    assert.ok(journal.ok, JSON.stringify(journal));
    const whole = ends.filter((end) => end <= cut).length;
    assert.equal(trialsIn(journal.value.earlier), Math.max(0, whole - 1));
    assert.equal(journal.value.torn, cut === 0 ? 0 : cut - (ends[whole - 1] ?? 0));
    const next = Math.max(1, whole);
    journal.value.append(line(next));
    await journal.value.close();
    const again = openJournal(file, run, true);
    assert.ok(again.ok && again.value.torn === 0 && trialsIn(again.value.earlier) === next, `cut at ${cut}`);
    await again.value.close();
  }
});

test('a journal that exists is not continued by accident, nor one of another run at all', async () => {
  const file = path();
  await written(file, 2);
  const before = readFileSync(file);
  const unasked = openJournal(file, run, false);
  assert.ok(!unasked.ok && /exists already: go on with --resume/.test(unasked.error));
  const other = openJournal(file, { ...run, r: 3 }, true);
  assert.ok(!other.ok && /r was 2 and is 3 now/.test(other.error));
  writeFileSync(file, before.toString().replace('"first":0', '"first":7'));
  const damaged = openJournal(file, run, true);
  assert.ok(!damaged.ok && /line 2 of the journal is damaged/.test(damaged.error));
  assert.equal(existsSync(`${file}.lock`), false);
  const text = path();
  writeFileSync(text, 'my notes');
  const foreign = openJournal(text, run, true);
  assert.ok(!foreign.ok && /no journal of a sampling run/.test(foreign.error));
  assert.equal(readFileSync(text, 'utf8'), 'my notes');
});

test('one writer at a time; the lock of a process that is gone is taken over', async () => {
  const file = path();
  const first = openJournal(file, run, false);
  assert.ok(first.ok);
  const second = openJournal(file, run, true);
  assert.ok(!second.ok && /another run writes this journal \(process \d+/.test(second.error));
  await first.value.close();
  // Numbers of processes stay far below this one.
  for (const left of [JSON.stringify({ pid: 2 ** 30, host: hostname() }), '{"pid":']) {
    writeFileSync(`${file}.lock`, left);
    const taken = openJournal(file, run, true);
    assert.ok(taken.ok, left);
    await taken.value.close();
  }
  assert.equal(existsSync(`${file}.lock`), false);
});
