/** Which roles a header's name claims: by dictionary, by the words it is made of, or by a letter of the literature. */
import type { Role, Unit } from '../report-model.ts';
import { DENY } from './deny-list.ts';
import { CAPITALS, NAMES } from './dictionary.ts';
import type { Header } from './headers.ts';
import { plainFormula, readHeader, snake } from './headers.ts';
import type { ColumnProfile } from './profile.ts';
import { namesModels, namesSeed, quantityOfWords } from './quantity-words.ts';
import { parseUnit, unitSuffix } from './units.ts';

/** A role that a header's name claims. */
export interface Claim {
  readonly role: Role;
  readonly rank: number;
  readonly unit: Unit | null;
  readonly how: string;
}

const INDEX = new Map<string, { readonly role: Role; readonly rank: number }[]>();
for (const [role, names] of Object.entries(NAMES) as [Role, readonly string[]][]) {
  names.forEach((name, rank) => {
    const list = INDEX.get(name) ?? [];
    list.push({ role, rank });
    INDEX.set(name, list);
  });
}

export const QUANTITIES: ReadonlySet<Role> = new Set<Role>([
  'params',
  'params-non-embedding',
  'params-active',
  'tokens',
  'compute',
  'compute-per-token',
]);

/** Rank from which on a name is a mere hint: where the values do not bear it out, nothing is asked. */
export const WEAK_RANK = 60;

/** Rank of names that no dictionary has: behind every name that one has. */
const SPELLED = 30;

/** `Num train steps (v5)`, `Params (approx.)`: what stands in brackets says nothing of what is counted. */
const REMARK =
  /^(.+?)\s*[([]\s*(?:v\d[^()]*|est(?:imated|\.)?|approx(?:imate|\.)?|nominal|actual|log(?: scale)?|#)\s*[)\]]$/i;

/** Roles that a header's name claims, in no particular order. */
export function claims(header: Header, depth = 0): Claim[] {
  const found: Claim[] = [];
  const capital = header.capital === null ? undefined : CAPITALS[header.capital];
  if (capital !== undefined)
    found.push({ role: capital, rank: -1, unit: header.unit, how: `the header is “${header.raw}”` });
  const keys: readonly [string, number, Unit | null][] = [
    [header.key, 0, header.unit],
    [header.leaf, 0.5, header.unit],
  ];
  for (const [key, penalty, unit] of keys) {
    // `#` alone numbers the rows.
    if (key === 'n' && /^[N#]$/.test(header.raw.trim())) continue;
    for (const hit of INDEX.get(key) ?? [])
      found.push({ role: hit.role, rank: hit.rank + penalty, unit, how: `header “${header.raw}”` });
    const suffix = unitSuffix(key);
    if (suffix === null) continue;
    for (const hit of INDEX.get(suffix.key) ?? []) {
      if (QUANTITIES.has(hit.role))
        found.push({
          role: hit.role,
          rank: hit.rank + penalty,
          unit: suffix.unit,
          how: `header “${header.raw}”, unit from its ending`,
        });
    }
  }
  if (!found.some((claim) => QUANTITIES.has(claim.role))) found.push(...spelled(header));
  if (found.length === 0 && depth === 0) {
    // `Cooldown end (step)`: the bracket names what is counted.
    const counted = /^[^()[\]]+[([]\s*(steps?|iters?|iterations?)\s*[)\]]$/i.exec(header.raw.trim());
    if (counted !== null && !DENY.some(([pattern]) => pattern.test(header.key)))
      return [{ role: 'step', rank: SPELLED, unit: null, how: `header “${header.raw}”, by its bracket` }];
    // `Data (B tokens)`, `Size (params)`: noun and unit stand in the bracket.
    const noun = /^([^()[\]]+?)\s*[([]\s*(?:in\s+)?(?:(\w+)\s+)?(tokens?|params?|parameters|flops?)\s*[)\]]$/i.exec(
      header.raw.trim(),
    );
    const role = noun === null ? null : quantityOfWords(snake(`${noun[1] as string} ${noun[3] as string}`));
    const unit = noun?.[2] === undefined ? 1 : parseUnit(noun[2]);
    if (role !== null && unit !== null)
      return [{ role, rank: SPELLED, unit, how: `header “${header.raw}”, by its bracket` }];
    const m = REMARK.exec(header.raw);
    if (m !== null) return claims(readHeader(m[1] as string), 1).map((c) => ({ ...c, rank: c.rank + 1 }));
  }
  return found;
}

/** What the words of a header spell out where no dictionary has it. */
function spelled(header: Header): Claim[] {
  const how = `header “${header.raw}”, by its words`;
  for (const key of new Set([header.key, header.leaf])) {
    const role = quantityOfWords(key);
    // `Active/Token` may be parameters or experts.
    const loose = role === 'params-active' && !key.includes('param');
    if (role !== null) return [{ role, rank: loose ? WEAK_RANK : SPELLED, unit: header.unit, how }];
    const suffix = unitSuffix(key);
    const inner = suffix === null ? null : quantityOfWords(suffix.key);
    if (suffix !== null && inner !== null)
      return [{ role: inner, rank: SPELLED, unit: suffix.unit, how: `${how}, unit from its ending` }];
  }
  if (namesSeed(header.key)) return [{ role: 'seed', rank: SPELLED, unit: null, how }];
  return namesModels(header.key) ? [{ role: 'model', rank: SPELLED, unit: null, how }] : [];
}

/** `N_total`, `D_epoch`, `C6`: a letter of the literature with something behind it. */
const LETTERED = /^([NDC])(?:_[A-Za-z]\w*|\d\w?)$/;
/** Where nearly all values of such a column must lie: narrower than what a named column may hold. */
const LETTER_RANGE: Readonly<Record<string, readonly [number, number]>> = {
  N: [1e5, 1e13],
  D: [1e7, 1e15],
  C: [1e14, 1e28],
};
/** Rank of a letter with something behind it: after every spelled-out name. */
const LETTER_RANK = 40;

/** The quantity of a column whose header is a letter and whose values can be nothing else. */
export function letterClaim(header: Header, profile: ColumnProfile): Claim | null {
  const letter = LETTERED.exec(plainFormula(header.raw))?.[1];
  const range = letter === undefined ? undefined : LETTER_RANGE[letter];
  if (letter === undefined || range === undefined) return null;
  if (!(profile.min >= range[0] && profile.max <= range[1])) return null;
  return {
    role: CAPITALS[letter] as Role,
    rank: LETTER_RANK,
    unit: null,
    how: `header “${header.raw}” and values of that size`,
  };
}
