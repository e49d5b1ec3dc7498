/**
 * Findings as diagnostics: stable codes that link to their pages, the user's levels (already applied by the report), the
 * gravest first, at most 200 in a file. Files in which no series was found get none: a table that is no eval table is
 * nobody's mistake.
 */
import type { Diagnostic, DiagnosticSeverity } from 'vscode-languageserver-types';
import { FINDINGS_URL } from '../core/finding/pages.ts';
import { formatCount } from '../core/render/number.ts';
import type { Finding, Severity } from '../core/report-model.ts';
import type { Question } from '../core/study/study.ts';
import { NO_RANGE } from '../core/table/span.ts';
import type { Outcome } from './ports.ts';

/** VS Code drops what is beyond 1,000 in a file; nobody reads beyond a few dozen. */
export const MOST_DIAGNOSTICS = 200;

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = { error: 1, warning: 2, information: 3, hint: 4 };

/** What quick fixes need to know about the finding behind a diagnostic. */
export interface DiagnosticData {
  readonly code: string;
  readonly series: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Diagnostics of a file. Findings about the manifest are shown at its beginning, so that they are not overlooked. */
export function diagnosticsOf(outcome: Outcome, file: string): Diagnostic[] {
  const { report, questions } = outcome;
  if (report.series.length === 0 && questions.length === 0) return [];
  const own: Diagnostic[] = [];
  // A finding that asks is one diagnostic, not two.
  const asked = new Map(questions.filter((one) => one.file === file).map((one) => [one.message, one]));
  for (const finding of report.findings) {
    if (finding.file === file || finding.file === '') {
      const question = asked.get(finding.message);
      asked.delete(finding.message);
      own.push(question === undefined ? ofFinding(finding) : asking(ofFinding(finding), question));
    } else if (finding.code === 'manifest.invalid') own.push(elsewhere(finding));
  }
  for (const question of asked.values()) own.push(ofQuestion(question));
  own.sort((a, b) => (a.severity ?? 1) - (b.severity ?? 1));
  if (own.length <= MOST_DIAGNOSTICS) return own;
  const kept = own.slice(0, MOST_DIAGNOSTICS - 1);
  const left = own.length - kept.length;
  kept.push({
    range: NO_RANGE,
    severity: 3,
    source: 'Scaling Lens',
    message: `and ${formatCount(left)} more findings: “Export Results…” lists all of them.`,
  });
  return kept;
}

/** A finding at its place, with a link to the page of its code. */
export function plainDiagnostic({ code, severity, message, range }: Finding): Diagnostic {
  return {
    range,
    severity: SEVERITIES[severity],
    code,
    codeDescription: { href: pageOf(code) },
    source: 'Scaling Lens',
    message,
  };
}

/** The same with what quick fixes need to know. */
function ofFinding(finding: Finding): Diagnostic {
  const data: DiagnosticData = { code: finding.code, series: finding.series, data: finding.data };
  return { ...plainDiagnostic(finding), data };
}

function elsewhere(finding: Finding): Diagnostic {
  const { line } = finding.range.start;
  return {
    ...ofFinding(finding),
    range: NO_RANGE,
    message: `${finding.file}:${line + 1}: ${finding.message}`,
  };
}

function ofQuestion(question: Question): Diagnostic {
  const data: DiagnosticData = { code: 'question', series: null, data: {} };
  return asking(
    { range: question.range, severity: 3, code: 'question', source: 'Scaling Lens', message: question.message, data },
    question,
  );
}

/** A diagnostic with its question's best guess, and the answers for the quick fixes. */
function asking(diagnostic: Diagnostic, question: Question): Diagnostic {
  const { code, series, data } = diagnostic.data as DiagnosticData;
  return {
    ...diagnostic,
    message: `${question.message} Best guess: ${question.guess.replace(/\.$/, '')}.`,
    data: { code, series, data: { ...data, yaml: question.yaml } } satisfies DiagnosticData,
  };
}

/** The page behind a code. */
export function pageOf(code: string): string {
  return `${FINDINGS_URL}${code}.md`;
}
