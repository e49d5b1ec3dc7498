/** Our own requests (protocol/language.ts): views, reports, exports, fits on demand. */
import { type Connection, LSPErrorCodes, RequestType, RequestType0, ResponseError } from 'vscode-languageserver';
import type { Documents } from '../language/documents.ts';
import type { Entry } from '../language/entry.ts';
import { exportFor, reportFor, viewFor } from '../language/views.ts';
import {
  CLOSE_METHOD,
  type DocumentParams,
  EXPORT_METHOD,
  type ExportParams,
  type ExportResult,
  FIT_METHOD,
  type FitParams,
  type FitResult,
  REPORT_METHOD,
  type ReportResult,
  SERIES_AT_METHOD,
  type SeriesAtParams,
  VIEW_METHOD,
  type ViewParams,
  type ViewResult,
  WORK_METHOD,
  type WorkResult,
} from '../protocol/language.ts';
import { type Handlers, Refused } from './handlers.ts';

export interface RequestDesk {
  readonly documents: Documents;
  /** Files that are at work or wait for their turn. */
  readonly working: () => readonly string[];
  readonly handlers: Handlers;
}

/** Registers the handlers. */
export function serveRequests(
  connection: Connection,
  { documents, working, handlers: { guarded, answering, failed } }: RequestDesk,
): void {
  connection.onRequest(
    new RequestType<ViewParams, ViewResult, void>(VIEW_METHOD),
    answering('view', async ({ uri, fit }) => {
      const known = documents.get(uri);
      // Nobody waits for the last series of a first analysis to see the first.
      const entry = known?.outcome === null && fit === undefined ? known : await atRest(uri);
      return viewFor(entry, documents, fit ?? null);
    }),
  );

  connection.onRequest(
    new RequestType<DocumentParams, ReportResult, void>(REPORT_METHOD),
    answering('report', async ({ uri }) => {
      const entry = await atRest(uri);
      return (await reportFor(entry, documents)) ?? nothingIn(entry);
    }),
  );

  connection.onRequest(
    new RequestType<ExportParams, ExportResult, void>(EXPORT_METHOD),
    answering('export', async ({ uri, format }) => {
      const entry = await atRest(uri);
      return (await exportFor(entry, documents, format)) ?? nothingIn(entry);
    }),
  );

  connection.onRequest(
    new RequestType<SeriesAtParams, string | null, void>(SERIES_AT_METHOD),
    guarded('seriesAt', null, async ({ uri, position }: SeriesAtParams) => {
      const document = documents.get(uri)?.document ?? null;
      if (document === null) return null;
      return documents.askAtRest(uri, { kind: 'series', offset: document.offsetAt(position) });
    }),
  );

  connection.onRequest(new RequestType<FitParams, FitResult, void>(FIT_METHOD), async (params, token) => {
    const abort = new AbortController();
    const progress = connection.window.attachWorkDoneProgress(params.workDoneToken);
    const listening = token.onCancellationRequested(() => abort.abort(new Error('cancelled')));
    progress.begin('Scaling Lens', 0, 'reading…', true);
    try {
      const entry = await documents.analyseFile(params.uri, abort.signal, ({ done, total, text }) => {
        if (done === null || total === null) progress.report(text);
        else progress.report(Math.round((100 * done) / Math.max(1, total)), text);
      });
      return summaryOf(entry);
    } catch (error) {
      if (abort.signal.aborted) return new ResponseError<void>(LSPErrorCodes.RequestCancelled, 'cancelled');
      return failed('fit', error);
    } finally {
      progress.done();
      listening.dispose();
    }
  });

  connection.onRequest(new RequestType0<WorkResult, void>(WORK_METHOD), () => working());

  connection.onNotification(CLOSE_METHOD, ({ uri }: DocumentParams) => {
    if (documents.get(uri)?.document === null) documents.remove(uri);
  });

  /** A file with nothing under way. */
  async function atRest(uri: string): Promise<Entry> {
    const entry = await documents.settled(uri);
    if (entry === null) throw new Refused('This file has not been analysed yet: run “Fit Scaling Law” on it.');
    return entry;
  }
}

function nothingIn({ detail, text }: Entry): never {
  throw new Refused(detail || text);
}

/** What *Fit Scaling Law* says of a file at rest. */
function summaryOf({ outcome, phase, detail, text, milliseconds }: Entry): FitResult {
  const { series, findings } = outcome?.report ?? { series: [], findings: [] };
  if (series.length === 0 || phase === 'failed') return { ok: false, why: detail || text };
  return {
    ok: true,
    value: { series: series.length, findings: findings.length, milliseconds: milliseconds ?? 0, summary: text },
  };
}
