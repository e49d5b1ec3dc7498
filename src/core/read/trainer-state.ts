/**
 * Hugging Face Trainer: `trainer_state.json` (a log of training and evaluation rows) and `all_results.json`.
 * `num_input_tokens_seen: 0` means that tokens were not counted; `total_flos` is the compute of the whole run.
 */
import { err, ok } from '../result.ts';
import type { TextProblem } from '../table/raw-table.ts';
import { cellOf, TableBuilder } from './cell-table.ts';
import { type TreeFormat, unrecognised } from './source.ts';
import { at, entriesOf, has, itemsOf, numberOf, scalarOf } from './tree.ts';

const HOW = 'the layout of Hugging Face Trainer logs';

/** Tokens so far: the Trainer's own count, and the one that TRL adds to training and evaluation rows. */
const TOKENS: ReadonlySet<string> = new Set(['num_input_tokens_seen', 'num_tokens', 'eval_num_tokens']);

export const trainerStateFormat: TreeFormat = {
  id: 'trainer',
  name: 'Hugging Face Trainer log',
  matches: (root) => at(root, 'log_history')?.kind === 'list',
  read(source) {
    const { root } = source;
    const builder = new TableBuilder();
    const history = itemsOf(at(root, 'log_history'));
    const step = builder.column('step', 'step', { role: 'step', how: HOW });
    const total = scalarOf(at(root, 'total_flos'));
    const last = numberOf(at(root, 'global_step') ?? at(root, 'max_steps'));
    let counted = false;
    const problems: TextProblem[] = [];
    for (const record of history) {
      const keys = entriesOf(record);
      const evaluation = keys.some(({ key }) => key.startsWith('eval_'));
      // The closing row repeats the run as a whole (train_loss is its mean).
      if (!evaluation && !has(record, 'loss')) continue;
      const row = builder.row();
      for (const { key, keySpan, value } of keys) {
        const cell = scalarOf(value);
        if (cell === undefined) continue;
        if (/^(?:eval_)?loss$/.test(key) && typeof cell.value === 'string' && numberOf(cell) === undefined) {
          problems.push({
            code: 'data.missing',
            severity: 'warning',
            message: `the ${key} “${cell.raw.slice(0, 40)}” is no number: it is left out`,
            span: cell.span,
          });
          continue;
        }
        if (key === 'step') builder.set(row, step, cellOf(cell));
        else if (TOKENS.has(key)) {
          if ((numberOf(cell) ?? 0) <= 0) continue;
          counted = true;
          const name = key.replace(/^eval_/, '');
          builder.set(row, builder.column(name, name, { role: 'tokens', unit: 1, how: HOW }, keySpan), cellOf(cell));
        } else if (key === 'loss')
          builder.set(
            row,
            builder.column(key, 'train_loss', { role: 'score', task: 'train', metric: 'loss', how: HOW }, keySpan),
            cellOf(cell),
          );
        else if (key === 'eval_loss')
          builder.set(
            row,
            builder.column(key, key, { role: 'loss', metric: 'eval_loss', how: HOW }, keySpan),
            cellOf(cell),
          );
        else if (
          /_(?:runtime|per_second|time|entropy)$/.test(key) ||
          /^(?:epoch|grad_norm|learning_rate|total_flos|entropy)$/.test(key)
        ) {
          builder.set(row, builder.column(key, key, { role: 'ignore', how: HOW }, keySpan), cellOf(cell));
        } else if (key.startsWith('eval_')) {
          builder.set(
            row,
            builder.column(key, key, { role: 'score', metric: key.slice(5), how: HOW }, keySpan),
            cellOf(cell),
          );
        }
      }
      if (
        total !== undefined &&
        (numberOf(total) ?? 0) > 0 &&
        last !== undefined &&
        numberOf(at(record, 'step')) === last
      ) {
        builder.set(
          row,
          builder.column('total_flos', 'total_flos of the run', {
            role: 'compute',
            unit: 1,
            how: 'total_flos stands for the whole run: at its last step',
          }),
          cellOf(total),
        );
      }
    }
    if (builder.rowCount === 0)
      return err(unrecognised('a Trainer log without a loss', at(root, 'log_history')?.span ?? root.span));
    const notes = [...source.notes];
    if (!counted && numberOf(at(root, 'num_input_tokens_seen')) === 0)
      notes.push('num_input_tokens_seen is 0: tokens were not counted');
    return ok([
      builder.build({
        file: source.file,
        format: 'trainer',
        text: source.text,
        layout: 'wide',
        notes,
        problems: [...source.problems, ...problems],
      }),
    ]);
  },
};

export const trainerResultsFormat: TreeFormat = {
  id: 'trainer-results',
  name: 'Hugging Face Trainer all_results.json',
  matches: (root) =>
    has(root, 'epoch') && (has(root, 'train_loss', 'train_runtime') || has(root, 'eval_loss', 'eval_runtime')),
  read(source) {
    const builder = new TableBuilder();
    const row = builder.row();
    for (const { key, keySpan, value } of entriesOf(source.root)) {
      const cell = scalarOf(value);
      if (cell === undefined) continue;
      const hint =
        key === 'total_flos'
          ? { role: 'compute' as const, unit: 1, how: HOW }
          : key === 'eval_loss'
            ? { role: 'loss' as const, metric: key, how: HOW }
            : key === 'train_loss'
              ? { role: 'score' as const, task: 'train', metric: 'loss', how: HOW }
              : /_(?:runtime|per_second|samples)$|^epoch$/.test(key)
                ? { role: 'ignore' as const, how: HOW }
                : undefined;
      builder.set(row, builder.column(key, key, hint, keySpan), cellOf(cell));
    }
    return ok([
      builder.build({
        file: source.file,
        format: 'trainer-results',
        text: source.text,
        layout: 'wide',
        notes: source.notes,
        problems: source.problems,
      }),
    ]);
  },
};
