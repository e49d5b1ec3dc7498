/** A check of the data as read: looks at a study in the making and returns findings at exact places. */
import type { Finding } from '../report-model.ts';
import type { StudyContext } from '../study/context.ts';
import { FROM } from '../study/from.ts';
import type { Rows } from '../study/rows.ts';
import type { Range, Span } from '../table/span.ts';
import { NO_RANGE } from '../table/span.ts';
import type { FindingCode } from './codes.ts';
import { FINDING_CODES } from './codes.ts';

export interface DataCheck {
  find(context: StudyContext): Finding[];
}

/** Findings of one kind per file beyond which a summary stands for the rest. */
export const MOST_PER_FILE = 25;

/** Distinct model names that checks of names look at: a table of more is one of runs, not of published models. */
const MOST_NAMES = 5000;

/** Every model whose size a column states, at its first row; the first {@link MOST_NAMES} of them. */
export function* statedModels(rows: Rows): Iterable<{ readonly row: number; readonly model: string }> {
  if (rows.paramsColumn === null || rows.modelColumn === null) return;
  const seen = new Set<string>();
  for (let row = 0; row < rows.count; row++) {
    if (rows.paramsFrom[row] !== FROM.column) continue;
    const model = rows.modelOf(row);
    if (seen.has(model)) continue;
    if (seen.size >= MOST_NAMES) return;
    seen.add(model);
    yield { row, model };
  }
}

/** A finding about a stretch of a table. */
export function tableFinding(
  rows: Rows,
  code: FindingCode,
  span: Span | null,
  message: string,
  data: Readonly<Record<string, unknown>> = {},
): Finding {
  return rangeFinding(rows.reading.table.file, code, rows.range(span) ?? NO_RANGE, message, data);
}

export function rangeFinding(
  file: string,
  code: FindingCode,
  range: Range,
  message: string,
  data: Readonly<Record<string, unknown>> = {},
): Finding {
  return { code, severity: FINDING_CODES[code].severity, message, file, range, series: null, data };
}
