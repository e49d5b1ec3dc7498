/**
 * The globs of `sources[].files`: relative to the manifest, `/` between folders, `*` within a name, `**` across folders,
 * `?`, `[a-z]` and `{a,b}`. Names may be paths, Windows paths or URIs, as long as manifest and files are written alike.
 */

import { Builder, Pattern, PatternTooLong } from './pattern.ts';

/** A test for file names against a glob that stands in a manifest. */
export function globMatcher(pattern: string, manifestFile: string): (file: string) => boolean {
  const folder = folderOf(normalise(manifestFile));
  const absolute = /^(?:\/|[a-z]+:\/\/|[A-Za-z]:\/)/.test(pattern.replaceAll('\\', '/'));
  const full = compileGlob(absolute ? normalise(pattern) : normalise(folder + pattern));
  // A manifest that is handed over without a place (standard input, --manifest from elsewhere) matches by the tail.
  const tail = absolute ? null : compileGlob(`**/${normalise(pattern).replace(/^(?:\.\.\/)+/, '')}`);
  return (file) => {
    const name = normalise(file);
    if (full.test(name)) return true;
    const elsewhere = folder === '' ? /^(?:\/|[a-z]+:\/\/|[A-Za-z]:\/)/.test(name) : !name.startsWith(folder);
    return tail !== null && elsewhere && tail.test(name);
  };
}

/** A path from the manifest to a file it names, in the manner of the manifest's own name. */
export function besideManifest(path: string, manifestFile: string): string {
  if (/^(?:\/|[a-z]+:\/\/|[A-Za-z]:[\\/])/.test(path)) return path;
  return normalise(folderOf(normalise(manifestFile)) + path);
}

const SLASH = 47;
/** Characters of a glob that are looked at; a longer one names nothing. */
const MOST_CHARACTERS = 2000;

/** A glob as a pattern for whole names; every character that is no wildcard stands for itself. */
export function compileGlob(pattern: string): Pattern {
  const builder = new Builder();
  const notSlash = (): unknown => builder.add({ op: 'unit', test: (c) => c !== SLASH });
  let at = 0;
  /** Up to the end, or within braces up to `,` or `}`. */
  const sequence = (inside: boolean): (() => void) => {
    const parts: (() => void)[] = [];
    while (at < pattern.length) {
      const c = pattern[at] as string;
      if (inside && (c === ',' || c === '}')) break;
      at++;
      if (c === '*' && pattern[at] === '*') {
        at++;
        if (pattern[at] === '/') {
          at++;
          parts.push(() =>
            builder.repeat(
              () => {
                builder.repeat(notSlash, 0, Number.POSITIVE_INFINITY, true);
                builder.add({ op: 'unit', test: (code) => code === SLASH });
              },
              0,
              Number.POSITIVE_INFINITY,
              true,
            ),
          );
        } else
          parts.push(() =>
            builder.repeat(() => builder.add({ op: 'unit', test: () => true }), 0, Number.POSITIVE_INFINITY, true),
          );
      } else if (c === '*') parts.push(() => builder.repeat(notSlash, 0, Number.POSITIVE_INFINITY, true));
      else if (c === '?') parts.push(notSlash);
      else if (c === '[' && pattern.indexOf(']', at + 1) >= 0) parts.push(set());
      else if (c === '{' && pattern.indexOf('}', at) >= 0) parts.push(braces());
      else {
        const code = c.charCodeAt(0);
        parts.push(() => builder.add({ op: 'unit', test: (unit) => unit === code }));
      }
    }
    return () => {
      for (const part of parts) part();
    };
  };
  const braces = (): (() => void) => {
    const branches = [sequence(true)];
    while (pattern[at] === ',') {
      at++;
      branches.push(sequence(true));
    }
    at++;
    return () => builder.either(branches);
  };
  const set = (): (() => void) => {
    const end = pattern.indexOf(']', at + 1);
    const negated = pattern[at] === '!';
    const members = pattern.slice(negated ? at + 1 : at, end);
    at = end + 1;
    const ranges: (readonly [number, number])[] = [];
    for (let k = 0; k < members.length; k++) {
      const low = members.charCodeAt(k);
      const range = members[k + 1] === '-' && k + 2 < members.length;
      ranges.push([low, range ? members.charCodeAt(k + 2) : low]);
      if (range) k += 2;
    }
    return () =>
      builder.add({ op: 'unit', test: (c) => ranges.some(([low, high]) => c >= low && c <= high) !== negated });
  };
  try {
    if (pattern.length > MOST_CHARACTERS) throw new PatternTooLong();
    sequence(false)();
    builder.add({ op: 'match' });
  } catch (error) {
    if (!(error instanceof PatternTooLong)) throw error;
    return NOTHING;
  }
  return new Pattern(pattern, builder.program, [], true);
}

/** What is too long to be a glob names no file. */
const NOTHING = new Pattern('', [{ op: 'unit', test: () => false }, { op: 'match' }], [], true);

function normalise(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  const scheme = /^[a-z]+:\/\//.exec(slashed)?.[0] ?? '';
  const rest = slashed.slice(scheme.length);
  const out: string[] = [];
  for (const part of rest.split('/')) {
    if (part === '.') continue;
    if (part === '..' && out.length > 0 && out.at(-1) !== '..' && out.at(-1) !== '') out.pop();
    else if (part !== '' || out.length === 0) out.push(part);
  }
  return scheme + out.join('/');
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}
