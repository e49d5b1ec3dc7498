import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDeadline } from '../../../src/core/stats/deadline.ts';

test('a budget runs out, a signal ends it at once', () => {
  assert.equal(startDeadline(0).expired(), true);
  const open = startDeadline(60_000);
  assert.equal(open.expired(), false);
  assert.ok(open.left() > 50_000 && open.left() <= 60_000);
  const controller = new AbortController();
  const cancelled = startDeadline(60_000, controller.signal);
  assert.equal(cancelled.expired(), false);
  controller.abort();
  assert.equal(cancelled.expired(), true);
});
