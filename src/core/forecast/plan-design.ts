/**
 * What a plan of runs says beside its table: which laws the design cannot identify, old and planned runs together, and the
 * lines for scaling.yaml.
 */
import type { Point, StudySeries } from '../study/study.ts';
import { growTogether } from './grow-together.ts';
import type { PlannedRun, PlanRequest } from './plan.ts';

/** What the design cannot identify, old and planned runs together. */
export function designWarnings(
  series: StudySeries,
  points: readonly Point[],
  runs: readonly PlannedRun[],
  request: PlanRequest,
): string[] {
  const warnings: string[] = [];
  const all = [...points.map((p) => ({ params: p.params, tokens: p.tokens, compute: p.compute ?? sixNd(p) })), ...runs];
  const computes = all.map((r) => r.compute).filter((c): c is number => c !== null && c > 0);
  const reach = computes.length > 0 ? Math.log10(Math.max(...computes) / Math.min(...computes)) : 0;
  if (reach < 0.05) warnings.push('All runs have one compute budget: no law of compute can be identified from them.');
  else if (reach < 1)
    warnings.push(`The runs span ${reach.toFixed(2)} decades of compute; a law needs at least one decade, better two.`);
  const measured = points.map((p) => p.compute ?? sixNd(p)).filter((c): c is number => c !== null && c > 0);
  const before = measured.length > 0 ? Math.log10(Math.max(...measured) / Math.min(...measured)) : 0;
  if (reach >= 1 && before < 1)
    warnings.push(
      `The measured runs alone span ${before.toFixed(2)} decades of compute; the plan widens them to ${reach.toFixed(2)}.`,
    );
  const both = all.filter((r) => r.params !== null && r.tokens !== null);
  if (both.length >= 3) {
    if (growTogether(both))
      warnings.push(
        'Parameters and tokens grow together in all runs: their effects cannot be told apart. Add a run with another number of tokens per parameter.',
      );
  } else warnings.push('Parameters and tokens are not both known: only a law of one variable can be fitted.');
  const last = Math.max(...points.map((p) => p.x));
  const planned = runs.map(
    (r) => (series.scale === 'compute' ? r.compute : series.scale === 'params' ? r.params : r.tokens) ?? 0,
  );
  const left = Math.log10(request.target / Math.max(last, ...planned));
  if (left > 1)
    warnings.push(
      `Even with these runs the target is ${left.toFixed(1)} decades beyond the data: no backtest can reach it.`,
    );
  return warnings;
}

/** The planned runs as models and the target, to paste into scaling.yaml. */
export function yamlOf(series: StudySeries, runs: readonly PlannedRun[], request: PlanRequest): string {
  const lines = ['models:'];
  runs.forEach((run, i) => {
    const facts = [
      ...(run.params === null ? [] : [`N: ${yamlNumber(run.params)}`]),
      ...(run.tokens === null ? [] : [`D: ${yamlNumber(run.tokens)}`]),
    ];
    lines.push(`  planned-${i + 1}: { ${facts.join(', ')} }`);
  });
  const key = series.scale === 'params' ? 'N' : series.scale === 'tokens' ? 'D' : 'C';
  lines.push('targets:', `  - { name: target, ${key}: ${yamlNumber(request.target)} }`);
  return `${lines.join('\n')}\n`;
}

function yamlNumber(v: number): string {
  return Number(v.toPrecision(6)).toExponential().replace('e+', 'e');
}

/** 6ND, where both are known. */
export function sixNd(p: Point): number | null {
  return p.params !== null && p.tokens !== null ? 6 * p.params * p.tokens : null;
}
