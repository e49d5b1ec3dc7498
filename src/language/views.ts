/**
 * The view of a file for the chart panel: of its newest report, of the series that have arrived while the first analysis
 * is under way, or with another law put in the place of the chosen one. A view for the panel carries no more points than
 * a chart can show and an editor can swallow; exports carry all.
 */
import { viewOf } from '../core/render/view.ts';
import type { FitView, PointView, SeriesView } from '../core/render/view-model.ts';
import type { Report, SeriesReport } from '../core/report-model.ts';
import { type ExportParams, isBusy } from '../protocol/language.ts';
import type { Documents } from './documents.ts';
import type { Entry } from './entry.ts';
import { exportOf } from './export.ts';
import type { Outcome } from './ports.ts';
import { baseName } from './uri.ts';

/** What is known of a view before its report: whose it is, and how far the work is. */
export interface Frame {
  readonly uri: string;
  readonly title: string;
  readonly version: number;
  readonly state: FitView['state'];
  readonly message: string | null;
}

/** Points of all series together that a panel is sent: about 1.5 MB of JSON, parsed twice on its way. */
const MOST_POINTS = 10_000;

/** Fewer points of a series are never thinned. */
const FEW_POINTS = 100;

/** A view for the panel, with another fit of one series in the place of the chosen one, and points thinned out. */
export function viewOfReport(
  report: Report,
  frame: Frame,
  places: Outcome['places'],
  other: SeriesReport | null,
): FitView {
  const shown =
    other === null
      ? report
      : { ...report, series: report.series.map((one) => (one.id === other.id ? withFit(one, other) : one)) };
  return thinned(fullView(shown, frame, places));
}

/** A view with every point. */
export function fullView(report: Report | null, frame: Frame, places: Outcome['places']): FitView {
  return viewOf({ ...frame, report, place: (series, point) => places?.[series]?.[point] ?? null });
}

function withFit(series: SeriesReport, { fits, curve, predicted, chosen, forecast }: SeriesReport): SeriesReport {
  return { ...series, fits, chosen, forecast, curve: curve ?? null, predicted: predicted ?? null };
}

/** Where a view has too many points, every series keeps an even choice over its scale, with its extremes. */
export function thinned(view: FitView): FitView {
  const total = view.series.reduce((sum, { points }) => sum + points.length, 0);
  if (total <= MOST_POINTS) return view;
  const most = Math.max(FEW_POINTS, Math.floor(MOST_POINTS / view.series.length));
  const series = view.series.map(
    (one): SeriesView => (one.points.length <= most ? one : { ...one, points: choice(one.points, most) }),
  );
  const kept = series.reduce((sum, { points }) => sum + points.length, 0);
  if (kept === total) return view;
  const note = `${kept.toLocaleString('en')} of ${total.toLocaleString('en')} points are shown here; fits, exports and the command line use all of them.`;
  return { ...view, series, notes: [note, ...view.notes] };
}

/** At most `most` points in their order: the ends, the lowest and highest of each of equal stretches. */
function choice(points: readonly PointView[], most: number): PointView[] {
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const kept = new Set<number>([0, points.length - 1]);
  for (let s = 0; s < stretches; s++) {
    const from = Math.floor((s * points.length) / stretches);
    const to = Math.floor(((s + 1) * points.length) / stretches);
    let low = from;
    let high = from;
    for (let i = from; i < to; i++) {
      if ((points[i] as PointView).y < (points[low] as PointView).y) low = i;
      if ((points[i] as PointView).y > (points[high] as PointView).y) high = i;
    }
    kept.add(low);
    kept.add(high);
  }
  return [...kept].sort((a, b) => a - b).map((i) => points[i] as PointView);
}

/**
 * The view of a file as the panel draws it.
 * @throws when another law is asked for and cannot be fitted; the message is for the user
 */
export async function viewFor(
  entry: Entry,
  documents: Documents,
  other: { readonly series: string; readonly law: string } | null,
): Promise<FitView> {
  let fitted: SeriesReport | null = null;
  if (entry.outcome !== null && other !== null) {
    const result = await documents.fit(entry.uri, other);
    if (!result.ok) throw new Error(result.error);
    fitted = result.value;
    if (fitted.fits.length === 0) throw new Error(fitted.refused?.[0]?.message ?? `${other.law} could not be fitted.`);
  }
  // Looked at after the fit: the file may have changed while it was under way.
  const { uri, outcome, partial, large } = entry;
  const frame = frameOf(entry);
  if (outcome !== null && large) {
    const view = await documents.ask(uri, { kind: 'view', frame, other: fitted });
    if (view !== null) return view;
  }
  // Of a large file the series come without their points until the analyst has all of them.
  const report =
    outcome?.report ??
    (large || partial.length === 0
      ? null
      : { version: 1 as const, tool: '', sources: [], series: partial, findings: [] });
  return report === null ? fullView(null, frame, null) : viewOfReport(report, frame, outcome?.places ?? null, fitted);
}

/** The whole report of a file; null where there is none. */
export async function reportFor({ uri, outcome, large }: Entry, documents: Documents): Promise<Report | null> {
  return outcome !== null && large ? documents.ask(uri, { kind: 'report' }) : (outcome?.report ?? null);
}

/** The results of a file in a format; null where there are none. */
export async function exportFor(
  entry: Entry,
  documents: Documents,
  format: ExportParams['format'],
): Promise<string | null> {
  const { uri, outcome, large } = entry;
  if (outcome === null) return null;
  const frame = frameOf(entry);
  if (large) return documents.ask(uri, { kind: 'export', frame, format });
  return exportOf(fullView(outcome.report, frame, outcome.places), outcome.report, format);
}

function frameOf({ uri, outcome, partial, phase, revision, detail, text }: Entry): Frame {
  const working = phase === 'waiting' || isBusy(phase);
  const empty = (outcome?.report.series ?? partial).length === 0;
  return {
    uri,
    title: baseName(uri),
    version: revision,
    state: working ? 'fitting' : empty ? 'empty' : 'ready',
    message: working ? null : empty ? detail || text : null,
  };
}
