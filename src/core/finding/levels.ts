/**
 * How loud each finding is: the settings' level, then the study's own word in scaling.yaml, which also silences codes
 * for single series. What is ignored leaves the report.
 */
import { compileGlob } from '../manifest/glob.ts';
import type { Finding } from '../report-model.ts';
import { isFindingCode } from './codes.ts';
import { isLevel, type Level } from './severity.ts';

interface Rule {
  readonly level: Level | null;
  readonly silenced: (series: string) => boolean;
}

/**
 * Findings at their levels, without the ignored ones.
 * @param settings code → level
 * @param manifest `findings:` of scaling.yaml, code → level or {severity, silence: [series id or pattern]}
 */
export function atLevels(
  findings: readonly Finding[],
  settings: Readonly<Record<string, Level>> | undefined,
  manifest: Readonly<Record<string, unknown>> | null,
): Finding[] {
  const rules = new Map(Object.entries(manifest ?? {}).map(([code, value]) => [code, ruleOf(value)]));
  const kept: Finding[] = [];
  for (const finding of findings) {
    const rule = rules.get(finding.code);
    const level =
      rule?.level ??
      (settings !== undefined && Object.hasOwn(settings, finding.code) ? settings[finding.code] : undefined);
    if (level === 'ignore') continue;
    if (finding.series !== null && rule?.silenced(finding.series) === true) continue;
    kept.push(level === undefined || !isFindingCode(finding.code) ? finding : { ...finding, severity: level });
  }
  return kept;
}

function ruleOf(value: unknown): Rule {
  if (typeof value !== 'object' || value === null)
    return { level: isLevel(value) ? value : null, silenced: () => false };
  const { severity, silence } = value as { severity?: unknown; silence?: unknown };
  const patterns = (Array.isArray(silence) ? silence : [])
    .filter((one): one is string => typeof one === 'string')
    .map((one) => ({ text: one, glob: compileGlob(one) }));
  return {
    level: isLevel(severity) ? severity : null,
    silenced: (series) => patterns.some(({ text, glob }) => text === series || glob.test(series)),
  };
}
