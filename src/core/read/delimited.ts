/**
 * Delimited text: the tokenizer cuts it, the header line says which tool wrote it. Where a tool's layout fixes what a
 * column is (a chart export names run and metric in one header), that goes along as a hint; all else is left to the
 * detection of roles.
 */
import type { Layout } from '../report-model.ts';
import { err, ok, type Result } from '../result.ts';
import { optionColumns } from '../slice/option-rows.ts';
import { copiedTable } from '../table/copied.ts';
import { parseCsv } from '../table/csv.ts';
import { withLateHeader } from '../table/late-header.ts';
import type { ColumnHint, FormatFact, RawTable } from '../table/raw-table.ts';
import type { SourceText } from '../table/source-text.ts';
import { isOpenCompassHeader, openCompassTable } from './opencompass.ts';
import type { Refusal } from './source.ts';
import { tensorBoard } from './tensorboard.ts';

/** What a header line tells about the tool that wrote it. */
interface Signature {
  readonly format: string;
  readonly layout?: Layout;
  readonly hints?: ReadonlyMap<number, ColumnHint>;
  readonly facts?: readonly FormatFact[];
  readonly notes?: readonly string[];
}

/**
 * Reads delimited text.
 * @param format 'csv' or 'tsv' where the user pinned one
 */
export function readDelimited(
  file: string,
  text: string | SourceText,
  notes: readonly string[],
  format?: string,
): Result<readonly RawTable[], Refusal> {
  const table = withLateHeader(
    parseCsv(text, {
      file,
      ...(format === 'csv' || format === 'tsv' ? { format } : {}),
    }),
  );
  if (table.columnCount === 0) {
    const problem = table.problems[0];
    return err({
      code: problem?.code ?? 'file.unrecognised',
      message: problem?.message ?? 'no table was found',
      span: problem?.span ?? { start: 0, end: 0 },
    });
  }
  const headers = Array.from({ length: table.columnCount }, (_, column) => table.header(column));
  if (isPrompts(headers)) {
    // No results, but the number of options per question is the chance level of the results beside it.
    const note = 'the questions of a task (prompts and classes), not results: the answers are in the files beside it';
    return ok([
      copiedTable(table, { format: 'task-data', layout: 'metadata', notes: [...table.notes, ...notes, note] }),
    ]);
  }
  if (isNameList(table)) {
    return err({
      code: 'file.unrecognised',
      message: `a list of ${table.rowCount + 1} names, one per line: there are no columns and no numbers to read`,
      span: table.headerSpan(0) ?? { start: 0, end: 0 },
    });
  }
  if (isOpenCompassHeader(headers)) return ok([openCompassTable(table, notes)]);
  const signature = signatureOf(headers, table) ?? { format: table.format };
  return ok([
    copiedTable(table, {
      format: signature.format,
      layout: signature.layout ?? table.layout,
      hints: signature.hints ?? table.hints,
      facts: signature.facts ?? table.facts,
      notes: [...notes, ...table.notes, ...(signature.notes ?? [])],
    }),
  ]);
}

/** `data.csv` of the Inverse Scaling Prize layout. */
function isPrompts(headers: readonly string[]): boolean {
  return (
    headers.includes('prompt') &&
    (headers.includes('classes') || headers.includes('answer_index')) &&
    !headers.includes('loss')
  );
}

/** One column whose header and cells all look like names. */
function isNameList(table: RawTable): boolean {
  if (table.columnCount !== 1 || table.rowCount === 0) return false;
  return table.numbers(0).every((value) => Number.isNaN(value));
}

const PER_SAMPLE = ['logodds', 'logodds_difference', 'loss', 'correct', 'estimate', 'predicted', 'total_logprob'];

/** Questions of several models in one table are not one model's. */
const MODEL = /^(?:model|model_name|run|family)$/i;

function signatureOf(headers: readonly string[], table: RawTable): Signature | null {
  const has = (...names: readonly string[]): boolean => names.every((name) => headers.includes(name));
  const count = (test: (header: string) => boolean): number => headers.filter(test).length;

  if (isPerSample(headers, table)) {
    return {
      format: 'per-sample',
      layout: 'per-sample',
      notes: ['one row per question; the model is the file name'],
    };
  }
  if (!headers.some((header) => MODEL.test(header)) && optionColumns(table) !== null) {
    return {
      format: 'per-sample',
      layout: 'per-sample',
      notes: ['one row per question with the probability of every option; the model is the file name'],
    };
  }
  const chart = chartHints(headers);
  if (chart !== null) {
    return {
      format: 'wandb-chart',
      layout: 'wide',
      hints: chart,
      notes: [
        'W&B chart export: at most 1500 sampled points per line; __MIN and __MAX are the range of the sampled points, not an error',
      ],
    };
  }
  const board = tensorBoard(headers, table.file);
  if (board !== null) return { format: 'tensorboard', layout: 'wide', ...board };
  if (has('_step') || (has('Step') && count((h) => h.includes('/')) > 0)) {
    return { format: 'wandb-history', notes: ['W&B history export: one file is one run, its rows are checkpoints'] };
  }
  if (
    has('Run ID', 'Start Time', 'Source Type') ||
    (has('run_id', 'experiment_id') && count((h) => /^(?:params|metrics)\./.test(h)) > 0)
  ) {
    return mlflow(headers);
  }
  if (has('Name') && (has('State') || has('Runtime') || count((h) => h.includes('/')) >= 2)) {
    const notes = ['W&B runs table: configuration and summary stand side by side'];
    if (has('State'))
      notes.push('rows are kept whatever their State: runs marked failed may have reached their last step');
    return { format: 'wandb-runs', notes };
  }
  if (count((h) => /^score_headline_/.test(h)) > 0) return { format: 'inspect-evals' };
  if (has('eval_name') && count((h) => /^#?Params \(B\)$/i.test(h)) > 0) {
    return {
      format: 'open-llm-leaderboard',
      notes: ['columns without “Raw” are rescaled so that chance is 0: the Raw columns are the scores'],
    };
  }
  if (has('model_family', 'task') && has('metric_name', 'score')) return { format: 'big-bench', layout: 'long' };
  const groups = count((h) => /^\d+_\d+_\w+$/.test(h));
  if (groups >= 2) {
    return {
      format: 'question-groups',
      notes: [`${groups} columns <from>_<to>_<metric> are groups of questions, sorted by difficulty`],
    };
  }
  return null;
}

/** index and per-item numbers, nothing else: no sizes, no task, no model. */
function isPerSample(headers: readonly string[], table: RawTable): boolean {
  const known = headers.filter((header) => PER_SAMPLE.includes(header)).length;
  const index = headers[0] === 'index' || headers[0] === '' || headers[0] === 'doc_id';
  return (
    index &&
    known >= 1 &&
    known + 1 >= headers.length - 1 &&
    headers.length <= 8 &&
    !headers.includes('model') &&
    table.columnCount >= 2
  );
}

/** `RUN - METRIC`, with `__MIN` and `__MAX` beside it; null if the header is no chart export. */
function chartHints(headers: readonly string[]): ReadonlyMap<number, ColumnHint> | null {
  const first = headers[0]?.trim() ?? '';
  if (
    !/^(?:Step|_step|epoch|global_step|trainer\/global_step|Relative Time.*|Wall Time|Runtime|.*tokens.*|.*step.*)$/i.test(
      first,
    )
  )
    return null;
  if (headers.length < 2 || !headers.slice(1).every((header) => header.includes(' - '))) return null;
  const hints = new Map<number, ColumnHint>();
  if (/step/i.test(first)) hints.set(0, { role: 'step', how: 'the x axis of a W&B chart export' });
  headers.forEach((header, column) => {
    if (column === 0) return;
    const bare = header.replace(/__(?:MIN|MAX)$/, '');
    const cut = bare.lastIndexOf(' - ');
    const run = bare.slice(0, cut).replace(/^Group: /, '');
    const metric = bare.slice(cut + 3);
    const leaf = metric.slice(metric.lastIndexOf('/') + 1);
    if (bare !== header) {
      hints.set(column, { role: 'ignore', how: `the range of sampled points of ${run} - ${metric}, not an error` });
    } else if (metric === '_step') {
      hints.set(column, { role: 'ignore', how: `the step of ${run}, which is the x axis` });
    } else if (/(?:^|_)(?:loss|nll)$|crossentropy/i.test(leaf)) {
      hints.set(column, { role: 'loss', how: `header “run - metric” of a W&B chart export: run ${run}` });
    } else {
      hints.set(column, { role: 'score', how: `header “run - metric” of a W&B chart export: run ${run}` });
    }
  });
  return hints;
}

function mlflow(headers: readonly string[]): Signature {
  const hints = new Map<number, ColumnHint>();
  const prefixed = headers.some((header) => header.startsWith('metrics.'));
  headers.forEach((header, column) => {
    if (header.startsWith('metrics.')) {
      hints.set(column, { role: 'score', metric: header.slice(8), how: 'the metrics. prefix of MLflow' });
    } else if (
      /^(?:Start Time|Duration|Source Type|Source Name|User|start_time|end_time|artifact_uri|experiment_id)$/.test(
        header,
      ) ||
      header.startsWith('tags.')
    ) {
      hints.set(column, { role: 'ignore', how: 'a column that MLflow adds to every run' });
    } else if (/^status$/i.test(header)) hints.set(column, { role: 'status', how: 'the status column of MLflow' });
  });
  const notes = prefixed
    ? []
    : ['MLflow runs table: nothing in it separates parameters from metrics; pin the metrics in scaling.yaml'];
  return { format: 'mlflow', layout: 'wide', hints, notes };
}
