/**
 * The page's captions. English stands here; the extension may send translations by key once, at the start. `{0}`, `{1}`
 * are replaced by arguments.
 */
const ENGLISH = {
  loading: 'Reading the file…',
  loadingHint: 'The chart appears as soon as the first series is fitted.',
  empty: 'Nothing to draw yet',
  emptyHint:
    'A chart needs a scale (parameters, tokens or compute) and at least one score column. Columns can be named in scaling.yaml.',
  failed: 'The chart could not be drawn',
  failedHint: 'The table still holds the data. “Scaling Lens: Show Log” has the details.',
  noMatch: 'No task matches “{0}”.',
  capped: 'Showing {0} of {1} tasks. Type to narrow the list.',
  tasks: 'Tasks',
  filter: 'Filter tasks',
  taskCount: '{0} tasks',
  taskCountOne: '1 task',
  openTasks: 'Show tasks',
  chart: 'Chart',
  table: 'Table',
  law: 'Law',
  automatic: 'auto: {0}',
  automaticNone: 'auto: none',
  lawMissing: 'the law could not be fitted',
  fitFailed: '{0}: {1}',
  xLog: 'log x',
  yLog: 'log y',
  noLog: 'Not available: values at or below zero',
  resetZoom: 'Reset zoom',
  export: 'Export',
  fitting: 'Fitting…',
  fittingCount: 'Fitting {0} of {1}',
  look: 'Look of exported pictures',
  current: 'As shown',
  light: 'Light',
  dark: 'Dark',
  savePng: 'Save picture (PNG)',
  saveSvg: 'Save drawing (SVG)',
  saveCsv: 'Save points and fit (CSV)',
  copyPng: 'Copy picture',
  copyJson: 'Copy parameters as JSON',
  copyLatex: 'Copy parameters as LaTeX',
  copyPython: 'Copy parameters as Python',
  saved: 'Saved {0}',
  copied: 'Copied',
  exportFailed: 'Export failed: {0}',
  chartRole: 'chart',
  chartHelp:
    'Arrow keys move through the points, Enter shows the cell, plus and minus zoom, 0 resets. Drag to zoom, with Shift only y, with Alt only x; double-click resets.',
  unshown: '{0} points at or below zero cannot be shown on a logarithmic axis.',
  thinned: '{0} of {1} points drawn; the table and the exports hold all.',
  measured: 'measured',
  interval: '{0} interval',
  errors: '± 1 standard error',
  threshold: 'threshold',
  chance: 'chance',
  heldOut: 'held out',
  ceiling: 'ceiling',
  forecast: 'forecast',
  extrapolated: 'extrapolated',
  predicted: 'predicted',
  residual: 'residual',
  points: 'points',
  notFitted: 'not fitted: {0}',
  colModel: 'Model',
  colFamily: 'Family',
  colStderr: 'Std. error',
  colPredicted: 'Predicted',
  colResidual: 'Residual (σ)',
  colNote: 'Note',
  caption: '{0}: {1} points. Select a column heading to sort; select a row, or press Enter on it, to show its cell.',
  findings: 'Findings',
  parameters: 'Parameters',
  quality: 'Fit',
  notes: 'Notes',
  notConverged: 'did not converge',
  tabs: 'Views of the series',
  turn: 'turn',
  forecasts: 'Forecasts',
  oneDecade: 'one decade beyond the data',
  colAt: 'At',
  colExpected: 'Expected',
  colInterval: 'Interval',
  colVerdict: 'Verdict',
  shapeEvidence: 'What decided the shape',
  colTest: 'Test',
  colResult: 'Result',
  thresholds: 'Threshold by definition',
  colDefinition: 'Definition',
  nowShown: 'Showing {0}',
  pointOf: 'Point {0} of {1}',
} as const;

export type StringKey = keyof typeof ENGLISH;

let translated: Readonly<Record<string, string>> = {};

/** Takes the extension's translations; keys it does not send stay English. */
export function translate(strings: Readonly<Record<string, string>>): void {
  translated = strings;
}

/** The caption of a key, with arguments filled in. */
export function t(key: StringKey, ...values: readonly (string | number)[]): string {
  const text = Object.hasOwn(translated, key) ? (translated[key] as string) : ENGLISH[key];
  return text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}
