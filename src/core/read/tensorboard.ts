/**
 * CSV that TensorBoard hands out for one curve: `Wall time,Step,Value`, and what the value is stands in the file name,
 * `run-<run>-tag-<tag>.csv`, where signs such as `/` have become `_`.
 */
import type { ColumnHint } from '../table/raw-table.ts';
import { findMetric } from '../table/registry/metrics.ts';
import { baseName } from './source.ts';

const HEADERS = ['Wall time', 'Step', 'Value'];
const HOW = 'the layout of TensorBoard exports';

/** The tag of a curve by the name of its file; null where the file is named otherwise. */
function tagOf(file: string): string | null {
  return /^run-.*?-tag-(.+?)(?: \(\d+\))?\.csv(?:\.gz)?$/i.exec(baseName(file))?.[1] ?? null;
}

/** Hints and notes of an export; null for any other table. */
export function tensorBoard(
  headers: readonly string[],
  file: string,
): { readonly hints: ReadonlyMap<number, ColumnHint>; readonly notes: readonly string[] } | null {
  if (headers.length !== HEADERS.length || !headers.every((header, i) => header.trim() === HEADERS[i])) return null;
  const hints = new Map<number, ColumnHint>([
    [0, { role: 'ignore', how: HOW }],
    [1, { role: 'step', how: HOW }],
  ]);
  const tag = tagOf(file);
  // `Loss_train`, `epoch_loss`, `eval_accuracy`: what is measured stands at one end of the tag.
  const metric =
    tag === null
      ? null
      : [tag, tag.replace(/_(?:train|val(?:id(?:ation)?)?|eval|test)$/i, '')].find((name) => findMetric(name) !== null);
  if (tag === null || metric == null) {
    if (tag !== null)
      hints.set(2, { role: 'ignore', how: `the tag “${tag}” in the file name is no metric that is known` });
    return {
      hints,
      notes: [
        'a TensorBoard export whose file name does not say what is measured: pin “Value” in scaling.yaml, for example as loss',
      ],
    };
  }
  const loss = /loss|nll|entropy/i.test(metric);
  hints.set(2, { role: loss ? 'loss' : 'score', metric: tag, how: `the tag “${tag}” in the file name` });
  return { hints, notes: [`a TensorBoard export: ${tag} by the file name`] };
}
