/** A place in a file as people and terminals read it: `file:line:column`, both counted from one. */
import type { Range } from '../table/span.ts';

/** Where a range begins. The file's name stands as it is given: escape it before or after. */
export function placeText(file: string, { start }: Range): string {
  return `${file}:${start.line + 1}:${start.character + 1}`;
}
