/**
 * Training configurations (OLMo, GPT-NeoX, litgpt, llm-foundry, Cerebras, open_lm, Hugging Face): no results, but N from
 * the architecture and D from steps × batch × sequence. They become one row of a table of models, each value with the
 * arithmetic behind it.
 */
import { err, ok } from '../result.ts';
import type { TextProblem } from '../table/raw-table.ts';
import { type Architecture, findArchitecture } from './architecture.ts';
import { cellOf, derivedCell, TableBuilder } from './cell-table.ts';
import { readQuantity } from './quantity.ts';
import { isFinishedRun } from './runs.ts';
import { stemOf, type TreeFormat, unrecognised } from './source.ts';
import { at, entriesOf, type Node, numberOf, type ScalarNode, scalarOf, textOf } from './tree.ts';

interface Tokens {
  readonly value: number;
  readonly how: string;
  readonly anchor: ScalarNode;
}

export const trainConfigFormat: TreeFormat = {
  id: 'train-config',
  name: 'Training configuration',
  matches: (root) => root.kind === 'map' && (findArchitecture(root) !== null || isLitgpt(root)) && !isFinishedRun(root),
  read(source) {
    const { root, text } = source;
    const architecture = findArchitecture(root);
    const tokens = tokensOf(root, text, architecture);
    const builder = new TableBuilder();
    const row = builder.row();
    const name = nameOf(root);
    builder.set(
      row,
      builder.column('model', 'model', {
        role: 'model',
        how: name === null ? 'the file name: the configuration states no model name' : 'the name in the configuration',
      }),
      name === null ? derivedCell(stemOf(source.file), null) : cellOf(name),
    );
    const notes = [...source.notes, 'a training configuration: sizes, no results'];
    if (architecture !== null) {
      const { params, nonEmbedding, how, anchor } = architecture;
      if (params !== null)
        builder.set(
          row,
          builder.column('params', 'params', { role: 'params', unit: 1, how }),
          derivedCell(String(params), anchor.span, params),
        );
      builder.set(
        row,
        builder.column('nonEmbedding', 'params without embeddings', { role: 'params-non-embedding', unit: 1, how }),
        derivedCell(String(nonEmbedding), anchor.span, nonEmbedding),
      );
      notes.push(`${params === null ? `N without embeddings = ${nonEmbedding}` : `N = ${params}`}: ${how}`);
    }
    if (tokens !== null) {
      builder.set(
        row,
        builder.column('tokens', 'tokens', { role: 'tokens', unit: 1, how: tokens.how }),
        derivedCell(String(tokens.value), tokens.anchor.span, tokens.value),
      );
      notes.push(`D = ${tokens.value}: ${tokens.how}`);
    }
    if (architecture === null && tokens === null && name === null)
      return err(unrecognised('a configuration without model size or training tokens', root.span));
    return ok([
      builder.build({
        file: source.file,
        format: 'train-config',
        text,
        layout: 'metadata',
        notes,
        problems: flowFaults(source.problems),
      }),
    ]);
  },
};

function isLitgpt(root: Node): boolean {
  return (
    scalarOf(at(root, 'model_name')) !== undefined &&
    at(root, 'train')?.kind === 'map' &&
    at(root, 'train', 'max_tokens') !== undefined
  );
}

function nameOf(root: Node): ScalarNode | null {
  for (const path of [['model_name'], ['run_name'], ['name'], ['_name_or_path']]) {
    const found = scalarOf(at(root, ...path));
    if (found !== undefined && typeof found.value === 'string' && !found.raw.includes('${') && found.raw.trim() !== '')
      return found;
  }
  return null;
}

/** D by the rule of the tool whose keys are there; null if one factor is missing. */
function tokensOf(root: Node, text: string, architecture: Architecture | null): Tokens | null {
  const stated = scalarOf(at(root, 'train', 'max_tokens'));
  if (stated !== undefined && (numberOf(stated) ?? 0) > 0)
    return { value: numberOf(stated) as number, how: 'train.max_tokens', anchor: stated };
  return neox(root, text, architecture) ?? cerebras(root, architecture) ?? composer(root, architecture);
}

/** OLMo and llm-foundry: max_duration in steps, batches, tokens or epochs. */
function composer(root: Node, architecture: Architecture | null): Tokens | null {
  const duration = scalarOf(at(root, 'max_duration'));
  if (duration === undefined) return null;
  const match = /^\s*([\d_,.]+(?:e[-+]?\d+)?)\s*(ba|ep|tok|T|B|sp|dur)?\s*$/i.exec(duration.raw);
  const count = match === null ? Number.NaN : (readQuantity(match[1] as string)?.value ?? Number.NaN);
  const unit = match?.[2] ?? '';
  if (!Number.isFinite(count)) return null;
  if (/^(?:tok|T)$/.test(unit))
    return { value: count, how: `max_duration ${duration.raw} (${unit} = tokens)`, anchor: duration };
  if (unit !== '' && unit !== 'ba') return null;
  const batch = numberOf(at(root, 'global_train_batch_size'));
  const sequence =
    numberOf(
      resolve(
        root,
        at(root, 'max_seq_len') ?? at(root, 'model', 'max_sequence_length') ?? at(root, 'model', 'max_seq_len'),
      ),
    ) ?? architecture?.sequence;
  if (batch === undefined || sequence === undefined || sequence === null) return null;
  return {
    value: count * batch * sequence,
    how: `${count} steps (max_duration) × ${batch} sequences × ${sequence} tokens`,
    anchor: duration,
  };
}

function cerebras(root: Node, architecture: Architecture | null): Tokens | null {
  const steps = scalarOf(at(root, 'trainer', 'init', 'loop', 'max_steps'));
  const batch = numberOf(at(root, 'trainer', 'fit', 'train_dataloader', 'batch_size'));
  const sequence = architecture?.sequence;
  const count = numberOf(steps);
  if (steps === undefined || count === undefined || batch === undefined || sequence === undefined || sequence === null)
    return null;
  return {
    value: count * batch * sequence,
    how: `${count} steps × ${batch} sequences × ${sequence} tokens`,
    anchor: steps,
  };
}

function neox(root: Node, text: string, architecture: Architecture | null): Tokens | null {
  const steps = scalarOf(at(root, 'train-iters') ?? at(root, 'train_iters'));
  const count = numberOf(steps);
  const micro = numberOf(at(root, 'train_micro_batch_size_per_gpu'));
  const whole = numberOf(at(root, 'train_batch_size') ?? at(root, 'train-batch-size'));
  const sequence = numberOf(at(root, 'seq-length') ?? at(root, 'seq_length')) ?? architecture?.sequence;
  if (steps === undefined || count === undefined || sequence === undefined || sequence === null) return null;
  if (whole !== undefined)
    return {
      value: count * whole * sequence,
      how: `${count} steps × ${whole} sequences × ${sequence} tokens`,
      anchor: steps,
    };
  if (micro === undefined) return null;
  // The number of GPUs stands in a comment or nowhere.
  const gpus = gpuComment(text);
  if (gpus === null) return null;
  const accumulation = numberOf(at(root, 'gas') ?? at(root, 'gradient_accumulation_steps')) ?? 1;
  const parallel = (numberOf(at(root, 'pipe-parallel-size')) ?? 1) * (numberOf(at(root, 'model-parallel-size')) ?? 1);
  const replicas = gpus / Math.max(1, parallel);
  return {
    value: count * micro * accumulation * replicas * sequence,
    how: `${count} steps × ${micro} sequences per GPU × ${replicas} GPUs (from a comment) × ${accumulation} accumulation × ${sequence} tokens`,
    anchor: steps,
  };
}

/** `# batch size (trained on 64 gpus)` → 64. */
function gpuComment(text: string): number | null {
  for (const line of text.split('\n')) {
    const comment = line.indexOf('#');
    const found =
      comment < 0
        ? null
        : /\b(\d{1,6})\s{0,3}(?:x\s{0,3})?(?:[A-Za-z]\w{0,12}\s{1,3})?gpus?\b/i.exec(
            line.slice(comment, comment + 300),
          );
    if (found !== null) return Number(found[1]);
  }
  return null;
}

/** `${variables.max_seq_len}` → the value it stands for. */
function resolve(root: Node, node: Node | undefined, depth = 0): Node | undefined {
  const reference = /^\$\{([\w.]+)\}$/.exec(textOf(node) ?? '');
  if (reference === null || depth > 5) return node;
  return resolve(root, at(root, ...(reference[1] as string).split('.')), depth + 1);
}

/** Configurations of experiments (Hydra) that hold neither sizes nor results: named, so that nobody wonders. */
export const otherConfigFormat: TreeFormat = {
  id: 'config',
  name: 'Other configuration',
  matches: (root) => {
    const entries = entriesOf(root);
    const plain = entries.filter(({ value }) => value.kind !== 'map').length;
    return (
      entries.length >= 3 &&
      plain >= 2 &&
      entries.some(({ key }) =>
        /^(?:out(?:put)?_dir|output|seed|lr|learning_rate|optimizer|dataset|data_dir|input_\w+|defaults|hydra|batch_size|exp_dir)$/.test(
          key,
        ),
      )
    );
  },
  read: (source) =>
    err(
      unrecognised(
        `a configuration: it states neither an architecture, nor training tokens, nor results (its keys: ${entriesOf(
          source.root,
        )
          .slice(0, 6)
          .map(({ key }) => key)
          .join(', ')}…)`,
        { start: source.root.span.start, end: source.root.span.start + 1 },
      ),
    ),
};

/** `args.log` of the Inverse Scaling Prize: one or several argument lists, one after another. */
export const argumentsFormat: TreeFormat = {
  id: 'arguments',
  name: 'Arguments of an evaluation',
  matches: (root) => {
    const all = root.kind === 'list' ? root.items : [root];
    return all.length > 0 && all.every((one) => at(one, 'exp_dir') !== undefined && at(one, 'models') !== undefined);
  },
  read: (source) =>
    err(
      unrecognised('the arguments of an evaluation, not its results: those are in the files beside it', {
        start: source.root.span.start,
        end: source.root.span.start + 1,
      }),
    ),
};

/** Comments and trailing commas are faults of JSON; in flow-style YAML, which is what has comments, they are none. */
function flowFaults(problems: readonly TextProblem[]): readonly TextProblem[] {
  const commented = problems.some(({ message }) => message.startsWith('a comment'));
  return commented ? problems.filter(({ message }) => !/^(?:a comment|trailing comma)/.test(message)) : problems;
}
