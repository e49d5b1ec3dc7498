/**
 * Every file being looked at, with what is known of it: its text, its newest analysis, and the study behind hovers. A
 * change starts a new analysis after a pause in typing and cancels the one under way; whatever finishes is announced.
 * Reading for hovers is separate from analysing (which runs elsewhere), lazy, and kept per version of the text.
 */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { SeriesReport } from '../core/report-model.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Study } from '../core/study/study.ts';
import type { ChangedParams } from '../protocol/language.ts';
import type { Settings } from '../protocol/settings.ts';
import type { ManifestPlace } from './actions.ts';
import type { AnalysisRequest, Outcome, Ports } from './ports.ts';
import { recognised } from './recognised.ts';
import { baseName, isManifest, parent, within } from './uri.ts';

/** Pause in typing after which a changed document is analysed, in milliseconds. */
export const DEBOUNCE = 250;

/** Longer for large texts, whose reading alone takes seconds: milliseconds more per million characters. */
const PATIENCE = 150;

/** Characters that are read again after each keystroke without anybody noticing. */
const QUICKLY_READ = 500_000;

export type Phase = ChangedParams['phase'];

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
  /** Series finished by the first analysis, while it is under way. */
  readonly partial: readonly SeriesReport[];
  /** Grows whenever something to draw has changed. */
  readonly revision: number;
  readonly milliseconds: number | null;
  readonly settings: Settings | null;
}

interface Manifest {
  readonly uri: string;
  readonly name: string;
  readonly text: string;
  /** What the analysed file is called, seen from the manifest. */
  readonly file: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Slot extends Mutable<Entry> {
  abort: AbortController | null;
  timer: unknown;
  /** Settles when the analysis under way (or the pause before it) is over. */
  idle: Promise<void> | null;
  study: { readonly version: number; readonly promise: Promise<Study | null> } | null;
  manifest: Manifest | null;
  /** What the outcome answers, the text aside; null where the text is on disk and may have changed. */
  asked: string | null;
  readonly watchers: Set<(entry: Entry) => void>;
}

export class Documents {
  readonly #ports: Ports;
  readonly #onChange: (entry: Entry, drawn: boolean) => void;
  readonly #slots = new Map<string, Slot>();

  /** `onChange` is called after every change of a file's state; `drawn` says whether its view has changed. */
  constructor(ports: Ports, onChange: (entry: Entry, drawn: boolean) => void) {
    this.#ports = ports;
    this.#onChange = onChange;
  }

  get(uri: string): Entry | null {
    return this.#slots.get(uri) ?? null;
  }

  all(): readonly Entry[] {
    return [...this.#slots.values()];
  }

  /** A document was opened or edited. */
  set(document: TextDocument): void {
    const known = this.#slots.get(document.uri);
    const slot = known ?? this.#slot(document.uri, document);
    slot.document = document;
    this.#plan(slot, known === undefined ? 0 : DEBOUNCE + Math.round((PATIENCE * document.getText().length) / 1e6));
  }

  /** A document was closed. */
  remove(uri: string): void {
    const slot = this.#slots.get(uri);
    if (slot === undefined) return;
    this.#stop(slot);
    this.#slots.delete(uri);
    this.#ports.analyser.forget(uri);
  }

  /** Settings, or a manifest, have changed: everything that `affected` names is analysed again. */
  refresh(affected: (entry: Entry) => boolean = () => true): void {
    for (const slot of this.#slots.values()) {
      if (!affected(slot)) continue;
      slot.study = null;
      this.#plan(slot, 0);
    }
  }

  /** A file on disk is analysed, and looked at until it is closed. Cancelling it leaves what was there before. */
  async analyseFile(uri: string, signal: AbortSignal, onProgress: (entry: Entry) => void): Promise<Entry> {
    let slot = this.#slots.get(uri);
    if (slot === undefined || slot.document === null) {
      slot ??= this.#slot(uri, null);
      this.#plan(slot, 0);
    } else if (slot.idle === null && slot.outcome === null) {
      this.#plan(slot, 0);
    }
    const stop = (): void => {
      if (slot.document === null) this.#cancel(slot);
    };
    signal.addEventListener('abort', stop, { once: true });
    slot.watchers.add(onProgress);
    try {
      await this.settled(uri);
    } finally {
      slot.watchers.delete(onProgress);
      signal.removeEventListener('abort', stop);
    }
    signal.throwIfAborted();
    return slot;
  }

  /** Waits until nothing is under way for a file. */
  async settled(uri: string): Promise<Entry | null> {
    for (;;) {
      const slot = this.#slots.get(uri);
      if (slot === undefined || slot.idle === null) return slot ?? null;
      await slot.idle;
    }
  }

  /** The study of the present text, for hovers and fixes; null where the file cannot be read as one. */
  study(uri: string): Promise<Study | null> {
    const slot = this.#slots.get(uri);
    if (slot === undefined || slot.document === null || slot.phase === 'nothing') return Promise.resolve(null);
    const { document } = slot;
    if (slot.study?.version === document.version) return slot.study.promise;
    const promise = this.#readStudy(slot, document).catch((error: unknown) => {
      this.#ports.log.error(`${uri}: reading failed: ${messageOf(error)}`);
      return null;
    });
    slot.study = { version: document.version, promise };
    return promise;
  }

  /**
   * The study, if it is there or quickly read: for requests that come with every move of the cursor. A large file is read
   * for them only once it has come to rest, never after each keystroke.
   */
  cheapStudy(uri: string): Promise<Study | null> {
    const slot = this.#slots.get(uri);
    if (slot?.document == null) return Promise.resolve(null);
    const ready = slot.study?.version === slot.document.version;
    return ready || slot.document.getText().length <= QUICKLY_READ ? this.study(uri) : Promise.resolve(null);
  }

  /** What the analysed file is called in its report. */
  fileName(uri: string): string {
    return this.#slots.get(uri)?.manifest?.file ?? baseName(uri);
  }

  /** The manifest that speaks for a file, or the place beside it where one would be. */
  async manifestFor(uri: string): Promise<ManifestPlace> {
    const found = await this.#findManifest(uri);
    if (found !== null) {
      return {
        uri: found.uri,
        name: found.name,
        text: found.text,
        version: this.#slots.get(found.uri)?.document?.version ?? null,
      };
    }
    return { uri: `${parent(uri) ?? ''}/scaling.yaml`, name: 'scaling.yaml', text: null, version: null };
  }

  /** One law on one series of a file, beside what the report holds. */
  async fit(uri: string, only: NonNullable<AnalysisRequest['only']>): Promise<Result<SeriesReport, string>> {
    const slot = this.#slots.get(uri);
    if (slot === undefined) return err('The file is not open.');
    const settings = await this.#ports.settings(uri);
    const request = this.#request(slot, settings, only);
    const result = await this.#ports.analyser.analyse(request, new AbortController().signal, () => {});
    if (!result.ok) return result;
    const series = result.value.report.series.find(({ id }) => id === only.series);
    return series === undefined ? err(`There is no series ${only.series}.`) : ok(series);
  }

  dispose(): void {
    for (const slot of this.#slots.values()) this.#stop(slot);
    this.#slots.clear();
  }

  #slot(uri: string, document: TextDocument | null): Slot {
    const slot: Slot = {
      uri,
      document,
      phase: 'waiting',
      text: '',
      detail: '',
      done: null,
      total: null,
      outcome: null,
      analysed: null,
      partial: [],
      revision: 0,
      milliseconds: null,
      settings: null,
      abort: null,
      timer: null,
      idle: null,
      study: null,
      manifest: null,
      asked: null,
      watchers: new Set(),
    };
    this.#slots.set(uri, slot);
    return slot;
  }

  #plan(slot: Slot, delay: number): void {
    this.#stop(slot);
    const abort = new AbortController();
    slot.abort = abort;
    const work = new Promise<void>((resolve) => {
      const cancelled = (): void => {
        clearTimeout(slot.timer as never);
        resolve();
      };
      abort.signal.addEventListener('abort', cancelled, { once: true });
      slot.timer = setTimeout(() => {
        abort.signal.removeEventListener('abort', cancelled);
        this.#analyse(slot, abort.signal).then(resolve, (error: unknown) => {
          if (!abort.signal.aborted) this.#failed(slot, messageOf(error));
          resolve();
        });
      }, delay);
    });
    const idle = work.then(() => {
      if (slot.idle === idle) slot.idle = null;
    });
    slot.idle = idle;
  }

  #stop(slot: Slot): void {
    slot.abort?.abort(new Error('superseded'));
    slot.abort = null;
    slot.idle = null;
  }

  #cancel(slot: Slot): void {
    this.#stop(slot);
    this.#announce(
      slot,
      slot.outcome === null ? 'nothing' : 'ready',
      'cancelled',
      'The analysis was cancelled.',
      false,
    );
  }

  async #analyse(slot: Slot, signal: AbortSignal): Promise<void> {
    const { now, log, analyser } = this.#ports;
    const started = now();
    const settings = await this.#ports.settings(slot.uri);
    if (signal.aborted) return;
    slot.settings = settings;
    const refusal = await this.#refusal(slot, settings);
    if (signal.aborted) return;
    if (refusal !== null) return this.#clear(slot, refusal.text, refusal.detail);
    slot.manifest = await this.#findManifest(slot.uri);
    if (signal.aborted) return;
    const version = slot.document?.version ?? 0;
    const firstTime = slot.outcome === null;
    slot.done = null;
    slot.total = null;
    slot.partial = [];
    this.#announce(slot, 'reading', 'reading…', '', false);
    let announced = now();
    const request = this.#request(slot, settings, null);
    const asked = request.source.kind === 'text' ? JSON.stringify({ ...request, source: request.source.name }) : null;
    if (asked !== null && asked === slot.asked && slot.outcome !== null && slot.analysed === version) {
      // Only what is shown has changed (a switch, a level of detail): the analysis stands.
      const known = recognised(slot.outcome);
      return this.#announce(slot, known.worthwhile ? 'ready' : 'nothing', known.text, known.detail, true);
    }
    const result = await analyser.analyse(request, signal, (series, done, total) => {
      if (signal.aborted) return;
      slot.done = done;
      slot.total = total;
      if (firstTime) slot.partial = [...slot.partial, series];
      // The first series at once, then a few times a second: enough to see work, not enough to slow it down.
      if (done > 1 && now() - announced < 250) return;
      announced = now();
      this.#announce(slot, 'fitting', `fitting ${done}/${total}`, '', firstTime);
    });
    if (signal.aborted) return;
    if (!result.ok) return this.#clear(slot, 'not an eval file', result.error);
    slot.partial = [];
    slot.outcome = result.value;
    slot.asked = asked;
    slot.analysed = version;
    slot.milliseconds = now() - started;
    const { text, detail, worthwhile } = recognised(result.value);
    const phase = worthwhile ? 'ready' : 'nothing';
    const { reading, fitting } = result.value;
    log.info(
      `${baseName(slot.uri)} v${version}: ${text}; read in ${reading.toFixed(0)} ms, fitted in ${fitting.toFixed(0)} ms, ${slot.milliseconds.toFixed(0)} ms in all`,
    );
    this.#announce(slot, phase, text, detail, true);
  }

  /** Why a file is not even read: switched off, too large, empty. */
  async #refusal(slot: Slot, settings: Settings): Promise<{ text: string; detail: string } | null> {
    if (!settings.enable) return { text: 'off', detail: 'Scaling Lens is switched off (`scalingLens.enable`).' };
    if (slot.document === null) {
      const size = await this.#ports.size(slot.uri);
      return size === null ? { text: 'no such file', detail: 'The file does not exist or cannot be read.' } : null;
    }
    if (isManifest(slot.uri)) return { text: 'study manifest', detail: 'The manifest of a study.' };
    const length = slot.document.getText().length;
    if (length === 0) return { text: 'empty file', detail: 'The file is empty.' };
    if (length > settings.maxFileSizeMB * 1e6) {
      const size = (length / 1e6).toFixed(0);
      return {
        text: `${size} MB, not read`,
        detail: `The file has ${size} MB, more than \`scalingLens.maxFileSizeMB\` = ${settings.maxFileSizeMB}. *Fit Scaling Law* on the file in the Explorer reads it all the same.`,
      };
    }
    return null;
  }

  #clear(slot: Slot, text: string, detail: string): void {
    slot.asked = null;
    const drawn = slot.outcome !== null || slot.partial.length > 0;
    slot.outcome = null;
    slot.partial = [];
    slot.analysed = slot.document?.version ?? 0;
    this.#announce(slot, 'nothing', text, detail, drawn);
  }

  #failed(slot: Slot, message: string): void {
    this.#ports.log.error(`${slot.uri}: ${message}`);
    this.#announce(slot, 'failed', 'analysis failed', message, false);
  }

  #announce(slot: Slot, phase: Phase, text: string, detail: string, drawn: boolean): void {
    slot.phase = phase;
    slot.text = text;
    slot.detail = detail;
    if (drawn) slot.revision += 1;
    this.#onChange(slot, drawn);
    for (const watcher of slot.watchers) watcher(slot);
  }

  #request(slot: Slot, settings: Settings, only: AnalysisRequest['only']): AnalysisRequest {
    const { uri, document, manifest } = slot;
    const name = manifest?.file ?? baseName(uri);
    return {
      key: uri,
      source: document === null ? { kind: 'file', name, uri } : { kind: 'text', name, text: document.getText() },
      manifest: manifest === null ? null : { name: manifest.name, text: manifest.text },
      bootstrap: settings.bootstrap,
      seed: settings.seed,
      betweenModelSd: settings.betweenModelSd,
      levels: settings.findings.severity,
      only,
    };
  }

  async #readStudy(slot: Slot, document: TextDocument): Promise<Study | null> {
    const settings = slot.settings ?? (await this.#ports.settings(slot.uri));
    if (!settings.enable || document.getText().length > settings.maxFileSizeMB * 1e6) return null;
    const manifest = (slot.manifest ??= await this.#findManifest(slot.uri));
    const file = { name: manifest?.file ?? baseName(slot.uri), text: document.getText() };
    return this.#ports.read([file], manifest === null ? {} : { manifest });
  }

  /** The scaling.yaml of the file's folder, or of the nearest folder above it inside the workspace; open text first. */
  async #findManifest(uri: string): Promise<Manifest | null> {
    const roots = this.#ports.folders();
    for (let folder = parent(uri); folder !== null; folder = parent(folder)) {
      for (const name of ['scaling.yaml', 'scaling.yml']) {
        const candidate = `${folder}/${name}`;
        const text = this.#slots.get(candidate)?.document?.getText() ?? (await this.#ports.readText(candidate));
        if (text === null) continue;
        return { uri: candidate, name, text, file: within(folder, uri) ?? baseName(uri) };
      }
      // Without a workspace only the folder of the file itself is looked at.
      if (!roots.some((root) => folder !== root && within(root, folder as string) !== null)) return null;
    }
    return null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
