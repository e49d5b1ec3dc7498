// docs/formats.md, made from what the readers really read: every sample file of the formats, and the small texts of the
// tests for formats without a published sample. `node scripts/formats-doc.ts` writes it; a test says when it is old.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TREE_FORMATS } from '../src/core/read/formats.ts';
import { readInput } from '../src/core/read/open.ts';
import { READ_LIMITS, STREAM_FROM } from '../src/core/read/ports.ts';
import { WHOLE_BYTES } from '../src/core/read/stream.ts';
import { THIN_LIMITS } from '../src/core/read/stream-rows.ts';
import type { RawTable } from '../src/core/table/raw-table.ts';
import { understandTable } from '../src/core/table/understand.ts';
import { nodeReadPorts } from '../src/node/read-ports.ts';
import { parquetSample, writeParquet } from '../test/core/read/parquet-sample.ts';
import { sampleFiles, withoutData } from '../test/core/read/shared.ts';
import {
  BIG_BENCH,
  HELM_MODELS,
  LM_EVAL,
  MODEL_META,
  OLMES,
  RUNS_YAML,
  TRAINER_STATE,
} from '../test/core/read/texts.ts';
import { choiceRecord } from '../test/core/slice/sample-logs.ts';

export const formatsDoc = join(import.meta.dirname, '../docs/formats.md');

/** Scores on files gathered from public repositories after the rules were written; their texts are not ours to ship. */
const COLUMNS_UNSEEN = `## Columns of files never seen before

Eight batches of public files (results, sweeps, leaderboards, README tables, training curves), each gathered when the rules
for the earlier ones stood: the first hits of searches that hold results of trained models, none passed over for looking
easy or hard. The role of every column was written down before the first reading; a column is right if its role is, and a
column without a role is right if it gets none. “Today” says how the same files are read after their misses were studied,
so it is no estimate for other files: the first number is. Batches 7 and 8 hold no file of an earlier one.

| batch | files | columns | right at first sight | today |
|---|---|---|---|---|
| 1 | 48 | 362 | 82.0 % | 98.3 % |
| 2 | 19 | 99 | 88.9 % | 99.0 % |
| 3 | 16 | 91 | 92.3 % | 100 % |
| 4 | 40 | 283 | 83.0 % | 98.6 % |
| 5 | 35 | 230 | 93.5 % | 99.1 % |
| 6 | 40 | 249 | 92.0 % | 99.6 % |
| 7 | 28 | 356 | 91.6 % | 99.7 % |
| 8 | 38 | 219 | 95.4 % | 98.2 % |

Batch 7 is mostly CSV and JSON Lines as training code writes them (half of its misses are one file that was refused);
batch 8 is mostly tables of READMEs. Over the last four batches 979 of 1054 columns (92.9 %) were right at first sight, so
of a hundred columns of a file that nobody has tried, expect five to nine to be misread or left out, most of them in
files whose whole layout is unusual. \`scaling.yaml\` pins what is wrong; the roles read are always shown.`;

/** What each format is called and how it is recognised; ids that TREE_FORMATS names are taken from there. */
const TEXT_FORMATS: Readonly<Record<string, string>> = {
  csv: 'Delimited text: comma, semicolon, pipe',
  tsv: 'Delimited text: tab',
  'wandb-runs': 'W&B runs table (CSV)',
  'wandb-chart': 'W&B chart export (CSV)',
  'wandb-history': 'W&B history of one run (CSV)',
  tensorboard: 'TensorBoard export of one curve (CSV)',
  mlflow: 'MLflow runs table (CSV)',
  'per-sample': 'One row per question (CSV)',
  'question-groups': 'Groups of questions by difficulty (CSV)',
  'inspect-evals': 'Inspect evals_df (CSV)',
  'open-llm-leaderboard': 'Open LLM Leaderboard (Parquet, CSV)',
  opencompass: 'OpenCompass summary (CSV, text, Markdown)',
  'lm-eval-table': 'lm-evaluation-harness printed table',
  'lm-eval-0.3': 'lm-evaluation-harness results up to 0.3',
  'markdown-table': 'Any Markdown table of numbers',
  'training-log': 'Logs of training runs (Megatron-LM, NeMo, nanotron, torchtitan, torchtune, litgpt, nanoGPT)',
  'lighteval-samples': 'lighteval details (Parquet)',
  parquet: 'Parquet',
};

/** Formats without a published sample: the texts of the tests. */
const OWN: readonly { readonly name: string; readonly bytes: Uint8Array }[] = [
  ['runs.yaml', RUNS_YAML],
  [
    'maps.json',
    '{"pythia-70m": {"lambada": {"acc": 0.18}}, "pythia-160m": {"lambada": {"acc": 0.33}}, "pythia-410m": {"lambada": {"acc": 0.52}}}',
  ],
  ['results_<time>.json', LM_EVAL],
  [
    'EleutherAI__pythia-160m/samples_quiz_2026-01-02T03-04-05.jsonl',
    [0, 1, 2].map((id) => JSON.stringify(choiceRecord({ name: 'EleutherAI/pythia-160m', size: 8.2 }, id))).join('\n'),
  ],
  [
    'torchtitan.log',
    'INFO - Model llama3 debug size: 6,139,136 total parameters\nINFO - step:  1  loss: 12.2721  tps: 1,234\nINFO - step: 10  loss: 10.1234  tps: 6,234\n',
  ],
  [
    'OpenAI evals record.jsonl',
    '{"spec": {"completion_fns": ["org/m-1b"], "eval_name": "riddles.dev.v0", "base_eval": "riddles", "split": "dev", "run_id": "1"}}\n{"final_report": {"accuracy": 0.5, "boostrap_std": 0.1}, "run_id": "1"}\n',
  ],
  [
    'groups/core_scenarios.json',
    '{"title": "Accuracy", "header": [{"value": "Model"}, {"value": "MMLU - EM", "lower_is_better": false, "metadata": {"metric": "EM", "run_group": "MMLU"}}], "rows": [[{"value": "org/m-1b"}, {"value": 0.25}], [{"value": "org/m-7b"}, {"value": 0.4}]]}',
  ],
  ['wandb-summary.json', '{"_step": 2000, "parameter_count": 1e8, "train/loss": 3.2, "eval/hellaswag/acc_norm": 0.31}'],
  ['metrics-all.jsonl', OLMES],
  ['<task>.json of BIG-bench', BIG_BENCH],
  ['trainer_state.json', TRAINER_STATE],
  [
    'all_results.json',
    '{"epoch": 1.0, "total_flos": 1e18, "train_loss": 2.5, "train_runtime": 12.0, "eval_loss": 2.4}',
  ],
  ['model_metadata.yaml', HELM_MODELS],
  ['model_meta.json', MODEL_META],
  ['README.md with a table', '# m\n\n|Task|acc|\n|---|---:|\n|piqa|0.7|\n'],
  ['records.json', '[{"model": "a-1b", "N": 1e9, "loss": 2.5}, {"model": "b-2b", "N": 2e9, "loss": 2.4}]'],
  ['evals_df.csv', 'eval_id,model,task_name,score_headline_value,score_headline_stderr\na,m-1b,t,0.3,0.1\n'],
  ['run-pythia-160m-tag-eval_loss.csv', 'Wall time,Step,Value\n1700000000.1,100,6.2\n1700000010.1,200,5.4\n'],
  ['table.tsv', 'Model\tN\tmmlu\na-1b\t1e9\t0.3\nb-2b\t2e9\t0.4\n'],
].map(([name, text]) => ({ name: name as string, bytes: new TextEncoder().encode(text) }));

function runsParquet(): Uint8Array {
  return writeParquet([
    { name: 'model', texts: ['a-1b', 'b-2b', 'c-4b'] },
    { name: 'N', doubles: [1e9, 2e9, 4e9] },
    { name: 'D', doubles: [2e10, 4e10, 8e10] },
    { name: 'loss', doubles: [2.6, 2.5, 2.4] },
  ]);
}

/** lighteval's details of a task, as they are since 0.13. */
function details(): Uint8Array {
  return writeParquet([
    {
      name: 'doc',
      fields: [
        { name: 'id', texts: ['0', '1'] },
        { name: 'gold_index', doubles: [0, 1] },
      ],
    },
    { name: 'metric', fields: [{ name: 'acc', doubles: [1, 0] }] },
    {
      name: 'model_response',
      fields: [
        {
          name: 'logprobs',
          lists: [
            [-1, -2],
            [-1, -3],
          ],
        },
      ],
    },
  ]);
}

interface Line {
  readonly format: string;
  readonly file: string;
  readonly layout: string;
  readonly size: string;
  readonly read: string;
  readonly notes: string;
}

/** The text of docs/formats.md; null where the sample files are missing. */
export async function formatsText(): Promise<string | null> {
  if (withoutData !== false) return null;
  const lines: Line[] = [];
  const refused: { file: string; why: string }[] = [];
  const files = [
    ...sampleFiles('formats/samples'),
    ...OWN,
    { name: 'contents.parquet', bytes: parquetSample() },
    { name: 'runs.parquet', bytes: runsParquet() },
    {
      name: 'details/org/m-1b/2026-01-02T03-04-05/details_lighteval|quiz|0_2026-01-02T03-04-05.parquet',
      bytes: details(),
    },
  ];
  for (const file of files) {
    const result = await readInput(file, nodeReadPorts);
    if (result.ok) lines.push(...result.value.map((table) => lineOf(table)));
    else refused.push({ file: file.name, why: result.error.message });
  }
  const order = [...new Set([...Object.keys(TEXT_FORMATS), ...TREE_FORMATS.map(({ id }) => id)])];
  const named = new Map([...Object.entries(TEXT_FORMATS), ...TREE_FORMATS.map(({ id, name }) => [id, name] as const)]);
  const parts = [
    '# Formats',
    'This page is generated by `node scripts/formats-doc.ts` from what the readers read; do not edit it.',
    'A file is judged by its content, never by its name. Compression (gzip, zstd) and encoding (UTF-8, UTF-16, Latin-1) are seen through.',
    '## Recognised',
    'Rows × columns are those of the table that a file becomes; “read” counts its columns by role.',
  ];
  for (const id of order) {
    const own = lines.filter(({ format }) => format === id);
    parts.push(`### ${named.get(id) ?? id} — \`${id}\``);
    if (own.length === 0) {
      parts.push('Recognised, and refused with a reason: it holds no results and no sizes.');
      continue;
    }
    const seen = new Map<string, Line & { count: number }>();
    for (const line of own) {
      const key = `${line.layout}|${line.read}|${line.notes}`;
      const known = seen.get(key);
      seen.set(key, { ...(known ?? line), count: (known?.count ?? 0) + 1 });
    }
    const rows = [...seen.values()].map(
      ({ file, count, layout, size, read, notes }) =>
        `| ${cell(file)}${count > 1 ? ` and ${count - 1} like it` : ''} | ${layout} | ${size} | ${cell(read)} | ${cell(notes)} |`,
    );
    parts.push(['| file | layout | rows × columns | read | notes |', '|---|---|---|---|---|', ...rows].join('\n'));
  }
  parts.push('## Refused, with the reason');
  parts.push(
    ['| file | reason |', '|---|---|', ...refused.map(({ file, why }) => `| ${cell(file)} | ${cell(why)} |`)].join(
      '\n',
    ),
  );
  parts.push(COLUMNS_UNSEEN);
  parts.push('## Limits');
  parts.push(
    [
      '| what | limit |',
      '|---|---|',
      `| text read at once | ${READ_LIMITS.textBytes / 2 ** 20} MiB |`,
      `| files from ${STREAM_FROM / 2 ** 20} MiB on | delimited tables with one row per result are read row by row, whatever their size: rows are thinned per series (per run, where runs have checkpoints) to at most ${THIN_LIMITS.rows.toLocaleString('en-US')} in all, evenly over the scale, with the smallest and the largest; the file's finding says how many were read and kept. Beyond ${WHOLE_BYTES / 2 ** 20} MiB JSON lines are read in the same way (OLMES records all of them, without what is no metric), and questions — tables of them and sample logs — are folded into the means of all rows; their slices need the questions themselves. One JSON value, YAML and printed tables are refused beyond that, with the way out |`,
      '| memory | describing a CSV of 50 MB, 560,000 scores: some 220 MB beside the program itself (80 MB); one of 500 MB, read row by row: 260 MB, and 350 MB where it is fitted too (`npm run bench -- csv` measures the first) |',
      `| YAML with anchors, tags or text over several lines | ${READ_LIMITS.yamlCharacters / 1e6} million characters; plain run lists have no limit of their own |`,
      `| one packed file, unpacked | ${READ_LIMITS.unpackedBytes / 2 ** 20} MiB, and ${READ_LIMITS.unpackedRatio} times its size |`,
      `| columns | ${READ_LIMITS.columns} |`,
      `| nesting | ${READ_LIMITS.depth} levels |`,
    ].join('\n'),
  );
  return `${parts.join('\n\n')}\n`;
}

function lineOf(table: RawTable): Line {
  const { layout, columns } = understandTable(table, null);
  const counts = new Map<string, number>();
  for (const { role } of columns) if (role !== null && role !== 'ignore') counts.set(role, (counts.get(role) ?? 0) + 1);
  const read = [...counts].map(([role, count]) => (count === 1 ? role : `${count} × ${role}`)).join(', ');
  const faults =
    table.problems.length > 0
      ? [`${table.problems.length} faults shown, e.g. “${table.problems[0]?.message ?? ''}”`]
      : [];
  return {
    format: table.format,
    file: table.file.slice(table.file.lastIndexOf('/') + 1),
    layout,
    size: `${table.rowCount} × ${table.columnCount}`,
    read,
    notes: [...table.notes, ...faults].join('; '),
  };
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = await formatsText();
  if (text === null) {
    console.error('formats-doc: the sample files (../shared/data) are not here');
    process.exitCode = 1;
  } else {
    writeFileSync(formatsDoc, text);
    console.log(`wrote docs/formats.md, ${text.split('\n').length} lines`);
  }
}
