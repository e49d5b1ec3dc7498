/**
 * The little that is needed of URIs, without a host's library: names, parents, and one path seen from another. URIs are
 * compared as the client sends them.
 */
import { isManifestName } from '../core/manifest/name.ts';

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

/** The URI of a path inside (`..`: or outside) a folder; an absolute path stands for itself. The reverse of `within`. */
export function resolved(folder: string, path: string): string {
  const slashed = path.replaceAll('\\', '/');
  const authority = /^[a-z][\w+.-]*:\/\/[^/]*/i.exec(folder)?.[0] ?? '';
  const absolute = /^(?:\/|[A-Za-z]:\/)/.test(slashed);
  const parts = absolute ? [] : folder.slice(authority.length).split('/').filter(Boolean);
  for (const part of slashed.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(encodeURIComponent(part));
  }
  return `${authority}/${parts.join('/')}`;
}

/** Whether a URI names a study manifest. */
export function isManifest(uri: string): boolean {
  return isManifestName(baseName(uri));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
