/** Scores that their values give away, where the name alone says too little: which metric, and in which unit. */
import { type Column, type Measure, NO_MEASURE } from './column.ts';
import { isQuantity, scoreRole } from './name-roles.ts';
import { type ColumnProfile, isNumeric } from './profile.ts';
import { isCorpus } from './registry/corpora.ts';
import { findMetric } from './registry/metrics.ts';
import { findTask } from './registry/tasks.ts';

/**
 * Columns of unknown name that stand right behind a column of a known task and hold numbers of the same kind are tasks too:
 * `omnimath` after `gsm8k` and `math`.
 */
export function claimAmongTasks(columns: readonly Column[]): void {
  const tasks = columns.filter(
    (c) =>
      c.role === 'score' &&
      c.measure?.assumed === true &&
      c.measure.part === 'score' &&
      isShare(c.measure.metric ?? ''),
  );
  const known = tasks.filter((c) => findTask(c.header.raw) !== null);
  if (known.length < 2) return;
  const top = Math.max(...known.map((c) => c.profile.max)) <= 1 ? 1 : 100;
  const taken = new Set(tasks.map((c) => c.index));
  for (const c of columns) {
    const p = c.profile;
    if (c.role !== null || c.facet !== null || c.header.key === '' || c.header.unit !== null || !isNumeric(p)) continue;
    if (!taken.has(c.index - 1) || p.filled === 0 || p.integers || p.min < 0 || p.max > top || p.max < top / 100)
      continue;
    taken.add(c.index);
    c.role = 'score';
    c.measure = assumed(c, 'acc');
    c.how = 'behind columns of known tasks, with numbers of the same kind';
  }
}

/** Highest loss in nats per token that a column of a corpus may show; above it the numbers are perplexities. */
const MOST_NATS = 11;

/**
 * Columns named after a corpus: losses, or perplexities where the numbers are too high for that. Beside two of them, columns
 * of unknown name in the same range hold the same (`code` and `math` beside `wikitext` and `pile`).
 */
export function claimCorpora(columns: readonly Column[]): void {
  if (!columns.some((c) => c.role === 'model' || c.role === 'step' || isQuantity(c.role))) return;
  const open = columns.filter((c) => {
    const p = c.profile;
    const free = (c.role === null && c.facet === null) || (c.role === 'score' && c.measure?.assumed === true);
    return free && isNumeric(p) && !p.percentSigns && c.header.unit !== '%' && p.min > 0.2 && !p.integers;
  });
  const corpora = open.filter((c) => isCorpus(c.header.key));
  // Shares of right answers stay below one: one column that does not, and they are none.
  const top = Math.max(...corpora.map((c) => c.profile.max));
  const claim = (c: Column, how: string): void => {
    const metric = c.profile.median > MOST_NATS ? 'perplexity' : 'loss';
    c.measure = assumed(c, metric);
    c.role = scoreRole(metric);
    c.authority = 4;
    c.how = `${how}: taken as a ${metric} by its values`;
  };
  for (const c of corpora) if (c.profile.max > 1 || (corpora.length > 1 && top > 1)) claim(c, 'a known corpus');
  if (corpora.length < 2 || !(top > 1) || top > MOST_NATS) return;
  for (const c of open) {
    if (corpora.includes(c) || c.header.key === '' || c.profile.max > 2 * top) continue;
    claim(c, 'a column among those of known corpora');
  }
}

/** Headers whose last word says that numbers in any scale are points. */
const POINTS = /(?:^|_)(?:scores?|rating|points|grade|elo|intelligence)$|_index$|^index_/;

/**
 * Columns of unknown name in a results table whose values can only be scores.
 * @param signed only columns whose cells carry a percent sign: all that is certain in a table without models and sizes
 */
export function claimByValues(columns: readonly Column[], rows: number, signed = false): void {
  // Beside several scores in percent a hard task may stay below ten of them.
  const percents = columns.filter(
    (c) => c.role === 'score' && c.profile.max > 10 && c.profile.max <= 100 && isShare(c.measure?.metric ?? ''),
  ).length;
  const free = columns.filter(
    (c) => c.role === null && c.facet === null && isNumeric(c.profile) && c.header.key !== '' && c.profile.filled > 0,
  );
  // Numbers up to a hundred may be anything: one column of them alone is no score, beside other scores in percent it is.
  const likely = percents + free.filter(({ profile }) => looksPercent(profile, rows)).length;
  const corroborated = likely > 1;
  const shares = columns.filter((c) => isNumeric(c.profile) && c.profile.min >= 0 && c.profile.max <= 1).length;
  const named = free.filter((c) => POINTS.test(c.header.key)).length;
  const measured = columns.some(
    (c) => c.role === 'score' && c.measure?.assumed === false && c.measure.part === 'score',
  );
  for (const c of free) {
    const p = c.profile;
    const points = POINTS.test(c.header.key) && (p.distinct > 1 || named >= 3);
    if (signed && !p.percentSigns && !(points && measured)) continue;
    // Beside others, shares and numbers up to a hundred too are points; whole numbers are hardly percentages.
    if (points && (named >= 3 || (p.max > 1 && !(p.max <= 100 && p.max > 10 && p.min >= 0 && !p.integers)))) {
      c.role = 'score';
      c.measure = assumed(c, 'rating');
      c.how = 'points by its header';
      continue;
    }
    // Two values over many rows are a setting.
    if (p.distinct < Math.min(3, Math.ceil(rows / 2))) continue;
    // A single row shows no spread: many shares beside each other do.
    const share = p.min >= 0 && p.max <= 1 && ((!p.integers && p.distinct > 1) || (rows === 1 && shares > 4));
    const percent =
      // Signed percentages are differences.
      (p.percentSigns && p.min >= 0) ||
      c.header.unit === '%' ||
      (/(?:^|_)(?:pct|percent)$/.test(c.header.key) && p.min >= 0 && p.max <= 100) ||
      ((corroborated || POINTS.test(c.header.key)) && looksPercent(p, rows)) ||
      (percents >= 3 && p.min >= 0 && p.max <= 100 && p.median > 1.5 && !p.integers && p.distinct > 2) ||
      (likely >= 5 && p.min >= 0 && p.max <= 100 && p.max > 1 && !p.integers && p.distinct >= Math.min(3, rows));
    if (!share && !percent) continue;
    c.role = 'score';
    c.measure = assumed(c, 'acc');
    c.how = share
      ? 'values between 0 and 1: taken as a score'
      : 'values between 0 and 100: taken as a score in percent';
  }
}

function looksPercent(p: ColumnProfile, rows: number): boolean {
  const spread = p.distinct >= Math.min(3, Math.max(2, rows));
  return spread && p.min >= 0 && p.max <= 100 && p.max > 10 && p.median > 1.5 && !p.integers;
}

function isShare(metric: string): boolean {
  return findMetric(metric)?.percentable === true;
}

/** Unit of a score column from its metric and values; null where nothing certain can be said. */
export function scoreUnit(column: Column, mixedMetrics: boolean): void {
  if (column.unit !== null && column.unit !== '%') return;
  const name = column.measure?.metric ?? (column.role === 'loss' ? 'loss' : 'score');
  const entry = findMetric(name);
  if (column.profile.percentSigns || column.header.unit === '%') column.unit = '%';
  else if (entry?.unit != null) column.unit = entry.unit;
  else if (entry?.percentable === true) {
    if (column.profile.max > 1.5 && column.profile.min >= 0) {
      // A column that also holds losses or perplexities says nothing about percent.
      if (!mixedMetrics) column.unit = '%';
    } else if (column.profile.min >= 0 && column.profile.max <= 1.0001) column.unit = 'fraction';
  } else if (entry?.id === 'loss' && column.profile.median >= 1.5 && column.profile.median <= 11)
    column.unit = 'nats/token';
}

/** A score of the task that the column is named after. */
function assumed({ header }: Column, metric: string): Measure {
  return { ...NO_MEASURE, task: header.raw.trim(), metric, stem: header.raw };
}
