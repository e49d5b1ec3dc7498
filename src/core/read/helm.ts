/**
 * HELM: the statistics of a run (`stats.json`), the run's description, its table of models and its schema of metrics.
 * `stddev` is the spread of the items (population), so the standard error is stddev/√(count − 1).
 */
import { err, ok } from '../result.ts';
import { cellOf, derivedCell, TableBuilder } from './cell-table.ts';
import { factOf, type Measurement, measurementTable } from './measurements.ts';
import { folderName, type TreeFormat, unrecognised } from './source.ts';
import { at, entriesOf, has, itemsOf, numberOf, scalarOf, textOf } from './tree.ts';

export const helmStatsFormat: TreeFormat = {
  id: 'helm',
  name: 'HELM stats.json',
  matches: (root) =>
    root.kind === 'list' &&
    root.items.length > 0 &&
    root.items.every((item) => at(item, 'name', 'name') !== undefined && has(item, 'count')),
  read(source) {
    // The folder of a run is named `<scenario>:<arg>=<value>,…,model=<model>`.
    const folder = folderName(source.file);
    const task = folder.includes(':') ? folder.slice(0, folder.indexOf(':')) : null;
    const model = /(?:^|[,:])model=([^,]+)/.exec(folder)?.[1]?.replace('_', '/') ?? null;
    const rows: Measurement[] = [];
    let skipped = 0;
    for (const item of itemsOf(source.root)) {
      const name = scalarOf(at(item, 'name', 'name'));
      const mean = scalarOf(at(item, 'mean'));
      if (name === undefined || mean === undefined || numberOf(mean) === undefined) continue;
      if (
        /^(?:num_|max_prob|inference_|batch_size|finish_reason|prompt_truncated|estimated_|training_|logprob_per_byte$)/.test(
          name.raw,
        )
      ) {
        skipped++;
        continue;
      }
      const split = scalarOf(at(item, 'name', 'split'));
      const kind = [at(item, 'name', 'sub_split'), at(item, 'name', 'perturbation', 'name')]
        .map((node) => scalarOf(node)?.raw)
        .filter((part) => part !== undefined);
      const count = scalarOf(at(item, 'count'));
      const n = numberOf(count);
      const sd = scalarOf(at(item, 'stddev'));
      const spread = numberOf(sd);
      // Over several instances the sample standard error; one value has none.
      const error = n !== undefined && n > 1 && spread !== undefined ? spread / Math.sqrt(n - 1) : null;
      rows.push({
        ...(model !== null && { model: derivedCell(model, null) }),
        task: derivedCell(task ?? (folder || 'run'), null),
        ...(split !== undefined && { split: cellOf(split) }),
        ...(kind.length > 0 && { filter: derivedCell(kind.join('/'), at(item, 'name')?.span ?? null) }),
        metric: cellOf(name),
        score: cellOf(mean),
        ...(error !== null && sd !== undefined && { stderr: derivedCell(String(error), sd.span, error) }),
        ...(count !== undefined && { n: cellOf(count) }),
      });
    }
    if (rows.length === 0) return err(unrecognised('HELM statistics without a score', source.root.span));
    const notes = [...source.notes, 'stderr = stddev/√(count − 1): stddev is the population spread of the items'];
    if (skipped > 0) notes.push(`${skipped} bookkeeping statistics (token counts, run times) are left out`);
    return ok([
      measurementTable(rows, {
        file: source.file,
        format: 'helm',
        text: source.text,
        how: 'the layout of HELM statistics',
        notes,
        problems: source.problems,
      }),
    ]);
  },
};

export const helmRunFormat: TreeFormat = {
  id: 'helm-run',
  name: 'HELM run_spec.json',
  matches: (root) => has(root, 'adapter_spec', 'scenario_spec'),
  read: (source) =>
    err(
      unrecognised('a HELM run description: it holds no scores (they are in stats.json beside it)', source.root.span),
    ),
};

/** `model_metadata.yaml`: a table of models with sizes. */
export const helmModelsFormat: TreeFormat = {
  id: 'helm-models',
  name: 'HELM model_metadata.yaml',
  matches: (root) => {
    const models = itemsOf(at(root, 'models'));
    return (
      models.length > 0 &&
      models.every((model) => has(model, 'name')) &&
      models.some((model) => has(model, 'num_parameters')) &&
      models.some((model) => has(model, 'creator_organization_name') || has(model, 'release_date'))
    );
  },
  read(source) {
    const builder = new TableBuilder();
    const how = 'the layout of HELM model metadata';
    const name = builder.column('name', 'name', { role: 'model', how });
    const params = builder.column('num_parameters', 'num_parameters', { role: 'params', unit: 1, how });
    for (const model of itemsOf(at(source.root, 'models'))) {
      const label = scalarOf(at(model, 'name'));
      if (label === undefined) continue;
      const row = builder.row();
      builder.set(row, name, cellOf(label));
      const size = scalarOf(at(model, 'num_parameters'));
      if (size !== undefined) builder.set(row, params, cellOf(size));
    }
    return ok([
      builder.build({
        file: source.file,
        format: 'helm-models',
        text: source.text,
        layout: 'metadata',
        notes: source.notes,
        problems: source.problems,
      }),
    ]);
  },
};

/** `schema_*.yaml`: the direction of metrics. */
export const helmSchemaFormat: TreeFormat = {
  id: 'helm-schema',
  name: 'HELM schema (metric directions)',
  matches: (root) => {
    const metrics = itemsOf(at(root, 'metrics'));
    return (
      metrics.length > 0 &&
      metrics.every((metric) => has(metric, 'name')) &&
      metrics.some((metric) => has(metric, 'lower_is_better') || has(metric, 'display_name'))
    );
  },
  read(source) {
    const builder = new TableBuilder();
    const how = 'the layout of a HELM schema';
    const name = builder.column('name', 'name', { role: 'metric', how });
    const lower = builder.column('lower_is_better', 'lower_is_better', {
      role: 'ignore',
      how: 'direction of the metric',
    });
    const facts = [];
    for (const metric of itemsOf(at(source.root, 'metrics'))) {
      const label = scalarOf(at(metric, 'name'));
      if (label === undefined) continue;
      const row = builder.row();
      builder.set(row, name, cellOf(label));
      const direction = scalarOf(at(metric, 'lower_is_better'));
      if (direction !== undefined) {
        builder.set(row, lower, cellOf(direction));
        if (typeof direction.value === 'boolean')
          facts.push(factOf(null, label.raw, direction.span, { better: direction.value ? 'lower' : 'higher' }));
      }
    }
    const known = facts.length;
    const notes = [...source.notes, `${builder.rowCount} metrics, ${known} with a direction; no results`];
    return ok([
      builder.build({
        file: source.file,
        format: 'helm-schema',
        text: source.text,
        layout: 'metadata',
        facts,
        notes,
        problems: source.problems,
      }),
    ]);
  },
};

/** Benchmarks with their chance level: the llm-foundry evaluation gauntlet. */
export const gauntletFormat: TreeFormat = {
  id: 'gauntlet',
  name: 'llm-foundry evaluation gauntlet',
  matches: (root) => itemsOf(at(root, 'eval_gauntlet', 'categories')).length > 0,
  read(source) {
    const builder = new TableBuilder();
    const how = 'the layout of the llm-foundry evaluation gauntlet';
    const task = builder.column('task', 'benchmark', { role: 'task', how });
    const shots = builder.column('shots', 'num_fewshot', { role: 'shots', how });
    const chance = builder.column('chance', 'random_baseline', { role: 'chance', how });
    const facts = [];
    for (const category of itemsOf(at(source.root, 'eval_gauntlet', 'categories'))) {
      for (const benchmark of itemsOf(at(category, 'benchmarks'))) {
        const name = scalarOf(at(benchmark, 'name'));
        if (name === undefined) continue;
        const row = builder.row();
        builder.set(row, task, cellOf(name));
        const few = scalarOf(at(benchmark, 'num_fewshot'));
        if (few !== undefined) builder.set(row, shots, cellOf(few));
        const baseline = scalarOf(at(benchmark, 'random_baseline'));
        if (baseline === undefined) continue;
        builder.set(row, chance, cellOf(baseline));
        facts.push(factOf(name.raw, null, baseline.span, { chance: numberOf(baseline) }));
      }
    }
    const notes = [...source.notes];
    if (
      textOf(at(source.root, 'eval_gauntlet', 'weighting')) !== undefined &&
      entriesOf(at(source.root, 'eval_gauntlet')).some(
        ({ key, value }) =>
          /^(?:subtract_random_baseline|rescale_accuracy)$/.test(key) && scalarOf(value)?.value === true,
      )
    ) {
      notes.push('scores made with this gauntlet have the chance level subtracted and are rescaled');
    }
    return ok([
      builder.build({
        file: source.file,
        format: 'gauntlet',
        text: source.text,
        layout: 'metadata',
        facts,
        notes,
        problems: source.problems,
      }),
    ]);
  },
};
