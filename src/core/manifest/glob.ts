/**
 * The globs of `sources[].files`: relative to the manifest, `/` between folders, `*` within a name, `**` across folders,
 * `?`, `[a-z]` and `{a,b}`. Names may be paths, Windows paths or URIs, as long as manifest and files are written alike.
 */

/** A test for file names against a glob that stands in a manifest. */
export function globMatcher(pattern: string, manifestFile: string): (file: string) => boolean {
  const folder = folderOf(normalise(manifestFile));
  const absolute = /^(?:\/|[a-z]+:\/\/|[A-Za-z]:\/)/.test(pattern.replaceAll('\\', '/'));
  const full = globRegExp(absolute ? normalise(pattern) : normalise(folder + pattern));
  // A manifest that is handed over without a place (standard input, --manifest from elsewhere) matches by the tail.
  const tail = absolute ? null : globRegExp(`**/${normalise(pattern).replace(/^(?:\.\.\/)+/, '')}`);
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

/** The regular expression of a glob; every character that is no wildcard stands for itself. */
export function globRegExp(pattern: string): RegExp {
  let source = '';
  let braces = 0;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === '*') {
      if (pattern[i + 1] === '*') {
        i++;
        if (pattern[i + 1] === '/') {
          i++;
          source += '(?:[^/]*/)*';
        } else source += '.*';
      } else source += '[^/]*';
    } else if (c === '?') source += '[^/]';
    else if (c === '[') {
      const end = pattern.indexOf(']', i + 2);
      if (end < 0) source += '\\[';
      else {
        const inside = pattern.slice(i + 1, end).replace(/[\\\]^]/g, '\\$&');
        source += `[${inside.startsWith('!') ? `^${inside.slice(1)}` : inside}]`;
        i = end;
      }
    } else if (c === '{' && pattern.includes('}', i)) {
      braces++;
      source += '(?:';
    } else if (c === '}' && braces > 0) {
      braces--;
      source += ')';
    } else if (c === ',' && braces > 0) source += '|';
    else source += c.replace(/[.+^$()|\\\]{}]/g, '\\$&');
  }
  try {
    return new RegExp(`^${source}${')'.repeat(braces)}$`);
  } catch {
    // An odd character class: the pattern then stands for itself.
    return new RegExp(`^${pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
  }
}

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
