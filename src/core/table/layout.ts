/**
 * How a table is laid out: one row per model (wide), per score (long), per question (per-sample), per run with a loss
 * (loss-table), models as columns (transposed), or no results at all (metadata, diagnostic).
 */
import type { Layout } from '../report-model.ts';
import type { Column } from './column.ts';
import { DIAGNOSTIC } from './deny-list.ts';
import { isQuantity } from './name-roles.ts';
import { isNumeric } from './profile.ts';
import type { RawTable } from './raw-table.ts';
import { findMetric } from './registry/metrics.ts';
import { readModelName } from './sizes.ts';

/** Metrics that evaluation pipelines write per question. */
const PER_ITEM = new Set([
  'logodds',
  'logodds_difference',
  'loss',
  'correct',
  'estimate',
  'total_logprob',
  'predicted',
  'score',
  'acc',
  'logprob',
  'brier',
  'em',
  'exact_match',
  'f1',
]);
const ITEM_INDEX = new Set([
  'index',
  'idx',
  'doc_id',
  'sample_id',
  'item',
  'example_id',
  'question_id',
  'id',
  'instance_id',
  'n_index',
]);

export interface LayoutVerdict {
  readonly layout: Layout;
  readonly why: string;
  /** Columns that hold one model each, in a transposed table. */
  readonly modelColumns: readonly number[];
}

function verdict(layout: Layout, why: string, modelColumns: readonly number[] = []): LayoutVerdict {
  return { layout, why, modelColumns };
}

/** Columns whose headers are model names: they yield a size, or stand in an OpenCompass table after `mode`. */
function modelColumns(columns: readonly Column[]): number[] {
  const mode = columns.findIndex((c) => c.header.key === 'mode');
  const openCompass =
    mode >= 2 &&
    columns.slice(0, mode).some((c) => c.header.key === 'dataset') &&
    columns.slice(0, mode).some((c) => c.header.key === 'metric');
  return columns
    .filter((c, i) => {
      if (openCompass && i > mode) return c.header.raw !== '';
      return (
        !isQuantity(c.role) &&
        c.measure === null &&
        isNumeric(c.profile) &&
        c.profile.filled > 0 &&
        readModelName(c.header.raw).params !== null
      );
    })
    .map((c) => c.index);
}

/** Decides the layout from the roles claimed so far. */
export function detectLayout(table: RawTable, columns: readonly Column[], pinned: Layout | null): LayoutVerdict {
  const has = (role: string): boolean => columns.some((c) => c.role === role);
  const measures = columns.filter((c) => c.measure?.part === 'score' || (c.role === 'score' && c.measure === null));
  const models = modelColumns(columns);
  if (pinned !== null) return verdict(pinned, 'pinned in scaling.yaml', pinned === 'transposed' ? models : []);
  if (table.layout !== null)
    return verdict(
      table.layout,
      `the format ${table.format} is laid out so`,
      table.layout === 'transposed' ? models : [],
    );
  if (columns.length === 0) return verdict('unknown', 'there are no columns');
  const diagnostics = columns.filter(
    (c) =>
      // `Accuracy StdErr` is no error of a fit.
      c.measure?.part !== 'stderr' &&
      DIAGNOSTIC.test(c.header.key) &&
      (isNumeric(c.profile) || c.profile.sample.some((s) => /^\d+\/\d+$/.test(s))),
  );
  if (diagnostics.length >= 2)
    return verdict(
      'diagnostic',
      `columns such as “${(diagnostics[0] as Column).header.raw}” report on fits, not on evaluations`,
    );
  const sized = models.length >= 2 || (models.length >= 1 && columns.some((c) => c.header.key === 'mode'));
  if (sized && models.length >= (columns.length - 4) / 2 && !has('model')) {
    return verdict('transposed', `${models.length} headers are model names`, models);
  }
  const keys = new Set(columns.map((c) => c.header.key));
  if (
    (keys.has('prompt') || keys.has('question')) &&
    (keys.has('classes') || keys.has('choices') || keys.has('answer_index') || keys.has('options'))
  ) {
    return verdict('metadata', 'the questions of an evaluation, without results');
  }
  const scoreNamed = columns.some((c) => c.role === 'score');
  if (has('metric') && (scoreNamed || has('loss'))) return verdict('long', 'a metric column beside a score column');
  const first = columns[0] as Column;
  if (
    !has('model') &&
    !columns.some((c) => isQuantity(c.role) && c.role !== 'compute-per-token') &&
    (ITEM_INDEX.has(first.header.key) || first.header.raw.trim() === '') &&
    columns.slice(1).some((c) => PER_ITEM.has(c.header.key)) &&
    columns.slice(1).every((c) => PER_ITEM.has(c.header.key) || !isNumeric(c.profile) || c.profile.filled === 0)
  ) {
    return verdict('per-sample', 'one row per question: an index and per-question numbers');
  }
  const scores = measures.filter((c) => c.role !== 'loss');
  if (has('task') && measures.length > 0) {
    const onlyLoss = scores.length === 0 && columns.some((c) => isQuantity(c.role));
    const loose = columns.filter((c) => c.role === 'task').every((c) => c.facet !== null);
    if (!(onlyLoss && loose) && !(loose && scores.length > 1)) return verdict('long', 'a task column beside scores');
  }
  if (scores.length > 0 || measures.some((c) => c.measure?.run !== null && c.measure !== null)) {
    const ppl = scores.every((c) => findMetric(c.measure?.metric ?? '')?.id === 'perplexity');
    const evalLoss = measures.some((c) => c.role === 'loss' && !/train/i.test(c.header.raw));
    if (ppl && scores.length > 0 && evalLoss && columns.some((c) => isQuantity(c.role)))
      return verdict('loss-table', 'losses beside sizes or compute');
    return verdict(
      'wide',
      `${measures.length} score column${measures.length === 1 ? '' : 's'}, one row per model or step`,
    );
  }
  if (has('loss')) {
    return columns.some((c) => isQuantity(c.role))
      ? verdict('loss-table', 'losses beside sizes or compute')
      : verdict('wide', 'a loss per row');
  }
  if (columns.some((c) => c.role !== null && c.role !== 'ignore')) return verdict('metadata', 'no column holds scores');
  return verdict('unknown', 'no column was recognised');
}
