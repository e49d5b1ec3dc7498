/**
 * Completion in scaling.yaml: keys and words from its schema, and what no schema knows: column headers, models, tasks,
 * metrics and families of the results files that are open in its folder.
 */

import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompletionItem, CompletionItemKind, TextEdit } from 'vscode-languageserver-types';
import { schemaAt } from '../core/manifest/schema.ts';
import type { Position } from '../core/table/span.ts';
import type { Documents } from './documents.ts';
import { isManifest, parent, within } from './uri.ts';
import { yamlPathAt } from './yaml-path.ts';

const PROPERTY: CompletionItemKind = 10;
const ENUM: CompletionItemKind = 20;
const VALUE: CompletionItemKind = 12;

/** Names offered at most: nobody scrolls through thousands. */
const MOST_NAMES = 500;

/** What the files beneath the manifest hold. */
export interface Names {
  readonly headers: readonly string[];
  readonly models: readonly string[];
  readonly tasks: readonly string[];
  readonly metrics: readonly string[];
  readonly families: readonly string[];
  readonly files: readonly string[];
}

export function completionsOf(document: TextDocument, position: Position, names: Names): CompletionItem[] {
  const { path, value, word, taken } = yamlPathAt(document.getText(), position.line, position.character);
  const place = schemaAt(path);
  const known = new Set<string>();
  const items: CompletionItem[] = [];
  const add = (label: string, kind: CompletionItemKind, detail: string, documentation: string | null): void => {
    if (known.has(label) || items.length >= MOST_NAMES) return;
    known.add(label);
    const written = kind === PROPERTY ? `${quoted(label)}: ` : quoted(label);
    items.push({
      label,
      kind,
      detail,
      ...(documentation === null ? {} : { documentation }),
      filterText: written,
      textEdit: replacement(position, word, written),
    });
  };
  if (value) {
    for (const one of dynamicValues(path, names)) add(one, VALUE, 'in the open files', null);
    for (const one of place?.words ?? []) add(one, ENUM, place?.default === one ? 'default' : '', null);
    if (place?.types.includes('boolean') === true) for (const one of ['true', 'false']) add(one, ENUM, '', null);
    return items;
  }
  for (const one of dynamicKeys(path, names)) if (!taken.has(one)) add(one, PROPERTY, 'in the open files', null);
  for (const key of Object.keys(place?.properties ?? {})) {
    if (taken.has(key)) continue;
    const detail = place?.required.includes(key) === true ? 'required' : '';
    add(key, PROPERTY, detail, schemaAt([...path, key])?.description ?? null);
  }
  if (place?.isList === true && place.words.length === 0) {
    for (const one of dynamicValues(path, names)) add(one, VALUE, 'in the open files', null);
  }
  return items;
}

/** Names found in the analysed files of the manifest's folder, and in the study of the manifest itself. */
export function namesBeneath(manifest: string, documents: Documents): Names {
  const folder = parent(manifest);
  const headers = new Set<string>();
  const models = new Set<string>();
  const tasks = new Set<string>();
  const metrics = new Set<string>();
  const families = new Set<string>();
  const files = new Set<string>();
  for (const { uri, outcome } of documents.all()) {
    const name = folder === null ? null : within(folder, uri);
    if (outcome === null || name === null) continue;
    // A manifest itself is no source; the files of its study are.
    for (const { file, format, columns } of outcome.report.sources) {
      if (format !== 'study' && file !== '') files.add(isManifest(uri) ? file : name);
      for (const { header } of columns) headers.add(header);
    }
    for (const series of outcome.report.series) {
      tasks.add(series.task);
      metrics.add(series.metric);
      for (const model of series.models) models.add(model);
      for (const family of series.families ?? [series.family]) if (family !== null) families.add(family);
    }
  }
  const list = (set: ReadonlySet<string>): string[] => [...set].filter((one) => one !== '').slice(0, MOST_NAMES);
  return {
    headers: list(headers),
    models: list(models),
    tasks: list(tasks),
    metrics: list(metrics),
    families: list(families),
    files: list(files),
  };
}

function dynamicKeys(path: readonly string[], names: Names): readonly string[] {
  if (path[0] === 'sources' && path[2] === 'columns' && path.length === 3) return names.headers;
  if (path.length !== 1) return [];
  switch (path[0]) {
    case 'models':
      return names.models;
    case 'tasks':
      return names.tasks;
    case 'metrics':
      return names.metrics;
    default:
      return [];
  }
}

function dynamicValues(path: readonly string[], names: Names): readonly string[] {
  const last = path.findLast((part) => !/^\d+$/.test(part));
  switch (last) {
    case 'files':
      return names.files;
    case 'model':
    case 'aliases':
      return names.models;
    case 'task':
    case 'tasks':
      return names.tasks;
    case 'metric':
    case 'continuous':
      return names.metrics;
    case 'target':
      return names.tasks.flatMap((task) => names.metrics.map((metric) => `${task}/${metric}`)).slice(0, MOST_NAMES);
    case 'family':
    case 'families':
      return names.families;
    case 'column':
      return names.headers;
    default:
      return [];
  }
}

function replacement(position: Position, word: string, newText: string): TextEdit {
  const character = position.character - word.length;
  return { range: { start: { line: position.line, character }, end: position }, newText };
}

/** As YAML wants it: quoted where it would mean something else. */
function quoted(text: string): string {
  const plain =
    /^[A-Za-z_][\w ./()-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|~)$/i.test(text) && !text.endsWith(' ');
  return plain || text === '6ND' || text === '6ND-if-missing' ? text : JSON.stringify(text);
}
