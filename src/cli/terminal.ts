/** What the terminal can show: its width, and colours for severities where a person looks at it. */
import { styleText } from 'node:util';
import type { Severity } from '../core/report-model.ts';

const COLOURS = { error: 'red', warning: 'yellow', information: 'cyan', hint: 'gray' } as const;

/** Columns of the terminal; unbounded where the output goes to a file or another program. */
export function terminalWidth(): number {
  // Some terminals do not say, or say none.
  return (process.stdout.isTTY && process.stdout.columns) || Number.POSITIVE_INFINITY;
}

/** A severity in its colour: on a terminal that has colours, unless NO_COLOR is set (no-color.org). */
export function paint(severity: Severity): string {
  const { isTTY } = process.stdout;
  const off = (process.env['NO_COLOR'] ?? '') !== '';
  return !isTTY || off || !process.stdout.hasColors() ? severity : styleText(COLOURS[severity], severity);
}
