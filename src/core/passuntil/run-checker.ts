/** The checker of a run file: what makes a completion a pass. */
import { messageOf } from '../result.ts';
import { type CheckerSpec, compilePattern } from './checkers.ts';
import { type FieldMap, type Path, plain, type RunFields } from './run-fields.ts';
import { RUN_KEYS } from './run-keys.ts';

/** @param warnings takes what weakens the estimate */
export function readChecker(at: RunFields, top: FieldMap, warnings: string[]): CheckerSpec | null {
  const path = ['checker'];
  const given = top['checker'];
  if (given === undefined) {
    at.fault([], 'A checker is needed: exact, regex, numeric, json, choice or command');
    return null;
  }
  const map = at.map(typeof given === 'string' ? { type: given } : given, path, RUN_KEYS.checker, 'checker');
  if (map === null) return null;
  const types = ['exact', 'regex', 'numeric', 'json', 'choice', 'command'];
  const type = at.word(map, [...path, 'type'], types, null);
  switch (type) {
    case 'exact':
      return {
        type,
        trim: at.flag(map, [...path, 'trim'], true),
        ignoreCase: at.flag(map, [...path, 'ignoreCase'], false),
      };
    case 'regex': {
      const pattern = at.text(map, [...path, 'pattern'], null);
      const flags = at.text(map, [...path, 'flags'], '') ?? '';
      if (pattern === null) return null;
      try {
        compilePattern(pattern, flags, 'answer');
      } catch (error) {
        at.fault([...path, 'pattern'], messageOf(error));
      }
      return { type, pattern, flags };
    }
    case 'numeric':
      return {
        type,
        tolerance: at.atLeastZero(map, [...path, 'tolerance'], 1e-9),
        relative: at.atLeastZero(map, [...path, 'relative'], 0),
        take: at.word(map, [...path, 'take'], ['first', 'last'], 'last') === 'first' ? 'first' : 'last',
      };
    case 'json':
      return { type, path: jsonPath(at, map, [...path, 'path']) };
    case 'choice': {
      const options = at.whole(map, [...path, 'options'], 2, null, 'how many options the questions have', 26);
      warnings.push(
        `A choice has a guessing floor (${options === null ? 'chance' : `1/${options}`} for a random guess): PassUntil needs P(random) = 0, so its law does not hold here. Ask for the answer in words instead.`,
      );
      return { type, options: options ?? 4 };
    }
    case 'command': {
      const list = at.list(map['command'], [...path, 'command']);
      if (list.length === 0 || list.some((part) => typeof part !== 'string' || part === '')) {
        at.fault([...path, 'command'], 'command is a list of texts: the program and its arguments');
      }
      return { type, command: list.map(String), timeout: at.positive(map, [...path, 'timeout'], 30) ?? 30 };
    }
    default:
      return null;
  }
}

function jsonPath(at: RunFields, map: FieldMap, path: Path): (string | number)[] {
  const given = map['path'];
  const parts =
    given === undefined
      ? []
      : Array.isArray(given)
        ? given
        : plain(given)
            .replace(/^\$\.?/, '')
            .split('.')
            .filter(Boolean);
  if (parts.some((p) => typeof p !== 'string' && typeof p !== 'number'))
    at.fault(path, 'path is a list of keys and indexes, or a.b.0');
  return parts.map((p: unknown) => (typeof p === 'number' ? p : String(p)));
}
