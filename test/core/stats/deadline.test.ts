import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earlier, startDeadline } from '../../../src/core/stats/deadline.ts';

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

test('an earlier deadline keeps time back', () => {
  const open = startDeadline(60_000);
  assert.ok(earlier(open, 20_000).left() <= 40_000);
  assert.equal(earlier(open, 20_000).expired(), false);
  assert.equal(earlier(open, 70_000).expired(), true);
});
