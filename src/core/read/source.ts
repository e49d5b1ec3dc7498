/**
 * What a reader of nested data is given and what it gives back. A reader recognises its format by the keys it finds,
 * never by the file name, and refuses with a reason that is true of the file.
 */
import type { Result } from '../result.ts';
import type { RawTable, TextProblem } from '../table/raw-table.ts';
import type { Span } from '../table/span.ts';
import type { Node } from './tree.ts';

export interface TreeSource {
  /** As the user named it, path included. */
  readonly file: string;
  readonly text: string;
  readonly root: Node;
  /** Of decoding and parsing; they go into every table. */
  readonly notes: readonly string[];
  readonly problems: readonly TextProblem[];
}

/** Why a file gives no table, and where in the text the reason stands. */
export interface Refusal {
  readonly code: TextProblem['code'];
  /** Format id, where the file was recognised and still gives no table. */
  readonly format?: string;
  readonly message: string;
  readonly span: Span;
}

export interface TreeFormat {
  /** Format id of docs/formats.md. */
  readonly id: string;
  readonly name: string;
  matches(root: Node): boolean;
  read(source: TreeSource): Result<readonly RawTable[], Refusal>;
}

/** A refusal because the file holds something else than results or sizes. */
export function unrecognised(message: string, span: Span): Refusal {
  return { code: 'file.unrecognised', message, span };
}

/** The last part of a path. */
export function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}

/** The name of the folder that a file stands in; '' at the top. */
export function folderName(file: string): string {
  const parts = file.split(/[/\\]/);
  return parts.at(-2) ?? '';
}

/** The file name without what looks like an extension (`.json`, `.csv.gz`; not `.4b` of `1.4b`). */
export function stemOf(file: string): string {
  return baseName(file).replace(/(?:\.(?:csv|tsv|json|jsonl|yaml|yml|md|txt|eval|parquet|log|gz|zst|result))+$/i, '');
}
