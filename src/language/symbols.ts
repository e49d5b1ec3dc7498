/**
 * The outline of a results file: metrics (or families) as groups, their series, and under each its findings. Built from
 * the newest analysis alone, so that it costs nothing while one types; long files are cut off with a note.
 */
import type { DocumentSymbol, Range, SymbolKind } from 'vscode-languageserver-types';
import { chosenFit, seriesTitle, shapeTitle } from '../core/render/view.ts';
import type { SeriesReport } from '../core/report-model.ts';
import { NO_RANGE } from '../core/table/span.ts';
import type { Outcome } from './ports.ts';

/** More make the outline slow and nobody scrolls through them. */
export const MOST_SYMBOLS = 500;

const MODULE: SymbolKind = 2;
const FUNCTION: SymbolKind = 12;
const EVENT: SymbolKind = 24;

export function symbolsOf(outcome: Outcome): DocumentSymbol[] {
  const { report } = outcome;
  const shown = report.series.slice(0, MOST_SYMBOLS);
  const groups = new Map<string, DocumentSymbol[]>();
  for (const series of shown) {
    const list = groups.get(series.metric);
    const symbol = seriesSymbol(series, outcome);
    if (list === undefined) groups.set(series.metric, [symbol]);
    else list.push(symbol);
  }
  const left = report.series.length - shown.length;
  const rest: DocumentSymbol[] =
    left > 0 ? [{ name: `and ${left} more series`, kind: MODULE, range: NO_RANGE, selectionRange: NO_RANGE }] : [];
  if (groups.size === 1) return [...([...groups.values()][0] ?? []), ...rest];
  const named = [...groups].map(([metric, children]): DocumentSymbol => {
    const range = spanning(children);
    return { name: metric === '' ? 'scores' : metric, kind: MODULE, range, selectionRange: range, children };
  });
  return [...named, ...rest];
}

function seriesSymbol(series: SeriesReport, { report, anchors }: Outcome): DocumentSymbol {
  const range = anchors[series.id] ?? NO_RANGE;
  const shape = series.shape === null ? '' : shapeTitle(series.shape);
  const law = chosenFit(series)?.law ?? '';
  const children = report.findings
    .filter((finding) => finding.series === series.id)
    .map(
      (finding): DocumentSymbol => ({
        name: finding.code,
        detail: finding.message,
        kind: EVENT,
        range: finding.range,
        selectionRange: finding.range,
      }),
    );
  return {
    name: seriesTitle(series),
    detail: [shape, law].filter((part) => part !== '').join(', '),
    kind: FUNCTION,
    range: spanning([{ range }, ...children]),
    selectionRange: range,
    children,
  };
}

/** The smallest range around all of them: an outline's parent must hold its children. */
function spanning(parts: readonly { readonly range: Range }[]): Range {
  let { start, end } = parts[0]?.range ?? NO_RANGE;
  for (const { range } of parts) {
    if (before(range.start, start)) start = range.start;
    if (before(end, range.end)) end = range.end;
  }
  return { start, end };
}

function before(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
