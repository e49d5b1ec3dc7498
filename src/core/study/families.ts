/**
 * When one series holds several model families: pooled where there are many models with known compute (regression mode),
 * split where each family has enough sizes of its own to show a trend.
 */
import { familyOfName } from '../table/sizes.ts';
import type { Draft } from './draft.ts';

export interface FamilySplit {
  readonly family: string | null;
  readonly drafts: Draft[];
}

const SIZES = 3;
const POOL = 8;

/** The first {@link SIZES} sizes of every family: beyond what anybody asks for, counting on is of no use. */
function sizesPerFamily(
  drafts: readonly Draft[],
  of: (d: Draft) => string | null,
  x: (d: Draft) => number | null,
): Map<string, number[]> {
  const sizes = new Map<string, number[]>();
  for (const d of drafts) {
    const family = of(d);
    const v = x(d);
    if (family === null || v === null) continue;
    const known = sizes.get(family);
    if (known === undefined) sizes.set(family, [v]);
    else if (known.length < SIZES && !known.includes(v)) known.push(v);
  }
  return sizes;
}

function hasModels(drafts: readonly Draft[], count: number): boolean {
  const models = new Set<string>();
  return drafts.some((d) => models.add(d.model).size >= count);
}

/**
 * Splits the drafts of one series by family where that is sensible; one part otherwise. Pools from 8 models over several
 * families on where families are comparable; else splits where at least two families have three sizes each.
 * @param names families read from model names so far; shared by all series of a study
 * @param poolable families share the scale: it is compute, or the user pinned it
 */
export function splitFamilies(
  drafts: Draft[],
  names: Map<string, string | null>,
  poolable: boolean,
  x: (d: Draft) => number | null,
): { readonly parts: readonly FamilySplit[]; readonly note: string | null } {
  const first = drafts[0]?.family ?? '';
  const one = drafts.every((d) => (d.family ?? '') === first);
  const only = one ? (drafts[0]?.family ?? null) : null;
  if (only !== null) return { parts: [{ family: only, drafts }], note: null };
  // Families that only the names suggest count where they cover nearly all models.
  const byName = (d: Draft): string | null => {
    let family = names.get(d.model);
    if (family === undefined) names.set(d.model, (family = familyOfName(d.model)));
    return family;
  };
  const useNames = one;
  const of = useNames ? byName : (d: Draft): string | null => d.family;
  const sizes = sizesPerFamily(drafts, of, x);
  if (sizes.size < 2) {
    const family = useNames && drafts.every((d) => byName(d) !== null) ? byName(drafts[0] as Draft) : null;
    return { parts: [{ family, drafts }], note: null };
  }
  if (useNames) {
    const covered = drafts.filter((d) => byName(d) !== null).length;
    const large = [...sizes.values()].filter((s) => s.length >= SIZES).length;
    if (covered < 0.8 * drafts.length || large < 2) return { parts: [{ family: null, drafts }], note: null };
  }
  if (poolable && hasModels(drafts, POOL)) {
    return {
      parts: [{ family: null, drafts }],
      note: useNames ? null : `${sizes.size} model families in one series: they share a scale.`,
    };
  }
  const large = [...sizes].filter(([, s]) => s.length >= SIZES);
  if (large.length < 2)
    return {
      parts: [{ family: null, drafts }],
      note: `${sizes.size} model families in one series: fewer than two have ${SIZES} sizes.`,
    };
  const parts = new Map<string, Draft[]>();
  for (const d of drafts) {
    const family = of(d) ?? 'other';
    const list = parts.get(family) ?? [];
    list.push(d);
    parts.set(family, list);
  }
  return {
    parts: [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([family, list]) => ({ family, drafts: list })),
    note: `One series per model family${useNames ? ', families read from the model names' : ''}.`,
  };
}
