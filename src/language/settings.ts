/**
 * Settings as a client sends them, made whole: whatever is missing or of the wrong type takes its default, whatever is
 * out of range is brought into it. The defaults are those of package.json (a test keeps the two equal).
 */
import { isLevel } from '../core/finding/severity.ts';
import type { FindingLevel, Settings } from '../protocol/settings.ts';

export const DEFAULT_SETTINGS: Settings = {
  enable: true,
  hover: true,
  diagnostics: true,
  codeLens: false,
  inlayHints: false,
  findings: { severity: {} },
  bootstrap: 200,
  seed: 1,
  betweenModelSd: 0.01,
  maxFileSizeMB: 50,
};

export function settingsFrom(value: unknown): Settings {
  const given = record(value);
  const severity = Object.entries(record(record(given['findings'])['severity'])).filter(
    (entry): entry is [string, FindingLevel] => isLevel(entry[1]),
  );
  const flag = (key: 'enable' | 'hover' | 'diagnostics' | 'codeLens' | 'inlayHints'): boolean => {
    const one = given[key];
    return typeof one === 'boolean' ? one : DEFAULT_SETTINGS[key];
  };
  const number = (
    key: 'bootstrap' | 'seed' | 'betweenModelSd' | 'maxFileSizeMB',
    low: number,
    high: number,
  ): number => {
    const one = given[key];
    return typeof one === 'number' && Number.isFinite(one) ? Math.min(high, Math.max(low, one)) : DEFAULT_SETTINGS[key];
  };
  return {
    enable: flag('enable'),
    hover: flag('hover'),
    diagnostics: flag('diagnostics'),
    codeLens: flag('codeLens'),
    inlayHints: flag('inlayHints'),
    findings: { severity: Object.fromEntries(severity) },
    bootstrap: Math.round(number('bootstrap', 0, 10_000)),
    seed: Math.round(number('seed', 0, 0xffffffff)),
    betweenModelSd: number('betweenModelSd', 0, 1),
    maxFileSizeMB: number('maxFileSizeMB', 1, 2000),
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
