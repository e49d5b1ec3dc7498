/**
 * `data.unit`: a unit that cannot be right or is unclear: sizes outside every plausible range, sizes that are not positive,
 * runs with an absurd number of tokens per parameter.
 */
import { formatNumber, formatScale } from '../render/number.ts';
import type { Finding } from '../report-model.ts';
import { showNumber } from '../table/numbers.ts';
import { NO_RANGE } from '../table/span.ts';
import type { DataCheck } from './data-check.ts';
import { MOST_PER_FILE, rangeFinding, tableFinding } from './data-check.ts';

/** Tokens per parameter beyond which a run is a typing error (published runs stay below some 10^4). */
const MOST_TOKENS = 2e4;

export const units: DataCheck = {
  find: ({ rowsOf }) => {
    const findings: Finding[] = [];
    for (const rows of rowsOf) {
      const { table, columns, open } = rows.reading;
      for (const o of open) {
        if ((columns[o.column]?.used ?? false) && o.choices.length > 0) continue;
        const finding = rangeFinding(
          table.file,
          'data.unit',
          rows.range(table.headerSpan(o.column)) ?? NO_RANGE,
          o.message,
          { column: table.header(o.column), choices: o.choices.map((c) => c.yaml) },
        );
        findings.push({ ...finding, severity: 'error' });
      }
      let listed = 0;
      for (const column of [rows.paramsColumn, rows.tokensColumn, rows.computeColumn]) {
        if (column === null || column.log10) continue;
        const raw = table.numbers(column.index);
        for (let row = 0; row < rows.count && listed < MOST_PER_FILE; row++) {
          const v = raw[row] as number;
          if (Number.isNaN(v) || (v > 0 && v < Number.POSITIVE_INFINITY)) continue;
          // 0 in a sparse sheet and the leaderboards' -1 mean "unknown": they claim nothing.
          if (v === 0 || v === -1) continue;
          listed++;
          findings.push(
            tableFinding(
              rows,
              'data.unit',
              table.cellSpan(row, column.index),
              `${showNumber(v)} is no ${column.role === 'compute' ? 'compute' : `number of ${(column.role ?? '').startsWith('params') ? 'parameters' : (column.role ?? 'anything')}`}; the row has no scale.`,
              { row, value: String(v) },
            ),
          );
        }
      }
      if (rows.tokensColumn === null) continue;
      // Long tables repeat a model in many rows: it is named once.
      const said = new Set<string>();
      for (let row = 0; row < rows.count && listed < MOST_PER_FILE; row++) {
        const ratio = (rows.tokens[row] as number) / (rows.params[row] as number);
        if (!(ratio > MOST_TOKENS)) continue;
        const model = rows.modelOf(row);
        const key = `${model}|${ratio}`;
        if (said.has(key)) continue;
        said.add(key);
        listed++;
        findings.push(
          tableFinding(
            rows,
            'data.unit',
            table.cellSpan(row, rows.tokensColumn.index),
            `${model === '' ? 'This run' : model} has ${formatNumber(ratio)} tokens per parameter (D/N): D = ${formatScale(rows.tokens[row] as number, 'tokens')} is likely off by a factor such as 1000.`,
            { row, model, tokensPerParameter: ratio },
          ),
        );
      }
    }
    return findings;
  },
};
