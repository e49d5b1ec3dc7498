/**
 * The three kinds of JSON of Gadre et al. (open_lm): a model with its sizes and validation losses, its downstream scores,
 * and the grid of small runs whose keys hold everything. `tokens` under a result is the size of the evaluation set;
 * D stands one level up.
 */
import { err, ok } from '../result.ts';
import { cellOf, derivedCell, TableBuilder } from './cell-table.ts';
import { type Measurement, measurementTable } from './measurements.ts';
import { stemOf, type TreeFormat, unrecognised } from './source.ts';
import { at, entriesOf, itemsOf, type Node, numberOf, scalarOf, textOf } from './tree.ts';

export const gadreModelFormat: TreeFormat = {
  id: 'gadre',
  name: 'open_lm model (sizes and validation losses)',
  matches: (root) =>
    numberOf(at(root, 'hyperparameters', 'params')) !== undefined && at(root, 'results')?.kind === 'list',
  read(source) {
    const { root } = source;
    const name = scalarOf(at(root, 'name'));
    const settings = at(root, 'hyperparameters');
    const params = scalarOf(at(settings, 'params'));
    const body = scalarOf(at(settings, 'params_no_embed'));
    const tokens = scalarOf(at(settings, 'tokens'));
    const family = scalarOf(at(root, 'dataset_name'));
    const rows: Measurement[] = [];
    for (const result of itemsOf(at(root, 'results'))) {
      const loss = scalarOf(at(result, 'loss'));
      if (loss === undefined || numberOf(loss) === undefined) continue;
      const data = itemsOf(at(result, 'val_data'))[0];
      const low = scalarOf(at(result, 'loss_sequences_lower_95') ?? at(result, 'loss_tokens_lower_95'));
      const high = scalarOf(at(result, 'loss_sequences_upper_95') ?? at(result, 'loss_tokens_upper_95'));
      const sequences = scalarOf(at(result, 'sequences'));
      rows.push({
        ...(name !== undefined && { model: cellOf(name) }),
        ...(family !== undefined && { family: cellOf(family) }),
        ...(params !== undefined && { params: cellOf(params) }),
        ...(body !== undefined && { paramsNonEmbedding: cellOf(body) }),
        ...(tokens !== undefined && { tokens: cellOf(tokens) }),
        task: derivedCell(evalSet(textOf(data) ?? 'validation'), data?.span ?? loss.span),
        metric: derivedCell('loss', loss.span),
        score: cellOf(loss),
        ...(low !== undefined && { low: cellOf(low) }),
        ...(high !== undefined && { high: cellOf(high) }),
        ...(sequences !== undefined && { n: cellOf(sequences) }),
      });
    }
    if (rows.length === 0) return err(unrecognised('an open_lm model without validation losses', root.span));
    const notes = [
      ...source.notes,
      '`tokens` under a result is the size of the evaluation set and is not D',
      'intervals are 95 % bootstrap intervals over sequences',
    ];
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: 'gadre',
        text: source.text,
        how: 'the layout of open_lm model files',
        notes,
        problems: source.problems,
      }),
    ]);
  },
};

export const gadreEvalFormat: TreeFormat = {
  id: 'gadre-eval',
  name: 'open_lm downstream scores',
  matches: (root) => entriesOf(at(root, 'eval_metrics', 'icl')).length > 0,
  read(source) {
    const { root } = source;
    const stated = scalarOf(at(root, 'model'));
    // Model file and score file share no key but the name of the file.
    const stem = stemOf(source.file)
      .replace(/^.*?eval(?:uation)?_/, '')
      .replace(/_(?:heavy|light|medium)$/, '');
    const known = stated !== undefined && stem.includes(stated.raw) ? stem : (stated?.raw ?? stem);
    const rows: Measurement[] = entriesOf(at(root, 'eval_metrics', 'icl')).flatMap(({ key, keySpan, value }) => {
      const score = scalarOf(value);
      if (score === undefined || numberOf(score) === undefined) return [];
      const model = derivedCell(known, stated?.span ?? null);
      return [{ model, task: { text: key, span: keySpan }, metric: derivedCell('acc', keySpan), score: cellOf(score) }];
    });
    if (rows.length === 0) return err(unrecognised('open_lm scores without a number', root.span));
    const notes = [
      ...source.notes,
      `model ${known} from the file name: it joins the scores with the sizes`,
      'the file states no metric: accuracy, as in the code that wrote it',
    ];
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: 'gadre-eval',
        text: source.text,
        how: 'the layout of open_lm evaluations',
        notes,
        problems: source.problems,
      }),
    ]);
  },
};

/** `d=1024_l=12_h=16-64-0.003-0.033-64-5149020160-100-3e-05`: model, head size, lr, wd, batch, tokens, warm-up, final lr. */
const GRID_KEY = /^(d=\d+_l=\d+_h=\d+)-([\d.e-]+?)-([\d.e-]+?)-([\d.e-]+?)-(\d+)-(\d+)-(\d+)-([\d.e-]+)$/;

export const gadreGridFormat: TreeFormat = {
  id: 'gadre-grid',
  name: 'open_lm grid of small runs',
  matches: (root) => {
    const entries = entriesOf(root);
    return (
      entries.length > 1 &&
      entries.every(({ key, value }) => /^d=\d+_l=\d+_h=\d+-/.test(key) && numberOf(value) !== undefined)
    );
  },
  read(source) {
    const rows: Measurement[] = [];
    for (const { key, keySpan, value } of entriesOf(source.root)) {
      const match = GRID_KEY.exec(key);
      const loss = scalarOf(value);
      if (loss === undefined) continue;
      const tokens = match?.[6];
      rows.push({
        model: derivedCell(match?.[1] ?? key, keySpan),
        ...(tokens !== undefined && { tokens: derivedCell(tokens, keySpan, Number(tokens)) }),
        filter: derivedCell(key.slice((match?.[1] ?? '').length + 1), keySpan),
        task: derivedCell('validation', keySpan),
        metric: derivedCell('loss', keySpan),
        score: cellOf(loss),
      });
    }
    const notes = [
      ...source.notes,
      'a grid over hyperparameters: runs differ in learning rate, batch and warm-up, so they are not pooled',
      'N is not in the file: join a table of models',
    ];
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: 'gadre-grid',
        text: source.text,
        how: 'the keys of the open_lm grid',
        notes,
        problems: source.problems,
      }),
    ]);
  },
};

/** The evaluation set is the last folder of the path: `…/c4_val/shard-{…}.tar` → c4_val, `…/paloma_val/00000001.tar` → paloma_val. */
function evalSet(path: string): string {
  const folders = path
    .split('/')
    .filter((part) => part !== '' && !/^shard|\.(?:tar|jsonl?|gz|parquet)\b|^\d+$/.test(part));
  const last = folders.at(-1) ?? path;
  return /^(?:val|test|train|default)$/.test(last) && folders.length > 1 ? `${folders.at(-2)}/${last}` : last;
}

/** `final.json` of the OLMo ladder: label → n, FLOPs per token, the files of its runs. */
export const ladderConfigFormat: TreeFormat = {
  id: 'ladder-config',
  name: 'OLMo ladder configuration',
  matches: (root) => {
    const entries = entriesOf(root);
    return (
      entries.length > 0 &&
      entries.every(({ value }) => numberOf(at(value, 'n')) !== undefined && at(value, 'paths')?.kind === 'list')
    );
  },
  read: (source) => ok([ladderTable(source.root, source)]),
};

function ladderTable(root: Node, source: Parameters<TreeFormat['read']>[0]): ReturnType<TableBuilder['build']> {
  const builder = new TableBuilder();
  const how = 'the layout of the OLMo ladder configuration';
  const model = builder.column('model', 'model', { role: 'model', how });
  const n = builder.column('n', 'n', { role: 'params', unit: 1, how });
  const flops = builder.column('flops', 'flops', {
    role: 'compute-per-token',
    unit: 1,
    how: 'FLOP per token, not per run',
  });
  const mode = builder.column('mode', 'mode', { role: 'status', how: 'train = fitted, eval = held out' });
  const paths = builder.column('paths', 'paths', { role: 'ignore', how: 'files of the runs' });
  for (const { key, keySpan, value } of entriesOf(root)) {
    const row = builder.row();
    builder.set(row, model, { text: key, span: keySpan });
    for (const [name, column] of [
      ['n', n],
      ['flops', flops],
      ['mode', mode],
    ] as const) {
      const cell = scalarOf(at(value, name));
      if (cell !== undefined) builder.set(row, column, cellOf(cell));
    }
    const list = at(value, 'paths');
    builder.set(
      row,
      paths,
      derivedCell(
        itemsOf(list)
          .flatMap((item) => textOf(item) ?? [])
          .join(' '),
        list?.span ?? null,
      ),
    );
  }
  return builder.build({
    file: source.file,
    format: 'ladder-config',
    text: source.text,
    layout: 'metadata',
    notes: source.notes,
    problems: source.problems,
  });
}
