/**
 * The schema of scaling.yaml as completion and messages see it: what may stand at a path, with references and choices
 * resolved.
 */
import { manifestSchema } from './validate.generated.js';

type Raw = Readonly<Record<string, unknown>>;

/** What may stand at a place. */
export interface Place {
  readonly description: string | null;
  /** Keys of a map, each with its raw schema. */
  readonly properties: Readonly<Record<string, Raw>>;
  readonly required: readonly string[];
  /** Words that may stand as a value. */
  readonly words: readonly string[];
  readonly isList: boolean;
  /** True where a quantity (7B, 3e22, 5 ZFLOP) is expected. */
  readonly quantity: boolean;
  readonly default: unknown;
  readonly types: readonly string[];
}

const QUANTITY = '#/definitions/quantity';

/** The place at a path of keys and list indexes; null if nothing is known about it. */
export function schemaAt(path: readonly string[]): Place | null {
  let here: Raw[] = branches(manifestSchema);
  for (const part of path) {
    here = here.flatMap((schema) => child(schema, part)).flatMap(branches);
    if (here.length === 0) return null;
  }
  return placeOf(here);
}

function child(schema: Raw, part: string): Raw[] {
  const properties = schema['properties'] as Readonly<Record<string, Raw>> | undefined;
  if (properties !== undefined && Object.hasOwn(properties, part)) return [properties[part] as Raw];
  const items = schema['items'];
  if (typeof items === 'object' && items !== null && /^\d+$/.test(part)) return [items as Raw];
  const additional = schema['additionalProperties'];
  return typeof additional === 'object' && additional !== null ? [additional as Raw] : [];
}

/** A schema with its references followed and its choices spread out; a description on the way down is kept. */
function branches(schema: Raw, depth = 0): Raw[] {
  if (depth > 8) return [];
  const own = typeof schema['description'] === 'string' ? { description: schema['description'] } : {};
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const name = reference.slice('#/definitions/'.length);
    const target = (manifestSchema['definitions'] as Readonly<Record<string, Raw>>)[name];
    if (target === undefined) return [];
    return branches(target, depth + 1).map((branch) => ({
      ...branch,
      ...own,
      ...(reference === QUANTITY && { quantity: true }),
    }));
  }
  const choice = (schema['oneOf'] ?? schema['anyOf'] ?? schema['allOf']) as readonly Raw[] | undefined;
  if (choice === undefined) return [schema];
  const outer = 'default' in schema ? { default: schema['default'] } : {};
  return choice.flatMap((one) => branches(one, depth + 1)).map((branch) => ({ ...branch, ...outer, ...own }));
}

function placeOf(schemas: readonly Raw[]): Place {
  const words: string[] = [];
  const properties: Record<string, Raw> = {};
  const types = new Set<string>();
  let description: string | null = null;
  for (const schema of schemas) {
    description ??= typeof schema['description'] === 'string' ? schema['description'] : null;
    for (const word of (schema['enum'] as readonly unknown[] | undefined) ?? []) words.push(String(word));
    if ('const' in schema) words.push(String(schema['const']));
    Object.assign(properties, schema['properties'] ?? {});
    const type = schema['type'];
    for (const one of Array.isArray(type) ? type : type === undefined ? [] : [type]) types.add(String(one));
  }
  return {
    description,
    properties,
    required: schemas.flatMap((schema) => (schema['required'] as readonly string[] | undefined) ?? []),
    words: [...new Set(words)],
    isList: types.has('array'),
    quantity: schemas.some((schema) => schema['quantity'] === true),
    default: schemas.find((schema) => 'default' in schema)?.['default'],
    types: [...types],
  };
}
