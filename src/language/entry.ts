/** What is known of a file that is being looked at: its text, its state, its newest analysis. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { SeriesReport } from '../core/report-model.ts';
import type { Study } from '../core/study/study.ts';
import type { Phase } from '../protocol/language.ts';
import type { Settings } from '../protocol/settings.ts';
import { HEAVY, LARGE } from './digest.ts';
import type { Manifest } from './manifest-place.ts';
import type { AnalysisRequest, Outcome } from './ports.ts';
import { baseName, isManifest, within } from './uri.ts';

/** Pause in typing after which a changed document is analysed, in milliseconds. */
export const DEBOUNCE = 250;

/** Longer for large texts, which are read whole after every change: milliseconds more per million characters. */
const PER_MILLION = 150;

/** Quiet after a change on disk: what writes results writes them piece by piece. */
export const DISK_PAUSE = 1000;

/** Nobody waits longer than this for an analysis to begin, in milliseconds. */
const LONGEST = 5000;

/** What others may see of a file. */
export interface Entry {
  readonly uri: string;
  /** null: a file on disk that no editor holds. */
  readonly document: TextDocument | null;
  readonly phase: Phase;
  /** One line for the status item, and more of it. */
  readonly text: string;
  readonly detail: string;
  readonly done: number | null;
  readonly total: number | null;
  /** Newest finished analysis; of an earlier version of the text while a newer one is under way. */
  readonly outcome: Outcome | null;
  /** Version of the text that `outcome` is of. */
  readonly analysed: number | null;
  /** The source is large, or more than the file: the analyst has its study, and `outcome` is a digest. */
  readonly large: boolean;
  /** Series finished by the first analysis, while it is under way. */
  readonly partial: readonly SeriesReport[];
  /** Grows whenever something to draw has changed. */
  readonly revision: number;
  readonly milliseconds: number | null;
  readonly settings: Settings | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The same from inside. */
export interface Slot extends Mutable<Entry> {
  abort: AbortController | null;
  timer: unknown;
  /** Settles when the analysis under way (or the pause before it) is over. */
  idle: Promise<void> | null;
  /** The study of a small text, read where hovers are answered. */
  study: { readonly version: number; readonly promise: Promise<Study | null> } | null;
  /** Characters, or bytes on disk; unknown (0) of what a manifest names. */
  size: number;
  /** Counts analyses. */
  turn: number;
  /** What the analyst can be asked about: a turn, and the version of the text that it read. */
  known: { readonly turn: number; readonly version: number } | null;
  /** Called when `known` changes. */
  readonly waiting: Set<() => void>;
  manifest: Manifest | null;
  /** What the outcome answers, the text aside; null where the text is on disk and may have changed. */
  asked: string | null;
  /** Files of its study have changed on disk while it was being analysed. */
  outdated: boolean;
  /** Somebody asked for it: it is analysed whatever its size. */
  forced: boolean;
  readonly watchers: Set<(entry: Entry) => void>;
}

export function newSlot(uri: string, document: TextDocument | null): Slot {
  return {
    uri,
    document,
    phase: 'waiting',
    text: '',
    detail: '',
    done: null,
    total: null,
    outcome: null,
    analysed: null,
    large: false,
    partial: [],
    revision: 0,
    milliseconds: null,
    settings: null,
    abort: null,
    timer: null,
    idle: null,
    study: null,
    size: 0,
    turn: 0,
    known: null,
    waiting: new Set(),
    manifest: null,
    asked: null,
    outdated: false,
    forced: false,
    watchers: new Set(),
  };
}

/** Milliseconds of quiet before a changed text is analysed: the more, the longer the last reading of it took. */
export function pauseOf({ document, outcome }: Pick<Slot, 'document' | 'outcome'>): number {
  const length = document?.getText().length ?? 0;
  const bySize = DEBOUNCE + (PER_MILLION * length) / 1e6;
  return Math.round(Math.min(LONGEST, Math.max(bySize, length > LARGE ? (outcome?.reading ?? 0) / 2 : 0)));
}

/** What the analyst is asked to do. */
export function requestOf(
  { uri, document, manifest, turn, large, size, forced }: Slot,
  settings: Settings,
  only: AnalysisRequest['only'],
): AnalysisRequest {
  const name = manifest?.file ?? baseName(uri);
  return {
    key: uri,
    turn,
    source: isManifest(uri)
      ? { kind: 'manifest', name }
      : document === null
        ? { kind: 'file', name, uri }
        : { kind: 'text', name, text: document.getText() },
    large,
    heavy: size > HEAVY || isManifest(uri),
    limit: forced ? Number.MAX_SAFE_INTEGER : settings.maxFileSizeMB * 1e6,
    manifest:
      manifest === null
        ? null
        : { name: manifest.name, text: manifest.text, folder: manifest.folder, open: manifest.open },
    bootstrap: settings.bootstrap,
    seed: settings.seed,
    betweenModelSd: settings.betweenModelSd,
    levels: settings.findings.severity,
    only,
  };
}

/** Whether the newest analysis of a slot has read a file beside its own. */
export function reads({ manifest, outcome }: Slot, uri: string): boolean {
  const name = manifest === null ? null : within(manifest.folder, uri);
  return name !== null && outcome?.report.sources.some(({ file }) => file === name) === true;
}

/** The version of the text that an editor holds; 0 for a file on disk. */
export function versionOf({ document }: Pick<Slot, 'document'>): number {
  return document?.version ?? 0;
}

/** What an analysis depends on beside the text; null where it reads files that may have changed meanwhile. */
export function askedOf({ source, manifest, ...rest }: AnalysisRequest, readsMore: boolean): string | null {
  if (source.kind !== 'text' || readsMore) return null;
  return JSON.stringify([source.name, manifest?.text ?? null, { ...rest, turn: 0 }]);
}
