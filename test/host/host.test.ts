// The host tests under node:test: one run of VS Code, one node:test per test of the suite, so that they are counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runHostSuites } from './run.ts';

test('in a real VS Code', { timeout: 1_200_000 }, async (t) => {
  const { host, results, output, failure } = await runHostSuites();
  t.diagnostic(`host: ${host} VS Code`);
  // What the suite says of its own accord (`# …`): measurements that nothing depends on.
  for (const [, remark] of output.matchAll(/^.*?# (.*)$/gm)) if (remark !== undefined) t.diagnostic(remark);
  for (const { name, outcome, detail, milliseconds } of results) {
    await t.test(`${name} (${milliseconds} ms)`, (one) => {
      if (outcome === 'skipped') one.skip(detail);
      else if (outcome === 'failed') throw Object.assign(new Error(detail.split('\n')[0]), { stack: detail });
    });
  }
  const failed = results.some(({ outcome }) => outcome === 'failed');
  if (failed) return;
  assert.equal(failure, null, `VS Code itself failed.\n${output}`);
  assert.ok(results.length > 0, `no test ran.\n${output}`);
});
