// The licences of what is bundled. Bundling drops every comment and every LICENSE file, while nearly each of these licences
// asks that its text goes with every copy; so the build gathers them again, each text once, from the packages themselves.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Licensed {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

/**
 * The text of a notices file for a bundle's inputs.
 * @param inputs paths of the bundled files, as in esbuild's metafile, relative to `root`
 * @throws Error naming a package that says nothing of its licence, which must not ship unseen
 */
export function notices(inputs: readonly string[], root = '.'): string {
  const folders = new Set<string>();
  for (const input of inputs) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  const byText = new Map<string, Licensed[]>();
  for (const licensed of [...folders].map((folder) => read(join(root, folder)))) {
    const same = byText.get(licensed.text);
    if (same === undefined) byText.set(licensed.text, [licensed]);
    else if (!same.some(({ name, version }) => name === licensed.name && version === licensed.version)) {
      same.push(licensed);
    }
  }
  const sections = [...byText]
    .map(([text, all]) => ({
      title: all
        .map(({ name, version, licence }) => `${name} ${version} (${licence})`)
        .toSorted()
        .join('\n'),
      text,
    }))
    .toSorted((a, b) => (a.title < b.title ? -1 : 1));
  const rule = '-'.repeat(80);
  return `Scaling Lens contains the following open-source software.\n\n${sections
    .map(({ title, text }) => `${rule}\n${title}\n\n${text}\n`)
    .join('\n')}`;
}

function read(folder: string): Licensed {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
    author?: string | { name?: string };
  };
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  const licence = manifest.license ?? (file === undefined ? undefined : 'see its text');
  if (licence === undefined) throw new Error(`${manifest.name} has neither a licence field nor a licence file`);
  const author = typeof manifest.author === 'string' ? manifest.author : manifest.author?.name;
  const path = file === undefined ? undefined : join(folder, file);
  const text =
    path !== undefined && existsSync(path)
      ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim()
      : `${licence} licence${author === undefined ? '' : `, by ${author}`} (the package brings no text of it).`;
  return { name: manifest.name, version: manifest.version, licence, text };
}
