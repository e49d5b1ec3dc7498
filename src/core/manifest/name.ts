/** What a manifest is called. */
export const MANIFEST_NAMES: readonly string[] = ['scaling.yaml', 'scaling.yml'];

/** Whether a file of this name (without its folder) is a manifest. */
export function isManifestName(name: string): boolean {
  return MANIFEST_NAMES.includes(name);
}
