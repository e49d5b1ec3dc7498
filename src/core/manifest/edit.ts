/**
 * Changes to a scaling.yaml that a click can make: pin a column, leave a model out, set a law, silence a finding, write
 * a table of models. Comments, order and everything that the change does not touch stay as they are; a manifest that
 * does not exist yet is begun.
 */
import { isMap, isSeq, parseDocument, YAMLMap, YAMLSeq } from 'yaml';
import { err, ok, type Result } from '../result.ts';

export type ManifestChange =
  /** Under the source that names the file (a new one where none does). */
  | {
      readonly kind: 'column';
      readonly file: string;
      readonly header: string;
      readonly role: string;
      readonly unit?: string | number;
      readonly task?: string;
      readonly metric?: string;
    }
  | { readonly kind: 'exclude'; readonly file: string; readonly model: string; readonly why: string }
  | { readonly kind: 'law'; readonly file: string; readonly target: string; readonly law: string }
  | { readonly kind: 'level'; readonly file: string; readonly code: string; readonly level: string }
  /** No longer shown for one series. */
  | { readonly kind: 'silence'; readonly file: string; readonly code: string; readonly series: string }
  /** Lines of a manifest, as questions offer them: what they say is added, nothing is taken away. */
  | { readonly kind: 'merge'; readonly file: string; readonly yaml: string }
  | {
      readonly kind: 'models';
      readonly file: string;
      readonly models: readonly {
        readonly name: string;
        readonly N?: number;
        readonly D?: number;
        readonly C?: number;
      }[];
    };

/**
 * The text of the manifest after a change.
 * @param text the manifest as it is; null where there is none yet
 * @param covers whether the globs of a source name the file
 * @returns the new text; an error where the manifest cannot be parsed (it must be mended first)
 */
export function editManifest(
  text: string | null,
  change: ManifestChange,
  covers: (glob: string, file: string) => boolean,
): Result<string, string> {
  const begun = text === null || text.trim() === '';
  const document = parseDocument(begun ? `version: 1\nsources:\n  - files: ${quoted(change.file)}\n` : text);
  const [fault] = document.errors;
  if (fault !== undefined)
    return err(`scaling.yaml cannot be changed while it is malformed: ${fault.message.split('\n')[0]}`);
  if (!isMap(document.contents)) return err('scaling.yaml is no map: it begins with version: 1 and sources.');
  const root = document.contents as YAMLMap;
  switch (change.kind) {
    case 'column': {
      const { header, role, unit, task, metric } = change;
      const details = {
        ...(unit === undefined ? {} : { unit }),
        ...(task === undefined ? {} : { task }),
        ...(metric === undefined ? {} : { metric }),
      };
      const value =
        Object.keys(details).length === 0 ? role : document.createNode({ role, ...details }, { flow: true });
      mapAt(sourceOf(root, change.file, covers), 'columns').set(header, value);
      break;
    }
    case 'exclude':
      listAt(mapAt(root, 'select'), 'exclude').add(
        document.createNode({ model: change.model, why: change.why }, { flow: true }),
      );
      break;
    case 'law': {
      const fits = listAt(root, 'fits');
      const known = fits.items.find((item) => isMap(item) && item.get('target') === change.target);
      if (isMap(known)) known.set('law', change.law);
      else fits.add(document.createNode({ law: change.law, target: change.target }, { flow: true }));
      break;
    }
    case 'level':
      mapAt(root, 'findings').set(change.code, change.level);
      break;
    case 'silence': {
      const findings = mapAt(root, 'findings');
      const rule = findings.get(change.code, true);
      if (isMap(rule)) {
        const series = listAt(rule as YAMLMap, 'silence');
        if (!series.items.some((item) => String(item) === change.series))
          series.add(document.createNode(change.series));
      } else {
        // A plain level stays in force for the other series.
        const level = rule === undefined || rule === null ? {} : { severity: String(rule) };
        findings.set(change.code, document.createNode({ ...level, silence: [change.series] }, { flow: true }));
      }
      break;
    }
    case 'merge': {
      const lines = parseDocument(change.yaml);
      if (lines.errors.length > 0 || !isMap(lines.contents)) return err('The lines to add are no YAML map.');
      for (const { key, value } of (lines.contents as YAMLMap).items) {
        if (String(key) === 'sources' && isSeq(value)) {
          const source = sourceOf(root, change.file, covers);
          for (const item of value.items) if (isMap(item)) merge(source, item as YAMLMap, new Set(['files']));
        } else if (isMap(value) && (isMap(root.get(String(key), true)) || !root.has(String(key)))) {
          merge(mapAt(root, String(key)), value as YAMLMap, new Set());
        } else if (isSeq(value)) for (const item of value.items) listAt(root, String(key)).add(item);
        else if (!root.has(String(key))) root.set(String(key), value);
      }
      break;
    }
    case 'models': {
      if (typeof root.get('models') === 'string') return err('models: names a file; add the models there.');
      const models = mapAt(root, 'models');
      for (const { name, ...sizes } of change.models) {
        if (!models.has(name)) models.set(name, document.createNode(sizes, { flow: true }));
      }
      break;
    }
  }
  return ok(document.toString({ lineWidth: 0, flowCollectionPadding: false }));
}

/** The source entry that covers a file; a new one at the end where none does. */
function sourceOf(root: YAMLMap, file: string, covers: (glob: string, file: string) => boolean): YAMLMap {
  const sources = listAt(root, 'sources');
  for (const item of sources.items) {
    if (!isMap(item)) continue;
    const files = item.get('files');
    const globs = isSeq(files) ? files.toJSON() : [files];
    if ((globs as unknown[]).some((glob) => typeof glob === 'string' && covers(glob, file))) return item as YAMLMap;
  }
  const source = new YAMLMap();
  source.set('files', file);
  sources.add(source);
  return source;
}

/** Puts the entries of one map into another; maps are joined, everything else is replaced. */
function merge(into: YAMLMap, from: YAMLMap, without: ReadonlySet<string>): void {
  for (const { key, value } of from.items) {
    const name = String(key);
    if (without.has(name)) continue;
    const known = into.get(name, true);
    if (isMap(known) && isMap(value)) merge(known as YAMLMap, value as YAMLMap, new Set());
    else into.set(name, value);
  }
}

function mapAt(parent: YAMLMap, key: string): YAMLMap {
  const known = parent.get(key, true);
  if (isMap(known)) return known as YAMLMap;
  const map = new YAMLMap();
  parent.set(key, map);
  return map;
}

function listAt(parent: YAMLMap, key: string): YAMLSeq {
  const known = parent.get(key, true);
  if (isSeq(known)) return known as YAMLSeq;
  const list = new YAMLSeq();
  if (known !== undefined && known !== null) list.add(known);
  parent.set(key, list);
  return list;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
