/**
 * Step one of understanding a table: what each header claims to be, by dictionary, deny-list and header grammar.
 */
import type { Role, Unit } from '../report-model.ts';
import type { PinnedColumn, SourceRules } from '../study/manifest-rules.ts';
import { type Column, type Measure, NO_MEASURE } from './column.ts';
import { DENY } from './deny-list.ts';
import type { HeaderReading } from './header-grammar.ts';
import { METRIC_ALONE, readWideHeader } from './header-grammar.ts';
import type { Header } from './headers.ts';
import { plainFormula, readHeader } from './headers.ts';
import { claims, letterClaim, QUANTITIES } from './name-claims.ts';
import { isMostlyNumeric, isNumeric, profileColumn } from './profile.ts';
import type { RawTable } from './raw-table.ts';
import { findMetric } from './registry/metrics.ts';
import { findTask } from './registry/tasks.ts';
import { FACET_NAMES, SD_NAMES } from './row-names.ts';
import { parseUnit } from './units.ts';

export function isQuantity(role: Role | null): boolean {
  return role !== null && QUANTITIES.has(role);
}

/** True if a header's name claims a size, tokens or compute, whatever its cells hold. */
export function namesQuantity(header: Header): boolean {
  return claims(header).some((claim) => QUANTITIES.has(claim.role));
}

/** Numbers under these count the rows, texts name them. */
const ROW_INDEX = /^(?:row|row_id|id|idx|index)$/;

const ERROR_ROLES: ReadonlySet<Role> = new Set<Role>(['stderr', 'interval-low', 'interval-high']);

function measureOf(reading: HeaderReading): Measure {
  return {
    task: reading.task === '' ? null : reading.task,
    metric: reading.metric,
    facets: reading.facets,
    run: reading.run,
    better: null,
    stem: reading.stem,
    part: reading.part,
    assumed: reading.assumed,
  };
}

const PART_ROLE: Readonly<Record<Measure['part'], Role>> = {
  score: 'score',
  stderr: 'stderr',
  sd: 'stderr',
  n: 'n',
  low: 'interval-low',
  high: 'interval-high',
};

/** The role of a measured column: losses in nats have their own. */
export function scoreRole(metric: string | null): Role {
  const entry = metric === null ? null : findMetric(metric);
  return entry?.id === 'loss' ? 'loss' : 'score';
}

/** Numeric factor of a unit: named units and percent leave the cell's number as it is. */
export function factorOf(unit: Unit | null): number {
  if (typeof unit === 'number') return unit;
  const parsed = unit === null ? null : parseUnit(unit);
  return typeof parsed === 'number' ? parsed : 1;
}

function pin(column: Column, pinned: PinnedColumn, how: string, authority: 1 | 2): void {
  column.role = pinned.role;
  column.unit = pinned.unit ?? column.unit;
  column.factor = isQuantity(pinned.role) ? factorOf(column.unit) : 1;
  column.how = how;
  column.authority = authority;
  column.rank = -10;
  if (pinned.role === 'score' || pinned.role === 'loss') {
    const facets: Record<string, string> = { ...column.measure?.facets };
    if (pinned.split !== undefined) facets['split'] = pinned.split;
    if (pinned.shots !== undefined) facets['shots'] = pinned.shots;
    column.measure = {
      task: pinned.task ?? column.measure?.task ?? null,
      metric: pinned.metric ?? column.measure?.metric ?? (pinned.role === 'loss' ? 'loss' : null),
      facets,
      run: column.measure?.run ?? null,
      better: null,
      stem: column.header.raw,
      part: 'score',
      assumed: false,
    };
  }
}

/** Names like `190M` parse as numbers, and are names all the same. */
function namesSizes(sample: readonly string[]): boolean {
  return (
    sample.length > 0 &&
    sample.filter((text) => /[a-z]/i.test(text.replace(/e[+-]?\d+$/i, ''))).length > sample.length / 2
  );
}

/** Claims that read words, against claims that read numbers: a text column is no quantity. */
function fits(role: Role, numeric: boolean, distinct: number, sample: readonly string[]): boolean {
  switch (role) {
    case 'model':
      return !numeric || distinct === 0 || namesSizes(sample);
    case 'metric':
    case 'filter':
    case 'status':
    case 'family':
      return !numeric || distinct === 0;
    case 'task':
    case 'split':
    case 'exclude-flag':
    case 'shots':
      return true;
    case 'seed':
      return numeric || distinct === 0;
    case 'stderr':
    case 'chance':
      return true;
    default:
      return numeric || distinct === 0;
  }
}

/**
 * Reads every header of a table. Where a name claims several roles the caller settles it with the values; the claims that
 * came second are dropped here only when the values rule them out.
 */
export function claimRoles(table: RawTable, rules: SourceRules | null): Column[] {
  const columns: Column[] = [];
  const headers = new Set(Array.from({ length: table.columnCount }, (_, index) => table.header(index).trim()));
  for (let index = 0; index < table.columnCount; index++) {
    const header = readHeader(table.header(index));
    const profile = profileColumn(table, index);
    const numeric = isNumeric(profile);
    const mostly = isMostlyNumeric(profile);
    const column: Column = {
      index,
      header,
      profile,
      role: null,
      unit: null,
      factor: 1,
      log10: false,
      how: 'not recognised',
      authority: 4,
      rank: 0,
      measure: null,
      facet: null,
      used: true,
    };
    columns.push(column);
    const empty = profile.filled === 0 && table.rowCount > 0;
    const named = claims(header);
    const lettered = named.length === 0 && numeric ? letterClaim(header, profile) : null;
    // A header that names a quantity may have cells with a remark instead of a number.
    const possible = (lettered === null ? named : [lettered]).filter((c) =>
      fits(c.role, numeric || (isQuantity(c.role) && mostly), profile.distinct, profile.sample),
    );
    const quantity = possible.filter((c) => QUANTITIES.has(c.role)).sort((a, b) => a.rank - b.rank)[0];
    const wide = header.raw.trim() === '' ? null : readWideHeader(header.raw, rules?.header ?? null);
    // `weight_file_count` counts files: what counts questions stands beside what was asked.
    const alone = wide !== null && wide.assumed && wide.part === 'n' && !headers.has(wide.stem);
    const reading = alone ? null : wide;
    // `Loss (Chinchilla-optimal)` is a loss: of a measured column what stands in brackets tells how, not what.
    const about = reading === null || reading.assumed ? null : /^(.+?)\s*\([^()]*\)$/.exec(header.raw.trim());
    const deniedKey = about === null ? header.key : readHeader(about[1] as string).key;
    const denied = DENY.find(
      ([pattern]) => pattern.test(deniedKey) && !(ROW_INDEX.test(deniedKey) && !mostly && !empty),
    );
    // `TFLOPS` in capitals is what hardware does in a second.
    const speed = /\b[TP]FLOPS\b/.test(header.raw) && !/total|train/i.test(header.raw);
    const other = possible.filter((c) => !QUANTITIES.has(c.role)).sort((a, b) => a.rank - b.rank)[0];
    // Fractions under such a name are results: the shares right on questions of that kind.
    const fractional = numeric && !profile.integers && profile.distinct > 1;
    const facetName = FACET_NAMES.has(header.key) && !fractional ? header.key : null;
    const hint = table.hints.get(index);
    if (/^log10_/.test(header.key) && numeric) {
      const inner = claims(readHeader(header.key.slice(6))).find((c) => QUANTITIES.has(c.role));
      if (inner !== undefined) {
        // A logarithm is read only where the plain column is absent; `role` is settled later.
        column.log10 = true;
        column.unit = inner.unit;
        column.factor = factorOf(inner.unit);
        column.rank = 50 + inner.rank;
        column.role = inner.role;
        column.how = `log10 of a quantity, by its header “${header.raw}”`;
      }
    } else if (empty && hint === undefined) {
      column.role = 'ignore';
      column.how = 'every cell is empty';
    } else if (
      quantity !== undefined &&
      !(speed && quantity.role === 'compute') &&
      !(
        denied !== undefined &&
        /length|memory|rate|cost|derived/.test(denied[1]) &&
        quantity.role !== 'params-active' &&
        quantity.rank >= 0 &&
        header.capital === null
      )
    ) {
      column.role = quantity.role;
      column.rank = quantity.rank;
      column.unit = typeof quantity.unit === 'number' ? quantity.unit : 1;
      column.factor = factorOf(column.unit);
      column.how = quantity.how;
      column.authority = 3;
    } else if (
      (header.capital === 'L' || /^L_(?:val|valid|train|test|eval|dev|final|min)$/.test(plainFormula(header.raw))) &&
      numeric
    ) {
      column.role = 'loss';
      column.measure = { ...NO_MEASURE, metric: 'loss', stem: header.raw, assumed: false };
      column.how = `the header is “${header.raw.trim()}”`;
      column.authority = 3;
    } else if (
      reading !== null &&
      (numeric || (mostly && (!reading.assumed || findTask(header.raw) !== null)) || table.rowCount === 0) &&
      (other === undefined ||
        other.role === 'score' ||
        // `std_err` alone is no metric “err” of a task “std”.
        (reading.part !== 'score' && ERROR_ROLES.has(other.role))) &&
      !(
        denied !== undefined &&
        (reading.assumed ||
          reading.part !== 'score' ||
          (/optim|trainer|learning|fit|derived/.test(denied[1] + header.key) &&
            // `logodds_difference` is a metric of that name.
            reading.how !== METRIC_ALONE))
      )
    ) {
      column.measure = measureOf(reading);
      column.role = reading.part === 'score' ? scoreRole(reading.metric) : PART_ROLE[reading.part];
      column.how = reading.how;
      column.authority = 3;
      if (header.unit === '%' || profile.percentSigns) column.unit = '%';
    } else if (other !== undefined && (denied === undefined || other.role !== 'score')) {
      column.role = other.role;
      column.rank = other.rank;
      column.how = other.how;
      column.authority = 3;
      if (facetName !== null && other.role === 'task') column.facet = facetName;
      if (header.unit === '%' || profile.percentSigns) column.unit = '%';
      if (header.raw.trim() === 'n') column.rank += 5;
    } else if (SD_NAMES.has(header.key) && numeric) {
      column.role = 'stderr';
      column.rank = 40;
      column.how = `a standard deviation by its header “${header.raw}”`;
      column.authority = 3;
      column.measure = { ...NO_MEASURE, part: 'sd', assumed: false };
    } else if (denied !== undefined) {
      column.role = 'ignore';
      column.how = denied[1];
      column.authority = 3;
    } else if (facetName !== null) {
      column.facet = facetName;
      column.how = `rows that differ in “${header.raw}” are kept apart`;
      column.authority = 3;
    }
    if (hint !== undefined && (hint.role !== undefined || hint.metric !== undefined || hint.task !== undefined)) {
      const role = hint.role ?? column.role;
      if (role !== null) {
        pin(
          column,
          {
            role,
            ...(hint.unit === undefined ? {} : { unit: hint.unit }),
            ...(hint.task === undefined ? {} : { task: hint.task }),
            ...(hint.metric === undefined ? {} : { metric: hint.metric }),
          },
          hint.how,
          2,
        );
        if (hint.better !== undefined && column.measure !== null)
          column.measure = { ...column.measure, better: hint.better };
      }
    }
    const pinned = rules?.columns.get(table.header(index)) ?? rules?.columns.get(header.raw.trim());
    if (pinned !== undefined) pin(column, pinned, 'pinned in scaling.yaml', 1);
  }
  return columns;
}
