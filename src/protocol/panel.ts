/**
 * What the extension and the chart panel's page say to each other. Two unions, one per direction; every message is plain
 * JSON with a `type`. Data reaches the page only this way, never inside its HTML. Requests that need an answer travel in
 * the envelopes of `channel.ts`.
 *
 * A session: the page posts `ready` with its restored state → the extension posts `init`, then `view` (and `view` again
 * whenever the document or its fits change; while hidden nothing is sent, and the newest view follows on becoming
 * visible) → after each drawing the page posts `drawn`.
 */
import type { FitView } from '../core/render/view-model.ts';
import type { Range } from '../core/table/span.ts';
import type { Envelope } from './channel.ts';

export type { FitView, SeriesView } from '../core/render/view-model.ts';

/** What the page remembers through `setState`: navigation and looks only, never data. All of it may be stale or absent. */
export interface PanelState {
  readonly uri: string | null;
  /** Series shown, by id. */
  readonly series: string | null;
  /** Law shown instead of the chosen one, by series id. */
  readonly law: string | null;
  readonly xLog: boolean | null;
  readonly yLog: boolean | null;
  /** Axis limits after zooming, in data units. */
  readonly zoom: { readonly x: readonly [number, number] | null; readonly y: readonly [number, number] | null } | null;
  readonly tab: 'chart' | 'table';
  /** Further chart shown instead of the plain one, by id; 'plain' for that; null leaves it to the series. */
  readonly picture: string | null;
  readonly hidden: readonly string[];
}

export type ExportKind = 'png' | 'svg' | 'csv' | 'json' | 'latex' | 'python';

/** Extension → page. */
export type ToPanel =
  /** Once, in answer to `ready`. Strings are the translated captions by key; the page holds English defaults. */
  | { readonly type: 'init'; readonly strings: Readonly<Record<string, string>>; readonly test: boolean }
  | { readonly type: 'view'; readonly view: FitView }
  /** Work in progress on the shown document; done and total count series, null when unknown. */
  | { readonly type: 'busy'; readonly busy: boolean; readonly done: number | null; readonly total: number | null }
  /** Show this series (the editor's cursor or a command asked for it). */
  | { readonly type: 'select'; readonly series: string }
  /** Nothing to show: no eval file is active. */
  | { readonly type: 'clear'; readonly message: string }
  | Envelope;

/** Page → extension. */
export type FromPanel =
  | { readonly type: 'ready'; readonly state: PanelState | null }
  | { readonly type: 'state'; readonly state: PanelState }
  /** After the chart was drawn: what is on the canvas, for tests and the log. */
  | ({ readonly type: 'drawn' } & Drawn)
  /** Show the cell of a point in the editor. */
  | { readonly type: 'reveal'; readonly uri: string; readonly range: Range }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
  | Envelope;

export interface Drawn {
  readonly uri: string;
  readonly version: number;
  readonly series: string;
  readonly law: string | null;
  /** Milliseconds from the view's arrival to the finished drawing. */
  readonly milliseconds: number;
  /** Counted on the canvas itself. `painted`: pixels that differ from the background; `colours`: distinct RGB values. */
  readonly census: {
    readonly width: number;
    readonly height: number;
    readonly painted: number;
    readonly colours: number;
  };
  /** What was handed to the chart, in data units. */
  readonly plotted: {
    readonly points: readonly (readonly [number, number])[];
    readonly curve: readonly (readonly [number, number])[];
    readonly threshold: number | null;
    readonly chance: number | null;
  };
}

/** Requests of the page, answered by the extension: method → [parameters, result]. */
export interface PanelRequests {
  /** Writes a file after asking where; null when the user cancels. `data` is text, or base64 for png. */
  readonly save: readonly [
    { readonly kind: ExportKind; readonly name: string; readonly data: string },
    { readonly saved: string | null },
  ];
  /** Puts text on the clipboard (images are copied by the page itself, from its focused button). */
  readonly copy: readonly [{ readonly text: string }, null];
  /** Fits another law to one series and answers with the new view of the file. */
  readonly fit: readonly [{ readonly uri: string; readonly series: string; readonly law: string }, FitView];
}

/** Requests of the extension, answered by the page (exports and copies by command, checks by tests). */
export interface PageRequests {
  readonly export: readonly [
    { readonly kind: ExportKind; readonly theme: 'light' | 'dark' | 'current' },
    { readonly name: string; readonly data: string },
  ];
  readonly census: readonly [null, Drawn | null];
}
