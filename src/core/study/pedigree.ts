/**
 * The pedigree of a row's quantities, in a sentence a reader can quote: "N = 1.4e9 from “1.4b” in the name … (suffix)",
 * with the place it stands at.
 */
import type { Column } from '../table/column.ts';
import { showNumber } from '../table/numbers.ts';
import { FROM } from './from.ts';
import type { ModelBook } from './model-book.ts';
import type { Rows } from './rows.ts';
import type { Derived, RunFacts } from './study.ts';

/**
 * What is known of the run behind a row.
 * @param manifest name of the manifest, for messages
 * @param factor FLOP per parameter and token
 */
export function factsOf(
  rows: Omit<Rows, 'facts'>,
  book: ModelBook,
  manifest: string,
  factor: number,
): (row: number) => RunFacts {
  const {
    reading,
    index,
    range,
    modelOf,
    familyOf,
    families,
    params,
    tokens,
    compute,
    step,
    paramsFrom,
    tokensFrom,
    computeFrom,
  } = rows;
  const { modelColumn, paramsColumn, tokensColumn, computeColumn, stepColumn, familyColumn } = rows;
  const { table } = reading;
  const stated = (
    value: number,
    from: number,
    column: Column | null,
    row: number,
    what: 'params' | 'tokens' | 'compute',
    letter: string,
  ): Derived<number> | null => {
    if (Number.isNaN(value)) {
      if (what !== 'tokens') return null;
      const published = book.published(modelOf(row));
      return published === null
        ? null
        : {
            value: published.value,
            how: `D = ${showNumber(published.value)}, published (${published.source}); not used as scale`,
            table: null,
            range: null,
          };
    }
    const name = modelOf(row);
    const shown = `${letter} = ${showNumber(value)}`;
    switch (from) {
      case FROM.column: {
        const c = column as Column;
        const unit = c.log10
          ? ', raised to the power of ten'
          : c.factor === 1
            ? ''
            : ` × ${c.factor.toExponential(0).replace('+', '')}`;
        return {
          value,
          how: `${shown} from “${table.cell(row, c.index).trim()}”${unit} in column “${c.header.raw}”`,
          table: index,
          range: range(table.cellSpan(row, c.index)),
        };
      }
      case FROM.manifest:
        return {
          value,
          how: `${shown} pinned for ${name} in ${manifest}`,
          table: null,
          range: null,
        };
      case FROM.joined: {
        const joined = book.joined(name, index)?.[what] ?? null;
        return {
          value,
          how: `${shown} joined from another file on the model name “${name}”`,
          table: joined?.table ?? null,
          range: null,
        };
      }
      case FROM.name: {
        const read = book.read(name);
        const place = what === 'params' ? read.params : read.tokens;
        const span = modelColumn === null ? null : table.cellSpan(row, modelColumn.index);
        const at =
          span !== null && place !== null && table.text.slice(span.start, span.end).trim() === name
            ? { start: span.start + place.start, end: span.start + place.end }
            : span;
        const how =
          what === 'params' && read.exact !== null
            ? `${shown}, the published exact count of ${name}`
            : `${shown} from “${place?.text ?? name}” in the name ${name} (${place?.rule ?? 'the name is a size'})${what === 'params' ? ', nominal' : ''}`;
        return { value, how, table: span === null ? null : index, range: range(at) };
      }
      case FROM.constant:
        return {
          value,
          how: `${shown} set for every row of the file in ${manifest}`,
          table: null,
          range: null,
        };
      case FROM.path:
        return { value, how: `${shown} from the path ${table.file}`, table: null, range: null };
      case FROM.perToken:
        return {
          value,
          how: `${shown} = ${showNumber(value / (tokens[row] as number))} FLOP per token × D`,
          table: index,
          range: null,
        };
      case FROM.steps:
        return {
          value,
          how: `${shown} = step × ${showNumber(value / (step[row] as number))} tokens per batch`,
          table: index,
          range: null,
        };
      case FROM.derived:
        return {
          value,
          how:
            what === 'compute'
              ? `${shown} = ${factor}·N·D, derived: the file states no compute`
              : `${shown} = C/(${factor}N), derived: the file states no tokens`,
          table: null,
          range: null,
        };
      default:
        return null;
    }
  };

  return (row) => {
    const model = modelOf(row);
    const family = familyOf(row);
    const familyCell = familyColumn !== null && (families?.codes[row] ?? -1) >= 0 ? familyColumn : null;
    const s = step[row] as number;
    return {
      model:
        model === ''
          ? null
          : {
              value: model,
              how: modelColumn === null ? `the file is named “${table.file}”` : `column “${modelColumn.header.raw}”`,
              table: modelColumn === null ? null : index,
              range: modelColumn === null ? null : range(table.cellSpan(row, modelColumn.index)),
            },
      family:
        family === null
          ? null
          : {
              value: family,
              how: familyCell === null ? 'joined on the model name' : `column “${familyCell.header.raw}”`,
              table: familyCell === null ? null : index,
              range: familyCell === null ? null : range(table.cellSpan(row, familyCell.index)),
            },
      params: stated(params[row] as number, paramsFrom[row] as number, paramsColumn, row, 'params', 'N'),
      tokens: stated(tokens[row] as number, tokensFrom[row] as number, tokensColumn, row, 'tokens', 'D'),
      compute: stated(compute[row] as number, computeFrom[row] as number, computeColumn, row, 'compute', 'C'),
      step: Number.isNaN(s)
        ? null
        : {
            value: s,
            how: stepColumn === null ? `from the name or the path ${table.file}` : `column “${stepColumn.header.raw}”`,
            table: stepColumn === null ? null : index,
            range: stepColumn === null ? null : range(table.cellSpan(row, stepColumn.index)),
          },
    };
  };
}
