/**
 * `data.outlier`: a stated size that contradicts the model's own name, and a standard error that cannot be one.
 */
import { formatCount } from '../render/number.ts';
import type { Finding } from '../report-model.ts';
import { median } from '../stats/quantile.ts';
import { fieldAt } from '../study/column-points.ts';
import type { Rows } from '../study/rows.ts';
import type { BuiltSeries } from '../study/series.ts';
import { readModelName } from '../table/sizes.ts';
import type { DataCheck } from './data-check.ts';
import { MOST_PER_FILE, rangeFinding, statedModels, tableFinding } from './data-check.ts';

/** Nominal names and exact counts differ by up to some 20 %; half again is another model. */
const FAR = Math.log(1.5);

function sizes(rows: Rows): Finding[] {
  const column = rows.paramsColumn;
  if (column === null || column.role !== 'params') return [];
  const findings: Finding[] = [];
  const gaps: { row: number; model: string; gap: number; named: number; text: string }[] = [];
  for (const { row, model } of statedModels(rows)) {
    const name = readModelName(model);
    if (name.params === null || name.moe || name.rivals.length > 0) continue;
    gaps.push({
      row,
      model,
      gap: Math.log((rows.params[row] as number) / name.params.value),
      named: name.params.value,
      text: name.params.text,
    });
  }
  // Small models are named without embeddings or with: judge against the table's own habit.
  const habit = gaps.length >= 4 ? median(gaps.map((g) => g.gap)) : 0;
  if (Math.abs(habit) > FAR) return [];
  const far = gaps.filter((g) => Math.abs(g.gap) > FAR && Math.abs(g.gap - habit) > FAR && g.named >= 1e9);
  if (far.length > gaps.length * 0.3) return [];
  for (const g of far.slice(0, MOST_PER_FILE)) {
    findings.push(
      tableFinding(
        rows,
        'data.outlier',
        rows.reading.table.cellSpan(g.row, column.index),
        `${g.model} is given ${formatCount(rows.params[g.row] as number)} parameters; its name says “${g.text}”.`,
        { row: g.row, model: g.model, stated: rows.params[g.row], named: g.named },
      ),
    );
  }
  return findings;
}

/** √(p(1−p)/n) against the stated error: a percent, a standard deviation or a clustered error stands out. */
function errors({ series, scoreScale, facts, columns }: BuiltSeries): Finding[] {
  if (facts.entry?.accuracy !== true || scoreScale === 'other') return [];
  const unit = scoreScale === 'percent' ? 100 : 1;
  const ratios: number[] = [];
  let perItem = 0;
  for (let i = 0; i < columns.length; i++) {
    const stderr = fieldAt(columns.numbers.stderr, i);
    const n = fieldAt(columns.numbers.n, i);
    if (!(stderr > 0) || !(n >= 10)) continue;
    const share = fieldAt(columns.numbers.y, i) / unit;
    const sd = Math.sqrt(share * (1 - share));
    if (!(sd > 0)) continue;
    const ratio = stderr / unit / (sd / Math.sqrt(n));
    ratios.push(ratio);
    if (Math.abs(stderr / unit / sd - 1) < 0.1) perItem++;
  }
  if (ratios.length < 2) return [];
  const typical = median(ratios);
  if (typical >= 0.3 && typical <= 3) return [];
  const what =
    perItem > ratios.length / 2
      ? 'it is the standard deviation per item'
      : typical > 30
        ? 'it may be in percent'
        : 'it may be a standard deviation, a percent or clustered';
  const first = series.points.find((p) => p.stderr !== null);
  return first === undefined
    ? []
    : [
        {
          ...rangeFinding(
            '',
            'data.outlier',
            series.anchor.range,
            `The standard errors of ${series.task} (${series.metric}) are ${typical.toPrecision(2)} times what ${first.n} items allow: ${what}.`,
            { ratio: typical },
          ),
          series: series.id,
        },
      ];
}

export const outliers: DataCheck = {
  find: ({ rowsOf, built, tables }) => [
    ...rowsOf.flatMap(sizes),
    ...built.flatMap((b) => errors(b).map((f) => ({ ...f, file: tables[b.series.anchor.table]?.file ?? '' }))),
  ],
};
