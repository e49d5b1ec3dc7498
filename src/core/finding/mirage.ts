/**
 * `trend.mirage`: a task that looks emergent under a discontinuous metric, held against a continuous metric of the same
 * task in the same study (Schaeffer et al., arXiv 2304.15004; emergence.md §4).
 */
import type { Finding } from '../report-model.ts';
import { mirageCheck } from '../shape/mirage.ts';
import { FINDING_CODES } from './codes.ts';
import type { StudyRule } from './rules.ts';

export const mirage: StudyRule = ({ study, series, reports }) => {
  const findings: Finding[] = [];
  for (const [i, report] of reports.entries()) {
    const one = series[i];
    if (one === undefined || one.kind !== 'discontinuous' || report.shape === null) continue;
    if (!report.shape.emergent && !report.shape.lateRise) continue;
    const partner = series.findIndex(
      (s, j) =>
        j !== i && s.kind === 'continuous' && s.task === one.task && s.family === one.family && s.scale === one.scale,
    );
    const other = series[partner];
    if (other === undefined) continue;
    const outcome = mirageCheck(one, other);
    if (outcome.verdict === 'cannot tell') continue;
    findings.push({
      code: 'trend.mirage',
      severity: FINDING_CODES['trend.mirage'].severity,
      message: `${one.task}: ${one.metric} looks abrupt; ${other.metric} on the same models says ${outcome.verdict}. ${outcome.why}`,
      file: study.tables[one.anchor.table]?.file ?? '',
      range: one.anchor.range,
      series: one.id,
      data: { ...outcome, continuous: other.id },
    });
  }
  return findings;
};
