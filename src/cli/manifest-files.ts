/**
 * What a manifest adds to the files that were named: given by itself it stands for the files of its sources, and a table
 * of models that it names is always read along.
 */
import { basename, dirname, isAbsolute, join } from 'node:path';
import { isManifestName } from '../core/manifest/name.ts';
import { parseManifest } from '../core/manifest/parse.ts';
import type { InputFile } from '../core/study/study.ts';
import { type Inputs, readNamed, searchFiles, someOf } from './inputs.ts';

/**
 * @param inputs what the arguments name
 * @throws UsageError when a manifest stands alone and names no file
 */
export async function withManifestFiles(inputs: Inputs): Promise<Inputs> {
  const own = inputs.files.find(({ name }) => isManifestName(basename(name))) ?? null;
  const manifest = inputs.manifest ?? own;
  if (manifest === null) return inputs;
  const folder = dirname(manifest.name);
  const parsed = parseManifest({ ...manifest, name: basename(manifest.name) });
  const placed = (path: string): string => (isAbsolute(path) ? path : join(folder, path));
  const alone = own !== null && inputs.files.length === 1;
  // Files that were named stand for themselves; of the manifest only the table of models comes along.
  const wanted = alone ? parsed : { globs: [], modelsFile: parsed.modelsFile };
  const found = await searchFiles(wanted, placed, manifest.name);
  const lost = found.unmatched.map((glob) => ({ name: manifest.name, why: `no file matches ${glob}` }));
  const known = new Set(inputs.files.map(({ name }) => join(name)));
  const names = found.files.map(placed).filter((name) => !known.has(name));
  const more = readNamed(names);
  const files: InputFile[] = [...inputs.files.filter((file) => file !== own), ...more.files];
  const unreadable = [...inputs.unreadable, ...lost, ...more.unreadable];
  return someOf({ files, unreadable, manifest }, `${manifest.name} names no files (sources: [{files: …}])`);
}
