/**
 * Which scaling.yaml speaks for a file: the one in its folder, or in the nearest folder above it inside the workspace.
 * The text of an open manifest counts, not what is on disk.
 */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { MANIFEST_NAMES } from '../core/manifest/name.ts';
import type { ManifestText, OpenText, Ports } from './ports.ts';
import { baseName, isManifest, parent, within } from './uri.ts';

/** The manifest that speaks for a file, or the place where it would be. */
export interface ManifestPlace {
  readonly uri: string;
  readonly name: string;
  /** null: it does not exist yet. */
  readonly text: string | null;
  /** Of the open document; null when it is on disk only. */
  readonly version: number | null;
}

/** A manifest as one file sees it. */
export interface Manifest extends ManifestText {
  readonly uri: string;
  /** What the file is called, seen from the manifest. */
  readonly file: string;
  /** The file alone is not the whole study: the manifest names others that are read with it. */
  readonly readsMore: boolean;
}

/** Open documents by URI. */
export type OpenDocuments = () => Iterable<TextDocument>;

/** Texts beyond this are not handed on beside the file that is analysed: they are read from disk. */
const MOST_BESIDE = 1_000_000;

/** `models: models.csv`, as opposed to a map beneath. */
const NAMES_MODELS_FILE = /^models:[ \t]*[^\s{#]/m;

export class Manifests {
  readonly #ports: Pick<Ports, 'folders' | 'readText'>;
  readonly #open: OpenDocuments;

  constructor(ports: Pick<Ports, 'folders' | 'readText'>, open: OpenDocuments) {
    this.#ports = ports;
    this.#open = open;
  }

  /** The manifest of a file (of a manifest: itself); null where there is none. */
  async find(uri: string): Promise<Manifest | null> {
    if (isManifest(uri)) {
      const text = this.#document(uri)?.getText() ?? (await this.#ports.readText(uri));
      return text === null ? null : this.#manifest(uri, text, uri);
    }
    const roots = this.#ports.folders();
    for (let folder = parent(uri); folder !== null; folder = parent(folder)) {
      for (const name of MANIFEST_NAMES) {
        const candidate = `${folder}/${name}`;
        const text = this.#document(candidate)?.getText() ?? (await this.#ports.readText(candidate));
        if (text !== null) return this.#manifest(candidate, text, uri);
      }
      // Without a workspace only the folder of the file itself is looked at.
      if (!roots.some((root) => folder !== root && within(root, folder as string) !== null)) return null;
    }
    return null;
  }

  /** The manifest that speaks for a file, or the place beside it where one would be. */
  async placeFor(uri: string): Promise<ManifestPlace> {
    const found = await this.find(uri);
    if (found === null)
      return { uri: `${parent(uri) ?? ''}/scaling.yaml`, name: 'scaling.yaml', text: null, version: null };
    const { name, text } = found;
    return { uri: found.uri, name, text, version: this.#document(found.uri)?.version ?? null };
  }

  #manifest(uri: string, text: string, file: string): Manifest {
    const folder = parent(uri) ?? '';
    const open: OpenText[] = [];
    const readsMore = file === uri || NAMES_MODELS_FILE.test(text);
    for (const document of readsMore ? this.#open() : []) {
      const name = within(folder, document.uri);
      if (name === null || document.uri === file || document.uri === uri) continue;
      const held = document.getText();
      if (held.length <= MOST_BESIDE) open.push({ name, text: held });
    }
    return { uri, name: baseName(uri), text, folder, open, file: within(folder, file) ?? baseName(file), readsMore };
  }

  #document(uri: string): TextDocument | null {
    for (const document of this.#open()) if (document.uri === uri) return document;
    return null;
  }
}
