/**
 * The view of a file for the chart panel: of its newest report, of the series that have arrived while the first analysis
 * is under way, or with another law put in the place of the chosen one.
 */
import { viewOf } from '../core/render/view.ts';
import type { FitView } from '../core/render/view-model.ts';
import type { Documents, Entry } from './documents.ts';
import { baseName } from './uri.ts';

/** @throws when another law is asked for and cannot be fitted; the message is for the user */
export async function viewFor(
  entry: Entry,
  documents: Documents,
  other: { readonly series: string; readonly law: string } | null,
): Promise<FitView> {
  const { uri, outcome, partial, phase, revision } = entry;
  const working = phase === 'reading' || phase === 'fitting' || phase === 'waiting';
  const places = outcome?.places ?? {};
  let report = outcome?.report ?? null;
  if (report === null && partial.length > 0) {
    report = { version: 1, tool: '', sources: [], series: partial, findings: [] };
  }
  if (report !== null && other !== null) {
    const fitted = await documents.fit(uri, other);
    if (!fitted.ok) throw new Error(fitted.error);
    const { fits, curve, predicted, chosen, forecast, refused } = fitted.value;
    if (fits.length === 0) throw new Error(refused?.[0]?.message ?? `${other.law} could not be fitted.`);
    report = {
      ...report,
      series: report.series.map((series) =>
        series.id === other.series
          ? { ...series, fits, chosen, forecast, curve: curve ?? null, predicted: predicted ?? null }
          : series,
      ),
    };
  }
  const empty = report === null || report.series.length === 0;
  return viewOf({
    uri,
    title: baseName(uri),
    version: revision,
    state: working ? 'fitting' : empty ? 'empty' : 'ready',
    message: working ? null : empty ? entry.detail || entry.text : null,
    report,
    place: (series, point) => places[series]?.[point] ?? null,
  });
}
