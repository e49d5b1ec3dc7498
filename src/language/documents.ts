/**
 * Every file being looked at, with what is known of it: its text, its newest analysis, and the study behind hovers. A
 * change starts a new analysis after a pause in typing and cancels the one under way; whatever finishes is announced.
 * The study of a small text is read here when a hover asks for it; a large one stays with the analyst, who is asked.
 */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { SeriesReport } from '../core/report-model.ts';
import { err, messageOf, ok, type Result } from '../core/result.ts';
import type { Study } from '../core/study/study.ts';
import type { Phase } from '../protocol/language.ts';
import { LARGE } from './digest.ts';
import { askedOf, DISK_PAUSE, type Entry, newSlot, pauseOf, reads, requestOf, type Slot, versionOf } from './entry.ts';
import type { AnswerTo, Inquiry } from './inquiry.ts';
import { type ManifestPlace, Manifests } from './manifest-place.ts';
import type { AnalysisRequest, Ports } from './ports.ts';
import { recognised } from './recognised.ts';
import { refusalOf } from './refusal.ts';
import { baseName, isManifest, within } from './uri.ts';

/** Milliseconds between two announcements of progress: enough to see work, not enough to slow it down. */
const EVERY = 250;

export class Documents {
  readonly #ports: Ports;
  readonly #onChange: (entry: Entry, drawn: boolean) => void;
  readonly #slots = new Map<string, Slot>();
  readonly #manifests: Manifests;

  /** `onChange` is called after every change of a file's state; `drawn` says whether its view has changed. */
  constructor(ports: Ports, onChange: (entry: Entry, drawn: boolean) => void) {
    this.#ports = ports;
    this.#onChange = onChange;
    this.#manifests = new Manifests(ports, () =>
      [...this.#slots.values()].flatMap(({ document }) => (document === null ? [] : [document])),
    );
  }

  get(uri: string): Entry | null {
    return this.#slots.get(uri) ?? null;
  }

  all(): readonly Entry[] {
    return [...this.#slots.values()];
  }

  /** A document was opened or edited. */
  set(document: TextDocument): void {
    const { uri } = document;
    const known = this.#slots.get(uri);
    const slot = known ?? this.#slot(uri, document);
    slot.document = document;
    slot.large = isManifest(uri) || document.getText().length > LARGE;
    this.#plan(slot, known === undefined ? 0 : pauseOf(slot));
    if (known !== undefined) this.#refreshReaders(uri);
  }

  /** A document was closed: whatever is under way for it ends. */
  remove(uri: string): void {
    const slot = this.#slots.get(uri);
    if (slot === undefined) return;
    this.#stop(slot);
    this.#slots.delete(uri);
    this.#ports.analyser.forget(uri);
    this.#wake(slot);
    this.#refreshReaders(uri);
  }

  /** Settings, or a manifest, have changed: everything that `affected` names is analysed again, after a pause if `typing`. */
  refresh(affected: (entry: Entry) => boolean = () => true, typing = false): void {
    for (const slot of this.#slots.values()) {
      if (!affected(slot)) continue;
      slot.study = null;
      this.#plan(slot, typing ? pauseOf(slot) : 0);
    }
  }

  /**
   * A file was written, or (`comesOrGoes`) created or deleted, by somebody else: studies that read it, or that may have
   * to, are read again when they are at rest.
   */
  changedOnDisk(uri: string, comesOrGoes: boolean): void {
    for (const slot of this.#slots.values()) {
      if (slot.uri === uri || this.#slots.get(uri)?.document != null) continue;
      const wild = comesOrGoes && isManifest(slot.uri) && within(slot.manifest?.folder ?? '', uri) !== null;
      if (!wild && !reads(slot, uri)) continue;
      slot.asked = null;
      if (slot.idle === null) this.#plan(slot, DISK_PAUSE);
      else slot.outdated = true;
    }
  }

  /** A file on disk is analysed, and looked at until it is closed. Cancelling it leaves what was there before. */
  async analyseFile(uri: string, signal: AbortSignal, onProgress: (entry: Entry) => void): Promise<Entry> {
    const slot = this.#slots.get(uri) ?? this.#slot(uri, null);
    slot.forced = true;
    if (slot.document === null || (slot.idle === null && (slot.outcome === null || slot.phase === 'failed')))
      this.#plan(slot, 0);
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

  /**
   * Answers a question about the present text of a file; null where there is nothing to say. Of a large file the analyst
   * answers, as soon as it has read that text; a change, or closing, ends the wait.
   */
  async ask<Q extends Inquiry>(uri: string, question: Q): Promise<AnswerTo<Q> | null> {
    const slot = this.#slots.get(uri);
    if (slot === undefined || (slot.phase === 'nothing' && slot.idle === null)) return null;
    if (slot.large) return this.#askAnalyst(slot, question);
    const { document } = slot;
    if (document === null) return null;
    const { version } = document;
    const study = await this.#study(slot, document);
    if (study === null || this.#slots.get(uri) !== slot || slot.document?.version !== version) return null;
    return this.#ports.answer(question, { study, file: this.fileName(uri), outcome: slot.outcome });
  }

  /**
   * The same for requests that come with every move of the cursor: nothing is said of a large file while it is being
   * read.
   */
  askAtRest<Q extends Inquiry>(uri: string, question: Q): Promise<AnswerTo<Q> | null> {
    const slot = this.#slots.get(uri);
    if (slot?.large === true && slot.known?.version !== versionOf(slot)) return Promise.resolve(null);
    return this.ask(uri, question);
  }

  /** What the analysed file is called in its report. */
  fileName(uri: string): string {
    return this.#slots.get(uri)?.manifest?.file ?? baseName(uri);
  }

  /** The manifest that speaks for a file, or the place beside it where one would be. */
  manifestFor(uri: string): Promise<ManifestPlace> {
    return this.#manifests.placeFor(uri);
  }

  /**
   * One law on one series of a file at rest, beside what the report holds. It gives way to an analysis of the whole file,
   * and is fitted to what that one has read.
   */
  async fit(uri: string, only: NonNullable<AnalysisRequest['only']>): Promise<Result<SeriesReport, string>> {
    const listener = { onRead: () => {}, onSeries: () => {}, onProgress: () => {} };
    for (;;) {
      await this.settled(uri);
      const slot = this.#slots.get(uri);
      if (slot === undefined) return err('The file was closed.');
      // What is planned next, and closing, aborts it.
      slot.abort ??= new AbortController();
      const { signal } = slot.abort;
      try {
        const settings = await this.#ports.settings(uri);
        const result = await this.#ports.analyser.analyse(requestOf(slot, settings, only), signal, listener);
        if (!result.ok) return result;
        const series = result.value.report.series.find(({ id }) => id === only.series);
        return series === undefined ? err(`There is no series ${only.series}.`) : ok(series);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  dispose(): void {
    for (const slot of this.#slots.values()) {
      this.#stop(slot);
      this.#wake(slot);
    }
    this.#slots.clear();
  }

  #slot(uri: string, document: TextDocument | null): Slot {
    const slot = newSlot(uri, document);
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
      if (slot.idle !== idle) return;
      slot.idle = null;
      if (!slot.outdated || this.#slots.get(slot.uri) !== slot) return;
      slot.outdated = false;
      this.#plan(slot, DISK_PAUSE);
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
    const { uri } = slot;
    const settings = await this.#ports.settings(uri);
    if (signal.aborted) return;
    slot.settings = settings;
    const size = slot.document === null ? await this.#ports.size(uri) : null;
    if (signal.aborted) return;
    const refusal = refusalOf(slot, settings, size);
    if (refusal !== null) return this.#clear(slot, refusal.text, refusal.detail);
    slot.manifest = await this.#manifests.find(uri);
    if (signal.aborted) return;
    slot.size = size ?? slot.document?.getText().length ?? 0;
    slot.large = slot.manifest?.readsMore === true || slot.size > LARGE;
    const version = versionOf(slot);
    const firstTime = slot.outcome === null;
    slot.done = null;
    slot.total = null;
    slot.partial = [];
    this.#announce(slot, 'reading', 'reading…', '', false);
    let announced = now();
    const asked = askedOf(requestOf(slot, settings, null), slot.manifest?.readsMore === true);
    if (asked !== null && asked === slot.asked && slot.outcome !== null && slot.analysed === version) {
      // Only what is shown has changed (a switch, a level of detail): the analysis stands.
      const known = recognised(slot.outcome, isManifest(uri));
      return this.#announce(slot, known.worthwhile ? 'ready' : 'nothing', known.text, known.detail, true);
    }
    slot.turn += 1;
    slot.known = null;
    const { turn } = slot;
    const result = await analyser.analyse(requestOf(slot, settings, null), signal, {
      onRead: () => {
        if (signal.aborted) return;
        slot.known = { turn, version };
        this.#wake(slot);
        if (slot.large) this.#announce(slot, 'fitting', 'fitting…', '', false);
      },
      onProgress: (text) => {
        if (!signal.aborted) this.#announce(slot, 'reading', text, '', false);
      },
      onSeries: (series, done, total) => {
        if (signal.aborted) return;
        slot.done = done;
        slot.total = total;
        if (firstTime) slot.partial = [...slot.partial, series];
        if (done > 1 && now() - announced < EVERY) return;
        announced = now();
        this.#announce(slot, 'fitting', `fitting ${done}/${total}`, '', firstTime);
      },
    });
    if (signal.aborted) return;
    if (!result.ok) return this.#clear(slot, isManifest(uri) ? 'study manifest' : 'not an eval file', result.error);
    slot.partial = [];
    slot.outcome = result.value;
    slot.asked = asked;
    slot.analysed = version;
    slot.milliseconds = now() - started;
    const { text, detail, worthwhile } = recognised(result.value, isManifest(uri));
    const phase = worthwhile ? 'ready' : 'nothing';
    const { reading, fitting } = result.value;
    log.info(
      `${baseName(uri)} v${version}: ${text}; read in ${reading.toFixed(0)} ms, fitted in ${fitting.toFixed(0)} ms, ${slot.milliseconds.toFixed(0)} ms in all`,
    );
    this.#announce(slot, phase, text, detail, true);
  }

  async #askAnalyst<Q extends Inquiry>(slot: Slot, question: Q): Promise<AnswerTo<Q> | null> {
    const version = versionOf(slot);
    for (let again = false; this.#slots.get(slot.uri) === slot && versionOf(slot) === version; ) {
      const { known, idle } = slot;
      if (known?.version === version) {
        const reply = await this.#ports.analyser.ask(slot.uri, known.turn, question);
        if (reply.known) return reply.value;
        if (slot.known === known) slot.known = null;
      } else if (idle !== null) {
        await new Promise<void>((resolve) => {
          slot.waiting.add(resolve);
          void idle.then(resolve);
        });
      } else {
        // The thread that knew the file is gone: it is read once more.
        if (again || slot.phase === 'nothing' || slot.phase === 'failed') return null;
        again = true;
        slot.asked = null;
        this.#plan(slot, 0);
      }
    }
    return null;
  }

  #wake(slot: Slot): void {
    const waiting = [...slot.waiting];
    slot.waiting.clear();
    for (const resolve of waiting) resolve();
  }

  /** Files whose study reads another one are analysed again when that one changes: the table of models, a manifest's sources. */
  #refreshReaders(changed: string): void {
    for (const slot of this.#slots.values()) {
      if (slot.uri === changed || !reads(slot, changed)) continue;
      slot.study = null;
      slot.asked = null;
      this.#plan(slot, pauseOf(slot));
    }
  }

  /** The study of the present text of a small file; null where the file cannot be read as one. */
  #study(slot: Slot, document: TextDocument): Promise<Study | null> {
    if (slot.study?.version === document.version) return slot.study.promise;
    const promise = this.#readStudy(slot, document).catch((error: unknown) => {
      this.#ports.log.error(`${slot.uri}: reading failed: ${messageOf(error)}`);
      return null;
    });
    slot.study = { version: document.version, promise };
    return promise;
  }

  async #readStudy(slot: Slot, document: TextDocument): Promise<Study | null> {
    const settings = slot.settings ?? (await this.#ports.settings(slot.uri));
    if (!settings.enable) return null;
    const manifest = (slot.manifest ??= await this.#manifests.find(slot.uri));
    if (manifest?.readsMore === true) return null;
    const file = { name: manifest?.file ?? baseName(slot.uri), text: document.getText() };
    return this.#ports.read(
      [file],
      manifest === null ? {} : { manifest: { name: manifest.name, text: manifest.text } },
    );
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
    slot.asked = null;
    slot.partial = [];
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
}
