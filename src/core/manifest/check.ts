/**
 * What is wrong with a scaling.yaml, as sentences at places: the compiled schema finds it, this file says it so that a
 * person can act on it (the allowed words, the nearest one, an example of the form that is expected).
 */
import { at, entryOf, type Node } from '../read/tree.ts';
import type { Span } from '../table/span.ts';
import { schemaAt } from './schema.ts';
import { nearest } from './suggest.ts';
import { type SchemaError, validateManifest } from './validate.generated.js';

export interface ManifestFault {
  readonly message: string;
  readonly span: Span;
  readonly severity: 'warning' | 'error';
}

/** Checks a manifest's tree against the schema. */
export function checkSchema(root: Node): ManifestFault[] {
  if (validateManifest(plainOf(root))) return [];
  const faults: ManifestFault[] = [];
  const said = new Set<string>();
  for (const error of essential(validateManifest.errors ?? [])) {
    const path = error.instancePath === '' ? [] : error.instancePath.slice(1).split('/').map(unpointer);
    const fault = describe(error, path, root);
    const key = `${fault.span.start}:${fault.message}`;
    if (!said.has(key)) faults.push({ ...fault, severity: 'error' });
    said.add(key);
  }
  return faults;
}

/**
 * A failed choice reports every branch. What lies deeper than the choice is more telling than the choice itself, and of
 * branches at the same place only the choice is kept.
 */
function essential(errors: readonly SchemaError[]): SchemaError[] {
  const choices = errors.filter(({ keyword }) => keyword === 'oneOf' || keyword === 'anyOf');
  const inside = (error: SchemaError, path: string): boolean =>
    error.instancePath === path || error.instancePath.startsWith(`${path}/`);
  const deeper = (path: string): boolean =>
    errors.some(
      (error) =>
        (error.instancePath !== path && inside(error, path)) ||
        (error.instancePath === path && (error.keyword === 'additionalProperties' || error.keyword === 'required')),
    );
  return errors.filter((error) => {
    const choice = choices.find((one) => one !== error && inside(error, one.instancePath));
    if (error.keyword === 'oneOf' || error.keyword === 'anyOf') return !deeper(error.instancePath);
    if (choice === undefined) return true;
    if (error.instancePath !== choice.instancePath) return true;
    return error.keyword === 'additionalProperties' || error.keyword === 'required';
  });
}

function describe(error: SchemaError, path: readonly string[], root: Node): { message: string; span: Span } {
  const node = nodeAt(root, path);
  const name = path.length === 0 ? 'the manifest' : (path.at(-1) as string);
  const label = /^\d+$/.test(name) ? `entry ${Number(name) + 1} of ${path.at(-2) ?? 'the list'}` : name;
  const value = node?.kind === 'scalar' ? node.raw : node?.kind === 'map' ? 'a map' : 'a list';
  const span = node?.span ?? root.span;
  const { params } = error;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known = Object.keys(schemaAt(path)?.properties ?? {});
      const near = nearest(key, known);
      const hint = near === null ? `known here: ${known.join(', ')}` : `did you mean ${near}?`;
      return { message: `There is no key ${key} in ${label}; ${hint}`, span: entryOf(node, key)?.keySpan ?? span };
    }
    case 'required':
      return { message: `${capital(label)} needs ${String(params['missingProperty'])}.`, span: firstOf(node, span) };
    case 'enum': {
      const known = (params['allowedValues'] as readonly unknown[]).map(String);
      return { message: choiceMessage(label, value, known), span };
    }
    case 'const':
      return { message: `${capital(label)} must be ${String(params['allowedValue'])}.`, span };
    case 'type':
      return { message: `${capital(label)} must be ${typeName(params['type'])}, not ${quoted(value)}.`, span };
    case 'oneOf':
    case 'anyOf': {
      const schema = schemaAt(path);
      const words = schema?.words ?? [];
      if (words.length > 0 && node?.kind === 'scalar') return { message: choiceMessage(label, value, words), span };
      const expected =
        schema?.quantity === true
          ? 'a quantity such as 7e9, 7B, 1.4T, 3e22 or 5 ZFLOP'
          : (schema?.description ?? 'another form');
      return { message: `${capital(label)}: ${quoted(value)} is not what is expected here: ${expected}`, span };
    }
    case 'pattern':
      return {
        message: `${capital(label)}: ${quoted(value)} is no quantity; write 7e9, 7B, 1.4T, 3e22 or 5 ZFLOP.`,
        span,
      };
    case 'minItems':
      return { message: `${capital(label)} needs at least ${String(params['limit'])} entry.`, span };
    case 'minLength':
      return {
        message: `${capital(label)} needs at least ${String(params['limit'])} characters: a reason that a reader understands.`,
        span,
      };
    default:
      return { message: `${capital(label)} ${error.message ?? 'is not valid'}.`, span };
  }
}

function choiceMessage(label: string, value: string, known: readonly string[]): string {
  const near = nearest(value, known);
  const list = known.length > 12 && near !== null ? '' : ` It is one of ${known.join(', ')}.`;
  return `${capital(label)}: ${quoted(value)} is not known${near === null ? '.' : `; did you mean ${near}?`}${list}`;
}

function capital(text: string): string {
  return text === 'the manifest' ? 'The manifest' : text;
}

function quoted(value: string): string {
  return value === 'a map' || value === 'a list' ? value : `“${value.length > 40 ? `${value.slice(0, 40)}…` : value}”`;
}

function typeName(type: unknown): string {
  const names: Record<string, string> = {
    integer: 'a whole number',
    number: 'a number',
    string: 'text',
    object: 'a map',
    array: 'a list',
    boolean: 'true or false',
    null: 'empty',
  };
  return (Array.isArray(type) ? type : [type]).map((one) => names[String(one)] ?? String(one)).join(' or ');
}

function unpointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The node at a path of keys and indexes. */
export function nodeAt(root: Node, path: readonly string[]): Node | undefined {
  let here: Node | undefined = root;
  for (const part of path) {
    here = here?.kind === 'list' ? here.items[Number(part)] : at(here, part);
  }
  return here;
}

/** The first key of a map: a missing key is shown there and not under the whole map. */
function firstOf(node: Node | undefined, fallback: Span): Span {
  return node?.kind === 'map'
    ? (node.entries[0]?.keySpan ?? { start: node.span.start, end: node.span.start + 1 })
    : fallback;
}

/** A tree as plain values for the validator; maps have no prototype, so no key can reach one. */
export function plainOf(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainOf);
  const object = Object.create(null) as Record<string, unknown>;
  for (const { key, value } of node.entries) {
    Object.defineProperty(object, key, { value: plainOf(value), enumerable: true, configurable: true, writable: true });
  }
  return object;
}
