/**
 * The little that is needed of URIs, without a host's library: names, parents, and one path seen from another. URIs are
 * compared as the client sends them.
 */

/** Last segment, decoded: 'file:///a/my%20evals.csv' → 'my evals.csv'. */
export function baseName(uri: string): string {
  const path = uri.split(/[?#]/, 1)[0] as string;
  return decoded(path.slice(path.lastIndexOf('/') + 1));
}

/** The folder of a URI, without a trailing slash; null at the root. */
export function parent(uri: string): string | null {
  const path = uri.split(/[?#]/, 1)[0] as string;
  const authority = /^[a-z][\w+.-]*:\/\/[^/]*/i.exec(path)?.[0] ?? '';
  const slash = path.lastIndexOf('/');
  return slash <= authority.length ? null : path.slice(0, slash);
}

/** Path of a URI inside a folder, decoded; null when it lies elsewhere. */
export function within(folder: string, uri: string): string | null {
  const base = folder.endsWith('/') ? folder : `${folder}/`;
  return uri.startsWith(base) ? decoded(uri.slice(base.length)) : null;
}

/** Whether a URI names a study manifest. */
export function isManifest(uri: string): boolean {
  return /(?:^|\/)scaling\.ya?ml$/.test(uri.split(/[?#]/, 1)[0] as string);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
