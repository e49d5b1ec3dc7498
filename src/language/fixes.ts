/**
 * What a click on a cell can change in scaling.yaml: pin or ignore a column, leave a model out, write a table of models,
 * choose a law for a series. Small plain data: the study of a large file is asked for it from afar.
 */
import type { ManifestChange } from '../core/manifest/edit.ts';
import type { Study } from '../core/study/study.ts';
import { columnReport, meaningAt } from './cells.ts';

/** A change with its name in the menu. */
export interface Fix {
  readonly title: string;
  readonly change: ManifestChange;
}

/** Laws worth offering on a series' header, beside the one chosen. */
const OFFERED = ['power', 'power-offset', 'sigmoid', 'bnsl1'];

type Reports = readonly {
  readonly id: string;
  readonly task: string;
  readonly metric: string;
  readonly chosen: string | null;
}[];

/** The fixes at an offset of a file. */
export function cellFixes(study: Study, file: string, offset: number, reports: Reports): Fix[] {
  const meaning = meaningAt(study, file, offset);
  if (meaning === null) return [];
  if (meaning.kind === 'run') {
    const model = study.run(meaning.cell.table, meaning.cell.row).model?.value;
    if (model === undefined) return [];
    return [
      {
        title: `Leave ${model} out of the fits (scaling.yaml)`,
        change: { kind: 'exclude', file, model, why: 'left out by hand' },
      },
    ];
  }
  if (meaning.kind !== 'header') return [];
  const fixes: Fix[] = [];
  const about = columnReport(study, meaning.cell);
  if (about?.role != null) {
    const { header, role, unit, task, metric } = about;
    const details = {
      ...(unit === null || unit === 1 ? {} : { unit }),
      ...(task === undefined ? {} : { task }),
      ...(metric === undefined ? {} : { metric }),
    };
    fixes.push({
      title: `Pin “${header}” as ${role} (scaling.yaml)`,
      change: { kind: 'column', file, header, role, ...details },
    });
    fixes.push({
      title: `Ignore the column “${header}” (scaling.yaml)`,
      change: { kind: 'column', file, header, role: 'ignore' },
    });
    if (role === 'model') {
      const models = namedModels(study, meaning.cell.table);
      if (models.length > 0) {
        fixes.push({
          title: `Create a table of ${models.length} models from their names (scaling.yaml)`,
          change: { kind: 'models', file, models },
        });
      }
    }
  }
  const [series] = meaning.series;
  const report = reports.find(({ id }) => id === series?.id);
  if (report !== undefined) {
    const target = report.metric === '' ? report.task : `${report.task}/${report.metric}`;
    for (const law of OFFERED) {
      if (law === report.chosen) continue;
      fixes.push({ title: `Fit ${law} to ${target} (scaling.yaml)`, change: { kind: 'law', file, target, law } });
    }
  }
  return fixes;
}

/** Models with the sizes that were read or worked out, for review. */
function namedModels(study: Study, table: number): { name: string; N?: number; D?: number; C?: number }[] {
  const models = new Map<string, { name: string; N?: number; D?: number; C?: number }>();
  const rows = study.tables[table]?.rowCount ?? 0;
  for (let row = 0; row < Math.min(rows, 5000) && models.size < 500; row++) {
    const { model, params, tokens, compute } = study.run(table, row);
    if (model === null || models.has(model.value)) continue;
    if (params === null && tokens === null && compute === null) continue;
    models.set(model.value, {
      name: model.value,
      ...(params === null ? {} : { N: params.value }),
      ...(tokens === null ? {} : { D: tokens.value }),
      ...(compute === null ? {} : { C: compute.value }),
    });
  }
  return [...models.values()];
}
