/** The server's own requests as functions: what commands, panel and tools ask of it, typed once. */
import type { CancellationToken } from 'vscode';
import type { BaseLanguageClient, ProgressType } from 'vscode-languageclient/node';
import type { FitView } from '../core/render/view-model.ts';
import type { Report } from '../core/report-model.ts';
import type { Position } from '../core/table/span.ts';
import {
  type Answer,
  CLOSE_METHOD,
  EXPORT_METHOD,
  type ExportParams,
  type ExportResult,
  FIT_METHOD,
  type FitParams,
  type FitResult,
  type FitSummary,
  REPORT_METHOD,
  type ReportResult,
  SERIES_AT_METHOD,
  VIEW_METHOD,
  type ViewParams,
  type ViewResult,
  WORK_METHOD,
  type WorkResult,
} from '../protocol/language.ts';

/** What work-done progress carries. */
export interface ProgressValue {
  readonly kind: 'begin' | 'report' | 'end';
  readonly message?: string;
  readonly percentage?: number;
}

export class Requests {
  readonly #client: BaseLanguageClient;
  readonly #progress: ProgressType<ProgressValue>;
  #next = 1;

  constructor(client: BaseLanguageClient, progress: ProgressType<ProgressValue>) {
    this.#client = client;
    this.#progress = progress;
  }

  /** What the chart draws; rejects with a sentence for the user. */
  async view(params: ViewParams): Promise<FitView> {
    return valueOf(await this.#client.sendRequest<ViewResult>(VIEW_METHOD, params));
  }

  async report(uri: string): Promise<Report> {
    return valueOf(await this.#client.sendRequest<ReportResult>(REPORT_METHOD, { uri }));
  }

  async export(params: ExportParams): Promise<string> {
    return valueOf(await this.#client.sendRequest<ExportResult>(EXPORT_METHOD, params));
  }

  /** Analyses a document or a file on disk; `onProgress` gets words and a share of a hundred. */
  async fit(
    uri: string,
    token: CancellationToken,
    onProgress: (message: string | undefined, percentage: number | undefined) => void,
  ): Promise<Answer<FitSummary>> {
    const workDoneToken = `scalingLens.fit.${(this.#next++).toString()}`;
    const listening = this.#client.onProgress(this.#progress, workDoneToken, (value) => {
      if (value.kind !== 'end') onProgress(value.message, value.percentage);
    });
    try {
      return await this.#client.sendRequest<FitResult>(FIT_METHOD, { uri, workDoneToken } satisfies FitParams, token);
    } finally {
      listening.dispose();
    }
  }

  seriesAt(uri: string, position: Position): Promise<string | null> {
    return this.#client.sendRequest<string | null>(SERIES_AT_METHOD, { uri, position });
  }

  /** Files whose analysis is under way. */
  work(): Promise<WorkResult> {
    return this.#client.sendRequest<WorkResult>(WORK_METHOD);
  }

  async close(uri: string): Promise<void> {
    await this.#client.sendNotification(CLOSE_METHOD, { uri });
  }
}

function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(answer.why);
  return answer.value;
}
