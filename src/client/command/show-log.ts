/** *Show Log*: the output channel, without taking focus. */
import type { Desk } from '../start.ts';

export function showLog({ log }: Desk): Promise<void> {
  log.show(true);
  return Promise.resolve();
}
