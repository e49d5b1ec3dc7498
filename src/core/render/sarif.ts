/**
 * Findings as SARIF 2.1.0 (OASIS), for code-scanning dashboards: one rule per code, one result per finding. A result's
 * fingerprint is its code and series, so a dashboard knows it again after rows have moved.
 */
import { FINDING_CODES, isFindingCode } from '../finding/codes.ts';
import type { Report, Severity } from '../report-model.ts';

const LEVELS: Readonly<Record<Severity, 'none' | 'note' | 'warning' | 'error'>> = {
  hint: 'note',
  information: 'note',
  warning: 'warning',
  error: 'error',
};

/**
 * @param help base address of the pages about the codes
 * @returns a SARIF log; columns are one-based UTF-16 code units, as `columnKind` says
 */
export function reportSarif(report: Report, help: string): Readonly<Record<string, unknown>> {
  const codes = [...new Set(report.findings.map((f) => f.code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Scaling Lens',
            version: report.tool.replace(/^scaling-lens /, ''),
            rules: codes.map((code) => ({
              id: code,
              shortDescription: { text: isFindingCode(code) ? FINDING_CODES[code].title : code },
              helpUri: `${help}${code}.md`,
              defaultConfiguration: { level: isFindingCode(code) ? LEVELS[FINDING_CODES[code].severity] : 'note' },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: report.findings.map((f) => ({
          ruleId: f.code,
          ruleIndex: codes.indexOf(f.code),
          level: LEVELS[f.severity],
          message: { text: f.message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: fileUri(f.file) },
                region: {
                  startLine: f.range.start.line + 1,
                  startColumn: f.range.start.character + 1,
                  endLine: f.range.end.line + 1,
                  endColumn: f.range.end.character + 1,
                },
              },
            },
          ],
          partialFingerprints: { 'codeAndSeries/v1': `${f.code}:${f.series ?? fileUri(f.file)}` },
          ...(f.series === null ? {} : { properties: { series: f.series } }),
        })),
      },
    ],
  };
}

/** A path as a URI reference: separators stay, everything else is percent-encoded; absolute paths become file URIs. */
function fileUri(file: string): string {
  const path = file.replaceAll('\\', '/');
  const drive = /^[A-Za-z]:(?=\/)/.exec(path)?.[0] ?? '';
  const encoded = path
    .slice(drive.length)
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
  if (drive !== '') return `file:///${drive}${encoded}`;
  return encoded.startsWith('/') ? `file://${encoded}` : encoded;
}
