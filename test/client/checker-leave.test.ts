// Leave for an external checker: asked once per workspace and command, remembered there, only in a trusted one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LeaveDesk, mayStart } from '../../src/client/command/checker-leave.ts';

const CHECK = ['python', 'check.py', '--strict mode'];

/** A workspace with a user who gives these answers in turn; it remembers like the editor's workspaceState. */
function workspace(answers: boolean[], trust: { trusted: boolean } = { trusted: true }) {
  const kept = new Map<string, unknown>();
  const asked: string[] = [];
  const refused: string[] = [];
  const desk: LeaveDesk = {
    trusted: () => trust.trusted,
    memory: {
      get: (key) => kept.get(key),
      update: async (key, value) => {
        kept.set(key, value);
      },
    },
    ask: async (command) => {
      asked.push(command);
      return answers.shift() ?? assert.fail('asked once too often');
    },
    refuse: (command) => void refused.push(command),
  };
  return { desk, kept, asked, refused };
}

test('allowed once, it starts from then on without a question', async () => {
  const { desk, kept, asked, refused } = workspace([true]);
  for (let run = 0; run < 3; run++) assert.equal(await mayStart(CHECK, desk), true);
  assert.deepEqual(asked, ['python check.py --strict mode']);
  assert.deepEqual([kept.size, refused], [1, []]);
});

test('the leave is of one workspace: another one asks again, a reopened one does not', async () => {
  const first = workspace([true]);
  const second = workspace([false]);
  assert.equal(await mayStart(CHECK, first.desk), true);
  assert.equal(await mayStart(CHECK, second.desk), false);
  const reopened = workspace([]);
  for (const [key, value] of first.kept) reopened.kept.set(key, value);
  assert.equal(await mayStart(CHECK, reopened.desk), true);
});

test('a refusal starts nothing, is not remembered, and the next run asks again', async () => {
  const { desk, kept, asked } = workspace([false, true]);
  assert.equal(await mayStart(CHECK, desk), false);
  assert.equal(kept.size, 0);
  assert.equal(await mayStart(CHECK, desk), true);
  assert.equal(asked.length, 2);
});

test('leave for one command is no leave for another, however alike they read', async () => {
  const { desk, asked } = workspace([true, false, false, false]);
  assert.equal(await mayStart(CHECK, desk), true);
  for (const other of [['python', 'check.py', '--strict', 'mode'], ['python', 'other.py', '--strict mode'], ['python']])
    assert.equal(await mayStart(other, desk), false);
  assert.equal(asked.length, 4);
});

test('a workspace that is not trusted is never asked, and what was allowed before does not start either', async () => {
  const trust = { trusted: true };
  const { desk, asked, refused } = workspace([true], trust);
  assert.equal(await mayStart(CHECK, desk), true);
  trust.trusted = false;
  assert.equal(await mayStart(CHECK, desk), false);
  assert.deepEqual([asked.length, refused], [1, ['python check.py --strict mode']]);
});

test('trust that is withdrawn while the question stands there counts', async () => {
  const trust = { trusted: true };
  const { desk, kept } = workspace([], trust);
  const asking: LeaveDesk = {
    ...desk,
    ask: async () => {
      trust.trusted = false;
      return true;
    },
  };
  assert.equal(await mayStart(CHECK, asking), false);
  assert.equal(kept.size, 0);
});

test('what the memory holds besides true is no leave', async () => {
  const { desk, kept, asked } = workspace([false]);
  kept.set(`passuntil.command ${JSON.stringify(CHECK)}`, 'true');
  assert.equal(await mayStart(CHECK, desk), false);
  assert.equal(asked.length, 1);
});
