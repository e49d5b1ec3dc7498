import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CancellationToken } from 'vscode';
import { runSampler } from '../../src/client/sampler.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-sampler-'));

/** A stand-in for the sampler. */
function script(name: string, code: string): string {
  const path = join(folder, `${name}.cjs`);
  writeFileSync(path, code);
  return path;
}

/** A token that a test cancels. */
function token(): { readonly token: CancellationToken; readonly cancel: () => void; readonly listeners: () => number } {
  const listeners = new Set<() => void>();
  let cancelled = false;
  return {
    token: {
      get isCancellationRequested() {
        return cancelled;
      },
      onCancellationRequested: (listener: () => void) => {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
    } as unknown as CancellationToken,
    cancel: () => {
      cancelled = true;
      for (const listener of listeners) listener();
    },
    listeners: () => listeners.size,
  };
}

test('records are followed, the rest of standard error is the reason, keys come by the environment', async () => {
  const file = script(
    'good',
    `process.stderr.write('{"log":"begun"}\\n{"progress":{"finished":1,"draws":4},"line":"1 of 4"}\\nodd ' + process.env.KEY + '\\n{broken');
     process.stdout.write(JSON.stringify(process.argv.slice(2))); process.exitCode = 2;`,
  );
  const heard: unknown[] = [];
  const exit = await runSampler(
    file,
    ['run', 'a b'],
    folder,
    { KEY: 'secret' },
    {
      log: (text) => heard.push(text),
      progress: (line, finished, draws) => heard.push([line, finished, draws]),
    },
  );
  assert.deepEqual(heard, ['begun', ['1 of 4', 1, 4]]);
  assert.deepEqual(exit, { code: 2, out: '["run","a b"]', err: 'odd secret\n{broken' });
});

test('cancelling closes its input and waits for it; one that hangs is ended', async () => {
  const polite = script('polite', `process.stdin.resume().once('end', () => process.exit(130));`);
  const followed = { log: () => {}, progress: () => {} };
  const first = token();
  const ending = runSampler(polite, [], folder, {}, followed, first.token);
  first.cancel();
  assert.equal((await ending).code, 130);
  assert.equal(first.listeners(), 0);
  const hanging = script('hanging', `setInterval(() => {}, 1000); process.stderr.write('{"log":"here"}\\n');`);
  const second = token();
  const killed = await runSampler(
    hanging,
    [],
    folder,
    {},
    { ...followed, log: () => second.cancel() },
    second.token,
    50,
  );
  assert.equal(killed.code, null);
  assert.equal(second.listeners(), 0);
});

test('a sampler that cannot be started is an error, not a wait', async () => {
  await assert.rejects(runSampler(join(folder, 'x.cjs'), [], join(folder, 'nowhere')), /ENOENT/);
});
