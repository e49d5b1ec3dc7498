/** The models of a run file: name, size, address, price, and where a key comes from (never the key itself). */
import { parseQuantity } from '../table/numbers.ts';
import { readModelName } from '../table/sizes.ts';
import { type FieldMap, type Path, plain, type RunFields } from './run-fields.ts';
import { RUN_KEYS } from './run-keys.ts';
import type { ModelSpec } from './run-plan.ts';

/** @param warnings takes what is unsafe */
export function readModels(at: RunFields, top: FieldMap, warnings: string[]): ModelSpec[] {
  const names = new Set<string>();
  return at.list(top['models'], ['models']).flatMap((entry, i) => {
    const path = ['models', i];
    const map = at.map(entry, path, RUN_KEYS.model, `model ${i + 1}`);
    if (map === null) return [];
    const name = at.text(map, [...path, 'name'], null);
    const endpoint = endpointOf(at, map, [...path, 'endpoint']);
    if (name === null || endpoint === null) return [];
    if (names.has(name)) at.fault(path, `Two models are called ${name}`);
    names.add(name);
    const given = map['params'];
    const params =
      given === undefined ? (readModelName(name).params?.value ?? Number.NaN) : parseQuantity(plain(given));
    if (!(params > 0)) {
      at.fault(
        given === undefined ? path : [...path, 'params'],
        `${name}: its size is needed, as params: 30M, 2.4B or a number`,
      );
    }
    const keyEnv = map['keyEnv'] === undefined ? null : plain(map['keyEnv']);
    if (keyEnv !== null && !/^[A-Za-z_]\w{0,99}$/.test(keyEnv)) {
      // Never repeat the value: it may be the key itself.
      at.fault(
        [...path, 'keyEnv'],
        'keyEnv is the name of an environment variable that holds the key; keys themselves do not belong in a file',
      );
    }
    const price = map['price'] === undefined ? null : at.map(map['price'], [...path, 'price'], RUN_KEYS.price, 'price');
    const model = {
      name,
      params,
      endpoint,
      model: at.text(map, [...path, 'model'], name) ?? name,
      api:
        at.word(map, [...path, 'api'], ['completions', 'chat'], 'completions') === 'chat'
          ? ('chat' as const)
          : ('completions' as const),
      keyEnv,
      price:
        price === null
          ? null
          : {
              input: at.atLeastZero(price, [...path, 'price', 'input'], 0),
              output: at.atLeastZero(price, [...path, 'price', 'output'], 0),
            },
    };
    if (keyEnv !== null && /^http:/i.test(endpoint) && !/^http:\/\/(127\.|localhost|\[::1\])/i.test(endpoint)) {
      warnings.push(`${name}: the key would travel unencrypted (http).`);
    }
    return [model];
  });
}

function endpointOf(at: RunFields, map: FieldMap, path: Path): string | null {
  const text = at.text(map, path, null);
  if (text === null) return null;
  const match = /^https?:\/\/([^/?#]+)([^?#]*)(\?[^#]*)?$/i.exec(text);
  if (match === null) {
    at.fault(path, 'endpoint is an address such as http://127.0.0.1:8000/v1');
    return null;
  }
  if (match[1]?.includes('@')) {
    at.fault(path, 'endpoint must not hold a user or password; name an environment variable with keyEnv');
    return null;
  }
  if (/[?&](api_?)?key=/i.test(match[3] ?? '')) {
    at.fault(path, 'endpoint must not hold a key; name an environment variable with keyEnv');
    return null;
  }
  return text;
}
