/**
 * The page's end of the wire: VS Code's API, the state it keeps for us, and requests with answers.
 */
import { Channel, type Handlers } from '../src/protocol/channel.ts';
import type { FromPanel, PageRequests, PanelRequests, PanelState, ToPanel } from '../src/protocol/panel.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export type PlainToPanel = Exclude<ToPanel, { type: 'request' | 'reply' }>;

export interface Host {
  post(message: FromPanel): void;
  restored(): PanelState | null;
  /** Keeps the state for a reload and tells the extension. */
  keep(state: PanelState): void;
  readonly channel: Channel<PanelRequests, PageRequests>;
}

/** Connects to the extension. `receive` gets every message that is not part of a request. May be called once per page. */
export function connect(receive: (message: PlainToPanel) => void, handlers: Handlers<PageRequests>): Host {
  const api = acquireVsCodeApi();
  const post = (message: FromPanel) => api.postMessage(message);
  // Saving waits for a person in a dialog: requests live as long as the page.
  const channel = new Channel<PanelRequests, PageRequests>(post, handlers, 0);
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (channel.receive(data)) return;
    if (typeof data === 'object' && data !== null && typeof (data as { type?: unknown }).type === 'string') {
      receive(data as PlainToPanel);
    }
  });
  window.addEventListener('pagehide', () => channel.dispose());
  return {
    post,
    channel,
    restored: () => readState(api.getState()),
    keep(state) {
      api.setState(state);
      post({ type: 'state', state });
    },
  };
}

export const FRESH: PanelState = {
  uri: null,
  series: null,
  law: null,
  xLog: null,
  yLog: null,
  zoom: null,
  tab: 'chart',
  picture: null,
  hidden: [],
};

/** A kept state, field by field: whatever is missing or of another shape falls back. Null when nothing was kept. */
export function readState(kept: unknown): PanelState | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const from = kept as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const flag = (value: unknown) => (typeof value === 'boolean' ? value : null);
  const range = (value: unknown): readonly [number, number] | null =>
    Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === 'number' && Number.isFinite(end))
      ? [value[0] as number, value[1] as number]
      : null;
  const zoom = from['zoom'];
  const { x, y } = (typeof zoom === 'object' && zoom !== null ? zoom : {}) as { x?: unknown; y?: unknown };
  const hidden = from['hidden'];
  return {
    uri: text(from['uri']),
    series: text(from['series']),
    law: text(from['law']),
    xLog: flag(from['xLog']),
    yLog: flag(from['yLog']),
    zoom: range(x) === null && range(y) === null ? null : { x: range(x), y: range(y) },
    tab: from['tab'] === 'table' ? 'table' : 'chart',
    picture: text(from['picture']),
    hidden: Array.isArray(hidden) ? hidden.filter((key): key is string => typeof key === 'string') : [],
  };
}
