/**
 * `trend.mirage`: a task that looks emergent under a discontinuous metric, held against a continuous metric of the same
 * task in the same study (Schaeffer et al., arXiv 2304.15004; emergence.md §4).
 */
import { formatNumber, formatP, formatScale } from '../render/number.ts';
import type { Finding } from '../report-model.ts';
import { type MirageOutcome, mirageCheck } from '../shape/mirage.ts';
import type { StudySeries } from '../study/study.ts';
import { FINDING_CODES } from './codes.ts';
import type { StudyRule } from './rules.ts';

export const mirage: StudyRule = ({ study, series, reports }) => {
  const findings: Finding[] = [];
  for (const [i, report] of reports.entries()) {
    const one = series[i];
    if (one === undefined || one.kind !== 'discontinuous' || report.shape === null) continue;
    if (!report.shape.emergent && !report.shape.lateRise) continue;
    const other = partnerOf(one, series);
    if (other === null) continue;
    const outcome = mirageCheck(one, other);
    if (outcome.verdict === 'cannot tell') continue;
    findings.push({
      code: 'trend.mirage',
      severity: FINDING_CODES['trend.mirage'].severity,
      message: `${report.name ?? one.task} looks abrupt; on the same models ${other.metric} ${verdictText(outcome, one)}`,
      file: study.tables[one.anchor.table]?.file ?? '',
      range: one.anchor.range,
      series: one.id,
      data: { ...outcome, continuous: other.id },
    });
  }
  return findings;
};

/** The continuous metric of the same task that was measured alike: same facets first, then the most like name (…_ma5). */
function partnerOf(one: StudySeries, series: readonly StudySeries[]): StudySeries | null {
  let best: StudySeries | null = null;
  let most = -1;
  for (const s of series) {
    if (s === one || s.kind !== 'continuous' || s.task !== one.task) continue;
    if (s.family !== one.family || s.scale !== one.scale) continue;
    const facets = Object.entries(one.facets).filter(([key, value]) => s.facets[key] === value).length;
    const alike = 100 * facets + commonEnd(s.metric, one.metric);
    if (alike <= most) continue;
    most = alike;
    best = s;
  }
  return best;
}

function commonEnd(a: string, b: string): number {
  let n = 0;
  while (n < Math.min(a.length, b.length) && a.at(-1 - n) === b.at(-1 - n)) n++;
  return n;
}

function verdictText(outcome: MirageOutcome, one: StudySeries): string {
  const jump = formatScale(10 ** (outcome.discontinuousTau ?? Number.NaN), one.scale);
  const { spearman, p, models } = outcome.before;
  const rank = spearman === null ? '' : ` (Spearman ${formatNumber(spearman, 2)}, ${formatP(p)}, ${models} points)`;
  const own = formatScale(10 ** (outcome.continuousTau ?? Number.NaN), one.scale);
  const zeros =
    outcome.zeros === 0
      ? ''
      : ` ${outcome.zeros} of ${outcome.models} points score zero${outcome.unresolvedZeros === null || outcome.unresolvedZeros === 0 ? '' : `, ${outcome.unresolvedZeros} of them with too few questions to tell zero from a small rate`}.`;
  switch (outcome.verdict) {
    case 'gradual underneath':
      return `is gradual underneath: it already gets better below the jump at ${jump}${rank}.${zeros}`;
    case 'earlier and softer':
      return `bends earlier and softer, at ${own}: it already gets better below the jump at ${jump}${rank}.${zeros}`;
    default:
      return `is as sharp: it breaks too and shows no improvement below the jump at ${jump}${rank}.${zeros}`;
  }
}
